// What may follow a product while its rows are still in cache: a bias row, ReLU, a mask. The bits
// are those of the separate kernels of reference.ts, one after the other.

import { A_SIZE } from "../sizes.ts";
import type { EpilogueName } from "../wasm/emit-modules.ts";
import type { Engine } from "../wasm/engine.ts";
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
  engine: Engine,
  { n, epilogue }: Product,
  tile: Tile,
  resident: boolean,
): void {
  const { doubles, kernels, map } = engine;
  const { at, stride, j, rows, columns } = tile;
  const row = epilogue?.row;
  if (row !== undefined || epilogue?.relu || stride !== columns) {
    const relu = epilogue?.relu === true;
    const name: EpilogueName = row ? (relu ? "rowRelu" : "row") : relu ? "relu" : "dense";
    let rowAt = map.row;
    if (row !== undefined && resident) rowAt = row.byteOffset + 8 * j;
    else if (row !== undefined)
      doubles.set(columns === n ? row : row.subarray(j, j + columns), rowAt / 8);
    kernels[name](at, 8 * stride, rows, columns, rowAt, 0, at, 8 * columns);
  }
  if (epilogue?.mask !== undefined) runMask(engine, n, epilogue.mask, tile, resident);
}

/** C = C · (mask > 0) for rows of C that lie side by side. */
function runMask(
  engine: Engine,
  n: number,
  mask: Float64Array,
  { at, i, j, rows, columns }: Tile,
  resident: boolean,
): void {
  const { doubles, kernels, map } = engine;
  if (resident && columns === n) {
    kernels.mask(at, 8 * n, rows, n, 0, mask.byteOffset + 8 * i * n, at, 8 * n);
    return;
  }
  const step = Math.floor(A_SIZE / columns);
  for (let r = 0; r < rows; r += step) {
    const some = Math.min(step, rows - r);
    const region = { data: mask, rowLength: n, i: i + r, j, rows: some, columns };
    copyRegion(doubles, region, map.aBuffer / 8, columns);
    const from = at + 8 * r * columns;
    kernels.mask(from, 8 * columns, some, columns, 0, map.aBuffer, from, 8 * columns);
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
