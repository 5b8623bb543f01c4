// The exercise's find_best_net: many trainings with different settings, on all cores, and the net
// that does best on validation data.

import { checkFunction, checkOptions } from "../base/checks.ts";
import { DivergenceError, errorText } from "../base/errors.ts";
import type { Dataset } from "../matrix/dataset.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import type { History } from "../training/loop.ts";
import { type Job, type Outcome, runCandidateInTurns, type SearchTask } from "./candidate.ts";
import { SearchPool } from "./pool.ts";
import {
  type CheckedSearch,
  checkSearch,
  type SearchOptions,
  searchOptionNames,
} from "./search-options.ts";
import type { Candidate } from "./space.ts";

/** What every result of a search has, whatever became of the candidate. */
export type CandidateResult = {
  /** Counts from 0 in the order of the space. */
  readonly index: number;
  readonly candidate: Candidate;
  readonly history: History;
};

/** A candidate that was trained to the end. */
export type CompletedResult = CandidateResult & {
  readonly status: "done";
  readonly net: TwoLayerNet;
  readonly trainAccuracy: number;
  readonly valAccuracy: number;
};

/** A candidate whose loss or gradients did not stay finite. */
export type DivergedResult = CandidateResult & {
  readonly status: "diverged";
  readonly error: DivergenceError;
};

/** A candidate that could not be trained, such as one that needs more memory than there is. */
export type FailedResult = CandidateResult & { readonly status: "failed"; readonly error: Error };

/** What became of a candidate. */
export type SearchResult = CompletedResult | DivergedResult | FailedResult;

/**
 * Trains one net for every candidate and yields the results in the candidates' order, each as soon
 * as it and those before it are there; a candidate that diverges or cannot be trained is a result
 * too. Options that the space does not vary are those of `train`. The results do not depend on the
 * number of workers.
 * Throws a TypeError, RangeError or ShapeError for options that are wrong before it returns.
 * Leaving the loop, calling `return` or aborting `signal` ends the search and its workers at once.
 * Where there are no workers it trains in this thread and lets timers and requests have their turn.
 * @example
 * const { train: data, validation } = split(twoMoons());
 * const space = { hiddenSize: [2, 8] };
 * const options = { validation, space, learningRate: 0.5, epochs: 100, workers: 0 };
 * for await (const result of search(data, options)) {
 *   if (result.status === "done") console.log(result.candidate.hiddenSize, result.valAccuracy);
 * }
 * // 2 0.9
 * // 8 0.975
 */
