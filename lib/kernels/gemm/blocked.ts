// The outer loops of the product: which block of which operand is in WebAssembly memory when. They
// are the five loops of the BLIS papers (Van Zee and van de Geijn, "BLIS: a framework for rapidly
// instantiating BLAS functionality", 2015), with two differences: blocks of C stay in memory until
// their sums are complete, and A is packed only if it is transposed.
//
//   loop 5, 3: a block of C, up to NC columns and as many rows as the buffer of C holds
//     loop 4: KC of k; the block of B comes in
//       MC rows of A come in
//         loop 2, 1 and the micro-kernel: the executor multiplies, see wasm/emit-product.ts
//         after the last of k: the epilogue, and the rows of C go out
//
// What comes in is copied by TypedArray.set (0.3 ns an element in one piece, 0.4 in rows of 264)
// and, where it is read often enough to pay, packed into panels by WebAssembly.

import { BAND, C_SIZE, KC, MC, NC, NR, PACK_MIN_ELEMENTS, PACK_MIN_REUSE } from "../sizes.ts";
import type { Layout } from "../wasm/emit-product.ts";
import type { Executor, Task } from "../wasm/executor.ts";
import { runEpilogue, type Tile } from "./epilogue.ts";
import type { Product } from "./product.ts";
import { addressOf, copyRegion, packRegion, type Region } from "./region.ts";

/** From which size and which number of uses on a block is packed. */
export type PackRule = { readonly minElements: number; readonly minReuse: number };

const PACK_RULE: PackRule = { minElements: PACK_MIN_ELEMENTS, minReuse: PACK_MIN_REUSE };

/**
 * An operand's block in memory: its address, and the distances of wasm/emit-product.ts in bytes.
 */
type Placed = { readonly at: number; readonly stride: number; readonly panel: number };

/** Brings `rows` rows and `columns` columns of an operand into memory, from (i, j) on. */
type Bring = (i: number, j: number, rows: number, columns: number) => Placed;

/** Rows of C that are complete once their task is done. */
type Finished = Tile & { readonly ticket: number };

/** The sizes of the blocks of one product. */
type Blocks = { readonly rows: number; readonly columns: number; readonly aRows: number };

/**
 * Computes a product with m, n, k >= 1. `resident`: all its arrays lie in the executor's memory.
 */
export function multiplyBlocked(
  executor: Executor,
  product: Product,
  resident: boolean,
  rule: PackRule = PACK_RULE,
): void {
  const { m, n } = product;
  const blocks = blocksOf(product);
  const packB = product.transB || packs(rule, blocks.columns, depthOf(product), blocks.rows);
  const packA = product.transA && packs(rule, blocks.aRows, depthOf(product), blocks.columns);
  const bringA = bringerOfA(executor, product, resident, packA);
  const bringB = bringerOfB(executor, product, resident, packB);
  const layout = product.transA ? (packA && packB ? "panels" : "columns") : "rows";
  const inPlace = resident && n % NR === 0 && blocks.columns === n;
  const results = new Results(executor, product, resident, inPlace);
  for (let j = 0; j < n; j += blocks.columns) {
    const columns = Math.min(blocks.columns, n - j);
    for (let i = 0; i < m; i += blocks.rows) {
      const rows = Math.min(blocks.rows, m - i);
      multiplyBlock(executor, { layout, bringA, bringB, results }, product.k, {
        i,
        j,
        rows,
        columns,
        aRows: blockSize(rows, MC, BAND),
      });
    }
  }
  results.fetchAll();
}

type Place = { i: number; j: number; rows: number; columns: number; aRows: number };
type Ways = { layout: Layout; bringA: Bring; bringB: Bring; results: Results };

/** Computes one block of C: all of k, MC rows of A at a time. */
function multiplyBlock(executor: Executor, ways: Ways, k: number, block: Place): void {
  const { layout, bringA, bringB, results } = ways;
  const { i, j, rows, columns, aRows } = block;
  const tickets: number[] = []; // of the latest task on each MC rows of C
  for (let p = 0; p < k; p += KC) {
    const depth = Math.min(KC, k - p);
    const b = bringB(p, j, depth, columns);
    for (let s = 0, index = 0; s < rows; s += aRows, index++) {
      const height = Math.min(aRows, rows - s);
      const a = bringA(i + s, p, height, depth);
      const tile = results.tileFor({ i: i + s, j, rows: height, columns }, s);
      if (p === 0) results.fetchBelow(tile.at + 8 * height * tile.stride);
      const task: Task = {
        layout,
        a: a.at,
        aStride: a.stride,
        aPanel: a.panel,
        b: b.at,
        bStride: b.stride,
        bPanel: b.panel,
        c: tile.at,
        cStride: 8 * tile.stride,
        rows: height,
        columns,
        depth,
        resume: p,
      };
      tickets[index] = executor.run(task, tickets[index]);
      if (p + depth === k) results.add({ ...tile, ticket: tickets[index] });
    }
  }
}

/** Where blocks of C lie in memory, and their way out. */
class Results {
  readonly #executor: Executor;
  readonly #product: Product;
  readonly #inPlace: boolean;
  readonly #resident: boolean;
  readonly #finished: Finished[] = []; // not yet fetched, in the order of their addresses

  /** `inPlace`: blocks are computed where C lies; else in the buffer of C. */
  constructor(executor: Executor, product: Product, resident: boolean, inPlace: boolean) {
    this.#executor = executor;
    this.#product = product;
    this.#resident = resident;
    this.#inPlace = inPlace;
  }

