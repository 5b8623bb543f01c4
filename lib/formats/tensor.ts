// What the tensor formats (npy, safetensors, onnx) share: numbers with a shape of any number of
// dimensions, by name. A Matrix is a tensor of two dimensions; both are row-major, so neither
// conversion copies.

import { show, showName } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { isFloat64Array, isMap, isUint8Array } from "../base/realms.ts";
import type { Matrix } from "../matrix/matrix.ts";
import type { DType } from "./dtype.ts";

/** Numbers in row-major order; [] is a single number. */
export type Tensor = { readonly shape: readonly number[]; readonly data: Float64Array };

/** A tensor as a file held it: `dtype` is the type its elements had there. */
export type StoredTensor = Tensor & { readonly dtype: DType };

/**
 * What a writer takes: a Map or an object from names to tensors or matrices, written in that order.
 */
export type NamedTensors =
  | ReadonlyMap<string, Tensor | Matrix>
  | { readonly [name: string]: Tensor | Matrix };

/** A shape as Python prints it: (), (3,), (3, 4). */
export function spellShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

const SHOWN_DIMENSIONS = 16;

/**
 * The same for a message: of a file's shape, which may have millions of dimensions, the first ones.
 */
export function showShape(shape: readonly number[]): string {
  if (shape.length <= SHOWN_DIMENSIONS) return spellShape(shape);
  return `(${shape.slice(0, SHOWN_DIMENSIONS).join(", ")}, … ${shape.length} dimensions)`;
}

/**
 * How many elements a shape has: 1 for [], 0 when a dimension is 0. Beyond 2^53 rounded, which no
 * array's length equals.
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
 * The named tensors as [name, tensor] pairs, each checked: TypeError or RangeError naming the one
 * that is wrong.
 */
export function checkTensors(where: string, tensors: NamedTensors): [string, Tensor][] {
  if (typeof tensors !== "object" || tensors === null) {
    throw new ArgumentTypeError(
      `${where}: tensors expected a Map or an object, got ${show(tensors)}`,
    );
  }
  const entries = isMap(tensors) ? [...tensors] : Object.entries(tensors);
  return entries.map(([name, value]) => [name, checkTensor(where, name, value)]);
}

/** `value` as a tensor, or TypeError or RangeError under `name`. The data is not copied. */
export function checkTensor(where: string, name: string, value: Tensor | Matrix): Tensor {
  if (typeof name !== "string")
    throw new ArgumentTypeError(`${where}: a tensor's name expected a string, got ${show(name)}`);
  if (/\p{Surrogate}/u.test(name)) {
    throw new ArgumentRangeError(
      `${where}: a tensor's name expected well-formed Unicode, got ${show(name)}`,
    );
  }
  if (typeof value !== "object" || value === null || !isFloat64Array(value.data)) {
    throw new ArgumentTypeError(
      `${where}: ${showName(name)} expected a Matrix or { shape, data: Float64Array }, got ${show(value)}`,
    );
  }
  const shape: readonly number[] = value.shape;
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    const got = Array.isArray(shape) ? `(${shape.map(show).join(", ")})` : show(shape);
    throw new ArgumentTypeError(
      `${where}: ${showName(name)} expected a shape of integers >= 0, got ${got}`,
    );
  }
  if (elementCount(shape) !== value.data.length) {
    const expected = `${elementCount(shape)} numbers for shape ${showShape(shape)}`;
    throw new ArgumentRangeError(
      `${where}: ${showName(name)} expected ${expected}, got ${value.data.length}`,
    );
  }
  return { shape, data: value.data };
}
