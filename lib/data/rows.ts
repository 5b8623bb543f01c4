// The rows that are looked at: all of a table's, or those that somebody names.

import { checkArrayLike } from "../matrix/arguments.ts";
import { checkIndex } from "../matrix/shape.ts";

/** The row numbers 0..count−1. */
export function allRows(count: number): Int32Array {
  return new Int32Array(count).map((_, row) => row);
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
  const checked = new Int32Array(checkArrayLike(where, "rows", rows, "an array of row numbers"));
  for (let i = 0; i < checked.length; i++) {
    checkIndex(where, `rows[${i}]`, rows[i], count);
    checked[i] = rows[i];
  }
  return checked;
}
