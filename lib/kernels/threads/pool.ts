// The executor of several threads: workers that share one WebAssembly memory with the main thread.
//
// The main thread copies blocks in ahead of the others, publishes tasks of BAND rows, and computes
// tasks itself whenever what it needs next (a free buffer, finished rows of C) is not there yet. It
// never waits for a worker to start: until one has, it computes everything itself. A task that
// resumes a sum is published after the one whose sum it resumes is done.
//
// Workers are unref'd, and asleep when idle. When one dies or hangs in a task, its rows of C are
// half updated and lost; the wait for it ends with WorkerTimeout after a limit, and the caller
// computes the product again without the pool.
import type { Worker } from "node:worker_threads";
import { errorText } from "../../base/errors.ts";
import { BAND, MR } from "../sizes.ts";
import { type KernelName, mainModule, productModule } from "../wasm/emit-modules.ts";
import {
  type Engine,
  instantiate,
  type Kernels,
  type MemoryMap,
  memoryMap,
} from "../wasm/engine.ts";
import { type Executor, encodeTask, runEncodedTask, type Task } from "../wasm/executor.ts";
import {
  awaitDone,
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
  taskAt,
  tasksDone,
  type Words,
} from "./protocol.ts";
import { workerScript } from "./worker-script.ts";

// Looks at a task before sleeping until it is done.
const SPINS = 2000;
// A task takes less than 1 ms, so only a worker that is lost or gets no processor needs so long.
const TASK_TIMEOUT_MS = 5000;

/** A worker did not finish its task in time. What was being computed must be computed again. */
export class WorkerTimeout extends Error {
  override name = "WorkerTimeout";
}

/** Why this engine cannot run several threads, or "". */
export function threadsUnsupportedReason(): string {
  if (typeof SharedArrayBuffer !== "function") return "this engine has no SharedArrayBuffer";
  if (!workerThreads()) return "this engine has no node:worker_threads";
  if (!mayWait()) return "this thread is not allowed to wait for others";
  return "";
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

function workerThreads(): typeof import("node:worker_threads") | undefined {
  // Node since 20.16, Deno and Bun; no static import, so that browsers can load this file.
  return typeof process === "object" && typeof process.getBuiltinModule === "function"
    ? process.getBuiltinModule("node:worker_threads")
    : undefined;
}

/** The tickets from `first` to before `end`, which read from a buffer. */
type Tickets = { first: number; end: number };

/** The address of one of several buffers in turn, and the tickets that read from each. */
class Buffers {
  readonly #addresses: readonly number[];
  readonly #tickets: Tickets[];
  #current = 0;

  constructor(addresses: readonly number[]) {
    this.#addresses = addresses;
    this.#tickets = addresses.map(() => ({ first: 0, end: 0 }));
  }

  get tickets(): Tickets {
    return this.#tickets[this.#current];
  }

  /** Goes on to the next buffer; its earlier tickets are still in `tickets`. */
  next(): number {
    this.#current = (this.#current + 1) % this.#addresses.length;
    return this.#addresses[this.#current];
  }
}

/** An executor that runs tasks on `threads` − 1 workers and the calling thread. */
export class ThreadPool implements Executor {
  readonly kernel: KernelName;
  readonly kernels: Kernels;
  readonly mr: number;
  readonly map: MemoryMap = memoryMap(2, 3);
  readonly doubles: Engine["doubles"];
  readonly asynchronous = true;
  /** The workers; undefined in the place of one that has ended. */
  readonly workers: (Worker | undefined)[];
  /** Why no worker could be started, or "". */
  startError = "";
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #words: Words;
  readonly #timeout: number;
  readonly #aBuffers = new Buffers(this.map.aBuffers);
  readonly #bBuffers = new Buffers(this.map.bBuffers);
  #next = 0; // the ticket after the last one published

  /**
   * Starts the workers. `timeout` is in milliseconds. Throws what WebAssembly or
   * node:worker_threads throw when there is no memory or no worker. Expects that the kernel and
   * threads are supported.
   */
  constructor(kernel: KernelName, threads: number, timeout = TASK_TIMEOUT_MS) {
    const { pages } = this.map;
    this.kernel = kernel;
    this.mr = MR[kernel];
    this.#timeout = timeout;
    this.#module = new WebAssembly.Module(productModule(kernel, true));
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const main = new WebAssembly.Module(mainModule(kernel, true));
    this.kernels = instantiate<Kernels>(this.#memory, this.#module, main);
    this.doubles = new Float64Array(this.#memory.buffer);
    this.#words = controlWords(this.#memory);
    open(this.#words);
    this.workers = new Array(Math.min(threads, MAX_THREADS) - 1).fill(undefined);
    this.startWorkers();
  }

  /** Starts workers in the place of those that have ended. */
  startWorkers(): void {
    for (let index = 0; index < this.workers.length && this.startError === ""; index++)
      if (this.workers[index] === undefined) this.#startWorker(index);
  }

  #startWorker(index: number): void {
    resetCount(this.#words, index);
    const { Worker: NodeWorker } = workerThreads()!;
    const script = workerScript();
    const data: Start = { module: this.#module, memory: this.#memory, index };
    // Workers get none of the process's options: they need none, preloaded modules cost them time,
    // and --input-type is refused.
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
    for (const worker of this.workers) void worker?.terminate();
  }

  nextABuffer(): number {
    return this.#nextBuffer(this.#aBuffers);
  }

  nextBBuffer(): number {
    return this.#nextBuffer(this.#bBuffers);
  }

  #nextBuffer(buffers: Buffers): number {
    const address = buffers.next();
    const { tickets } = buffers;
    for (let ticket = tickets.first; ticket !== tickets.end; ticket = (ticket + 1) | 0)
      this.#complete(ticket);
    tickets.first = tickets.end = this.#next;
    return address;
  }

  run(task: Task, after: number | undefined): number {
    const ticket = this.#next;
    for (let first = 0, band = 0; first < task.rows; first += BAND, band++) {
      if (after !== undefined) this.#complete((after + band) | 0);
      this.#complete((this.#next - TICKETS) | 0); // whose words this task takes
      const rows = Math.min(BAND, task.rows - first);
      encodeTask(this.#words, taskAt(this.#next), this.mr, task, { first, rows });
      publish(this.#words, this.#next);
      this.#next = (this.#next + 1) | 0;
      this.#aBuffers.tickets.end = this.#bBuffers.tickets.end = this.#next;
    }
    return ticket;
  }

  wait(ticket: number, rows: number): void {
    for (let band = 0; band * BAND < rows; band++) this.#complete((ticket + band) | 0);
  }

  /** Returns when the ticket's task is done, computing tasks meanwhile. */
  #complete(ticket: number): void {
    for (let spins = 0; !isDone(this.#words, ticket); ) {
      if (this.#runOneTask() || ++spins < SPINS) continue;
      if (!awaitDone(this.#words, ticket, this.#timeout))
        throw new WorkerTimeout(`threads: a worker did not finish in ${this.#timeout} ms`);
    }
    const text = failure(this.#words);
    if (text !== undefined) throw new Error(`threads: a worker failed with ${text}`);
  }

  /** Computes the next published task; false when all are taken. */
  #runOneTask(): boolean {
    const ticket = take(this.#words);
    if (ticket === undefined) return false;
    runEncodedTask(this.kernels, this.#words, taskAt(ticket));
    markDone(this.#words, ticket);
    return true;
  }
}
