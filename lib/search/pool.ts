// Several candidates at once, one per worker thread. The data lies in shared memory, so that it is
// there once.
//
// A worker may be refused (no permission, too many processes), die or hang, at its start or later.
// Those that start take over the work of those that do not; a candidate whose worker is lost fails;
// what no worker is left for is trained by the caller. Every wait has a limit.

import { errorText } from "../base/errors.ts";
import { nodeModule } from "../base/node-modules.ts";
import { kernelInForce, setNote } from "../kernels/in-force.ts";
import { type ModuleBytes, trainingModule } from "../kernels/wasm/emit-modules.ts";
import { moduleOf } from "../kernels/wasm/engine.ts";
import type { CheckedDataset } from "../matrix/dataset.ts";
import { Matrix } from "../matrix/matrix.ts";
import { mapParams } from "../net/params.ts";
import type { Job, Outcome, SearchTask } from "./candidate.ts";
import { workerScript } from "./worker-script.ts";

type Threads = typeof import("node:worker_threads");
type Worker = InstanceType<Threads["Worker"]>;

/** What a worker is started with; the matrices in it are plain objects. */
export type Start = SearchTask & {
  kernel: "reference" | "simd" | "fma";
  /** Shared: the worker counts its training steps here. */
  steps: Int32Array;
  /**
   * The code of the kernel, for memory of its own and for memory that threads share, for a build of
   * the worker that has none; see lib/build.
   */
  modules: { own: KernelBytes; shared: KernelBytes } | undefined;
};

type KernelBytes = { product: Uint8Array; training: Uint8Array };

/** What a worker is told: the job of a candidate, and the threads that compute its products. */
export type Assignment = { index: number; job: Job; threads: number };

/** What a worker says: that it has loaded, or what became of a candidate, or that it failed. */
export type Reply =
  | { kind: "ready" }
  | { kind: "outcome"; index: number; outcome: Outcome }
  | { kind: "failed"; index: number; message: string };

/** For how many ticks a worker may start, make one training step, or end. */
export type Limits = { milliseconds: number; start: number; step: number; end: number };

// A start takes 0.1 s on an idle machine; a step of a net with 10^8 weights takes seconds.
const LIMITS: Limits = { milliseconds: 1000, start: 30, step: 600, end: 5 };

/** A worker and what it does. */
type Hand = {
  readonly worker: Worker;
  /** Shared with the worker: its training steps. */
  readonly steps: Int32Array;
  /** The candidate that it trains, undefined before it is ready and when there are no more. */
  current: number | undefined;
  ready: boolean;
  /** The steps when they last grew, and the ticks since then. */
  seenSteps: number;
  idleTicks: number;
};

