// How columns of different sizes are made comparable: (x − mean) / std, both taken from the
// training rows alone, so that nothing of the validation rows leaks into training.

import { ArgumentRangeError } from "../base/errors.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkHasRows, checkMatrix, checkRow } from "../matrix/shape.ts";

const TWO_600 = 4.149515568880993e180; // 2^600 exactly: the float64 nearest to these digits
const HUGE = 1e120; // its square times 2^50 rows is still finite

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
  checkMatrix("columnStatistics", "X", X);
  const { rows: N, cols: D, data } = X;
  checkHasRows("columnStatistics", X);
  const least = new Float64Array(D).fill(Infinity);
  const greatest = new Float64Array(D).fill(-Infinity);
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < D; j++) {
      const x = data[i * D + j];
      if (!Number.isFinite(x))
        throw new ArgumentRangeError(
          `columnStatistics: X expected finite numbers, got ${x} at row ${i}, column ${j}`,
        );
      if (x < least[j]) least[j] = x;
      if (x > greatest[j]) greatest[j] = x;
    }
  }
  // Numbers whose squares or sums would overflow or vanish are scaled by a power of two, which
  // changes no digit.
  const unit = new Float64Array(D);
  for (let j = 0; j < D; j++) {
    const size = Math.max(-least[j], greatest[j]);
    unit[j] = size > HUGE ? 1 / TWO_600 : size < 1 / HUGE ? TWO_600 : 1;
  }
  const mean = new Matrix(1, D);
  const std = new Matrix(1, D);
  for (let i = 0; i < N; i++) for (let j = 0; j < D; j++) mean.data[j] += data[i * D + j] * unit[j];
  for (let j = 0; j < D; j++)
    mean.data[j] = least[j] === greatest[j] ? least[j] * unit[j] : mean.data[j] / N;
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < D; j++) {
      const d = data[i * D + j] * unit[j] - mean.data[j];
      std.data[j] += d * d;
    }
  }
  for (let j = 0; j < D; j++) {
    mean.data[j] /= unit[j];
    // 0: constant, or apart by less than rounding
    std.data[j] = Math.sqrt(std.data[j] / N) / unit[j] || 1;
  }
  return { mean, std };
}

/**
 * (X − mean) / std of every column, (N, D). `statistics` come from the training rows; without them,
 * from X itself. `out` may be X. Throws ShapeError when the widths differ, RangeError for a std
 * that is not > 0.
 * @example
 * const X = Matrix.fromRows([[1, 5], [3, 5]]);
 * console.log(JSON.stringify(standardize(X).toRows())); // [[-1,0],[1,0]]
 * console.log(standardize(Matrix.fromRows([[9, 6]]), columnStatistics(X)).row(0).join()); // 7,1
 */
export function standardize(
  X: Matrix,
  statistics: ColumnStatistics = columnStatistics(X),
  out?: Matrix,
): Matrix {
  checkMatrix("standardize", "X", X);
  const { mean, std } = statistics;
  checkRow("standardize", X, mean);
  checkRow("standardize", X, std);
  for (let j = 0; j < X.cols; j++) {
    if (!(std.data[j] > 0))
      throw new ArgumentRangeError(
        `standardize: std expected numbers > 0, got ${std.data[j]} at column ${j}`,
      );
  }
  const result = X.addRow(mean.scale(-1), out);
  const { cols, data } = result;
  for (let i = 0; i < data.length; i += cols) {
    for (let j = 0; j < cols; j++) data[i + j] /= std.data[j];
  }
  return result;
}
