// A product of ordinary arrays on all threads of a pool: the main thread copies operands into the
// memory that the threads share, and results out of it, while the others compute.

import { NR, STAGED_SIZE } from "../sizes.ts";
import type { ThreadPool } from "../threads/pool.ts";
import { blockSize } from "./blocked.ts";
import { epilogueOf } from "./epilogue.ts";
import type { Product } from "./product.ts";
import { copyRegion, type Region } from "./region.ts";
import { packedElements, SharedProduct } from "./shared.ts";

/** Rows of a block of C, its columns and its depth. */
type Blocks = { readonly m: number; readonly n: number; readonly k: number };

/** Blocks of which every operand has about STAGED_SIZE elements at most. */
export function stagedBlocks({ m, n, k }: Product): Blocks {
  const side = Math.sqrt(STAGED_SIZE);
  const columns = blockSize(n, side, 8);
  const depth = blockSize(k, Math.max(side, Math.floor(STAGED_SIZE / columns / 4) * 4), 4);
  const height = Math.floor(STAGED_SIZE / Math.max(depth, columns) / 24) * 24;
  return { m: blockSize(m, Math.max(24, height), 24), n: columns, k: depth };
}

/**
 * Computes a product with m, n, k >= 1; false where there is no memory for it, or it has a C that
 * does not consist of whole tiles and takes several blocks of k.
 */
export function multiplyStaged(pool: ThreadPool, product: Product): boolean {
  const { m, n, k } = product;
  const blocks = stagedBlocks(product);
  if (blocks.k < k && blocks.n % NR !== 0) return false;
  const staged = Staged.create(pool, product, blocks);
  if (staged === undefined) return false;
  try {
    for (let j = 0; j < n; j += blocks.n) {
      for (let i = 0; i < m; i += blocks.m) {
        for (let p = 0; p < k; p += blocks.k) staged.multiply(i, j, p);
      }
    }
  } finally {
    staged.free();
  }
  return true;
}

/** The operands of a block in the pool's memory. */
class Staged {
  readonly #pool: ThreadPool;
  readonly #product: Product;
  readonly #blocks: Blocks;
  readonly #at: number;
  #j = -1; // of the block of B that is in the memory
  #p = -1;

  private constructor(pool: ThreadPool, product: Product, blocks: Blocks, at: number) {
    this.#pool = pool;
    this.#product = product;
    this.#blocks = blocks;
    this.#at = at;
  }

  static create(pool: ThreadPool, product: Product, blocks: Blocks): Staged | undefined {
    const { a, b, c, packed, row } = Staged.#sizes(blocks);
    const mask = product.epilogue?.mask === undefined ? 0 : c;
    const at = pool.allocate(a + b + c + packed + row + mask);
    return at === undefined ? undefined : new Staged(pool, product, blocks, at);
  }