export class SearchPool {
  readonly #jobs: readonly Job[];
  readonly #limits: Limits;
  readonly #outcomes: Deferred<Outcome | undefined>[];
  readonly #hands = new Set<Hand>();
  readonly #ready = deferred<boolean>();
  readonly #cores: number;
  #wanted = 0;
  #next = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * At most `count` workers (default: one per core), the first of them ready to work; where there
   * are fewer candidates, the workers share their products among so many threads. undefined where
   * none can be had or none are wanted. `configuration` then says why.
   */
  static async start(
    task: SearchTask,
    jobs: readonly Job[],
    count?: number,
    limits: Limits = LIMITS,
  ): Promise<SearchPool | undefined> {
    setNote("search", undefined);
    const os = nodeModule("node:os");
    const cores = count ?? os?.availableParallelism?.() ?? 1;
    const wanted = Math.min(cores, jobs.length);
    if (wanted < 1 || (count === undefined && wanted < 2)) return undefined;
    const threads = nodeModule("node:worker_threads");
    const isShared = typeof SharedArrayBuffer === "function" && typeof Atomics === "object";
    if (!threads?.Worker || !isShared) {
      noteWorkers(0, wanted, "this engine has none");
      return undefined;
    }
    const pool = new SearchPool(jobs, cores, limits);
    pool.#employ(threads, task, wanted);
    if (await pool.#ready.promise) return pool;
    await pool.end();
    return undefined;
  }

  private constructor(jobs: readonly Job[], cores: number, limits: Limits) {
    this.#jobs = jobs;
    this.#cores = cores;
    this.#limits = limits;
    this.#outcomes = jobs.map(() => deferred<Outcome | undefined>());
    // A rejection that nobody waits for any more must not end the process.
    for (const { promise } of this.#outcomes) promise.catch(() => {});
  }

  /**
   * What became of a candidate; undefined when no worker is left to train it. Rejects when its
   * worker failed.
   */
  outcome(index: number): Promise<Outcome | undefined> {
    return this.#outcomes[index].promise;
  }

  /** Ends the workers. Does not wait longer than the limit for one that does not end. */
  async end(): Promise<void> {
    this.#next = this.#jobs.length;
    clearInterval(this.#timer);
    const workers = [...this.#hands].map(({ worker }) => worker);
    this.#hands.clear();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise((resolve) => {
      timer = setTimeout(resolve, this.#limits.end * this.#limits.milliseconds);
    });
    await Promise.race([Promise.all(workers.map((worker) => worker.terminate())), limit]);
    clearTimeout(timer);
  }

  #employ({ Worker: NodeWorker }: Threads, task: SearchTask, wanted: number): void {
    this.#wanted = wanted;
    const { filename, eval: isText } = workerScript();
    const kernel = kernelInForce();
    const [data, validation] = [share(task.data), share(task.validation)];
    const modules = kernel === "reference" ? undefined : bytesOf(moduleOf(kernel));
    let refusal = "";
    while (this.#hands.size < wanted && refusal === "") {
      const steps = new Int32Array(new SharedArrayBuffer(4));
      const workerData = { ...task, data, validation, kernel, steps, modules };
      const options = { eval: isText, execArgv: [], workerData, name: "twolayer search" };
      try {
        this.#listen(new NodeWorker(filename, options), steps);
      } catch (error) {
        refusal = errorText(error);
      }
    }
    this.#timer = setInterval(() => this.#tick(), this.#limits.milliseconds);
    this.#timer.unref?.();
    this.#noteLoss(refusal);
  }

  #listen(worker: Worker, steps: Int32Array): void {
    const state = { current: undefined, ready: false, seenSteps: 0, idleTicks: 0 };
    const hand: Hand = { worker, steps, ...state };
    this.#hands.add(hand);
    worker.on("message", (reply: Reply) => {
      try {
        this.#receive(hand, reply);
      } catch (error) {
        this.#lose(hand, errorText(error));
      }
    });
    worker.on("error", (error: Error) => this.#lose(hand, errorText(error)));
    worker.on("exit", (code) => this.#lose(hand, `it ended with code ${code}`));
  }

  #receive(hand: Hand, reply: Reply): void {
    hand.idleTicks = 0;
    if (reply.kind === "ready") {
      hand.ready = true;
      this.#ready.resolve(true);
    } else if (reply.kind === "outcome") {
      this.#outcomes[reply.index].resolve(revive(reply.outcome));
    } else {
      this.#fail(reply.index, reply.message);
    }
    hand.current = undefined;
    if (this.#next < this.#jobs.length) {
      this.#assign(hand);
    } else {
      hand.worker.unref(); // with nothing left to do it must not keep the process alive
    }
  }

  /** Gives a worker the next candidate. */
  #assign(hand: Hand): void {
    const busy = [...this.#hands].filter(({ current }) => current !== undefined).length;
    const left = this.#jobs.length - this.#next + busy;
    const index = this.#next++;
    hand.current = index;
    const threads = threadsPerCandidate(this.#cores, left, this.#hands.size);
    const assignment: Assignment = { index, job: this.#jobs[index], threads };
    hand.worker.postMessage(assignment);
  }

  /** Ends the workers that have gone without a step for too long. */
  #tick(): void {
    for (const hand of this.#hands) {
      const { steps, seenSteps, ready, current } = hand;
      const made = Atomics.load(steps, 0);
      hand.idleTicks = made === seenSteps ? hand.idleTicks + 1 : 0;
      hand.seenSteps = made;
      const limit = ready ? this.#limits.step : this.#limits.start;
      if (hand.idleTicks < limit || (ready && current === undefined)) continue;
      const seconds = (limit * this.#limits.milliseconds) / 1000;
      this.#lose(hand, `it ${ready ? "made no step" : "did not start"} within ${seconds} s`);
    }
  }

  /** Does without a worker: its candidate fails, and the others go on. */
  #lose(hand: Hand, reason: string): void {
    if (!this.#hands.delete(hand)) return; // it is lost already, or no longer wanted
    void hand.worker.terminate();
    if (hand.current !== undefined) this.#fail(hand.current, reason);
    this.#noteLoss(reason);
  }

  #fail(index: number, reason: string): void {
    const message = `search: candidate ${index} failed in its worker: ${reason}`;
    this.#outcomes[index].reject(new Error(message));
  }

  /** Says that workers are missing, and leaves the rest to the caller when none is left. */
  #noteLoss(reason: string): void {
    if (reason !== "") noteWorkers(this.#hands.size, this.#wanted, reason);
    if (this.#hands.size > 0) return;
    this.#ready.resolve(false);
    for (; this.#next < this.#jobs.length; this.#next++)
      this.#outcomes[this.#next].resolve(undefined);
  }
}

function bytesOf(product: ModuleBytes): Start["modules"] {
  const bytes = (shared: boolean) => ({
    product: product(shared),
    training: trainingModule(shared),
  });
  return { own: bytes(false), shared: bytes(true) };
}

/**
 * The threads that compute the products of each candidate on so many cores, with so many workers
 * and `left` candidates that are being trained or wait: one where all cores have a candidate.
 */
export function threadsPerCandidate(cores: number, left: number, workers: number): number {
  return Math.max(1, Math.floor(cores / Math.max(1, Math.min(left, workers))));
}

function noteWorkers(count: number, wanted: number, reason: string): void {
  setNote("search", `${count} of ${wanted} worker threads (${reason})`);
}

function share({ X, y, ...weights }: CheckedDataset): {
  X: { rows: number; cols: number; data: Float64Array };
  y: Int32Array;
  sampleWeights?: Float64Array;
} {
  const data = new Float64Array(new SharedArrayBuffer(X.data.byteLength));
  const labels = new Int32Array(new SharedArrayBuffer(y.byteLength));
  data.set(X.data);
  labels.set(y);
  return { X: { rows: X.rows, cols: X.cols, data }, y: labels, ...weights };
}

/** A message carries the elements of a matrix, but not its class. */
function revive(outcome: Outcome): Outcome {
  if (outcome.status === "diverged") return outcome;
  return {
    ...outcome,
    params: mapParams(outcome.params, ({ rows, cols, data }) => new Matrix(rows, cols, data)),
  };
}

type Deferred<T> = {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
};

function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((resolveIt, rejectIt) => {
    resolve = resolveIt;
    reject = rejectIt;
  });
  return { promise, resolve, reject };
}
