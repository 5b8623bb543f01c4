// What the tensor formats (npy, safetensors, onnx) share: named numbers with a shape of any number
// of dimensions, row-major. A Matrix is a tensor of two dimensions.

import { checkChoice, checkText, isRecord, show, showName } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError, ShapeError } from "../base/errors.ts";
import { isMap, isUint8Array } from "../base/realms.ts";
import { Matrix } from "../matrix/matrix.ts";
import { DTYPES, type DType, isNumberArray, type NumberArray, toFloat64 } from "./dtype.ts";

/** Numbers in row-major order; the shape [] is a single number. */
export type Tensor = { readonly shape: readonly number[]; readonly data: NumberArray };

/** A tensor out of a file: `dtype` is the type its elements have there. */
export type StoredTensor = Tensor & { readonly dtype: DType };

/** Strings in row-major order. */
export type Text = { readonly shape: readonly number[]; readonly data: readonly string[] };

/** Strings out of a file, as NumPy stores them. */
export type TextTensor = Text & { readonly dtype: "text" };

/**
 * What a writer takes: a Map or an object from names to tensors or matrices, written in that order.
 */
export type NamedTensors<T = Tensor | Matrix> =
  | ReadonlyMap<string, T>
  | { readonly [name: string]: T };

/**
 * Returns a tensor of at most two dimensions as a Matrix: a single number as 1×1, n numbers as the
 * row 1×n. float64 data is shared, other types are converted. Throws ShapeError for more dimensions
 * and TypeError for text.
 * @example
 * const bytes = serializeNpy({ shape: [3], data: Int8Array.of(1, 2, 3) });
 * console.log(JSON.stringify(toMatrix(parseNpy(bytes)).toRows())); // [[1,2,3]]
 */
export function toMatrix(tensor: Tensor | TextTensor): Matrix {
  const where = "toMatrix";
  if (isText(tensor)) throw new ArgumentTypeError(`${where}: tensor expected numbers, got text`);
  const { shape, data } = checkTensor(where, "tensor", tensor);
  if (shape.length > 2)
    throw new ShapeError(`${where}: tensor expected at most 2 dimensions, got ${showShape(shape)}`);
  return new Matrix(shape.length === 2 ? shape[0] : 1, shape.at(-1) ?? 1, toFloat64(data));
}

/** Whether a value is text, as NumPy's files hold it, and not numbers. */
export function isText(value: unknown): value is Text {
  return Array.isArray((value as { data?: unknown } | null)?.data);
}

/** A shape as Python prints it: (), (3,), (3, 4). */
export function spellShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

const SHOWN_DIMENSIONS = 16;

/** The same for a message: of a shape with more than 16 dimensions the first 16. */
export function showShape(shape: readonly number[]): string {
  if (shape.length <= SHOWN_DIMENSIONS) return spellShape(shape);
  return `(${shape.slice(0, SHOWN_DIMENSIONS).join(", ")}, … ${shape.length} dimensions)`;
}

/**
 * How many elements a shape has: 1 for [], 0 when a dimension is 0. Beyond 2^53 the product is
 * rounded; no array has that length.
 */
export function elementCount(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}

/** Throws a TypeError unless `bytes` is a Uint8Array (a Node Buffer is one). */
export function checkBytes(where: string, bytes: Uint8Array): void {
  if (!isUint8Array(bytes))
    throw new ArgumentTypeError(`${where}: bytes expected a Uint8Array, got ${show(bytes)}`);
}

/**
 * The [name, value] pairs of a Map or an object; each name must be well-formed Unicode. `what` and
 * `name` say in messages what they are.
 */
export function checkNamed<T>(
  where: string,
  named: NamedTensors<T>,
  what = "tensors",
  name = "a tensor's name",
): [string, T][] {
  if (!isRecord(named) && !isMap(named)) {
    const got = show(named);
    throw new ArgumentTypeError(`${where}: ${what} expected a Map or an object, got ${got}`);
  }
  const entries: [string, T][] = isMap<string, T>(named) ? [...named] : Object.entries(named);
  for (const [key] of entries) checkUnicode(where, name, key);
  return entries;
}

/** Throws a TypeError or RangeError unless `value` is a string of well-formed Unicode. */
export function checkUnicode(where: string, name: string, value: unknown): void {
  checkText(where, name, value);
  if (!/[\ud800-\udfff]/u.test(value as string)) return;
  const got = show(value);
  throw new ArgumentRangeError(`${where}: ${name} expected well-formed Unicode, got ${got}`);
}

/**
 * The named tensors as [name, tensor] pairs, each checked: TypeError or RangeError naming the one
 * that is wrong.
 */
export function checkTensors(where: string, tensors: NamedTensors): [string, Tensor][] {
  return checkNamed(where, tensors).map(([name, value]) => [name, checkTensor(where, name, value)]);
}

/** `value` as a tensor, or TypeError or RangeError under `name`. The data is not copied. */
export function checkTensor(
  where: string,
  name: string,
  value: Tensor | Matrix,
): Tensor & Partial<StoredTensor> {
  if (typeof value !== "object" || value === null || !isNumberArray(value.data)) {
    throw new ArgumentTypeError(
      `${where}: ${showName(name)} expected a Matrix or { shape, data: typed array }, ` +
        `got ${show(value)}`,
    );
  }
  const { shape } = value;
  checkShapeOf(where, name, shape, value.data.length);
  const { dtype } = value as Partial<StoredTensor>;
  if (dtype === undefined) return { shape, data: value.data };
  checkChoice(where, "dtype", dtype, Object.keys(DTYPES));
  return { dtype, shape, data: value.data } as StoredTensor;
}

/** Throws TypeError or RangeError unless `shape` is one of `count` elements. */
export function checkShapeOf(
  where: string,
  name: string,
  shape: readonly number[],
  count: number,
): void {
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    const got = Array.isArray(shape) ? `(${shape.map(show).join(", ")})` : show(shape);
    throw new ArgumentTypeError(
      `${where}: ${showName(name)} expected a shape of integers >= 0, got ${got}`,
    );
  }
  if (elementCount(shape) !== count) {
    const expected = `${elementCount(shape)} elements for shape ${showShape(shape)}`;
    throw new ArgumentRangeError(`${where}: ${showName(name)} expected ${expected}, got ${count}`);
  }
}
