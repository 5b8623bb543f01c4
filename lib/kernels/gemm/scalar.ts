// C = op(A)·op(B) without WebAssembly: what runs where the engine has no SIMD or forbids compiling
// it, and, below the threshold of params.ts, everywhere. The sums are reference.matmul's to the
// bit.
//
// Geometry: a 2×4 register tile (8 accumulators, 6 operands: the 16 registers of the common
// machines). op(A) is packed two rows at a time, op(B) in panels of four columns, KC long, so that
// the tile walks both by one:
//
//   A pair    a00 a10 a01 a11 …            (row, k)
//   B panel   b00 b01 b02 b03 b10 b11 …    (k, column)

/**
 * Indices here are 32-bit integers, which V8 adds faster than doubles: so many elements may a
 * matrix have, 16 GiB of them.
 */
export const MAX_ELEMENTS = 2 ** 31;

const KC = 256; // of its own: the pair and the panel together are 12 KiB of the first-level cache
const NC = 256; // columns of B packed at a time

const pair = new Float64Array(2 * KC);
// KC × NC, allocated by the first product that is large enough
let panels: Float64Array | undefined;

/**
 * Small products, tile by tile of 2×2 straight from the operands. Meant for m·n·k up to a few
 * hundred.
 */
export function gemmDirect(
  transA: boolean,
  transB: boolean,
  m: number,
  n: number,
  k: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
): void {
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
 * y (n) = x (k) times a matrix (k, n), or with `transposed` one that is stored (n, k). Every
 * element of the matrix is used once, so it is read where it lies, four rows at a time: 0.5 ns an
 * element, of which the copy that WebAssembly would need takes most.
 */
export function gemv(
  transposed: boolean,
  n: number,
  k: number,
  x: Float64Array,
  matrix: Float64Array,
  y: Float64Array,
): void {
  if (transposed) dotRows(n, k, x, matrix, y);
  else addRows(n, k, x, matrix, y);
}

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

/**
 * Any size: blocks of KC × NC of B, inside them pairs of rows of A against panels of four columns.
 */
export function gemmScalar(
  transA: boolean,
  transB: boolean,
  m: number,
  n: number,
  k: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
): void {
  c.fill(0);
  const packed = (panels ??= new Float64Array(KC * NC));
  for (let j = 0; j < n; j += NC) {
    const columns = Math.min(NC, n - j);
    for (let p = 0; p < k; p += KC) {
      const depth = Math.min(KC, k - p);
      packPanels(transB, n, k, p, j, depth, columns, b, packed);
      for (let i = 0; i < m; i += 2) {
        packPair(transA, m, k, i, p, depth, a);
        for (let q = 0; q < columns; q += 4) tile(m, n, i, j + q, depth, packed, q * depth, c);
      }
    }
  }
}

/**
 * Columns j.. of rows p.. of op(B) into panels of four; the columns that are missing from the last
 * are zeros.
 */
function packPanels(
  transB: boolean,
  n: number,
  k: number,
  p: number,
  j: number,
  depth: number,
  columns: number,
  b: Float64Array,
  packed: Float64Array,
): void {
  const row = transB ? 1 : n;
  const column = transB ? k : 1;
  let to = 0;
  for (let q = 0; q < columns; q += 4) {
    const width = Math.min(4, columns - q);
    let from = (p * row + (j + q) * column) | 0;
    for (let r = 0; r < depth; r++) {
      packed[to] = b[from];
      packed[to + 1] = width > 1 ? b[from + column] : 0;
      packed[to + 2] = width > 2 ? b[from + 2 * column] : 0;
      packed[to + 3] = width > 3 ? b[from + 3 * column] : 0;
      to = (to + 4) | 0;
      from = (from + row) | 0;
    }
  }
}

/** Rows i and i + 1 of columns p.. of op(A), interleaved; a row past the last repeats it. */
function packPair(
  transA: boolean,
  m: number,
  k: number,
  i: number,
  p: number,
  depth: number,
  a: Float64Array,
): void {
  const row = transA ? 1 : k;
  const column = transA ? m : 1;
  let first = (i * row + p * column) | 0;
  let second = i + 1 < m ? (first + row) | 0 : first;
  for (let r = 0; r < depth; r++) {
    pair[2 * r] = a[first];
    pair[2 * r + 1] = a[second];
    first = (first + column) | 0;
    second = (second + column) | 0;
  }
}

/** C[i..i+1, j..j+3] += pair · panel, in the order of k from what C holds. */
function tile(
  m: number,
  n: number,
  i: number,
  j: number,
  depth: number,
  packed: Float64Array,
  panel: number,
  c: Float64Array,
): void {
  const top = (i * n + j) | 0;
  const low = i + 1 < m ? (top + n) | 0 : top;
  const width = Math.min(4, n - j);
  let c00 = c[top],
    c10 = c[low];
  let c01 = 0,
    c02 = 0,
    c03 = 0,
    c11 = 0,
    c12 = 0,
    c13 = 0;
  if (width > 1) {
    c01 = c[top + 1];
    c11 = c[low + 1];
  }
  if (width > 2) {
    c02 = c[top + 2];
    c12 = c[low + 2];
  }
  if (width > 3) {
    c03 = c[top + 3];
    c13 = c[low + 3];
  }
  let at = panel | 0;
  for (let r = 0; r < depth; r++) {
    const x0 = pair[2 * r],
      x1 = pair[2 * r + 1];
    const y0 = packed[at],
      y1 = packed[at + 1],
      y2 = packed[at + 2],
      y3 = packed[at + 3];
    c00 += x0 * y0;
    c01 += x0 * y1;
    c02 += x0 * y2;
    c03 += x0 * y3;
    c10 += x1 * y0;
    c11 += x1 * y1;
    c12 += x1 * y2;
    c13 += x1 * y3;
    at = (at + 4) | 0;
  }
  // Where the lower row is missing it repeats the upper one, with the same values.
  c[low] = c10;
  c[top] = c00;
  if (width > 1) {
    c[low + 1] = c11;
    c[top + 1] = c01;
  }
  if (width > 2) {
    c[low + 2] = c12;
    c[top + 2] = c02;
  }
  if (width > 3) {
    c[low + 3] = c13;
    c[top + 3] = c03;
  }
}
