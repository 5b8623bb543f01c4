// What the elements of a matrix (m, n) come to: greatest, least and where they are, by row, by
// column and over all; the product of two vectors. A NaN is greatest and least, the first one is
// where they are, and of equal elements the first counts, as in NumPy. These plain loops are the
// definition; rows.ts and columns.ts have those with faster forms.

import { sumOfSquares } from "./elementwise.ts";

const LEAST_SQUARES = 1e-280; // a lesser sum may lack squares that vanished

/** out (m) = the least element of each row; NaN where the row has one. n >= 1. */
export function rowMin(m: number, n: number, a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < m; i++) out[i] = min(i * n, (i + 1) * n, a);
}

/** out (m) = the column of the least element of each row. n >= 1. */
export function rowArgmin(m: number, n: number, a: Float64Array, out: Int32Array): void {
  for (let i = 0; i < m; i++) out[i] = argmin(i * n, (i + 1) * n, a) - i * n;
}

/** out (n) = the greatest element of each column; NaN where the column has one. m >= 1. */
export function columnMax(m: number, n: number, a: Float64Array, out: Float64Array): void {
  for (let j = 0; j < n; j++) out[j] = a[j];
  for (let i = 1, p = n; i < m; i++) {
    for (let j = 0; j < n; j++, p++) {
      const value = a[p];
      if (value > out[j] || value !== value) out[j] = value;
    }
  }
}

/** out (n) = the least element of each column; NaN where the column has one. m >= 1. */
export function columnMin(m: number, n: number, a: Float64Array, out: Float64Array): void {
  for (let j = 0; j < n; j++) out[j] = a[j];
  for (let i = 1, p = n; i < m; i++) {
    for (let j = 0; j < n; j++, p++) {
      const value = a[p];
      if (value < out[j] || value !== value) out[j] = value;
    }
  }
}

/** out (n) = the row of the greatest element of each column. m >= 1. */
export function columnArgmax(m: number, n: number, a: Float64Array, out: Int32Array): void {
  const best = a.slice(0, n);
  out.fill(0);
  for (let i = 1, p = n; i < m; i++) {
    for (let j = 0; j < n; j++, p++) {
      const value = a[p];
      if (!(value > best[j] || (value !== value && best[j] === best[j]))) continue;
      best[j] = value;
      out[j] = i;
    }
  }
}

/** out (n) = the row of the least element of each column. m >= 1. */
export function columnArgmin(m: number, n: number, a: Float64Array, out: Int32Array): void {
  const best = a.slice(0, n);
  out.fill(0);
  for (let i = 1, p = n; i < m; i++) {
    for (let j = 0; j < n; j++, p++) {
      const value = a[p];
      if (!(value < best[j] || (value !== value && best[j] === best[j]))) continue;
      best[j] = value;
      out[j] = i;
    }
  }
}

/** The greatest of a[start..end−1], NaN when there is one. end > start. */
export function max(start: number, end: number, a: Float64Array): number {
  let greatest = a[start];
  for (let p = start + 1; p < end; p++) {
    const value = a[p];
    if (value > greatest || value !== value) greatest = value;
  }
  return greatest;
}

/** The least of a[start..end−1], NaN when there is one. end > start. */
export function min(start: number, end: number, a: Float64Array): number {
  let least = a[start];
  for (let p = start + 1; p < end; p++) {
    const value = a[p];
    if (value < least || value !== value) least = value;
  }
  return least;
}

/** Where the greatest of a[start..end−1] is. end > start. */
export function argmax(start: number, end: number, a: Float64Array): number {
  let best = start;
  for (let p = start; p < end; p++) {
    const value = a[p];
    if (value !== value) return p;
    if (value > a[best]) best = p;
  }
  return best;
}

/** Where the least of a[start..end−1] is. end > start. */
export function argmin(start: number, end: number, a: Float64Array): number {
  let best = start;
  for (let p = start; p < end; p++) {
    const value = a[p];
    if (value !== value) return p;
    if (value < a[best]) best = p;
  }
  return best;
}

/** Σ a·b over all elements, in the order of `sum`: four running sums. */
export function dot(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  let p = 0;
  let q = 0;
  let r = 0;
  let s = 0;
  let i = 0;
  for (; i < n - 3; i += 4) {
    p += a[i] * b[i];
    q += a[i + 1] * b[i + 1];
    r += a[i + 2] * b[i + 2];
    s += a[i + 3] * b[i + 3];
  }
  if (i < n) p += a[i] * b[i];
  if (i + 1 < n) q += a[i + 1] * b[i + 1];
  if (i + 2 < n) r += a[i + 2] * b[i + 2];
  return p + q + (r + s);
}

/** √Σ a² over all elements, scaled by a power of two where squares would overflow or vanish. */
export function norm(a: Float64Array): number {
  const squares = sumOfSquares(a);
  if (squares > LEAST_SQUARES && squares < Infinity) return Math.sqrt(squares);
  let size = 0;
  for (let i = 0; i < a.length; i++) {
    const value = Math.abs(a[i]);
    if (value !== value) return NaN;
    if (value > size) size = value;
  }
  if (size === 0 || size === Infinity) return size;
  const unit = size > 1 ? 2 ** -600 : 2 ** 600;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * unit * (a[i] * unit);
  return Math.sqrt(sum) / unit;
}
