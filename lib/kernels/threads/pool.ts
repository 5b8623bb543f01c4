// Several threads: workers that share one WebAssembly memory with the main thread and compute the
// tasks that it publishes.
//
// A task is a run of kernel calls. The main thread writes a program of tasks, publishes them, and
// computes tasks itself while it waits for them, all of them until a worker has started. Tasks that
// are published together must not depend on each other.
//
// Workers are unref'd, and asleep when idle. When one dies or hangs in a task, the wait for it ends
// with WorkerTimeout after a limit, and the caller computes everything again in another memory.
import type { Worker } from "node:worker_threads";
import { errorText } from "../../base/errors.ts";
import { nodeModule } from "../../base/node-modules.ts";
import { MR, PARALLEL_ELEMENTS, THREAD_BUFFER_SIZE } from "../sizes.ts";
import { type KernelName, trainingModule } from "../wasm/emit-modules.ts";
import {
  type Engine,
  type Kernels,
  type MemoryMap,
  memoryMap,
  moduleOf,
  PAGE_BYTES,
  regionsFrom,
  type TrainingKernels,
} from "../wasm/engine.ts";
import type { Executor, TaskKernel } from "../wasm/executor.ts";
import { Heap } from "./heap.ts";
import { allKernels, CALL_WORDS, runCalls, writeCall } from "./program.ts";
import {
  awaitDone,
  controlWords,
  failure,
  isDone,
  isIdle,
  MAX_THREADS,
  markDone,
  open,
  publish,
  resetCount,
  type Start,
  spinUntil,
  TICKETS,
  take,
  taskAt,
  tasksDone,
  type Words,
} from "./protocol.ts";
import { workerScript } from "./worker-script.ts";
import { WorkerTimeout } from "./worker-timeout.ts";

// A task takes less than 1 ms, so only a worker that is lost or gets no processor needs so long.
const TASK_TIMEOUT_MS = 5000;

const NEEDED = ["SharedArrayBuffer", "Atomics", "FinalizationRegistry"] as const;

/** Why this engine cannot run several threads, or "". */
export function threadsUnsupportedReason(): string {
  const missing = NEEDED.find((name) => globalThis[name] === undefined);
  if (missing !== undefined) return `this engine has no ${missing}`;
  if (!nodeModule("node:worker_threads")?.Worker) return "this engine has no node:worker_threads";
  return mayWait() ? "" : "this thread is not allowed to wait for others";
}

let waits: boolean | undefined;

/** Whether Atomics.wait can be called here: pages of browsers and of Electron must not wait. */
function mayWait(): boolean {
  try {
    return (waits ??= Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1) === "not-equal");
  } catch {
    return (waits = false);
  }
}

const PROGRAM_BYTES = 2 ** 22; // room for 69 905 calls; what is not used costs no memory
const MAX_PAGES = 2 ** 15; // of which the heap takes what it needs
const RETAINED_BYTES = 2 ** 26; // an empty heap that is larger is given back with its pool

/** The threads of a memory: `threads` − 1 workers and the calling thread. */
export class ThreadPool implements Engine, Executor {
  readonly kernel: KernelName;
  readonly kernels: Kernels & TrainingKernels;
  readonly training: TrainingKernels;
  readonly mr: number;
  readonly map: MemoryMap;
  doubles: Engine["doubles"];
  /** The workers; undefined in the place of one that has ended. */
  readonly workers: (Worker | undefined)[];
  /** Why no worker could be started, or "". */
  startError = "";
  /** Whether the pool was closed, so that its memory is not to be used any more. */
  closed = false;
  readonly #modules: readonly WebAssembly.Module[];
  readonly memory: WebAssembly.Memory;
  readonly #heap: Heap;
  readonly #words: Words;
  readonly #calls: Int32Array;
  readonly #program: number;
  readonly #buffers: readonly number[];
  /** Milliseconds that a task may take. */
  timeout: number;
  readonly #awake: number; // workers that processors are there for
  #next = 0; // the ticket of the next task
  #published = 0; // the ticket after the last one published
  #finished = 0; // all tickets before it are known to be done
  #taskStart = 0; // where the next task's calls begin, in words after #program
  #callEnd = 0;

