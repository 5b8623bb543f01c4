// Arrays in WebAssembly memory that a training step computes with, without copies between its
// kernels.

import type { Engine } from "./engine.ts";
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
 * Arrays in the memory of an engine. A kernel that is given a workspace computes in this memory,
 * and all arrays that it is given lie there. With an executor, its threads share the work.
 */
export class Workspace {
  readonly engine: Engine;
  readonly executor: Executor | undefined;
  /** The address of a place where threads pack an operand of a product. */
  readonly packed: number;
  /** What the calling thread does first while the others compute the next large product. */
  meanwhile: (() => void) | undefined;
  /** Gives the memory back for other workspaces: the arrays are not to be used any more. */
  release: (() => void) | undefined;
  #next: number;

  /**
   * The arrays lie from an address on, over what was there before; before them, with an executor,
   * the place for a packed operand of so many elements.
   */
  constructor(engine: Engine, at: number, executor?: Executor, packedElements = 0) {
    this.engine = engine;
    this.executor = executor;
    this.packed = at;
    this.#next = at + 8 * packedElements;
  }

  /** An array of rows × columns, whose elements are whatever lay there. The room is not checked. */
  take(rows: number, columns: number): Float64Array<ArrayBuffer> {
    const array = new Float64Array(this.engine.doubles.buffer, this.#next, rows * columns);
    this.#next += 8 * workspaceElements(rows, columns);
    return array;
  }
}

/**
 * Computes two things that do not depend on each other; the calling thread does `small` while the
 * others have begun with `large`, if they share it.
 */
export function together(
  workspace: Workspace | undefined,
  small: () => void,
  large: () => void,
): void {
  if (workspace?.executor === undefined) {
    small();
    large();
    return;
  }
  workspace.meanwhile = small;
  large();
  if (workspace.meanwhile === undefined) return;
  workspace.meanwhile = undefined; // nobody shared it
  small();
}
