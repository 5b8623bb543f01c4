// Columns copied out of a matrix (m, n) and into a wider one. These plain loops are the definition.

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
    for (let k = 0; k < count; k++, p++) out[p] = a[start + indices[k]];
  }
}

/** out (m, end − start) = columns start..end−1 of `a`. */
export function sliceColumns(
  m: number,
  n: number,
  a: Float64Array,
  { start, end, out }: { start: number; end: number; out: Float64Array },
): void {
  for (let i = 0, p = 0; i < m; i++) {
    for (let q = i * n + start; q < i * n + end; q++, p++) out[p] = a[q];
  }
}

/** Columns start..start+n−1 of `out` (m, cols) = those of `a` (m, n). */
export function putColumns(
  m: number,
  n: number,
  a: Float64Array,
  { start, cols, out }: { start: number; cols: number; out: Float64Array },
): void {
  for (let i = 0, p = 0; i < m; i++) {
    for (let q = i * cols + start, end = q + n; q < end; q++, p++) out[q] = a[p];
  }
}
