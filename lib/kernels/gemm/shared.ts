// A product on all threads of a pool, whose operands lie in the memory that the threads share.
//
// First all threads pack B, all of it, into panels. Then each task computes some rows of C, for all
// of k, and its epilogue, while they are in the cache of one processor. Where C has few rows, each
// task computes some columns of all of them instead, and packs its own columns of B: no thread
// waits for others to pack, or reads what they packed. The sums run through k in order, so that
// the bits are those of one thread.

import { KC, NC, NR, TASK_ROWS, TASK_WORK } from "../sizes.ts";
import { tailRows } from "../wasm/emit-product.ts";
import type { Engine } from "../wasm/engine.ts";
import { type Executor, inThreadBuffer } from "../wasm/executor.ts";
import { blockSize, PACK_RULE, packedDepth, packs } from "./blocked.ts";
import type { Product } from "./product.ts";

const UNIT = 12; // rows of a task are a multiple of it: all tile heights divide it
const TASKS_PER_THREAD = 4; // so that a thread that is late has one of many, not one of few

/** A part of a product's k: its sums begin with what C holds where `first` is not 0. */
export type Slice = { readonly first: number; readonly isLast: boolean };

/** Whether B is packed: not at all, all of it first, or by each task what it needs. */
type PackB = "no" | "first" | "inTasks";

/** How a product is divided into tasks. */
export type Division = { rows: number; columns: number; packA: boolean; packB: PackB };

/** How a product is divided into tasks for so many threads, and what is packed. */
export function divide({ transA, transB, m, n, k }: Product, threads: number): Division {
  const depth = Math.min(k, KC);
  const packA = transA && packs(PACK_RULE, m, depth, n);
  const packB = transB || packs(PACK_RULE, n, depth, m) ? "first" : "no";
  const parts = taskCount(m * n * k, threads);
  // Rows beyond TASK_ROWS need a C whose tiles fit where it lies.
  if (packB === "first" && !transA && m <= TASK_ROWS * (n % NR === 0 ? 2 : 1) && n >= 8 * parts) {
    const columns = Math.min(TASK_ROWS, Math.ceil(n / parts / 8) * 8); // B fits the place of A
    return { rows: m, columns: blockSize(n, columns, 8), packA: false, packB: "inTasks" };
  }
  // Tall tasks read B less often; narrow ones would pack A more often.
  const columnLimit = Math.ceil(n / (packA ? 256 : 32));
  const columnParts = Math.max(
    Math.ceil(n / NC),
    Math.min(columnLimit, Math.floor(parts / Math.ceil(m / TASK_ROWS))),
  );
  const rowParts = Math.ceil(parts / columnParts);
  const rows = Math.max(UNIT, Math.floor(m / rowParts / UNIT) * UNIT);
  return {
    rows: blockSize(m, Math.min(TASK_ROWS, rows), UNIT),
    columns: blockSize(n, Math.ceil(n / columnParts / 8) * 8, 8),
    packA,
    packB,
  };
}

/**
 * So many tasks are a product of m·n·k = `work` divided into at least, rows and columns allowing.
 */
export function taskCount(work: number, threads: number): number {
  return Math.max(1, Math.min(Math.floor(work / TASK_WORK), TASKS_PER_THREAD * threads));
}

/** Elements that a product needs for its packed B. */
export function packedElements(n: number, k: number): number {
  return Math.ceil(n / NR) * NR * packedDepth(k) + 8 * NR;
}

/** Writes and runs the program of a product, all of whose arrays lie in the pool's memory. */
export class SharedProduct {
  readonly #executor: Executor;
  readonly #mr: number;
  readonly #product: Product;
  readonly #division: Division;
  readonly #slice: Slice;
  readonly #packed: number;

  /** `packed` is the address of packedElements elements. */
  constructor(
    { mr }: Engine,
    executor: Executor,
    product: Product,
    packed: number,
    slice: Slice = { first: 0, isLast: true },
  ) {
    this.#executor = executor;
    this.#mr = mr;
    this.#product = product;
    this.#packed = packed;
    this.#slice = slice;
    this.#division = divide(product, executor.threads);
  }

  /** Computes the product, and calls `meanwhile` while other threads begin with it. */
  run(meanwhile?: () => void): void {
    const { m } = this.#product;
    this.#executor.begin();
    this.packB();
    for (let i = 0; i < m; i += this.#division.rows) {
      this.startRows(i);
      this.#executor.publish();
    }
    meanwhile?.();
    this.#executor.finish();
  }

  /** Rows that a task computes. */
  get rows(): number {
    return this.#division.rows;
  }

