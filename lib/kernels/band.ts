// One band of rows of C: the call into WebAssembly that the main thread and every worker make.
import type { Task } from "./crew.ts";
import type { Kernels } from "./engine.ts";

/** Multiplies rows first..first + rows of the task's; `first` is a multiple of the kernel's tile height `mr`. */
export function multiplyBand(kernels: Kernels, mr: number, task: Task, first: number, rows: number): void {
  const { layout, a, aStride, aPanel, b, bStride, bPanel, c, cStride, columns, depth, resume } = task;
  kernels[layout](
    a + first / mr * aPanel, aStride, aPanel, b, bStride, bPanel, c + first * cStride, cStride, rows, columns, depth, resume,
  );
}
