// Several candidates at once, one per worker thread. The data lies in shared memory, so that it is
// there once.

import { configuration } from "../kernels/configuration.ts";
import { Matrix } from "../matrix/matrix.ts";
import { mapParams } from "../net/params.ts";
import type { Outcome, SearchTask } from "./candidate.ts";
import type { Candidate } from "./space.ts";
import { workerScript } from "./worker-script.ts";

type Threads = typeof import("node:worker_threads");
type Worker = InstanceType<Threads["Worker"]>;

/** What a worker says: that it has loaded, or what became of a candidate, or that it broke. */
export type Reply =
  | { kind: "ready" }
  | { kind: "outcome"; index: number; outcome: Outcome }
  | { kind: "failed"; index: number; message: string };

export class SearchPool {
  readonly #outcomes: PromiseWithResolvers<Outcome>[];
  readonly #candidates: readonly Candidate[];
  readonly #workers: Worker[];
  readonly #started: Promise<boolean>;
  #next = 0;

  /**
   * At most `count` workers (default: one per core), ready to work, or undefined where there are
   * none to be had or none are wanted.
   */
  static async start(
    task: SearchTask,
    candidates: readonly Candidate[],
    count?: number,
  ): Promise<SearchPool | undefined> {
    const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
    if (threads === undefined) return undefined;
    const wanted = Math.min(
      count ?? process.getBuiltinModule("node:os").availableParallelism(),
      candidates.length,
    );
    const { filename, ...options } = workerScript();
    if (wanted < 1 || (count === undefined && wanted < 2)) return undefined;
    const workerData = {
      ...task,
      data: share(task.data),
      validation: share(task.validation),
      kernel: configuration().kernel,
    };
    const pool = new SearchPool(
      candidates,
      Array.from(
        { length: wanted },
        () => new threads.Worker(filename, { ...options, workerData }),
      ),
    );
    if (await pool.#started) return pool;
    await pool.end();
    return undefined;
  }

  private constructor(candidates: readonly Candidate[], workers: Worker[]) {
    this.#candidates = candidates;
    this.#workers = workers;
    this.#outcomes = candidates.map(() => withResolvers<Outcome>());
    // one that nobody waits for any more is no crash
    for (const { promise } of this.#outcomes) promise.catch(() => {});
    this.#started = Promise.all(workers.map((worker) => this.#employ(worker))).then((ready) =>
      ready.every(Boolean),
    );
  }

  outcome(index: number): Promise<Outcome> {
    return this.#outcomes[index].promise;
  }

  async end(): Promise<void> {
    this.#next = this.#candidates.length;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /**
   * Gives a worker one candidate after another, once all have loaded. Resolves to whether this one
   * has.
   */
  #employ(worker: Worker): Promise<boolean> {
    const ready = withResolvers<boolean>();
    let current = -1;
    const proceed = (): void => {
      if (this.#next >= this.#candidates.length) {
        worker.unref(); // with nothing left to do it must not keep the process alive
        return;
      }
      current = this.#next++;
      worker.postMessage({ index: current, candidate: this.#candidates[current] });
    };
    const fail = (message: string): void => {
      ready.resolve(false);
      this.#outcomes[current]?.reject(
        new Error(`search: candidate ${current} failed in its worker: ${message}`),
      );
    };
    worker.on("message", (reply: Reply) => {
      if (reply.kind === "ready") {
        ready.resolve(true);
        void this.#started.then((all) => all && proceed());
        return;
      }
      if (reply.kind === "outcome") this.#outcomes[reply.index].resolve(revive(reply.outcome));
      else fail(reply.message);
      proceed();
    });
    worker.on("error", (error: Error) => fail(error.message));
    worker.on("exit", (code) => fail(`it ended with code ${code}`));
    return ready.promise;
  }
}

function share({ X, y }: { X: Matrix; y: Int32Array }): {
  X: { rows: number; cols: number; data: Float64Array };
  y: Int32Array;
} {
  const data = new Float64Array(new SharedArrayBuffer(X.data.byteLength));
  const labels = new Int32Array(new SharedArrayBuffer(y.byteLength));
  data.set(X.data);
  labels.set(y);
  return { X: { rows: X.rows, cols: X.cols, data }, y: labels };
}

/** A message carries the elements of a matrix, but not its class. */
function revive(outcome: Outcome): Outcome {
  if (outcome.status === "diverged") return outcome;
  return {
    ...outcome,
    params: mapParams(outcome.params, ({ rows, cols, data }) => new Matrix(rows, cols, data)),
  };
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T | PromiseLike<T>) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((resolveIt, rejectIt) => {
    resolve = resolveIt;
    reject = rejectIt;
  });
  return { promise, resolve, reject };
}

type PromiseWithResolvers<T> = {
  promise: Promise<T>;
  resolve: (value: T | PromiseLike<T>) => void;
  reject: (reason: unknown) => void;
};
