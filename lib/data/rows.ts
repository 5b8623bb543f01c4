// The rows that are looked at: all of a table's, or those that somebody names.

import { checkArrayLike } from "../matrix/arguments.ts";
import { checkIndex } from "../matrix/shape.ts";

/** The row numbers 0..count−1. */
export function allRows(count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

/**
 * The row numbers of the option `rows`, which may occur twice; all without it. Throws a TypeError
 * unless it is an array, a RangeError for a row that is not there.
 */
export function checkRows(
  where: string,
  rows: ArrayLike<number> | undefined,
  count: number,
): Int32Array {
  if (rows === undefined) return allRows(count);
  const length = checkArrayLike(where, "rows", rows, "an array of row numbers");
  // all before anything is allocated: an object may claim any length
  for (let i = 0; i < length; i++) checkIndex(where, `rows[${i}]`, rows[i], count);
  return Int32Array.from(rows);
}