  static #sizes({ m, n, k }: Blocks) {
    const [rows, row] = [Math.ceil(m / 12) * 12, n + 8];
    return { a: rows * k + 8, b: k * n + 8, c: (rows + 12) * n, packed: packedElements(n, k), row };
  }

  free(): void {
    this.#pool.free(this.#at);
  }

  /** Computes the part of C from (i, j) on that k from p on contributes. */
  multiply(i: number, j: number, p: number): void {
    const { transA, transB, m, n, k, epilogue } = this.#product;
    const size = {
      m: Math.min(this.#blocks.m, m - i),
      n: Math.min(this.#blocks.n, n - j),
      k: Math.min(this.#blocks.k, k - p),
    };
    const isLast = p + size.k === k;
    const arrays = this.#arrays(size, isLast && epilogue?.mask !== undefined);
    const { a, b, c, row, mask } = arrays;
    const own =
      epilogue &&
      epilogueOf({
        row: epilogue.row && row,
        relu: epilogue.relu,
        mask: epilogue.mask && mask,
      });
    const block: Product = { transA, transB, ...size, a, b, c, epilogue: own };
    const isNew = j !== this.#j || p !== this.#p;
    if (isNew) this.#bringB(b, j, p, size);
    [this.#j, this.#p] = [j, p];
    if (isLast) this.#bringEpilogue(row, mask, i, j, size);
    const shared = new SharedProduct(this.#pool, this.#pool, block, arrays.packed, {
      first: p,
      isLast,
    });
    this.#pool.begin();
    if (isNew) shared.packB();
    const tickets = this.#startRows(shared, a, i, p, size);
    if (isLast) this.#fetch(shared, tickets, c, i, j, size);
    this.#pool.finish();
  }

  #arrays({ m, n, k }: Blocks, hasMask: boolean) {
    const sizes = Staged.#sizes(this.#blocks);
    const { buffer } = this.#pool.doubles;
    let next = this.#at;
    const take = (elements: number, used: number): Float64Array => {
      const array = new Float64Array(buffer, next, used);
      next += 8 * elements;
      return array;
    };
    const a = take(sizes.a, m * k);
    const b = take(sizes.b, k * n);
    const c = take(sizes.c, m * n);
    const row = take(sizes.row, n);
    const packed = take(sizes.packed, 0).byteOffset;
    return { a, b, c, row, packed, mask: hasMask ? take(sizes.c, m * n) : undefined };
  }

  #bringB(to: Float64Array, j: number, p: number, { n, k }: Blocks): void {
    const { transB, b, n: rowLength, k: depth } = this.#product;
    if (transB) bring({ data: b, rowLength: depth, i: j, j: p, rows: n, columns: k }, to);
    else bring({ data: b, rowLength, i: p, j, rows: k, columns: n }, to);
  }

  #bringEpilogue(
    row: Float64Array,
    mask: Float64Array | undefined,
    i: number,
    j: number,
    { m, n }: Blocks,
  ): void {
    const { epilogue, n: rowLength } = this.#product;
    if (epilogue?.row) row.set(epilogue.row.subarray(j, j + n));
    if (epilogue?.mask && mask)
      bring({ data: epilogue.mask, rowLength, i, j, rows: m, columns: n }, mask);
  }

  /** Starts the tasks of all rows, each as soon as its rows of A are in the memory. */
  #startRows(
    shared: SharedProduct,
    to: Float64Array,
    i: number,
    p: number,
    { m, k }: Blocks,
  ): number[] {
    const { transA, a, m: height, k: depth } = this.#product;
    if (transA) bring({ data: a, rowLength: height, i: p, j: i, rows: k, columns: m }, to);
    const tickets: number[] = [];
    for (let r = 0; r < m; r += shared.rows) {
      const rows = Math.min(shared.rows, m - r);
      if (!transA)
        bring(
          { data: a, rowLength: depth, i: i + r, j: p, rows, columns: k },
          to.subarray(r * k, (r + rows) * k),
        );
      tickets.push(shared.startRows(r));
      this.#pool.publish();
    }
    return tickets;
  }

  /** Copies rows of C to where they belong, each as soon as its tasks are done. */
  #fetch(
    shared: SharedProduct,
    tickets: readonly number[],
    from: Float64Array,
    i: number,
    j: number,
    { m, n }: Blocks,
  ): void {
    const { c, n: rowLength } = this.#product;
    for (let r = 0, index = 0; r < m; r += shared.rows, index++) {
      const rows = Math.min(shared.rows, m - r);
      this.#pool.waitUpTo(tickets[index]);
      if (n === rowLength) {
        c.set(from.subarray(r * n, (r + rows) * n), (i + r) * n);
        continue;
      }
      for (let s = r; s < r + rows; s++)
        c.set(from.subarray(s * n, (s + 1) * n), (i + s) * rowLength + j);
    }
  }
}

/** Copies a region to an array without gaps. */
function bring(region: Region, to: Float64Array): void {
  copyRegion(to, region, 0, region.columns);
}
