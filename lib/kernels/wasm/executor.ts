// Who multiplies the blocks that blocks.ts brings into WebAssembly memory: the contract, and the
// crew of one thread. The crew of several is threads/pool.ts.
import { runRows } from "./band.ts";
import type { Layout } from "./emit-product.ts";
import { createEngine, type Engine, type KernelName } from "./engine.ts";

/** One slab of A times one block of B; the distances and counts of micro-kernel.ts's PARAMETERS. */
export type Task = {
  layout: Layout;
  a: number;
  aStride: number;
  aPanel: number;
  b: number;
  bStride: number;
  bPanel: number;
  c: number;
  cStride: number;
  rows: number;
  columns: number;
  depth: number;
  resume: number;
};

export type Executor = Engine & {
  /**
   * Whether tasks may still be under way when `run` returns, so that it pays to fetch results late.
   */
  readonly asynchronous: boolean;
  /** An address for the next slab of A; whatever it was given out for before is done with. */
  nextABuffer(): number;
  /** The same for the next block of B. */
  nextBBuffer(): number;
  /**
   * Computes the task, now or soon, after the task that `after` is the ticket of. Returns its own
   * ticket.
   */
  run(task: Task, after: number | undefined): number;
  /** Returns when the task with this ticket and so many rows is done. */
  wait(ticket: number, rows: number): void;
};

/**
 * The crew of one: everything happens at once. Throws what WebAssembly throws where there is no
 * memory to be had.
 */
export function createInlineExecutor(kernel: KernelName): Executor {
  const engine = createEngine(kernel);
  const { map, kernels, mr } = engine;
  return {
    ...engine,
    asynchronous: false,
    nextABuffer: () => map.aBuffers[0],
    nextBBuffer: () => map.bBuffers[0],
    run(task) {
      runRows(kernels, mr, task, 0, task.rows);
      return 0;
    },
    wait() {},
  };
}
