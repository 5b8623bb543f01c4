// Columns copied out of a matrix (m, n) and into a wider one.

import { SHORT_ROW } from "./sizes.ts";

/** out (m, indices.length) = the columns of `a` that the indices name, in their order. */
export function takeColumns(
  m: number,
  n: number,
  a: Float64Array,
  indices: ArrayLike<number>,
  out: Float64Array,
): void {
  const count = indices.length;
  for (let i = 0, p = 0; i < m; i++) {
    const start = i * n;
    for (let k = 0; k < count; k++, p++) out[p] = a[(start + indices[k]) | 0];
  }
}

/** out (m, end − start) = columns start..end−1 of `a`. */
export function sliceColumns(
  m: number,
  n: number,
  a: Float64Array,
  { start, end, out }: { start: number; end: number; out: Float64Array },
): void {
  copyRows(
    m,
    end - start,
    { array: a, start, step: n },
    { array: out, start: 0, step: end - start },
  );
}

/** Columns start..start+n−1 of `out` (m, cols) = those of `a` (m, n). */
export function putColumns(
  m: number,
  n: number,
  a: Float64Array,
  { start, cols, out }: { start: number; cols: number; out: Float64Array },
): void {
  copyRows(m, n, { array: a, start: 0, step: n }, { array: out, start, step: cols });
}

type Rows = { array: Float64Array; start: number; step: number };

/** Copies m rows of n elements; each begins `step` elements after the one before. */
function copyRows(m: number, n: number, from: Rows, to: Rows): void {
  const a = from.array;
  const out = to.array;
  for (let i = 0; i < m; i++) {
    let p = from.start + i * from.step;
    let q = to.start + i * to.step;
    if (n > SHORT_ROW) out.set(a.subarray(p, p + n), q);
    else for (const end = p + n; p < end; p = (p + 1) | 0, q = (q + 1) | 0) out[q] = a[p];
  }
}