  /**
   * Starts the workers, for a kernel and threads that are supported. Throws what WebAssembly or
   * node:worker_threads throw when there is no memory or no worker.
   */
  constructor(kernel: KernelName, threads: number, timeout = TASK_TIMEOUT_MS) {
    const count = Math.min(threads, MAX_THREADS);
    this.map = memoryMap();
    const take = regionsFrom(this.map.end);
    this.#program = take(PROGRAM_BYTES);
    this.#buffers = Array.from({ length: count }, () => take(8 * THREAD_BUFFER_SIZE));
    const heapStart = take(0);
    this.kernel = kernel;
    this.mr = MR[kernel];
    this.timeout = timeout;
    this.#modules = [moduleOf(kernel), trainingModule].map(
      (bytes) => new WebAssembly.Module(bytes(true)),
    );
    this.memory = new WebAssembly.Memory({
      initial: Math.ceil(heapStart / PAGE_BYTES),
      maximum: MAX_PAGES,
      shared: true,
    });
    this.#heap = new Heap(this.memory, heapStart);
    this.kernels = allKernels(this.memory, this.#modules);
    this.training = this.kernels;
    this.doubles = new Float64Array(this.memory.buffer);
    this.#words = controlWords(this.memory);
    this.#calls = new Int32Array(this.memory.buffer, this.#program, PROGRAM_BYTES / 4);
    open(this.#words);
    this.workers = new Array(count - 1).fill(undefined);
    this.#awake = Math.min(count, processors()) - 1;
    this.startWorkers();
  }

  get threads(): number {
    return this.#awake + 1;
  }

  /** Whether nobody uses the heap, and it is too large to be kept for the next one. */
  get isIdleAndLarge(): boolean {
    return this.#heap.isEmpty && this.memory.buffer.byteLength > RETAINED_BYTES;
  }

  /** Starts workers in the place of those that have ended. */
  startWorkers(): void {
    for (let index = 0; index < this.workers.length && this.startError === ""; index++)
      if (this.workers[index] === undefined) this.#startWorker(index);
  }

  #startWorker(index: number): void {
    resetCount(this.#words, index);
    const { Worker: NodeWorker } = nodeModule("node:worker_threads")!;
    const script = workerScript();
    const data: Start = {
      modules: this.#modules,
      memory: this.memory,
      index,
      program: this.#program,
      buffer: this.#buffers[index + 1],
    };
    // None of the process's options: preloaded modules cost time, and --input-type is refused.
    const worker = new NodeWorker(script.filename, {
      eval: script.eval,
      execArgv: [],
      workerData: data,
      name: "twolayer",
    });
    worker.unref();
    worker.on("error", (error) => {
      if (tasksDone(this.#words, index) === 0)
        this.startError = `a worker could not start (${errorText(error)})`;
    });
    worker.on("exit", () => {
      this.workers[index] = undefined;
    });
    this.workers[index] = worker;
  }

  /** For each worker, 0 until it has started, then 1 more than the tasks it has computed. */
  tasksDone(): number[] {
    return this.workers.map((_, index) => tasksDone(this.#words, index));
  }

  /** Ends the workers. The pool is not to be used after it. */
  close(): void {
    this.closed = true;
    for (const worker of this.workers) void worker?.terminate();
  }

  /** The address of so many elements; undefined where there is no memory for them. */
  allocate(elements: number): number | undefined {
    const at = this.#heap.take(8 * elements + 64); // vector kernels write up to seven more
    if (this.doubles.buffer !== this.memory.buffer)
      this.doubles = new Float64Array(this.memory.buffer);
    return at;
  }

  /** Gives back what `allocate` returned. */
  free(at: number): void {
    this.#heap.free(at);
  }

  begin(): void {
    this.finish();
    this.#taskStart = this.#callEnd = 0;
  }

  call(kernel: TaskKernel, ...parameters: readonly number[]): void {
    if (this.#callEnd + CALL_WORDS > this.#calls.length) this.#runSoFar();
    writeCall(this.#calls, this.#callEnd, kernel, parameters);
    this.#callEnd += CALL_WORDS;
  }

  endTask(): number {
    const ticket = this.#next;
    if (((ticket - TICKETS - this.#published) | 0) >= 0) this.publish();
    this.#complete((ticket - TICKETS) | 0); // whose words this task takes
    const at = taskAt(ticket);
    this.#words[at] = this.#taskStart;
    this.#words[at + 1] = (this.#callEnd - this.#taskStart) / CALL_WORDS;
    this.#taskStart = this.#callEnd;
    this.#next = (ticket + 1) | 0;
    return ticket;
  }

  publish(): void {
    const count = (this.#next - this.#published) | 0;
    if (count === 0) return;
    this.#published = this.#next;
    publish(this.#words, this.#next, Math.min(count, this.#awake));
  }

  finish(): void {
    this.publish();
    this.waitUpTo((this.#next - 1) | 0);
  }

  runInParts(n: number, write: (start: number, length: number, index: number) => void): number {
    const parts = Math.min(4 * this.threads, Math.ceil((4 * n) / PARALLEL_ELEMENTS));
    const size = Math.ceil(n / parts / 64) * 64;
    const count = Math.ceil(n / size);
    this.begin();
    for (let i = 0; i < count; i++) {
      write(i * size, Math.min(size, n - i * size), i);
      this.endTask();
    }
    this.finish();
    return count;
  }

  waitUpTo(ticket: number): void {
    this.publish();
    for (; ((ticket - this.#finished) | 0) >= 0; this.#finished = (this.#finished + 1) | 0)
      this.#complete(this.#finished);
  }

  /** Makes room for more calls: runs the tasks that have ended, and keeps the calls after them. */
  #runSoFar(): void {
    if (this.#taskStart === 0) throw new RangeError("threads: a task of too many calls");
    this.finish();
    this.#calls.copyWithin(0, this.#taskStart, this.#callEnd);
    this.#callEnd -= this.#taskStart;
    this.#taskStart = 0;
  }

  /** Returns when the ticket's task is done, computing tasks meanwhile. */
  #complete(ticket: number): void {
    const isReady = (): boolean => isDone(this.#words, ticket) || !isIdle(this.#words);
    while (!isDone(this.#words, ticket)) {
      if (this.#runOneTask() || spinUntil(isReady)) continue;
      if (!awaitDone(this.#words, ticket, this.timeout))
        throw new WorkerTimeout(`threads: a worker did not finish in ${this.timeout} ms`);
    }
    const text = failure(this.#words);
    if (text !== undefined) throw new Error(`threads: a worker failed with ${text}`);
  }

  /** Computes the next published task; false when all are taken. */
  #runOneTask(): boolean {
    const ticket = take(this.#words);
    if (ticket === undefined) return false;
    const at = taskAt(ticket);
    const [first, count] = [this.#words[at], this.#words[at + 1]];
    runCalls(this.kernels, this.#calls, first, count, this.#buffers[0]);
    markDone(this.#words, ticket);
    return true;
  }
}

/** Processors that this process may use. */
function processors(): number {
  return nodeModule("node:os")?.availableParallelism?.() ?? 1;
}
