// What the elements of a matrix (m, n) come to: greatest, least and where they are, by row, by
// column and over all; the product of two vectors. A NaN is greatest and least, the first one is
// where they are, and of equal elements the first counts, as in NumPy. rows.ts and columns.ts have
// the sums.
//
// All go by the place of the greatest element: one comparison, value <= greatest, which is false
// for a NaN, decides that an element is passed over. Four of them a turn take 0.31 ns an element on
// Node 20 and 24 where the plain loop takes 0.96 / 0.57, and 0.63 / 0.55 in columns (plain 1.8).

import { sumOfSquares } from "./elementwise.ts";

const LEAST_SQUARES = 1e-280; // a lesser sum may lack squares that vanished

/** Where the greatest of a[start..end−1] is. end > start. */
export function argmax(start: number, end: number, a: Float64Array): number {
  const last = end - 3;
  let best = start;
  let greatest = -Infinity;
  for (let p = start; p < end; p = (p + 1) | 0) {
    const value = a[p];
    if (!(value <= greatest)) {
      greatest = value;
      best = p;
      if (value !== value) break;
      continue;
    }
    // three more, as long as they are passed over too
    while (
      p < last &&
      a[(p + 1) | 0] <= greatest &&
      a[(p + 2) | 0] <= greatest &&
      a[(p + 3) | 0] <= greatest
    )
      p = (p + 3) | 0;
  }
  return best;
}

/** Where the least of a[start..end−1] is. end > start. */
export function argmin(start: number, end: number, a: Float64Array): number {
  const last = end - 3;
  let best = start;
  let least = Infinity;
  for (let p = start; p < end; p = (p + 1) | 0) {
    const value = a[p];
    if (!(value >= least)) {
      least = value;
      best = p;
      if (value !== value) break;
      continue;
    }
    // three more, as long as they are passed over too
    while (
      p < last &&
      a[(p + 1) | 0] >= least &&
      a[(p + 2) | 0] >= least &&
      a[(p + 3) | 0] >= least
    )
      p = (p + 3) | 0;
  }
  return best;
}

/** The greatest of all elements, NaN when there is one. a.length >= 1. */
export function max(a: Float64Array): number {
  return a[argmax(0, a.length, a)];
}

/** The least of all elements, NaN when there is one. a.length >= 1. */
export function min(a: Float64Array): number {
  return a[argmin(0, a.length, a)];
}

/** out (m) = the greatest element of each row; NaN where the row has one. n >= 1. */
export function rowMax(m: number, n: number, a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < m; i++) out[i] = a[argmax(i * n, (i + 1) * n, a)];
}

/** out (m) = the least element of each row; NaN where the row has one. n >= 1. */
export function rowMin(m: number, n: number, a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < m; i++) out[i] = a[argmin(i * n, (i + 1) * n, a)];
}

/** out (m) = the column of the greatest element of each row. n >= 1. */
export function rowArgmax(m: number, n: number, a: Float64Array, out: Int32Array): void {
  for (let i = 0; i < m; i++) out[i] = argmax(i * n, (i + 1) * n, a) - i * n;
}

/** out (m) = the column of the least element of each row. n >= 1. */
export function rowArgmin(m: number, n: number, a: Float64Array, out: Int32Array): void {
  for (let i = 0; i < m; i++) out[i] = argmin(i * n, (i + 1) * n, a) - i * n;
}

/** Where rows i..i+3 of m begin; the last row stands for those that are not there. */
function fourRows(i: number, m: number, n: number): [p: number, q: number, r: number, s: number] {
  const last = m - 1;
  return [i * n, Math.min(i + 1, last) * n, Math.min(i + 2, last) * n, Math.min(i + 3, last) * n];
}

/** out (n) = the row of the greatest element of each column. m >= 1. */
export function columnArgmax(m: number, n: number, a: Float64Array, out: Int32Array): void {
  const best = new Float64Array(n).fill(-Infinity);
  out.fill(0);
  for (let i = 0; i < m; i += 4) {
    const [p, q, r, s] = fourRows(i, m, n);
    for (let j = 0; j < n; j = (j + 1) | 0) {
      const value = best[j];
      if (
        a[(p + j) | 0] <= value &&
        a[(q + j) | 0] <= value &&
        a[(r + j) | 0] <= value &&
        a[(s + j) | 0] <= value
      )
        continue;
      for (let k = i; k < m && k < i + 4; k++) {
        const next = a[k * n + j];
        if (next <= best[j] || best[j] !== best[j]) continue;
        best[j] = next;
        out[j] = k;
      }
    }
  }
}

/** out (n) = the row of the least element of each column. m >= 1. */
export function columnArgmin(m: number, n: number, a: Float64Array, out: Int32Array): void {
  const best = new Float64Array(n).fill(Infinity);
  out.fill(0);
  for (let i = 0; i < m; i += 4) {
    const [p, q, r, s] = fourRows(i, m, n);
    for (let j = 0; j < n; j = (j + 1) | 0) {
      const value = best[j];
      if (
        a[(p + j) | 0] >= value &&
        a[(q + j) | 0] >= value &&
        a[(r + j) | 0] >= value &&
        a[(s + j) | 0] >= value
      )
        continue;
      for (let k = i; k < m && k < i + 4; k++) {
        const next = a[k * n + j];
        if (next >= best[j] || best[j] !== best[j]) continue;
        best[j] = next;
        out[j] = k;
      }
    }
  }
}

/** out (n) = the greatest element of each column; NaN where the column has one. m >= 1. */
export function columnMax(m: number, n: number, a: Float64Array, out: Float64Array): void {
  const rows = new Int32Array(n);
  columnArgmax(m, n, a, rows);
  for (let j = 0; j < n; j++) out[j] = a[rows[j] * n + j];
}

/** out (n) = the least element of each column; NaN where the column has one. m >= 1. */
export function columnMin(m: number, n: number, a: Float64Array, out: Float64Array): void {
  const rows = new Int32Array(n);
  columnArgmin(m, n, a, rows);
  for (let j = 0; j < n; j++) out[j] = a[rows[j] * n + j];
}

/** Whether no element differs by more than `tolerance`. NaN equals nothing; 0 equals −0. */
export function areClose(a: Float64Array, b: Float64Array, tolerance: number): boolean {
  for (let i = 0; i < a.length; i = (i + 1) | 0) {
    const x = a[i];
    const y = b[i];
    if (x !== y && !(Math.abs(x - y) <= tolerance)) return false; // x !== y first: ∞ − ∞ is NaN
  }
  return true;
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
