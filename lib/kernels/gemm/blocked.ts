// The outer loops of a product on one thread: which block of which operand is in WebAssembly memory
// when. They are the five loops of the BLIS papers (Van Zee and van de Geijn, "BLIS: a framework
// for rapidly instantiating BLAS functionality", 2015), with two differences: blocks of C stay in
// memory until their sums are complete, and A is packed only if it is transposed.
//
//   loop 5, 3: a block of C, up to NC columns and as many rows as the buffer of C holds
//     loop 4: KC of k; the block of B comes in
//       MC rows of A come in
//         loop 2, 1 and the micro-kernel: wasm/emit-product.ts
//         after the last of k: the epilogue, and the rows of C go out
//
// What comes in is copied by TypedArray.set (0.3 ns an element in one piece, 0.4 in rows of 264)
// and, where it is read often enough to pay, packed into panels by WebAssembly.

import { BAND, C_SIZE, KC, MC, NC, NR, PACK_MIN_ELEMENTS, PACK_MIN_REUSE } from "../sizes.ts";
import { type Layout, tailRows } from "../wasm/emit-product.ts";
import type { Engine } from "../wasm/engine.ts";
import { runEpilogue, type Tile } from "./epilogue.ts";
import type { Product } from "./product.ts";
import { addressOf, copyRegion, packRegion, type Region } from "./region.ts";

/** From which size and which number of uses on a block is packed. */
export type PackRule = { readonly minElements: number; readonly minReuse: number };

export const PACK_RULE: PackRule = { minElements: PACK_MIN_ELEMENTS, minReuse: PACK_MIN_REUSE };

/** An operand's block in memory: address, and the distances of wasm/emit-product.ts in bytes. */
type Placed = { readonly at: number; readonly stride: number; readonly panel: number };

/** Brings `rows` rows and `columns` columns of an operand into memory, from (i, j) on. */
type Bring = (i: number, j: number, rows: number, columns: number) => Placed;

/** How the operands of one product come in, and where C is computed. */
type Ways = { layout: Layout; bringA: Bring; bringB: Bring; inPlace: boolean; resident: boolean };

/** A block of C, whose rows take A `aRows` rows at a time. */
type Block = { i: number; j: number; rows: number; columns: number; aRows: number };

/** Computes a product with m, n, k >= 1. `resident`: all its arrays lie in the engine's memory. */
export function multiplyBlocked(
  engine: Engine,
  product: Product,
  resident: boolean,
  rule: PackRule = PACK_RULE,
): void {
  const { m, n, k, transA, transB } = product;
  const columns = blockSize(n, NC, 8);
  const stride = Math.ceil(columns / NR) * NR;
  const rows = blockSize(m, Math.floor(C_SIZE / stride / BAND) * BAND, BAND);
  const depth = Math.min(KC, k);
  const packB = transB || packs(rule, columns, depth, rows);
  const packA = transA && packs(rule, blockSize(rows, MC, BAND), depth, columns);
  const ways: Ways = {
    layout: transA ? (packA && packB ? "panels" : "columns") : "rows",
    bringA: bringerOfA(engine, product, resident, packA),
    bringB: bringerOfB(engine, product, resident, packB),
    inPlace: resident && n % NR === 0 && columns === n,
    resident,
  };
  for (let j = 0; j < n; j += columns) {
    for (let i = 0; i < m; i += rows) {
      const size = { rows: Math.min(rows, m - i), columns: Math.min(columns, n - j) };
      const block = { i, j, ...size, aRows: blockSize(size.rows, MC, BAND) };
      multiplyBlock(engine, product, ways, block);
    }
  }
}

/** Computes one block of C: all of k, and `aRows` rows of A at a time. */
function multiplyBlock(engine: Engine, product: Product, ways: Ways, block: Block): void {
  const { kernels, mr, map } = engine;
  const { n, k, c } = product;
  const { layout, bringA, bringB, inPlace } = ways;
  const { i, j, rows, columns, aRows } = block;
  const stride = Math.ceil(columns / NR) * NR;
  for (let p = 0; p < k; p += KC) {
    const depth = Math.min(KC, k - p);
    const b = bringB(p, j, depth, columns);
    for (let s = 0; s < rows; s += aRows) {
      const height = Math.min(aRows, rows - s);
      const a = bringA(i + s, p, height, depth);
      const at = inPlace ? c.byteOffset + 8 * (i + s) * n : map.c + 8 * s * stride;
      const tail = tailRows(layout, mr, height);
      // biome-ignore format: in the order of PARAMETERS
      kernels[layout](
        a.at, a.stride, a.panel, b.at, b.stride, b.panel, at, 8 * stride,
        height - tail, tail, columns, depth, p,
      );
      if (p + depth === k)
        finish(engine, product, { at, stride, i: i + s, j, rows: height, columns }, ways);
    }
  }
}