  /** Packs B, if it is to be packed, on all threads. */
  packB(): void {
    const { k, n } = this.#product;
    if (this.#division.packB !== "first") return;
    const columns = blockSize(n, Math.max(8 * NR, Math.ceil(n / (2 * this.#executor.threads))), NR);
    for (let p = 0; p < k; p += KC) {
      for (let j = 0; j < n; j += columns)
        this.#packBlock(p, j, Math.min(KC, k - p), Math.min(columns, n - j));
    }
    this.#executor.finish();
  }

  #packBlock(p: number, j: number, depth: number, columns: number): void {
    this.#callPackB(p, j, depth, columns, this.#panelsOf(p, j, depth));
    this.#executor.endTask();
  }

  #callPackB(
    p: number,
    j: number,
    depth: number,
    columns: number,
    { at, panel }: { at: number; panel: number },
  ): void {
    const { transB, k, n, b } = this.#product;
    if (transB) {
      const from = b.byteOffset + 8 * (j * k + p);
      this.#executor.call("packBColumns", from, 8 * k, at, panel, columns, depth);
    } else {
      const from = b.byteOffset + 8 * (p * n + j);
      this.#executor.call("packBRows", from, 8 * n, at, panel, depth, columns);
    }
  }

  /** Where the panels of columns j.. of packed rows p.. of B lie. */
  #panelsOf(p: number, j: number, depth: number): { at: number; panel: number } {
    const panel = 8 * NR * packedDepth(depth);
    const width = Math.ceil(this.#product.n / NR) * NR;
    return { at: this.#packed + 8 * width * p + (j / NR) * panel, panel };
  }

  /** Starts the tasks that compute rows i..; returns the ticket of the last. */
  startRows(i: number): number {
    const { m, n } = this.#product;
    const { rows, columns } = this.#division;
    let ticket = 0;
    for (let j = 0; j < n; j += columns) {
      this.#writeTask(i, j, Math.min(rows, m - i), Math.min(columns, n - j));
      ticket = this.#executor.endTask();
    }
    return ticket;
  }

  /** Writes the calls that compute `rows` × `columns` elements of C from (i, j) on. */
  #writeTask(i: number, j: number, rows: number, columns: number): void {
    const { n, k, c } = this.#product;
    const { first, isLast } = this.#slice;
    const inPlace = n % NR === 0; // whole tiles fit where C lies
    const stride = 8 * (inPlace ? n : Math.ceil(columns / NR) * NR);
    const out = c.byteOffset + 8 * (i * n + j);
    const at = inPlace ? out : inThreadBuffer(8 * TASK_ROWS * (KC + 8));
    for (let p = 0; p < k; p += KC) {
      const depth = Math.min(KC, k - p);
      const a = this.#placeA(i, p, rows, depth);
      const b = this.#placeB(p, j, depth, columns);
      const tail = tailRows(this.#mr, rows, this.#division.packA);
      // biome-ignore format: in the order of PARAMETERS
      this.#executor.call(
        "product", a.at, a.row, a.step, a.panel, b.at, b.step, b.panel, at, stride,
        rows - tail, tail, columns, depth, first + p,
      );
    }
    if (isLast) this.#writeEpilogue({ at, stride, rows, columns, out, i, j, inPlace });
  }

  /** How a block of A is read: where it lies, or from the thread's buffer after packing. */
  #placeA(i: number, p: number, rows: number, depth: number) {
    const { transA, m, k, a } = this.#product;
    const mr = this.#mr;
    if (!transA) {
      const at = a.byteOffset + 8 * (i * k + p);
      return { at, row: 8 * k, step: 8, panel: 8 * mr * k };
    }
    const from = a.byteOffset + 8 * (p * m + i);
    if (!this.#division.packA) return { at: from, row: 8, step: 8 * m, panel: 8 * mr };
    const panel = 8 * mr * packedDepth(depth);
    const at = inThreadBuffer(0);
    this.#executor.call("packAColumns", from, 8 * m, at, panel, depth, rows);
    return { at, row: 8, step: 8 * mr, panel };
  }

  #placeB(p: number, j: number, depth: number, columns: number) {
    const { n, b } = this.#product;
    const { packB } = this.#division;
    if (packB === "first") return { ...this.#panelsOf(p, j, depth), step: 8 * NR };
    if (packB === "inTasks") {
      const place = { at: inThreadBuffer(0), panel: 8 * NR * packedDepth(depth) };
      this.#callPackB(p, j, depth, columns, place);
      return { ...place, step: 8 * NR };
    }
    return { at: b.byteOffset + 8 * (p * n + j), step: 8 * n, panel: 8 * NR };
  }

  #writeEpilogue(part: {
    at: number;
    stride: number;
    rows: number;
    columns: number;
    out: number;
    i: number;
    j: number;
    inPlace: boolean;
  }): void {
    const { at, stride, rows, columns, out, i, j, inPlace } = part;
    const { n, epilogue } = this.#product;
    const { row, mask, kernel = "dense" } = epilogue ?? {};
    if (kernel !== "dense" || !inPlace) {
      const rowAt = row === undefined ? 0 : row.byteOffset + 8 * j;
      this.#executor.call(kernel, at, stride, rows, columns, rowAt, 0, out, 8 * n);
    }
    if (mask === undefined) return;
    const maskAt = mask.byteOffset + 8 * (i * n + j);
    this.#executor.call("mask", out, 8 * n, rows, columns, 0, maskAt, out, 8 * n);
  }
}
