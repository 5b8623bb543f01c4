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
import { tailRows } from "../wasm/emit-product.ts";
import type { Engine, Pack } from "../wasm/engine.ts";
import type { Product, Tile } from "./product.ts";
import { addressOf, copyRegion, packRegion, type Region } from "./region.ts";

/** From which size and which number of uses on a block is packed. */
export type PackRule = { readonly minElements: number; readonly minReuse: number };

export const PACK_RULE: PackRule = { minElements: PACK_MIN_ELEMENTS, minReuse: PACK_MIN_REUSE };

/** An operand as it is stored, and how its blocks come in. Chosen once a product. */
type Operand = {
  readonly data: Float64Array;
  readonly rowLength: number;
  /** Whether k runs along the stored rows, as it does in A and in a transposed B. */
  readonly kAlongRows: boolean;
  /** The address of its buffer. */
  readonly buffer: number;
  /** Rows of A or columns of B in a tile. */
  readonly width: number;
  /** What packs a block of it; undefined where it is not packed. */
  readonly pack: Pack | undefined;
};

/** How a product is computed. `inPlace`: C is computed where it lies. */
type Ways = {
  readonly a: Operand;
  readonly b: Operand;
  readonly inPlace: boolean;
  readonly resident: boolean;
};

/** A block in memory: its address, and the distances of wasm/emit-product.ts in bytes. */
type Placed = {
  readonly at: number;
  /** Between rows of A, and columns of B. */
  readonly row: number;
  /** Between steps of k. */
  readonly step: number;
  readonly panel: number;
};

/** A block of C, whose rows take A `aRows` rows at a time. */
type Block = { i: number; j: number; rows: number; columns: number; aRows: number };

/** Computes a product with m, n, k >= 1. `resident`: all its arrays lie in the engine's memory. */
export function multiplyBlocked(
  engine: Engine,
  product: Product,
  resident: boolean,
  rule: PackRule = PACK_RULE,
): void {
  const { m, n, k } = product;
  const columns = blockSize(n, NC, 8);
  const stride = Math.ceil(columns / NR) * NR;
  const rows = blockSize(m, Math.floor(C_SIZE / stride / BAND) * BAND, BAND);
  const depth = Math.min(KC, k);
  const packsA = packs(rule, blockSize(rows, MC, BAND), depth, columns);
  const packsB = packs(rule, columns, depth, rows);
  const ways: Ways = {
    a: operandA(engine, product, packsA),
    b: operandB(engine, product, packsB),
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

function operandA({ kernels, map, mr }: Engine, product: Product, packs: boolean): Operand {
  const { transA, m, k, a } = product;
  const place = { kAlongRows: !transA, buffer: map.aBuffer, width: mr };
  const pack = transA && packs ? kernels.packAColumns : undefined;
  return { data: a, rowLength: transA ? m : k, ...place, pack };
}

function operandB({ kernels, map }: Engine, product: Product, packs: boolean): Operand {
  const { transB, n, k, b } = product;
  const place = { kAlongRows: transB, buffer: map.bBuffer, width: NR };
  const pack = transB ? kernels.packBColumns : packs ? kernels.packBRows : undefined;
  return { data: b, rowLength: transB ? k : n, ...place, pack };
}

/** Computes one block of C: all of k, and `aRows` rows of A at a time. */
function multiplyBlock(engine: Engine, product: Product, ways: Ways, block: Block): void {
  const { kernels, mr, map } = engine;
  const { n, k, c } = product;
  const { inPlace, resident } = ways;
  const { i, j, rows, columns, aRows } = block;
  const stride = Math.ceil(columns / NR) * NR;
  for (let p = 0; p < k; p += KC) {
    const depth = Math.min(KC, k - p);
    const b = bring(engine, ways.b, resident, { p, depth, at: j, length: columns });
    for (let s = 0; s < rows; s += aRows) {
      const height = Math.min(aRows, rows - s);
      const a = bring(engine, ways.a, resident, { p, depth, at: i + s, length: height });
      const at = inPlace ? c.byteOffset + 8 * (i + s) * n : map.c + 8 * s * stride;
      const tail = tailRows(mr, height, ways.a.pack !== undefined);
      // biome-ignore format: in the order of PARAMETERS
      kernels.product(
        a.at, a.row, a.step, a.panel, b.at, b.step, b.panel, at, 8 * stride,
        height - tail, tail, columns, depth, p,
      );
      if (p + depth < k) continue;
      const tile = { at, stride, i: i + s, j, rows: height, columns };
      finishTile(engine, product, tile, resident);
      if (!inPlace) copyOut(engine.doubles, product, tile);
    }
  }
}

/** Brings `length` rows of A or columns of B, from `at` on, with k from p to p + depth − 1 in. */
function bring(
  engine: Engine,
  { data, rowLength, kAlongRows, buffer, width, pack }: Operand,
  resident: boolean,
  { p, depth, at, length }: { p: number; depth: number; at: number; length: number },
): Placed {
  const region: Region = kAlongRows
    ? { data, rowLength, i: at, j: p, rows: length, columns: depth }
    : { data, rowLength, i: p, j: at, rows: depth, columns: length };
  if (pack !== undefined) {
    const panel = 8 * width * packedDepth(depth);
    const advance = kAlongRows ? panel / width : 8 * width;
    packRegion(engine, region, { pack, at: buffer, panel, advance }, resident);
    return { at: buffer, row: 8, step: 8 * width, panel };
  }
  // Rows along k that are part of longer ones get a gap that keeps them off each other's cache
  // sets.
  const hasGap = kAlongRows && depth < rowLength;
  const stride = resident ? rowLength : hasGap ? ((depth + 7) & ~15) + 8 : region.columns;
  const row = kAlongRows ? 8 * stride : 8;
  if (!resident) copyRegion(engine.doubles, region, buffer / 8, stride);
  return {
    at: resident ? addressOf(region) : buffer,
    row,
    step: kAlongRows ? 8 : 8 * stride,
    panel: width * row,
  };
}

/** Runs the epilogue on finished rows of C; in any case, they lie side by side afterwards. */
export function finishTile(
  engine: Engine,
  { n, epilogue }: Product,
  tile: Tile,
  resident: boolean,
): void {
  const { at, stride, rows, columns } = tile;
  if (epilogue !== undefined) epilogue.run(engine, n, tile, resident);
  else if (stride !== columns)
    engine.kernels.dense(at, 8 * stride, rows, columns, 0, 0, at, 8 * columns);
}

/** Copies finished rows of C to where they belong. */
function copyOut(doubles: Float64Array, { n, c }: Product, tile: Tile): void {
  const { at, i, j, rows, columns } = tile;
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

/** The rows of a packed block of so many: packing goes by four. */
export const packedDepth = (depth: number): number => Math.ceil(depth / 4) * 4;