/** Runs the epilogue on finished rows of C, and copies them to where they belong. */
function finish(engine: Engine, product: Product, tile: Tile, ways: Ways): void {
  const { doubles } = engine;
  const { n, c } = product;
  const { at, i, j, rows, columns } = tile;
  runEpilogue(engine, product, tile, ways.resident);
  if (ways.inPlace) return;
  if (columns === n) {
    c.set(doubles.subarray(at / 8, at / 8 + rows * n), i * n);
    return;
  }
  for (let r = 0; r < rows; r++) {
    const from = at / 8 + r * columns;
    c.set(doubles.subarray(from, from + columns), (i + r) * n + j);
  }
}

/**
 * The block size that splits `length` into equal blocks of at most `limit`, rounded up to a
 * multiple of `unit`.
 */
export function blockSize(length: number, limit: number, unit: number): number {
  const equal = length / Math.ceil(length / limit);
  return Math.min(length, Math.ceil(equal / unit) * unit);
}

/** Whether a block of length × depth that is read `uses` times is packed. */
export function packs(rule: PackRule, length: number, depth: number, uses: number): boolean {
  return length * depth >= rule.minElements && uses >= rule.minReuse;
}

/** How blocks of op(A) come in: rows i.., and columns j.. which are k. Chosen once a product. */
function bringerOfA(
  engine: Engine,
  { transA, m, k, a }: Product,
  resident: boolean,
  packed: boolean,
): Bring {
  const { doubles, kernels, map, mr } = engine;
  const region = (i: number, j: number, rows: number, columns: number): Region =>
    transA
      ? { data: a, rowLength: m, i: j, j: i, rows: columns, columns: rows }
      : { data: a, rowLength: k, i, j, rows, columns };
  if (packed) {
    return (i, j, rows, depth) => {
      const [at, panel] = [map.aBuffer, 8 * mr * packedDepth(depth)];
      const panels = { pack: kernels.packAColumns, at, panel, advance: 8 * mr };
      packRegion(engine, region(i, j, rows, depth), panels, resident);
      return { at, stride: 8 * mr, panel };
    };
  }
  if (resident) {
    const [stride, panel] = transA ? [8 * m, 8 * mr] : [8 * k, 8 * mr * k];
    return (i, j, rows, depth) => {
      return { at: addressOf(region(i, j, rows, depth)), stride, panel };
    };
  }
  return (i, j, rows, depth) => {
    const at = map.aBuffer;
    // Rows that are part of longer ones get a gap that keeps them off each other's cache sets.
    const stride = transA ? rows : depth === k ? depth : ((depth + 7) & ~15) + 8;
    copyRegion(doubles, region(i, j, rows, depth), at / 8, stride);
    return { at, stride: 8 * stride, panel: 8 * mr * (transA ? 1 : stride) };
  };
}

/** How blocks of op(B) come in: rows i.., which are k, and columns j... Chosen once a product. */
function bringerOfB(
  engine: Engine,
  { transB, n, k, b }: Product,
  resident: boolean,
  packed: boolean,
): Bring {
  const { doubles, kernels, map } = engine;
  const region = (i: number, j: number, rows: number, columns: number): Region =>
    transB
      ? { data: b, rowLength: k, i: j, j: i, rows: columns, columns: rows }
      : { data: b, rowLength: n, i, j, rows, columns };
  if (packed) {
    return (i, j, depth, columns) => {
      const [at, panel] = [map.bBuffer, 8 * NR * packedDepth(depth)];
      const panels = transB
        ? { pack: kernels.packBColumns, at, panel, advance: panel / NR }
        : { pack: kernels.packBRows, at, panel, advance: 8 * NR };
      packRegion(engine, region(i, j, depth, columns), panels, resident);
      return { at, stride: 8 * NR, panel };
    };
  }
  return (i, j, depth, columns) => {
    const at = map.bBuffer;
    if (resident)
      return { at: addressOf(region(i, j, depth, columns)), stride: 8 * n, panel: 8 * NR };
    copyRegion(doubles, region(i, j, depth, columns), at / 8, columns);
    return { at, stride: 8 * columns, panel: 8 * NR };
  };
}

/** The rows of a packed block of so many: packing goes by four. */
export const packedDepth = (depth: number): number => Math.ceil(depth / 4) * 4;
