// The crew of several threads: workers that share one WebAssembly memory with the main thread.
//
// The main thread copies blocks in ahead of the others, publishes bands of BAND rows, and helps
// with them whenever what it wants next (a free slab, finished rows of C) is not there yet. It
// never waits for a worker to start: until one does it computes everything itself. A band that
// resumes a sum is published after the one whose sum it resumes.
//
// Workers are unref'd and asleep when idle. When one dies or hangs with a band in hand, its rows of
// C are half updated and lost; the wait for it ends at a limit with CrewLost, and the caller starts
// again without the crew.
import type { Worker } from "node:worker_threads";
import { BAND, MR } from "../sizes.ts";
import { encodeTask, runEncodedTask } from "../wasm/band.ts";
import {
  instantiate,
  type KernelName,
  type Kernels,
  mainModule,
  memoryMap,
  productModule,
} from "../wasm/engine.ts";
import type { Executor, Task } from "../wasm/executor.ts";
import {
  awaitDone,
  bandAt,
  controlWords,
  failure,
  isDone,
  MAX_THREADS,
  markDone,
  open,
  publish,
  resetCount,
  type Start,
  TICKETS,
  take,
  tasksDone,
} from "./protocol.ts";
import { workerScript } from "./worker-script.ts";

const SPINS = 2000; // looks at a band before sleeping until it is done
// ms for one band; a band takes less than one, so only a lost or starved worker needs so long
const TASK_TIMEOUT_MS = 5000;

/** A worker did not finish its band in time. What was being computed must be computed again. */
export class WorkerTimeout extends Error {
  override name = "CrewLost";
}

export type Pool = Executor & {
  /** Starts workers in the place of those that have ended. */
  startWorkers(): void;
  /** Ends the workers; the pool is not to be used after it. */
  close(): void;
  /** Why no worker could be started, or "". */
  readonly startError: string;
  /** For each worker, 0 until it has started, then 1 more than the bands it has computed. */
  tasksDone(): number[];
  readonly workers: readonly (Worker | undefined)[];
};

/** Why this engine cannot run several threads, or "". */
export function threadsUnsupportedReason(): string {
  if (typeof SharedArrayBuffer !== "function") return "this engine has no SharedArrayBuffer";
  if (!workerThreads()) return "this engine has no node:worker_threads";
  if (!mayWait()) return "this thread is not allowed to wait for others";
  return "";
}

/**
 * Whether Atomics.wait can be called here: a page of an Electron window has threads but must not
 * wait for them.
 */
function mayWait(): boolean {
  try {
    return (waits ??= Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1) === "not-equal");
  } catch {
    return (waits = false);
  }
}

let waits: boolean | undefined;

function workerThreads(): typeof import("node:worker_threads") | undefined {
  // Node since 20.16, Deno and Bun; no static import, so that browsers can load this file.
  return typeof process === "object" && typeof process.getBuiltinModule === "function"
    ? process.getBuiltinModule("node:worker_threads")
    : undefined;
}

type Range = { first: number; end: number }; // tickets that read from a slab or a block

/**
 * A pool for a kernel without an obstacle, of `threads` - 1 workers. Throws when memory or workers
 * are not to be had.
 */
export function createPool(kernel: KernelName, threads: number, timeout = TASK_TIMEOUT_MS): Pool {
  const map = memoryMap(2, 3);
  const mr = MR[kernel];
  const module = new WebAssembly.Module(productModule(kernel, map.pages, true));
  const memory = new WebAssembly.Memory({ initial: map.pages, maximum: map.pages, shared: true });
  const kernels = instantiate<Kernels>(
    memory,
    module,
    new WebAssembly.Module(mainModule(kernel, map.pages, true)),
  );
  const words = controlWords(memory);
  open(words);

  const { Worker: NodeWorker } = workerThreads()!;
  const script = workerScript();
  const workers: (Worker | undefined)[] = new Array(Math.min(threads, MAX_THREADS) - 1).fill(
    undefined,
  );
  let trouble = "";
  const start = (index: number): void => {
    resetCount(words, index);
    const data: Start = { module, memory, index };
    // None of the process's options: workers need none, preloaded modules cost them time, and
    // --input-type is refused.
    const worker = new NodeWorker(script.filename, {
      eval: script.eval,
      execArgv: [],
      workerData: data,
      name: "twolayer",
    });
    worker.unref();
    worker.on("error", (error) => {
      if (tasksDone(words, index) === 0)
        trouble = `a worker could not start (${error instanceof Error ? error.message : error})`;
    });
    worker.on("exit", () => {
      workers[index] = undefined;
    });
    workers[index] = worker;
  };
  const muster = (): void => {
    for (let index = 0; index < workers.length && trouble === ""; index++)
      if (!workers[index]) start(index);
  };
  muster();

  let next = 0; // the ticket after the last one published
  const slabs: Range[] = map.aBuffers.map(() => ({ first: 0, end: 0 }));
  const blocks: Range[] = map.bBuffers.map(() => ({ first: 0, end: 0 }));
  let slab = 0;
  let block = 0;

  const runOneTask = (): boolean => {
    const ticket = take(words);
    if (ticket === undefined) return false;
    runEncodedTask(kernels, words, bandAt(ticket));
    markDone(words, ticket);
    return true;
  };
  const complete = (ticket: number): void => {
    for (let spins = 0; !isDone(words, ticket); ) {
      if (runOneTask() || ++spins < SPINS) continue;
      if (!awaitDone(words, ticket, timeout))
        throw new WorkerTimeout(`threads: a worker did not finish in ${timeout} ms`);
    }
    const text = failure(words);
    if (text !== undefined) throw new Error(`threads: a worker failed with ${text}`);
  };
  const completeRange = ({ first, end }: Range): void => {
    for (let ticket = first; ticket !== end; ticket = (ticket + 1) | 0) complete(ticket);
  };

  return {
    kernels,
    mr,
    map,
    doubles: new Float64Array(memory.buffer),
    asynchronous: true,
    get startError() {
      return trouble;
    },
    workers,
    startWorkers: muster,
    tasksDone: () => workers.map((_, index) => tasksDone(words, index)),
    nextABuffer() {
      slab = (slab + 1) % slabs.length;
      completeRange(slabs[slab]);
      slabs[slab].first = slabs[slab].end = next;
      return map.aBuffers[slab];
    },
    nextBBuffer() {
      block = (block + 1) % blocks.length;
      completeRange(blocks[block]);
      blocks[block].first = blocks[block].end = next;
      return map.bBuffers[block];
    },
    run(task: Task, after: number | undefined) {
      const first = next;
      for (let row = 0, band = 0; row < task.rows; row += BAND, band++) {
        if (after !== undefined) complete((after + band) | 0);
        complete((next - TICKETS) | 0);
        encodeTask(words, bandAt(next), mr, task, row, Math.min(BAND, task.rows - row));
        publish(words, next);
        next = (next + 1) | 0;
        slabs[slab].end = blocks[block].end = next;
      }
      return first;
    },
    wait(ticket: number, rows: number) {
      for (let band = 0; band * BAND < rows; band++) complete((ticket + band) | 0);
    },
    close() {
      for (const worker of workers) void worker?.terminate();
    },
  };
}
