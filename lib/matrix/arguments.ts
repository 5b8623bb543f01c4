// The arguments of Matrix methods that are no matrices: numbers, arrays of numbers, indices.

import { show } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { checkDisjoint, checkIndex, checkShape, type Dense } from "./shape.ts";

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

/** Throws unless there are as many of these as of other things, one for each. */
export function checkCount(
  where: string,
  name: string,
  length: number,
  count: number,
  things: string,
): void {
  checkShape(
    length === count,
    () => `${where}: expected ${count} ${name} for ${count} ${things}, got ${length}`,
  );
}

/**
 * The number of values, or a TypeError that names the first that is no number, by its index unless
 * `nameOf` is given.
 */
export function checkNumbers(
  where: string,
  values: ArrayLike<unknown>,
  nameOf = (i: number) => `values[${i}]`,
): number {
  const length = checkArrayLike(where, "values", values);
  for (let i = 0; i < length; i++) {
    if (typeof values[i] !== "number")
      throw new ArgumentTypeError(
        `${where}: expected a number at ${nameOf(i)}, got ${show(values[i])}`,
      );
  }
  return length;
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

/** Throws when an `out` was given that shares memory with `indices`, which it overwrites. */
export function checkApart(
  where: string,
  out: Dense | undefined,
  indices: ArrayLike<number>,
): void {
  if (ArrayBuffer.isView(indices)) checkDisjoint(where, out, indices, "indices");
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
