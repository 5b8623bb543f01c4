// What may follow a product while its rows are still in cache: a bias row, ReLU, a mask. The bits
// are those of the separate kernels of reference.ts, one after the other.

import { A_SIZE } from "../sizes.ts";
import type { EpilogueName } from "../wasm/emit-modules.ts";
import type { Executor } from "../wasm/executor.ts";
import type { Epilogue, Product } from "./product.ts";
import { copyRegion } from "./region.ts";

/** Rows i.. and columns j.. of C that lie at address `at`, `stride` doubles apart. */
export type Tile = {
  readonly at: number;
  readonly stride: number;
  readonly i: number;
  readonly j: number;
  readonly rows: number;
  readonly columns: number;
};

/**
 * Runs the product's epilogue on finished rows of C in WebAssembly memory, which lie side by side
 * afterwards. `resident`: `row` and `mask` lie in this memory, too.
 */
export function runEpilogue(
  executor: Executor,
  { n, epilogue }: Product,
  tile: Tile,
  resident: boolean,
): void {
  const { doubles, kernels, map } = executor;
  const { at, stride, j, rows, columns } = tile;
  const row = epilogue?.row;
  if (row !== undefined || epilogue?.relu || stride !== columns) {
    const relu = epilogue?.relu === true;
    const name: EpilogueName = row ? (relu ? "rowRelu" : "row") : relu ? "relu" : "dense";
    let rowAt = map.row;
    if (row !== undefined && resident) rowAt = row.byteOffset + 8 * j;
    else if (row !== undefined)
      doubles.set(columns === n ? row : row.subarray(j, j + columns), rowAt / 8);
    kernels[name](at, 8 * stride, rows, columns, rowAt, 0);
  }
  if (epilogue?.mask !== undefined) runMask(executor, n, epilogue.mask, tile, resident);
}

/** C = C · (mask > 0) for rows of C that lie side by side. */
function runMask(
  executor: Executor,
  n: number,
  mask: Float64Array,
  { at, i, j, rows, columns }: Tile,
  resident: boolean,
): void {
  const { doubles, kernels } = executor;
  if (resident && columns === n) {
    kernels.mask(at, 8 * n, rows, n, 0, mask.byteOffset + 8 * i * n);
    return;
  }
  // An even number of rows, so that no pair of elements spans two steps.
  const step = Math.floor(A_SIZE / columns / 2) * 2;
  const buffer = executor.nextABuffer();
  for (let r = 0; r < rows; r += step) {
    const some = Math.min(step, rows - r);
    const region = { data: mask, rowLength: n, i: i + r, j, rows: some, columns };
    copyRegion(doubles, region, buffer / 8, columns);
    kernels.mask(at + 8 * r * columns, 8 * columns, some, columns, 0, buffer);
  }
}

/** The epilogue in plain TypeScript, in place, for products that did not go through WebAssembly. */
export function applyEpilogue({ m, n, c }: Product, { row, relu, mask }: Epilogue): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      let v = c[at];
      if (row) v += row[j];
      if (relu) v = v <= 0 ? 0 : v;
      if (mask) v *= +(mask[at] > 0);
      c[at] = v;
    }
  }
}
