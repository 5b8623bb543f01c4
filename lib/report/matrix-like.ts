// Matrices of any make: their check, their rows and their columns.

import { wrongType } from "../base/checks.ts";

/** A row-major matrix: element (i, j) is data[i * cols + j]. A Matrix is one. */
export type MatrixLike = {
  readonly rows: number;
  readonly cols: number;
  readonly data: ArrayLike<number>;
};

/** Throws a TypeError unless `value` is a matrix with rows, cols and as many values. */
export function checkMatrixLike(where: string, name: string, value: unknown): void {
  const { rows, cols, data } = (value ?? {}) as MatrixLike;
  const isMatrix = Number.isSafeInteger(rows) && Number.isSafeInteger(cols);
  if (!isMatrix || data?.length !== rows * cols)
    throw wrongType(where, name, "a matrix with rows, cols and data", value);
}

/** The numbers of row `i`. */
export function rowOf({ cols, data }: MatrixLike, i: number): Float64Array {
  return Float64Array.from({ length: cols }, (_, j) => data[i * cols + j]);
}

/** The numbers of column `j`. */
export function columnOf({ rows, cols, data }: MatrixLike, j: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => data[i * cols + j]);
}
