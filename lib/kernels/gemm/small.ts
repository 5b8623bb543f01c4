// Products in plain TypeScript that copy nothing: very small ones, and those of a vector. The sums
// are reference.matmul's to the bit. Indices are kept in int32, which V8 adds faster than doubles.

import type { Product } from "./product.ts";

/**
 * Computes a product, without its epilogue, by tiles of 2×2 straight from the operands. Meant for
 * m·n·k up to a few hundred.
 */
export function multiplySmall({ transA, transB, m, n, k, a, b, c }: Product): void {
  const aRow = transA ? 1 : k;
  const aCol = transA ? m : 1;
  const bRow = transB ? 1 : n;
  const bCol = transB ? k : 1;
  for (let i = 0; i < m; i += 2) {
    const two = i + 1 < m;
    for (let j = 0; j < n; j += 2) {
      // At an edge the second row or column repeats the first: the same work, and the surplus is
      // not stored.
      const right = j + 1 < n;
      let a0 = (i * aRow) | 0;
      let a1 = two ? (a0 + aRow) | 0 : a0;
      let b0 = (j * bCol) | 0;
      let b1 = right ? (b0 + bCol) | 0 : b0;
      let c00 = 0,
        c01 = 0,
        c10 = 0,
        c11 = 0;
      for (let p = 0; p < k; p++) {
        const x0 = a[a0],
          x1 = a[a1],
          y0 = b[b0],
          y1 = b[b1];
        c00 += x0 * y0;
        c01 += x0 * y1;
        c10 += x1 * y0;
        c11 += x1 * y1;
        a0 = (a0 + aCol) | 0;
        a1 = (a1 + aCol) | 0;
        b0 = (b0 + bRow) | 0;
        b1 = (b1 + bRow) | 0;
      }
      const at = (i * n + j) | 0;
      c[at] = c00;
      if (right) c[at + 1] = c01;
      if (two) {
        c[at + n] = c10;
        if (right) c[at + n + 1] = c11;
      }
    }
  }
}

/**
 * Computes a product with m = 1 or n = 1, without its epilogue. Every element of the matrix is used
 * once, so it is read where it lies, four rows at a time, in 0.5 ns an element; copying it into
 * WebAssembly memory would take most of that.
 */
export function gemv({ transA, transB, m, n, k, a, b, c }: Product): void {
  if (m === 1) (transB ? dotRows : addRows)(n, k, a, b, c);
  else (transA ? addRows : dotRows)(m, k, b, a, c);
}

/** y (n) = x (k) times a matrix (k, n). */
function addRows(
  n: number,
  k: number,
  x: Float64Array,
  matrix: Float64Array,
  y: Float64Array,
): void {
  y.fill(0);
  let p = 0;
  for (; p < k - 3; p += 4) {
    const x0 = x[p],
      x1 = x[p + 1],
      x2 = x[p + 2],
      x3 = x[p + 3];
    let r0 = (p * n) | 0;
    let r1 = (r0 + n) | 0;
    let r2 = (r1 + n) | 0;
    let r3 = (r2 + n) | 0;
    for (let j = 0; j < n; j++) {
      y[j] = y[j] + x0 * matrix[r0] + x1 * matrix[r1] + x2 * matrix[r2] + x3 * matrix[r3];
      r0 = (r0 + 1) | 0;
      r1 = (r1 + 1) | 0;
      r2 = (r2 + 1) | 0;
      r3 = (r3 + 1) | 0;
    }
  }
  for (; p < k; p++) {
    const x0 = x[p];
    for (let j = 0, r0 = (p * n) | 0; j < n; j++, r0++) y[j] += x0 * matrix[r0];
  }
}

/** y (n) = x (k) times the transpose of a matrix (n, k). */
function dotRows(
  n: number,
  k: number,
  x: Float64Array,
  matrix: Float64Array,
  y: Float64Array,
): void {
  for (let j = 0; j < n; j += 4) {
    // Past the last row the last one is read again: the same work, and its sum is not stored.
    let r0 = (j * k) | 0;
    let r1 = j + 1 < n ? (r0 + k) | 0 : r0;
    let r2 = j + 2 < n ? (r1 + k) | 0 : r1;
    let r3 = j + 3 < n ? (r2 + k) | 0 : r2;
    let s0 = 0,
      s1 = 0,
      s2 = 0,
      s3 = 0;
    for (let p = 0; p < k; p++) {
      const xp = x[p];
      s0 += xp * matrix[r0];
      s1 += xp * matrix[r1];
      s2 += xp * matrix[r2];
      s3 += xp * matrix[r3];
      r0 = (r0 + 1) | 0;
      r1 = (r1 + 1) | 0;
      r2 = (r2 + 1) | 0;
      r3 = (r3 + 1) | 0;
    }
    y[j] = s0;
    if (j + 1 < n) y[j + 1] = s1;
    if (j + 2 < n) y[j + 2] = s2;
    if (j + 3 < n) y[j + 3] = s3;
  }
}
