// The product without WebAssembly: for engines that have no SIMD or forbid compiling it. The sums
// are reference.matmul's to the bit. Indices are kept in int32, which V8 adds faster than doubles.
//
// Geometry: a 2×4 register tile (8 accumulators, 6 operands: the 16 registers of the common
// machines). op(A) is packed two rows at a time, op(B) in panels of four columns, SCALAR_KC long,
// so that the tile reads both from end to end:
//
//   A pair    a00 a10 a01 a11 …            (row, k)
//   B panel   b00 b01 b02 b03 b10 b11 …    (k, column)

import { SCALAR_KC, SCALAR_NC } from "../sizes.ts";
import type { Product } from "./product.ts";

const pair = new Float64Array(2 * SCALAR_KC);
const sums = new Float64Array(8); // a tile of C, the second row after the first
let panels: Float64Array | undefined; // SCALAR_KC × SCALAR_NC, allocated by the first product

/** Computes a product of any size, without its epilogue. */
export function multiplyScalar(product: Product): void {
  const { m, n, k, c } = product;
  c.fill(0);
  const packed = (panels ??= new Float64Array(SCALAR_KC * SCALAR_NC));
  for (let j = 0; j < n; j += SCALAR_NC) {
    const columns = Math.min(SCALAR_NC, n - j);
    for (let p = 0; p < k; p += SCALAR_KC) {
      const depth = Math.min(SCALAR_KC, k - p);
      packPanels(product, { p, j, depth, columns }, packed);
      for (let i = 0; i < m; i += 2) {
        packPair(product, i, p, depth);
        for (let q = 0; q < columns; q += 4) {
          const top = i * n + j + q;
          const low = i + 1 < m ? top + n : top; // a missing row repeats the last, to the bit
          const width = Math.min(4, columns - q);
          loadTile(c, top, low, width);
          multiplyTile(depth, packed, q * depth);
          storeTile(c, top, low, width);
        }
      }
    }
  }
}

/**
 * Packs columns j.. of rows p.. of op(B) into panels of four columns; zeros stand for the columns
 * that are missing from the last panel.
 */
function packPanels(
  { transB, n, k, b }: Product,
  { p, j, depth, columns }: { p: number; j: number; depth: number; columns: number },
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

/** Interleaves rows i and i + 1 of columns p.. of op(A); the last row stands for one after it. */
function packPair({ transA, m, k, a }: Product, i: number, p: number, depth: number): void {
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

function loadTile(c: Float64Array, top: number, low: number, width: number): void {
  for (let q = 0; q < width; q++) {
    sums[q] = c[top + q];
    sums[4 + q] = c[low + q];
  }
}

function storeTile(c: Float64Array, top: number, low: number, width: number): void {
  for (let q = 0; q < width; q++) {
    c[low + q] = sums[4 + q];
    c[top + q] = sums[q];
  }
}

/** sums += pair · panel, in the order of k. */
function multiplyTile(depth: number, packed: Float64Array, panel: number): void {
  let c00 = sums[0];
  let c01 = sums[1];
  let c02 = sums[2];
  let c03 = sums[3];
  let c10 = sums[4];
  let c11 = sums[5];
  let c12 = sums[6];
  let c13 = sums[7];
  let at = panel | 0;
  for (let r = 0; r < depth; r++) {
    const x0 = pair[2 * r];
    const x1 = pair[2 * r + 1];
    const y0 = packed[at];
    const y1 = packed[at + 1];
    const y2 = packed[at + 2];
    const y3 = packed[at + 3];
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
  sums[0] = c00;
  sums[1] = c01;
  sums[2] = c02;
  sums[3] = c03;
  sums[4] = c10;
  sums[5] = c11;
  sums[6] = c12;
  sums[7] = c13;
}