export function search(data: Dataset, options: SearchOptions): Search {
  const checked = checkSearch(data, options);
  const { signal } = options;
  const stop = createStop();
  const abort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  const run = results(checked, stop);
  const end = async (): Promise<IteratorResult<SearchResult, void>> => {
    stop.abort();
    signal?.removeEventListener("abort", abort);
    // a `next` that is waiting rejects with the reason of the stop; it gets the end instead
    return run.return();
  };
  let left = false;
  return {
    candidates: checked.candidates,
    async next() {
      try {
        const result = await run.next();
        if (result.done) signal?.removeEventListener("abort", abort);
        return result;
      } catch (error) {
        if (left) return { done: true, value: undefined };
        throw error;
      }
    },
    return() {
      left = true;
      return end();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The results of a search as they come, and the candidates that it tries. */
export type Search = {
  readonly candidates: readonly Candidate[];
  next(): Promise<IteratorResult<SearchResult, void>>;
  /** Ends the search and its workers at once; a `next` that is waiting is then done. */
  return(): Promise<IteratorResult<SearchResult, void>>;
  [Symbol.asyncIterator](): Search;
};

/**
 * Drains a `search`: the net with the greatest validation accuracy, of equals the earliest
 * candidate's, and all results. Throws as `search` does, and a DivergenceError when every candidate
 * diverged.
 * @example
 * const { train: data, validation } = split(twoMoons());
 * const space = { hiddenSize: [2, 8], learningRate: [0.1, 0.5] };
 * const options = { validation, space, epochs: 100, workers: 0 };
 * const { candidate, valAccuracy } = await findBestNet(data, options);
 * console.log(candidate.hiddenSize, candidate.learningRate, valAccuracy); // 8 0.5 0.975
 */
export async function findBestNet(
  data: Dataset,
  options: SearchOptions & { onResult?: ((result: SearchResult) => void) | undefined },
): Promise<{
  net: TwoLayerNet;
  candidate: Candidate;
  valAccuracy: number;
  history: History;
  results: SearchResult[];
}> {
  checkOptions("findBestNet", options, [...searchOptionNames(), "onResult"]);
  const { onResult, ...rest } = options;
  checkFunction("findBestNet", "onResult", onResult);
  const found: SearchResult[] = [];
  for await (const result of search(data, rest)) {
    found.push(result);
    onResult?.(result);
  }
  const best = bestResult(found);
  if (best === undefined) {
    const failed = found.find((result): result is FailedResult => result.status === "failed");
    if (failed !== undefined) throw failed.error;
    const { error } = found[0] as DivergedResult;
    throw new DivergenceError(
      `search: expected a candidate that converges, got ${found.length} that diverged; ` +
        `the first: ${error.message}`,
      error.iteration,
      error.loss,
    );
  }
  const { net, candidate, valAccuracy, history } = best;
  return { net, candidate, valAccuracy, history, results: found };
}

/**
 * The result with the greatest validation accuracy, of equals the first; undefined when none was
 * trained to its end.
 */
export function bestResult(results: Iterable<SearchResult>): CompletedResult | undefined {
  let best: CompletedResult | undefined;
  for (const result of results) {
    if (result.status === "done" && (best === undefined || result.valAccuracy > best.valAccuracy))
      best = result;
  }
  return best;
}

const STOPPED = Symbol("stopped");

/** What an AbortSignal without a reason stands for. */
class AbortError extends Error {
  override name = "AbortError";
}

/** What an AbortController is, which not every engine has. */
type Stop = {
  aborted: boolean;
  reason: unknown;
  /** Resolves when the search is to stop. */
  readonly stopped: Promise<typeof STOPPED>;
  abort(reason?: unknown): void;
};

function createStop(): Stop {
  let resolve!: (value: typeof STOPPED) => void;
  const stopped = new Promise<typeof STOPPED>((resolveIt) => (resolve = resolveIt));
  return {
    aborted: false,
    reason: undefined,
    stopped,
    abort(reason = new AbortError("search: aborted")) {
      if (this.aborted) return;
      this.aborted = true;
      this.reason = reason;
      resolve(STOPPED);
    },
  };
}

/** The results in order, until `stop` is aborted. */
async function* results(
  { task, candidates, jobs, workers, skip }: CheckedSearch,
  stop: Stop,
): AsyncGenerator<SearchResult, void, undefined> {
  const { stopped } = stop;
  if (stop.aborted) throw stop.reason;
  const wanted = [...candidates.keys()].filter((index) => !skip.has(index));
  const tried = wanted.map((index) => jobs[index]);
  const starting = SearchPool.start(task, tried, workers);
  const pool = await Promise.race([stopped, starting]);
  if (pool === STOPPED) {
    void starting.then((late) => late?.end());
    throw stop.reason;
  }
  try {
    for (const [position, job] of tried.entries()) {
      const ending = outcomeOf(position, job, task, pool, stop);
      const outcome = await Promise.race([stopped, ending]);
      if (outcome === STOPPED || outcome === undefined) throw stop.reason;
      const index = wanted[position];
      yield toResult(index, candidates[index], outcome);
    }
  } finally {
    await pool?.end();
  }
}

/**
 * What becomes of a candidate in its worker, or in this thread where there is none for it. One that
 * cannot be trained is an Error and does not end the search.
 */
async function outcomeOf(
  position: number,
  job: Job,
  task: SearchTask,
  pool: SearchPool | undefined,
  stop: Stop,
): Promise<Outcome | Error | undefined> {
  try {
    const outcome = await pool?.outcome(position);
    return outcome ?? (await runCandidateInTurns(task, job, stop));
  } catch (error) {
    return error instanceof Error ? error : new Error(errorText(error));
  }
}

function toResult(index: number, candidate: Candidate, outcome: Outcome | Error): SearchResult {
  if (outcome instanceof Error) {
    const history = { loss: [], trainAccuracy: [], valAccuracy: [] };
    return { index, candidate, history, status: "failed", error: outcome };
  }
  const { history } = outcome;
  if (outcome.status === "diverged") {
    return {
      index,
      candidate,
      history,
      status: "diverged",
      error: new DivergenceError(outcome.message, outcome.iteration, outcome.loss),
    };
  }
  const { params, trainAccuracy, valAccuracy } = outcome;
  return {
    index,
    candidate,
    history,
    status: "done",
    net: new TwoLayerNet(params),
    trainAccuracy,
    valAccuracy,
  };
}
