// The arguments of Matrix methods that are no matrices: numbers, arrays of numbers, indices.

import { show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { checkIndex, checkShape, type Dense, overlaps } from "./shape.ts";

/** The length of an array or typed array, or a TypeError that names what is expected. */
export function checkArrayLike(
  where: string,
  name: string,
  value: ArrayLike<unknown>,
  expected = "an array",
): number {
  const isArrayLike =
    typeof value === "object" &&
    value !== null &&
    Number.isSafeInteger(value.length) &&
    value.length >= 0;
  if (isArrayLike) return value.length;
  throw new ArgumentTypeError(`${where}: ${name} expected ${expected}, got ${show(value)}`);
}

/** Throws unless `values` is an array of `count` elements, one for each of `things`. */
export function checkCount(
  where: string,
  name: string,
  values: ArrayLike<unknown>,
  count: number,
  things: string,
): void {
  const length = checkArrayLike(where, name, values);
  checkShape(
    length === count,
    () => `${where}: expected ${count} ${name} for ${count} ${things}, got ${length}`,
  );
}

/** Throws a TypeError that names the first of the values that is no number. */
export function checkNumbers(
  where: string,
  values: ArrayLike<unknown>,
  name: (i: number) => string,
): void {
  for (let i = 0; i < values.length; i++) {
    if (typeof values[i] !== "number")
      throw new ArgumentTypeError(
        `${where}: expected a number at ${name(i)}, got ${show(values[i])}`,
      );
  }
}

/** The number of indices, after checking that each is an integer in 0..size−1. */
export function checkIndices(where: string, indices: ArrayLike<number>, size: number): number {
  const count = checkArrayLike(where, "indices", indices);
  for (let i = 0; i < count; i++) {
    const index = indices[i];
    if (!(Number.isInteger(index) && index >= 0 && index < size))
      checkIndex(where, `index ${i}`, index, size);
  }
  return count;
}

/** Throws when `indices` is a typed array that shares memory with `out`, which overwrites it. */
export function checkApart(where: string, out: Dense, indices: ArrayLike<number>): void {
  if (ArrayBuffer.isView(indices) && overlaps(out.data, indices))
    throw new ArgumentRangeError(
      `${where}: expected an out with memory of its own, got one that shares memory with indices`,
    );
}

/** Throws a TypeError when an argument was given, an axis perhaps, which NumPy's methods take. */
export function checkNoAxis(where: string, count: number): void {
  if (count === 0) return;
  const name = where[0].toUpperCase() + where.slice(1);
  throw new ArgumentTypeError(
    `${where}: expected no argument, got ${count}; row${name} and column${name} go along one axis`,
  );
}

/** Throws a TypeError unless `value` is a number; NaN and infinities are. */
export function checkNumber(where: string, name: string, value: unknown): void {
  if (typeof value !== "number")
    throw new ArgumentTypeError(`${where}: ${name} expected a number, got ${show(value)}`);
}

/** Throws a TypeError unless `value` is true or false. */
export function checkBoolean(where: string, name: string, value: unknown): void {
  if (typeof value !== "boolean")
    throw new ArgumentTypeError(`${where}: ${name} expected true or false, got ${show(value)}`);
}
