// Operands of a product in all four ways of storing them, and what must come out.
import { Random } from "../../lib/base/random.ts";
import type { EpilogueSteps } from "../../lib/kernels/gemm/product.ts";
import { addRow, matmul, mul, relu, reluMask, transpose } from "../../lib/kernels/reference.ts";
import { DRAWN, normals, pieceOf } from "./numbers.ts";

export type Shape = readonly [m: number, n: number, k: number];

export type Product = {
  m: number;
  n: number;
  k: number;
  /** (m, k) and its transpose. */
  a: readonly [Float64Array, Float64Array];
  /** (k, n) and its transpose. */
  b: readonly [Float64Array, Float64Array];
  /** What reference.matmul makes of them; it is the same for all four. */
  expected: Float64Array;
};

/** A product with operands from `make`. */
export function product(
  m: number,
  n: number,
  k: number,
  make: (count: number, seed: number) => Float64Array = normals,
): Product {
  const a = make(m * k, m + 31 * k);
  const b = make(k * n, n + 37 * k + 1);
  const at = new Float64Array(m * k);
  const bt = new Float64Array(k * n);
  transpose(m, k, a, at);
  transpose(k, n, b, bt);
  const expected = new Float64Array(m * n);
  matmul(false, false, m, n, k, a, b, expected);
  return { m, n, k, a: [a, at], b: [b, bt], expected };
}

/**
 * What an epilogue stands for, on c (m, n) in place: the separate kernels of reference.ts, one
 * after the other.
 */
export function stepByStep(
  m: number,
  n: number,
  c: Float64Array,
  epilogue: EpilogueSteps,
): Float64Array {
  if (epilogue.row) addRow(m, n, c, epilogue.row, c);
  if (epilogue.relu) relu(c, c);
  if (epilogue.mask) {
    const ones = new Float64Array(m * n);
    reluMask(epilogue.mask, ones);
    mul(c, ones, c);
  }
  return c;
}

/** Calls `f` for the four ways: which operands are transposed, as they are then stored. */
export function fourWays(
  { a, b }: Product,
  f: (transA: boolean, transB: boolean, a: Float64Array, b: Float64Array, where: string) => void,
): void {
  for (const transA of [false, true]) {
    for (const transB of [false, true])
      f(transA, transB, a[+transA], b[+transB], `${transA ? "Aᵀ" : "A"}·${transB ? "Bᵀ" : "B"}`);
  }
}

/** Every m, n, k in 0..9. */
export const SMALL: Shape[] = Array.from({ length: 1000 }, (_, i) => [
  Math.floor(i / 100),
  Math.floor(i / 10) % 10,
  i % 10,
]);

/**
 * Sizes one below, at and one above each of `marks`, each as m, as n and as k of a product that is
 * small otherwise.
 */
export function around(marks: readonly number[], small: number): Shape[] {
  const sizes = [...new Set(marks.flatMap((mark) => [mark - 1, mark, mark + 1]))];
  return sizes.flatMap((size): Shape[] => [
    [size, small, small + 2],
    [small, size, small + 2],
    [small, small + 2, size],
  ]);
}

/**
 * Whole numbers in −9..9: sums of their products are exact, so also a kernel that rounds less often
 * gives the same bits.
 */
export function integers(count: number, seed = 0): Float64Array {
  integerList ??= Float64Array.from(new Random(0).integers(DRAWN, 19), (value) => value - 9);
  return pieceOf(integerList, count, seed);
}

let integerList: Float64Array | undefined;
