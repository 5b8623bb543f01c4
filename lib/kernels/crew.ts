// Who multiplies the blocks that blocks.ts brings into WebAssembly memory: the contract, and the crew of one thread.
// The crew of several is threads/pool.ts.
import { multiplyBand } from "./band.ts";
import { createEngine, type Engine, type KernelName } from "./engine.ts";
import type { Layout } from "./micro-kernel.ts";

/** One slab of A times one block of B; the distances and counts of micro-kernel.ts's PARAMETERS. */
export type Task = {
  layout: Layout; a: number; aStride: number; aPanel: number; b: number; bStride: number; bPanel: number;
  c: number; cStride: number; rows: number; columns: number; depth: number; resume: number;
};

export type Crew = Engine & {
  /** An address for the next slab of A; whatever it was given out for before is done with. */
  slab(): number;
  /** The same for the next block of B. `packed` says whether panels are needed or the raw buffer will do. */
  block(packed: boolean): number;
  /** Computes the task now or soon; an earlier task on the same rows of C comes first. */
  run(task: Task): void;
  /** Returns when all tasks on the rows of C that begin at this address are done. */
  settle(c: number): void;
};

/** The crew of one: everything happens at once. Throws what WebAssembly throws where it is missing or forbidden. */
export function createSoloCrew(kernel: KernelName): Crew {
  const engine = createEngine(kernel);
  const { map, kernels, mr } = engine;
  return {
    ...engine,
    slab: () => map.slabs[0],
    block: (packed) => packed ? map.panels[0] : map.raw,
    run: (task) => multiplyBand(kernels, mr, task, 0, task.rows),
    settle() {},
  };
}
