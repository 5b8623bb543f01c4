// Who multiplies the blocks that lie in WebAssembly memory: the task, and the executor that runs
// tasks on the calling thread. The executor of several threads is threads/pool.ts.
import { errorText } from "../../base/errors.ts";
import { WORKSPACE_SIZE } from "../sizes.ts";
import type { KernelName } from "./emit-modules.ts";
import { type Layout, tailRows } from "./emit-product.ts";
import { createEngine, type Engine, type ProductKernels } from "./engine.ts";

/** A block of A times a block of B; the numbers are PARAMETERS of emit-product.ts. */
export type Task = {
  readonly layout: Layout;
  readonly a: number;
  readonly aStride: number;
  readonly aPanel: number;
  readonly b: number;
  readonly bStride: number;
  readonly bPanel: number;
  readonly c: number;
  readonly cStride: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly resume: number;
};

/** An engine with a way to run tasks on it. */
export type Executor = Engine & {
  /** Whether tasks may still be running when `run` returns, so that results are fetched late. */
  readonly asynchronous: boolean;
  /** Returns the address of a free A buffer, waiting until no running task reads it. */
  nextABuffer(): number;
  /** Returns the address of a free B buffer, waiting until no running task reads it. */
  nextBBuffer(): number;
  /**
   * Runs the task, possibly asynchronously, after task `after` has finished. Returns the new task's
   * ticket.
   */
  run(task: Task, after: number | undefined): number;
  /** Returns when the task with this ticket, of `rows` rows, is done. */
  wait(ticket: number, rows: number): void;
};

const LAYOUTS: readonly Layout[] = ["rows", "columns", "panels"];

/** Int32 words of an encoded task: the layout, then the 13 PARAMETERS of emit-product.ts. */
export const TASK_WORDS = 14;

/**
 * Writes rows first..first + rows − 1 of a task to words[at..]. `first` is a multiple of the tile
 * height `mr`.
 */
export function encodeTask(
  words: Int32Array,
  at: number,
  mr: number,
  task: Task,
  { first, rows }: { first: number; rows: number },
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

/** Runs the task in words[at..]. */
export function runEncodedTask(kernels: ProductKernels, words: Int32Array, at: number): void {
  kernels[LAYOUTS[words[at]]](...words.subarray(at + 1, at + TASK_WORDS));
}

/**
 * An executor on the calling thread, with memory of its own. `workspaceSize` elements follow its
 * buffers. Throws what WebAssembly throws when there is no memory.
 */
export function createInlineExecutor(kernel: KernelName, workspaceSize = 0): Executor {
  const engine = createEngine(kernel, workspaceSize);
  const { map, kernels, mr } = engine;
  const words = new Int32Array(TASK_WORDS);
  return {
    ...engine,
    asynchronous: false,
    nextABuffer: () => map.aBuffers[0],
    nextBBuffer: () => map.bBuffers[0],
    run(task) {
      encodeTask(words, 0, mr, task, { first: 0, rows: task.rows });
      runEncodedTask(kernels, words, 0);
      return 0;
    },
    wait() {},
  };
}

let inline: Executor | undefined;
let startError = "";

/**
 * The executor of the calling thread, started by the first call for the kernel; undefined where it
 * could not start.
 */
export function inlineExecutor(kernel: KernelName): Executor | undefined {
  if (inline?.kernel === kernel) return inline;
  if (startError !== "") return undefined;
  try {
    return (inline = createInlineExecutor(kernel, WORKSPACE_SIZE));
  } catch (error) {
    startError = `no WebAssembly memory (${errorText(error)})`;
    return undefined;
  }
}

/** Why the executor could not start, or "". */
export function inlineStartError(): string {
  return startError;
}

/** Lets the next call of inlineExecutor try again. */
export function retryInlineExecutor(): void {
  startError = "";
}
