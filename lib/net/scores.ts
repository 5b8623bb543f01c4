// How good probabilities are: log loss, and the area under the ROC curve.

import { log } from "../base/elementary.ts";
import { checkLabels, type Labels } from "../matrix/dataset.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { checkMatrix } from "../matrix/shape.ts";

export const MIN_PROBABILITY = 2 ** -52; // as in scikit-learn: one 0 must not make it infinite

/**
 * The mean of −log of the probability of each row's own class; NaN for no rows. `probabilities`
 * (N, C) are those of predictProba; those below 2^-52 count as that. Throws a ShapeError or
 * RangeError for labels that do not fit.
 * @example
 * console.log(logLoss(Matrix.fromRows([[0.5, 0.5], [0.5, 0.5]]), [0, 1]) === Math.LN2); // true
 */
export function logLoss(probabilities: Matrix, y: Labels): number {
  checkMatrix("logLoss", "probabilities", probabilities);
  const { rows, cols, data } = probabilities;
  const labels = checkLabels("logLoss", y, rows, cols);
  let sum = 0;
  for (let i = 0; i < rows; i++) sum -= log(Math.max(data[i * cols + labels[i]], MIN_PROBABILITY));
  return sum / rows;
}

/**
 * The area under the ROC curve of each class against the rest, as a mean over the classes that have
 * rows and do not have all of them; NaN when there are none. It is the probability that a row of
 * the class has a higher probability of it than another row; equal ones count half. Throws as
 * logLoss.
 * @example
 * console.log(rocAuc(Matrix.fromRows([[0.9, 0.1], [0.4, 0.6], [0.6, 0.4]]), [0, 1, 1])); // 1
 */
export function rocAuc(probabilities: Matrix, y: Labels): number {
  checkMatrix("rocAuc", "probabilities", probabilities);
  const { rows, cols } = probabilities;
  const labels = checkLabels("rocAuc", y, rows, cols);
  let sum = 0;
  let count = 0;
  for (let c = 0; c < cols; c++) {
    const area = areaOfClass(probabilities, labels, c);
    if (Number.isNaN(area)) continue;
    sum += area;
    count++;
  }
  return sum / count;
}

/** The area of class `c` against the rest, by the ranks of its rows (Mann-Whitney U). */
function areaOfClass({ rows, cols, data }: Matrix, labels: Int32Array, c: number): number {
  const order = Float64Array.from({ length: rows }, (_, i) => data[i * cols + c]).sort();
  const places = new Map<number, { first: number; last: number }>();
  for (let i = 0; i < rows; i++) {
    const known = places.get(order[i]);
    if (known === undefined) places.set(order[i], { first: i + 1, last: i + 1 });
    else known.last = i + 1;
  }
  let positives = 0;
  let ranks = 0;
  for (let i = 0; i < rows; i++) {
    if (labels[i] !== c) continue;
    const { first, last } = places.get(data[i * cols + c])!;
    positives++;
    ranks += (first + last) / 2;
  }
  const negatives = rows - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
