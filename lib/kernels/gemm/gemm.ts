// The matrix product: chooses by size which of the ways to compute it is fastest.

import { discardPool, engineInForce, poolFor } from "../configuration.ts";
import { GEMV_WORK, SMALL_WORK } from "../sizes.ts";
import { WorkerTimeout } from "../threads/pool.ts";
import type { Workspace } from "../wasm/workspace.ts";
import { multiplyBlocked } from "./blocked.ts";
import { applyEpilogue } from "./epilogue.ts";
import type { Product } from "./product.ts";
import { multiplyScalar } from "./scalar.ts";
import { SharedProduct, taskCount } from "./shared.ts";
import { isSingleBlock, multiplySingleBlock } from "./single-block.ts";
import { gemv, multiplySmall } from "./small.ts";
import { multiplyStaged } from "./staged.ts";

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
  if (workspace !== undefined) {
    multiplyResident(product, work, workspace);
    return true;
  }
  if (multiplyOnThreads(product, work)) return true;
  const engine = engineInForce();
  if (engine === undefined) return false;
  if (isSingleBlock(product)) multiplySingleBlock(engine, product, false);
  else multiplyBlocked(engine, product, false);
  return true;
}

/**
 * Computes a product of ordinary arrays on all threads; false where there are none or it is small.
 */
function multiplyOnThreads(product: Product, work: number): boolean {
  const pool = poolFor(work);
  if (pool === undefined) return false;
  try {
    return multiplyStaged(pool, product);
  } catch (error) {
    discardPool();
    if (!(error instanceof WorkerTimeout)) throw error;
    return false;
  }
}

/** Computes a product in a workspace. What its threads throw is for its owner. */
function multiplyResident(product: Product, work: number, workspace: Workspace): void {
  const { engine, executor } = workspace;
  if (executor !== undefined && taskCount(work, executor.threads) > 1) {
    const { meanwhile, packed } = workspace;
    workspace.meanwhile = undefined;
    new SharedProduct(engine, executor, product, packed).run(meanwhile);
  } else if (isSingleBlock(product)) multiplySingleBlock(engine, product, true);
  else multiplyBlocked(engine, product, true);
}
