// One band of rows of C: the call into WebAssembly that the main thread and every worker make, and
// how the main thread writes it down for a worker.

import { type Layout, tailRows } from "./emit-product.ts";
import type { ProductKernels } from "./engine.ts";
import type { Task } from "./executor.ts";

const LAYOUTS: readonly Layout[] = ["rows", "columns", "panels"];

/** Words that writeBand fills: the layout, then the PARAMETERS of micro-kernel.ts. */
export const TASK_WORDS = 14;

/**
 * Multiplies rows first..first + rows of the task's; `first` is a multiple of the kernel's tile
 * height `mr`.
 */
export function runRows(
  kernels: ProductKernels,
  mr: number,
  task: Task,
  first: number,
  rows: number,
): void {
  const { layout, a, aStride, aPanel, b, bStride, bPanel, c, cStride, columns, depth, resume } =
    task;
  const tail = tailRows(layout, mr, rows);
  kernels[layout](
    a + (first / mr) * aPanel,
    aStride,
    aPanel,
    b,
    bStride,
    bPanel,
    c + first * cStride,
    cStride,
    rows - tail,
    tail,
    columns,
    depth,
    resume,
  );
}

/** Writes the same band to words at.., for multiplyWritten. */
export function encodeTask(
  words: Int32Array,
  at: number,
  mr: number,
  task: Task,
  first: number,
  rows: number,
): void {
  const tail = tailRows(task.layout, mr, rows);
  words[at] = LAYOUTS.indexOf(task.layout);
  words[at + 1] = task.a + (first / mr) * task.aPanel;
  words[at + 2] = task.aStride;
  words[at + 3] = task.aPanel;
  words[at + 4] = task.b;
  words[at + 5] = task.bStride;
  words[at + 6] = task.bPanel;
  words[at + 7] = task.c + first * task.cStride;
  words[at + 8] = task.cStride;
  words[at + 9] = rows - tail;
  words[at + 10] = tail;
  words[at + 11] = task.columns;
  words[at + 12] = task.depth;
  words[at + 13] = task.resume;
}

/** Multiplies the band that words at.. describe. */
export function runEncodedTask(kernels: ProductKernels, w: Int32Array, at: number): void {
  kernels[LAYOUTS[w[at]]](
    w[at + 1],
    w[at + 2],
    w[at + 3],
    w[at + 4],
    w[at + 5],
    w[at + 6],
    w[at + 7],
    w[at + 8],
    w[at + 9],
    w[at + 10],
    w[at + 11],
    w[at + 12],
    w[at + 13],
  );
}
