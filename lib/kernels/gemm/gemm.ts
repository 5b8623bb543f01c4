// The matrix product: chooses by size which of the ways to compute it is fastest.

import { discardPool, executorInForce, poolFor } from "../configuration.ts";
import { GEMV_WORK, SMALL_WORK } from "../sizes.ts";
import { WorkerTimeout } from "../threads/pool.ts";
import type { Workspace } from "../wasm/workspace.ts";
import { multiplyBlocked } from "./blocked.ts";
import { applyEpilogue } from "./epilogue.ts";
import type { Product } from "./product.ts";
import { multiplyScalar } from "./scalar.ts";
import { isSingleBlock, multiplySingleBlock } from "./single-block.ts";
import { gemv, multiplySmall } from "./small.ts";

/**
 * Computes the product and its epilogue with the bits of reference.matmul (but for kernel "fma").
 * With `workspace`, all arrays of the product lie in it.
 */
export function gemm(product: Product, workspace?: Workspace): void {
  const { m, n, k } = product;
  const work = m * n * k;
  if (work <= SMALL_WORK) {
    multiplySmall(product);
  } else if (work > GEMV_WORK && (m === 1 || n === 1)) {
    gemv(product);
  } else {
    if (multiplyInWasm(product, work, workspace)) return;
    multiplyScalar(product);
  }
  if (product.epilogue !== undefined) applyEpilogue(product, product.epilogue);
}

/** Computes the product in WebAssembly; false where the engine has none or it is not to be used. */
function multiplyInWasm(product: Product, work: number, workspace?: Workspace): boolean {
  const pool = poolFor(work);
  if (pool !== undefined) {
    try {
      multiplyBlocked(pool, product, false);
      return true;
    } catch (error) {
      discardPool();
      if (!(error instanceof WorkerTimeout)) throw error;
    }
  }
  const executor = workspace?.executor ?? executorInForce();
  if (executor === undefined) return false;
  const resident = workspace !== undefined;
  if (isSingleBlock(product)) multiplySingleBlock(executor, product, resident);
  else multiplyBlocked(executor, product, resident);
  return true;
}
