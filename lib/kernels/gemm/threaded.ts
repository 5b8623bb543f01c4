// Products on the threads of a pool, as gemm is given them by `configure`.
import { discardPool, poolFor } from "../pool-in-force.ts";
import { WorkerTimeout } from "../threads/worker-timeout.ts";
import type { Workspace } from "../wasm/workspace.ts";
import type { Product } from "./product.ts";
import { SharedProduct, taskCount } from "./shared.ts";
import { multiplyStaged } from "./staged.ts";

/**
 * Two ways to compute a product with m, n, k >= 1 and m·n·k = `work` on all threads; each returns
 * false, and has done nothing, where there are none or the product is small.
 */
export type ThreadedProducts = {
  /** Of ordinary arrays. */
  readonly ofArrays: (product: Product, work: number) => boolean;
  /** Of arrays in a workspace. What its threads throw is for its owner. */
  readonly inWorkspace: (product: Product, work: number, workspace: Workspace) => boolean;
};

export const threadedProducts: ThreadedProducts = {
  ofArrays(product, work) {
    const pool = poolFor(work);
    if (pool === undefined) return false;
    try {
      return multiplyStaged(pool, product);
    } catch (error) {
      discardPool();
      if (!(error instanceof WorkerTimeout)) throw error;
      return false;
    }
  },
  inWorkspace(product, work, workspace) {
    const { engine, executor, packed, meanwhile } = workspace;
    if (executor === undefined || taskCount(work, executor.threads) <= 1) return false;
    workspace.meanwhile = undefined;
    new SharedProduct(engine, executor, product, packed).run(meanwhile);
    return true;
  },
};