  /** Where a region of C is computed that begins `s` rows below the top of its block. */
  tileFor(region: Omit<Tile, "at" | "stride">, s: number): Tile {
    const { n, c } = this.#product;
    const stride = Math.ceil(region.columns / NR) * NR;
    const at = this.#inPlace
      ? c.byteOffset + 8 * region.i * n
      : this.#executor.map.c + 8 * s * stride;
    return { ...region, at, stride };
  }

  /** Rows of C whose last task was started; an executor of one thread has finished it. */
  add(finished: Finished): void {
    this.#finished.push(finished);
    if (!this.#executor.asynchronous) this.fetchAll();
  }

  /** Fetches what lies below an address, so that the next block's results can be written there. */
  fetchBelow(end: number): void {
    while (this.#finished.length > 0 && this.#finished[0].at < end) this.#fetch();
  }

  fetchAll(): void {
    while (this.#finished.length > 0) this.#fetch();
  }

  /** Runs the epilogue on the oldest finished rows, and copies them to C. */
  #fetch(): void {
    const tile = this.#finished.shift()!;
    const { at, i, j, rows, columns } = tile;
    const { n, c } = this.#product;
    const { doubles } = this.#executor;
    this.#executor.wait(tile.ticket, rows);
    runEpilogue(this.#executor, this.#product, tile, this.#resident);
    if (this.#inPlace) return;
    if (columns === n) {
      c.set(doubles.subarray(at / 8, at / 8 + rows * n), i * n);
      return;
    }
    for (let r = 0; r < rows; r++) {
      const from = at / 8 + r * columns;
      c.set(doubles.subarray(from, from + columns), (i + r) * n + j);
    }
  }
}

/**
 * The block size that splits `length` into equal blocks of at most `limit`, rounded up to a
 * multiple of `unit`.
 */
function blockSize(length: number, limit: number, unit: number): number {
  const equal = length / Math.ceil(length / limit);
  return Math.min(length, Math.ceil(equal / unit) * unit);
}

function blocksOf({ m, n }: Product): Blocks {
  const columns = blockSize(n, NC, 8);
  const stride = Math.ceil(columns / NR) * NR;
  const rows = blockSize(m, Math.floor(C_SIZE / stride / BAND) * BAND, BAND);
  return { rows, columns, aRows: blockSize(rows, MC, BAND) };
}

const depthOf = ({ k }: Product): number => Math.min(KC, k);

/** Whether a block of length × depth that is read `uses` times is packed. */
function packs(rule: PackRule, length: number, depth: number, uses: number): boolean {
  return length * depth >= rule.minElements && uses >= rule.minReuse;
}

/** How blocks of op(A) come in: rows i.., and columns j.. which are k. Chosen once a product. */
function bringerOfA(
  executor: Executor,
  { transA, m, k, a }: Product,
  resident: boolean,
  packed: boolean,
): Bring {
  const { doubles, kernels, mr } = executor;
  const region = (i: number, j: number, rows: number, columns: number): Region =>
    transA
      ? { data: a, rowLength: m, i: j, j: i, rows: columns, columns: rows }
      : { data: a, rowLength: k, i, j, rows, columns };
  if (packed) {
    return (i, j, rows, depth) => {
      const [at, panel] = [executor.nextABuffer(), 8 * mr * packedDepth(depth)];
      const panels = { pack: kernels.packAColumns, at, panel, advance: 8 * mr };
      packRegion(executor, region(i, j, rows, depth), panels, resident);
      return { at, stride: 8 * mr, panel };
    };
  }
  if (resident) {
    const [stride, panel] = transA ? [8 * m, 8 * mr] : [8 * k, 8 * mr * k];
    return (i, j, rows, depth) => {
      executor.nextABuffer();
      return { at: addressOf(region(i, j, rows, depth)), stride, panel };
    };
  }
  return (i, j, rows, depth) => {
    const at = executor.nextABuffer();
    // Rows that are part of longer ones get a gap that keeps them off each other's cache sets.
    const stride = transA ? rows : depth === k ? depth : ((depth + 7) & ~15) + 8;
    copyRegion(doubles, region(i, j, rows, depth), at / 8, stride);
    return { at, stride: 8 * stride, panel: 8 * mr * (transA ? 1 : stride) };
  };
}

/** How blocks of op(B) come in: rows i.., which are k, and columns j... Chosen once a product. */
function bringerOfB(
  executor: Executor,
  { transB, n, k, b }: Product,
  resident: boolean,
  packed: boolean,
): Bring {
  const { doubles, kernels } = executor;
  const region = (i: number, j: number, rows: number, columns: number): Region =>
    transB
      ? { data: b, rowLength: k, i: j, j: i, rows: columns, columns: rows }
      : { data: b, rowLength: n, i, j, rows, columns };
  if (packed) {
    return (i, j, depth, columns) => {
      const [at, panel] = [executor.nextBBuffer(), 8 * NR * packedDepth(depth)];
      const panels = transB
        ? { pack: kernels.packBColumns, at, panel, advance: panel / NR }
        : { pack: kernels.packBRows, at, panel, advance: 8 * NR };
      packRegion(executor, region(i, j, depth, columns), panels, resident);
      return { at, stride: 8 * NR, panel };
    };
  }
  return (i, j, depth, columns) => {
    const at = executor.nextBBuffer();
    if (resident)
      return { at: addressOf(region(i, j, depth, columns)), stride: 8 * n, panel: 8 * NR };
    copyRegion(doubles, region(i, j, depth, columns), at / 8, columns);
    return { at, stride: 8 * columns, panel: 8 * NR };
  };
}

/** Packing goes by four rows. */
const packedDepth = (depth: number): number => Math.ceil(depth / 4) * 4;
