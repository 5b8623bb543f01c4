// Arrays in WebAssembly memory that a training step computes with, without copies between its
// kernels.

import type { Executor } from "./executor.ts";

/**
 * Rows of an array are rounded up to a multiple of all tile heights: the last tile of a product may
 * hang over.
 */
const ROWS = 12;

/** Elements that an array of rows × columns takes. */
export function workspaceElements(rows: number, columns: number): number {
  return Math.ceil((Math.ceil(rows / ROWS) * ROWS * columns + ROWS) / 2) * 2;
}

/**
 * Arrays in the memory of an executor. A kernel that is given a workspace computes in this memory,
 * and all arrays that it is given lie there.
 */
export class Workspace {
  readonly executor: Executor;
  #next: number;

  /** The arrays begin at the executor's workspace region, over what an earlier one had there. */
  constructor(executor: Executor) {
    this.executor = executor;
    this.#next = executor.map.workspace;
  }

  /**
   * An array of rows × columns, whose elements are whatever lay there. The caller sees to the room.
   */
  take(rows: number, columns: number): Float64Array<ArrayBuffer> {
    const array = new Float64Array(this.executor.doubles.buffer, this.#next, rows * columns);
    this.#next += 8 * workspaceElements(rows, columns);
    return array;
  }
}
