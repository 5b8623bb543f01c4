// Kernels that go row by row: copies of rows, and the sum of each row. ns per element on 200×100,
// Node 20 / 24, from `npm run bench -- kernels`.

import { SHORT_ROW } from "./sizes.ts";

/**
 * out (m, n) = the m rows, of n elements, of `a` that the indices name, in their order. Short rows
 * are copied element by element, eight a turn: the views that TypedArray.set takes would be most of
 * the garbage of a training step.
 */
export function takeRows(
  m: number,
  n: number,
  a: Float64Array,
  indices: ArrayLike<number>,
  out: Float64Array,
): void {
  if (n > SHORT_ROW) {
    for (let i = 0; i < m; i++) {
      const from = indices[i] * n;
      out.set(a.subarray(from, from + n), i * n);
    }
    return;
  }
  for (let i = 0, to = 0; i < m; i++) {
    let from = (indices[i] * n) | 0;
    const end = (from + n) | 0;
    for (; from < end - 7; from = (from + 8) | 0, to = (to + 8) | 0) {
      out[to] = a[from];
      out[to + 1] = a[from + 1];
      out[to + 2] = a[from + 2];
      out[to + 3] = a[from + 3];
      out[to + 4] = a[from + 4];
      out[to + 5] = a[from + 5];
      out[to + 6] = a[from + 6];
      out[to + 7] = a[from + 7];
    }
    for (; from < end; from = (from + 1) | 0, to = (to + 1) | 0) out[to] = a[from];
  }
}

/**
 * out (m) = ((0 + a0) + a1) + … of each row. 0 when n = 0.
 * Four rows at once do not wait for each other: 0.45 / 0.47 (one by one 0.81 / 0.63)
 */
export function rowSum(m: number, n: number, a: Float64Array, out: Float64Array): void {
  let i = 0;
  for (; i < m - 3; i += 4) {
    const p = i * n;
    const q = p + n;
    const r = q + n;
    const s = r + n;
    let sumP = 0;
    let sumQ = 0;
    let sumR = 0;
    let sumS = 0;
    for (let j = 0; j < n; j = (j + 1) | 0) {
      sumP += a[(p + j) | 0];
      sumQ += a[(q + j) | 0];
      sumR += a[(r + j) | 0];
      sumS += a[(s + j) | 0];
    }
    out[i] = sumP;
    out[i + 1] = sumQ;
    out[i + 2] = sumR;
    out[i + 3] = sumS;
  }
  for (; i < m; i++) {
    let sum = 0;
    for (let p = i * n; p < (i + 1) * n; p++) sum += a[p];
    out[i] = sum;
  }
}
