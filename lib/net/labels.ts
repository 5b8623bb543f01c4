// What counts as labels: one integer in 0..C−1 for each row of X.

import { show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { checkShape } from "../matrix/shape.ts";

/** The class of each of N rows, integers in 0..C−1. */
export type Labels = ArrayLike<number>;

/**
 * `y` as an Int32Array (itself when it is one already), after checking that there are `rows` of
 * them and that each is an integer in 0..classes−1. Throws a TypeError, ShapeError or RangeError.
 */
export function checkLabels(where: string, y: Labels, rows: number, classes: number): Int32Array {
  if (typeof y !== "object" || y === null || !Number.isSafeInteger(y.length)) {
    throw new ArgumentTypeError(
      `${where}: labels expected an array of ${rows} integers, got ${show(y)}`,
    );
  }
  checkShape(
    y.length === rows,
    () => `${where}: expected ${rows} labels for ${rows} rows, got ${y.length}`,
  );
  const labels = y instanceof Int32Array ? y : new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const label = y[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      const message = `${where}: label ${show(label)} at row ${i} is ${Number.isInteger(label) ? "outside" : "no integer in"} 0..${classes - 1}`;
      throw typeof label === "number"
        ? new ArgumentRangeError(message)
        : new ArgumentTypeError(message);
    }
    if (labels !== y) labels[i] = label;
  }
  return labels;
}
