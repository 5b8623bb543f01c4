// Products so small that each operand is one block: no loops outside WebAssembly, nothing packed
// but a transposed B, and no copy of what lies in a workspace. The products of a small net are so.

import { KC, NC, NR, PACK_MIN_ELEMENTS } from "../sizes.ts";
import { tailRows } from "../wasm/emit-product.ts";
import type { Engine } from "../wasm/engine.ts";
import { finishTile } from "./blocked.ts";
import type { Product } from "./product.ts";

/** Whether every operand fits its buffer and is small enough not to be packed. */
export function isSingleBlock({ m, n, k }: Product): boolean {
  return (
    k <= KC &&
    n <= NC &&
    k * n < PACK_MIN_ELEMENTS &&
    m * k < PACK_MIN_ELEMENTS &&
    m * (n + NR) <= KC * NC
  );
}

/**
 * Computes a product with m, n, k >= 1 that isSingleBlock accepts, on the calling thread.
 * `resident`: all its arrays lie in the engine's memory.
 */
export function multiplySingleBlock(engine: Engine, product: Product, resident: boolean): void {
  const { doubles, kernels, map, mr } = engine;
  const { transA, transB, m, n, k, a, b, c } = product;
  const aAt = resident ? a.byteOffset : copyIn(doubles, a, map.aBuffer);
  let bAt = resident ? b.byteOffset : copyIn(doubles, b, map.staging);
  let bStep = 8 * n;
  let bPanel = 8 * NR;
  if (transB) {
    bStep = 8 * NR;
    bPanel = 8 * NR * Math.ceil(k / 4) * 4; // packing goes by four rows
    kernels.packBColumns(bAt, 8 * k, map.bBuffer, bPanel, n, k);
    bAt = map.bBuffer;
  }
  const columns = Math.ceil(n / NR) * NR;
  const cInPlace = resident && columns === n; // only whole tiles may be written there
  const cAt = cInPlace ? c.byteOffset : map.c;
  const aRow = transA ? 8 : 8 * k;
  const aStep = transA ? 8 * m : 8;
  const tail = tailRows(mr, m, false);
  // biome-ignore format: the parameters in the order of PARAMETERS
  kernels.product(
    aAt, aRow, aStep, mr * aRow, bAt, bStep, bPanel, cAt, 8 * columns, m - tail, tail, n, k, 0,
  );
  const tile = { at: cAt, stride: columns, i: 0, j: 0, rows: m, columns: n };
  finishTile(engine, product, tile, resident);
  if (!cInPlace) c.set(doubles.subarray(cAt / 8, cAt / 8 + m * n));
}

/** Copies a whole operand to an address, and returns it. */
function copyIn(doubles: Float64Array, operand: Float64Array, at: number): number {
  doubles.set(operand, at / 8);
  return at;
}
