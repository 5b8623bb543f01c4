// How shapes are worded ("3×4") and checked: the only place that throws a ShapeError, and the door
// through which every argument of a Matrix method comes before a kernel, which trusts its caller,
// sees it.

import { show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError, ShapeError } from "../base/errors.ts";
import { isFloat64Array } from "../base/realms.ts";

/** The numbers of rows and columns. */
export type Shape = {
  readonly rows: number;
  readonly cols: number;
};

/** What a matrix is after structuredClone: its sizes and elements, without methods. */
export interface Dense extends Shape {
  readonly data: Float64Array;
}

/** "3×4" */
export function shapeOf({ rows, cols }: Shape): string {
  return `${rows}×${cols}`;
}

/** Throws a ShapeError with `message()` unless `fits`; the message is built only then. */
export function checkShape(fits: boolean, message: () => string): void {
  if (!fits) throw new ShapeError(message());
}

/** Kernels index with int32: with doubles they would be slower. 2^31 elements would take 16 GiB. */
export const MAX_ELEMENTS = 2 ** 31 - 1;

/** Throws unless `rows` and `cols` are integers >= 0 of at most MAX_ELEMENTS elements. */
export function checkSizes(where: string, rows: unknown, cols: unknown): void {
  if (isSize(rows) && isSize(cols)) {
    if ((rows as number) * (cols as number) <= MAX_ELEMENTS) return;
    throw new ArgumentRangeError(
      `${where}: expected at most ${MAX_ELEMENTS} elements, got ${rows}×${cols}`,
    );
  }
  const got = `${show(rows)} and ${show(cols)}`;
  const hint = Array.isArray(rows) ? "; fromRows takes an array of rows" : "";
  const message = `${where}: expected integers rows >= 0 and cols >= 0, got ${got}${hint}`;
  if (typeof rows !== "number" || typeof cols !== "number") throw new ArgumentTypeError(message);
  throw new ShapeError(message);
}

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * Throws a TypeError unless `value` is a Matrix, whichever copy of the class made it, and a
 * ShapeError when its elements are gone: a data buffer transferred to another thread has none left.
 */
export function checkMatrix(where: string, name: string, value: unknown): void {
  if (!isMatrix(value)) {
    const hint = isDense(value)
      ? " with rows, cols and data; Matrix.fromJSON makes a Matrix of it"
      : "";
    throw new ArgumentTypeError(`${where}: ${name} expected a Matrix, got ${show(value)}${hint}`);
  }
  checkElements(where, name, value as Dense);
}

/** Whether `value` is a Matrix, whichever copy of the class made it. */
export function isMatrix(value: unknown): boolean {
  return isDense(value) && typeof (value as { matmul?: unknown }).matmul === "function";
}

function isDense(value: unknown): boolean {
  const dense = value as Partial<Dense> | null | undefined;
  return isFloat64Array(dense?.data) && isSize(dense.rows) && isSize(dense.cols);
}

/**
 * Throws a ShapeError when the elements of a Matrix are gone: a kernel would find none and answer
 * with zeros.
 */
export function checkElements(where: string, name: string, { rows, cols, data }: Dense): void {
  if (data.length !== rows * cols) {
    throw new ShapeError(
      `${where}: ${name} expected ${rows * cols} values for ${rows}×${cols}, got ${data.length}`,
    );
  }
}

/** Throws unless `value` is a Matrix of rows × cols. */
export function checkMatrixOf(
  where: string,
  name: string,
  value: Shape,
  rows: number,
  cols: number,
): void {
  checkMatrix(where, name, value);
  if (value.rows !== rows || value.cols !== cols)
    throw new ShapeError(`${where}: ${name} expected ${rows}×${cols}, got ${shapeOf(value)}`);
}

/** Throws unless `a` and `b` are vectors, rows or columns, of one length. */
export function checkVectors(where: string, a: Dense, b: Dense): void {
  checkElements(where, "this", a);
  checkMatrix(where, "b", b);
  const isVector = ({ rows, cols }: Shape): boolean => rows === 1 || cols === 1;
  if (!(isVector(a) && isVector(b) && a.rows * a.cols === b.rows * b.cols)) {
    throw new ShapeError(
      `${where}: expected two vectors of one length, got ${shapeOf(a)} and ${shapeOf(b)}`,
    );
  }
}

/**
 * Throws when an `out` was given that shares memory with `operand`: the kernel would read what it
 * has just written.
 */
export function checkDisjoint(
  where: string,
  out: Dense | undefined,
  operand: ArrayBufferView,
  name: string,
): void {
  if (out !== undefined && overlaps(out.data, operand))
    throw new ArgumentRangeError(
      `${where}: expected an out with memory of its own, got one that shares memory with ${name}`,
    );
}

/**
 * Throws when an `out` was given that overlaps `operand` without being exactly it: elementwise
 * kernels may write in place, but not shifted.
 */
export function checkInPlace(
  where: string,
  out: Dense | undefined,
  operand: Dense,
  name: string,
): void {
  if (out === undefined || out.data.byteOffset === operand.data.byteOffset) return;
  if (overlaps(out.data, operand.data))
    throw new ArgumentRangeError(
      `${where}: expected an out that is ${name} itself or apart from it, got one that ` +
        "overlaps it in part",
    );
}

/** Whether the two share memory. */
export function overlaps(a: ArrayBufferView, b: ArrayBufferView): boolean {
  // compared first because it is cheap: a 4×4 product takes 145 ns with it here, 236 with it last
  if (a.buffer !== b.buffer) return false;
  const start = Math.max(a.byteOffset, b.byteOffset);
  const end = Math.min(a.byteOffset + a.byteLength, b.byteOffset + b.byteLength);
  return start < end; // an empty view overlaps nothing, wherever it lies
}

/** Throws unless `index` is an integer in 0..size−1. */
export function checkIndex(where: string, name: string, index: number, size: number): void {
  if (Number.isInteger(index) && index >= 0 && index < size) return;
  const range = size === 0 ? "an index" : `an integer in 0..${size - 1}`;
  const got = show(index) + (size === 0 ? " where there are none" : "");
  const message = `${where}: ${name} expected ${range}, got ${got}`;
  throw typeof index === "number"
    ? new ArgumentRangeError(message)
    : new ArgumentTypeError(message);
}

/** Throws unless `i` is one of the rows of `a`, which has all its elements. */
export function checkRowIndex(where: string, a: Dense, i: number): void {
  checkElements(where, "this", a);
  checkIndex(where, "row", i, a.rows);
}

/** The same for a column. */
export function checkColumnIndex(where: string, a: Dense, j: number): void {
  checkElements(where, "this", a);
  checkIndex(where, "column", j, a.cols);
}

/** Throws a ShapeError unless `a` has at least one of these, and all its elements. */
export function checkHas(where: string, what: "row" | "column" | "element", a: Dense): void {
  checkElements(where, "this", a);
  const count = what === "row" ? a.rows : what === "column" ? a.cols : a.data.length;
  if (count === 0)
    throw new ShapeError(`${where}: expected at least one ${what}, got ${shapeOf(a)}`);
}

/** Throws unless start..end−1 is a range of rows or columns of which there are `size`. */
export function checkRange(where: string, start: number, end: number, size: number): void {
  const integers = Number.isInteger(start) && Number.isInteger(end);
  if (integers && 0 <= start && start <= end && end <= size) return;
  const message =
    `${where}: expected integers 0 <= start <= end <= ${size}, ` +
    `got ${show(start)} and ${show(end)}`;
  throw typeof start === "number" && typeof end === "number"
    ? new ArgumentRangeError(message)
    : new ArgumentTypeError(message);
}
