// How columns of different sizes are made comparable: (x − mean) / std, both taken from the
// training rows alone, so that nothing of the validation rows leaks into training.

import { wrongType } from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { columnMoments, standardizeColumns } from "../kernels/moments.ts";
import { checkFiniteElements } from "../matrix/dataset.ts";
import { Matrix } from "../matrix/matrix.ts";
import {
  checkDisjoint,
  checkHas,
  checkInPlace,
  checkMatrix,
  checkMatrixOf,
  type Shape,
} from "../matrix/shape.ts";

/** What standardize subtracts and divides by, per column. Both (1, D). */
export type ColumnStatistics = { mean: Matrix; std: Matrix };

/**
 * Mean and population standard deviation (divisor N) of every column of X (N, D), in two passes.
 * A constant column has std 1, so that it becomes exactly 0. Throws ShapeError for no rows,
 * RangeError for an element that is not finite.
 * @example
 * const { mean, std } = columnStatistics(Matrix.fromRows([[1, 5], [3, 5]]));
 * console.log(mean.row(0).join(), std.row(0).join()); // 2,5 1,1
 */
export function columnStatistics(X: Matrix): ColumnStatistics {
  return statisticsOf("columnStatistics", X);
}

function statisticsOf(where: string, X: Matrix): ColumnStatistics {
  checkMatrix(where, "X", X);
  checkHas(where, "row", X);
  checkFiniteElements(where, X);
  const mean = new Matrix(1, X.cols);
  const std = new Matrix(1, X.cols);
  columnMoments(X.rows, X.cols, X.data, mean.data, std.data);
  for (let j = 0; j < X.cols; j++) std.data[j] ||= 1; // constant
  return { mean, std };
}

/**
 * (X − mean) / std of every column, (N, D). `statistics` come from the training rows; without them,
 * from X itself. `out` may be X. Throws ShapeError when the widths differ, RangeError for a mean or
 * std that is not finite, or a std that is not > 0.
 * @example
 * const X = Matrix.fromRows([[1, 5], [3, 5]]);
 * console.log(JSON.stringify(standardize(X).toRows())); // [[-1,0],[1,0]]
 * console.log(standardize(Matrix.fromRows([[9, 6]]), columnStatistics(X)).row(0).join()); // 7,1
 */
export function standardize(
  X: Matrix,
  statistics: ColumnStatistics = statisticsOf("standardize", X),
  out?: Matrix,
): Matrix {
  checkMatrix("standardize", "X", X);
  checkStatistics("standardize", X, statistics);
  const { mean, std } = statistics;
  const result = out === undefined ? new Matrix(X.rows, X.cols) : out;
  checkMatrixOf("standardize", "out", result, X.rows, X.cols);
  checkInPlace("standardize", result, X, "X");
  checkDisjoint("standardize", result, mean.data, "mean");
  checkDisjoint("standardize", result, std.data, "std");
  const columns = { mean: mean.data, std: std.data };
  standardizeColumns(X.rows, X.cols, X.data, columns, result.data);
  return result;
}

/** Throws unless the statistics are finite and every std > 0, one of each for every column of X. */
export function checkStatistics(where: string, X: Shape, statistics: ColumnStatistics): void {
  if (typeof statistics !== "object" || statistics === null)
    throw wrongType(where, "statistics", "{ mean, std }", statistics);
  const { mean, std } = statistics;
  checkMatrixOf(where, "mean", mean, 1, X.cols);
  checkMatrixOf(where, "std", std, 1, X.cols);
  const wrong = mean.data.findIndex(
    (value, j) => !(Number.isFinite(value) && std.data[j] > 0 && std.data[j] < Infinity),
  );
  if (wrong >= 0)
    throw new ArgumentRangeError(
      `${where}: expected a finite mean and a finite std > 0, ` +
        `got ${mean.data[wrong]} and ${std.data[wrong]} in column ${wrong}`,
    );
}
