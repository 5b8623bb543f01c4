// Matrices for the tests of Matrix, the methods that take an `out`, and proof that a refused call
// changed nothing.
import { Matrix } from "../../lib/matrix/matrix.ts";
import { assertSameBits, nanFilled, specialValues } from "./numbers.ts";

/** Normal and special numbers, different for each seed. */
export function specialMatrix(rows: number, cols: number, seed = 0): Matrix {
  return new Matrix(rows, cols, specialValues(rows * cols, seed));
}

/** 1, 2, 3, … row by row. */
export function counting(rows: number, cols: number): Matrix {
  return new Matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, (_, i) => i + 1),
  );
}

/** An `out` that shows what was not written. */
export function nanMatrix(rows: number, cols: number): Matrix {
  return new Matrix(rows, cols, nanFilled(rows * cols));
}

/** All bits of two matrices and their shapes. */
export function assertSameMatrix(actual: Matrix, expected: Matrix, where: string): void {
  assertSameBits([actual.rows, actual.cols], [expected.rows, expected.cols], `${where}: shape`);
  assertSameBits(actual.data, expected.data, where);
}

/**
 * Runs `f` and asserts that the elements of `matrices` have the bits they had before, whether `f`
 * returned or threw.
 */
export function leavesUnchanged(matrices: Matrix[], f: () => void): void {
  const before = matrices.map((matrix) => matrix.data.slice());
  try {
    f();
  } finally {
    matrices.forEach((matrix, i) =>
      assertSameBits(matrix.data, before[i], `matrix ${i} of those that must not change`),
    );
  }
}
