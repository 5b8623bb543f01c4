// The matrix product: chooses by size which of the ways to compute it is fastest.

import { engineInForce } from "../in-force.ts";
import { GEMV_WORK, SMALL_WORK } from "../sizes.ts";
import type { Engine } from "../wasm/engine.ts";
import type { Workspace } from "../wasm/workspace.ts";
import { multiplyBlocked } from "./blocked.ts";
import type { Product } from "./product.ts";
import { multiplyScalar } from "./scalar.ts";
import { isSingleBlock, multiplySingleBlock } from "./single-block.ts";
import { gemv, multiplySmall } from "./small.ts";
import type { ThreadedProducts } from "./threaded.ts";

let threaded: ThreadedProducts | undefined;

/** Lets products be computed on threads: nobody has asked for any before. */
export function provideThreads(products: ThreadedProducts): void {
  threaded = products;
}

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
  product.epilogue?.apply(m, n, product.c);
}

/** Computes the product in WebAssembly; false where the engine has none or it is not to be used. */
function multiplyInWasm(product: Product, work: number, workspace?: Workspace): boolean {
  if (workspace !== undefined) {
    if (!threaded?.inWorkspace(product, work, workspace))
      multiplyOnThread(workspace.engine, product, true);
    return true;
  }
  if (threaded?.ofArrays(product, work)) return true;
  const engine = engineInForce();
  if (engine === undefined) return false;
  multiplyOnThread(engine, product, false);
  return true;
}

/** Computes the product on the calling thread. */
function multiplyOnThread(engine: Engine, product: Product, resident: boolean): void {
  if (isSingleBlock(product)) multiplySingleBlock(engine, product, resident);
  else multiplyBlocked(engine, product, resident);
}
