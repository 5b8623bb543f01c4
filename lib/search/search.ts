// The exercise's find_best_net: many trainings with different settings, on all cores, and the net
// that does best on validation data.

import { checkInteger, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError, DivergenceError } from "../base/errors.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { checkHasRows, checkMatrix } from "../matrix/shape.ts";
import { checkLabels } from "../net/labels.ts";
import { createParams } from "../net/params.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { sgd } from "../training/optimizer.ts";
import { checkTrainOptions, type Dataset, type TrainOptions } from "../training/train-options.ts";
import type { History } from "../training/trainer-state.ts";
import { type Outcome, optionsOfCandidate, runCandidate, type SearchTask } from "./candidate.ts";
import { SearchPool } from "./pool.ts";
import { type Candidate, listCandidates, type SearchSpace } from "./space.ts";

/**
 * The options of `search`; those of `train` hold for every candidate where the space does not name
 * them.
 */
export type SearchOptions = Omit<TrainOptions, "random" | "validation" | "onEpoch"> & {
  /** What the candidates are compared on. */
  validation: Dataset;
  /** What varies, e.g. `{ learningRate: [1e-3, 1e-2], hiddenSize: [32, 64] }`. */
  space: SearchSpace;
  /** Draw this many candidates at random instead of trying the whole grid. */
  samples?: number;
  /** Hidden units where the space does not name them; default 100. */
  hiddenSize?: number;
  /** Classes; default one more than the greatest label. */
  outputSize?: number;
  /** How weights start; default "he". */
  std?: number | "he";
  /** Of the draws, and of the weights and batches of every candidate alike; default 0. */
  seed?: number;
  /**
   * Threads beside this one; default as many as there are cores. 0: train in this thread. The
   * results are the same.
   */
  workers?: number;
};

/** What became of a candidate; `index` counts from 0 in the order of the space. */
export type SearchResult = {
  readonly index: number;
  readonly candidate: Candidate;
  readonly history: History;
} & (
  | {
      readonly status: "done";
      readonly net: TwoLayerNet;
      readonly trainAccuracy: number;
      readonly valAccuracy: number;
    }
  | { readonly status: "diverged"; readonly error: DivergenceError }
);

const OPTIONS = [
  "learningRate",
  "learningRateDecay",
  "schedule",
  "reg",
  "batchSize",
  "iterations",
  "epochs",
  "sampling",
  "optimizer",
  "clipNorm",
  "patience",
  "validation",
  "space",
  "samples",
  "hiddenSize",
  "outputSize",
  "std",
  "seed",
  "workers",
];

/**
 * Trains one net for every candidate and yields the results in the candidates' order, each as soon
 * as it and those before it are there; a candidate that diverges is a result too. Options that the
 * space does not vary are those of `train`. The results do not depend on the number of workers.
 * Throws a TypeError, RangeError or ShapeError for options that are wrong before it returns.
 * Leaving the loop early ends the workers.
 * @example
 * const { train: data, validation } = split(twoMoons());
 * const options = { validation, space: { hiddenSize: [2, 8] }, learningRate: 0.5, epochs: 100, workers: 0 };
 * for await (const result of search(data, options)) {
 *   if (result.status === "done") console.log(result.candidate.hiddenSize, result.valAccuracy);
 * }
 * // 2 0.9
 * // 8 0.975
 */
export function search(
  data: Dataset,
  options: SearchOptions,
): AsyncIterableIterator<SearchResult> & { readonly candidates: readonly Candidate[] } {
  const { task, candidates, workers } = checkSearch("search", data, options);
  return Object.assign(results(task, candidates, workers), { candidates });
}

/**
 * Drains a `search`: the net with the greatest validation accuracy, of equals the earliest
 * candidate's, and all results. Throws as `search` does, and a DivergenceError when every candidate
 * diverged.
 * @example
 * const { train: data, validation } = split(twoMoons());
 * const space = { hiddenSize: [2, 8], learningRate: [0.1, 0.5] };
 * const { candidate, valAccuracy, results } = await findBestNet(data, { validation, space, epochs: 100, workers: 0 });
 * console.log(candidate.hiddenSize, candidate.learningRate, valAccuracy, results.length); // 8 0.5 0.975 4
 */
export async function findBestNet(
  data: Dataset,
  options: SearchOptions & { onResult?: (result: SearchResult) => void },
): Promise<{
  net: TwoLayerNet;
  candidate: Candidate;
  valAccuracy: number;
  history: History;
  results: SearchResult[];
}> {
  const { onResult, ...rest } = options;
  if (onResult !== undefined && typeof onResult !== "function")
    throw new ArgumentTypeError(`search: onResult expected a function, got ${show(onResult)}`);
  const found: SearchResult[] = [];
  for await (const result of search(data, rest)) {
    found.push(result);
    onResult?.(result);
  }
  const best = bestResult(found);
  if (best === undefined) {
    const { error } = found[0] as SearchResult & { status: "diverged" };
    throw new DivergenceError(
      `search: expected a candidate that converges, got ${found.length} that diverged; the first: ${error.message}`,
      error.iteration,
      error.loss,
    );
  }
  const { net, candidate, valAccuracy, history } = best;
  return { net, candidate, valAccuracy, history, results: found };
}

/**
 * The result with the greatest validation accuracy, of equals the first; undefined when all
 * diverged.
 */
export function bestResult(
  results: Iterable<SearchResult>,
): (SearchResult & { status: "done" }) | undefined {
  let best: (SearchResult & { status: "done" }) | undefined;
  for (const result of results) {
    if (result.status === "done" && (best === undefined || result.valAccuracy > best.valAccuracy))
      best = result;
  }
  return best;
}

function checkSearch(
  where: string,
  data: Dataset,
  options: SearchOptions,
): { task: SearchTask; candidates: Candidate[]; workers: number | undefined } {
  checkOptions(where, options, OPTIONS);
  const { validation, space, samples, hiddenSize = 100, std = "he", seed = 0, workers } = options;
  const {
    learningRate = 1e-3,
    learningRateDecay = 0.95,
    reg = 5e-6,
    batchSize = 200,
    optimizer = sgd(),
  } = options;
  const { schedule, iterations, epochs, sampling, clipNorm, patience } = options;
  checkInteger(where, "seed", seed, 0);
  if (workers !== undefined) checkInteger(where, "workers", workers, 0, 1024);
  const checked = [checkData(where, data), checkData(`${where}: validation`, validation)];
  const outputSize = options.outputSize ?? Math.max(...checked.map(({ greatest }) => greatest)) + 1;
  const task: SearchTask = {
    data: { X: checked[0].X, y: checkLabels(where, data.y, checked[0].X.rows, outputSize) },
    validation: {
      X: checked[1].X,
      y: checkLabels(`${where}: validation`, validation.y, checked[1].X.rows, outputSize),
    },
    outputSize,
    std,
    seed,
    options: { schedule, iterations, epochs, sampling, clipNorm, patience },
  };
  const candidates = listCandidates(
    where,
    space,
    { learningRate, hiddenSize, reg, learningRateDecay, batchSize, optimizer },
    samples,
    seed,
  );
  for (const candidate of candidates) {
    checkInteger(where, "hiddenSize", candidate.hiddenSize, 1);
    checkTrainOptions(where, { ...optionsOfCandidate(task, candidate), validation }, data.X.rows);
  }
  // checks the sizes and std
  createParams(where, { inputSize: checked[0].X.cols, hiddenSize: 1, outputSize }, { std });
  if (checked[0].X.cols !== checked[1].X.cols) {
    throw new ArgumentRangeError(
      `${where}: expected as many columns of validation data as of training data, got ${checked[1].X.cols} and ${checked[0].X.cols}`,
    );
  }
  return { task, candidates, workers };
}

/** X, and the greatest label there is. */
function checkData(where: string, data: Dataset): { X: Matrix; greatest: number } {
  if (typeof data !== "object" || data === null)
    throw new ArgumentTypeError(`${where}: data expected { X, y }, got ${show(data)}`);
  checkMatrix(where, "X", data.X);
  checkHasRows(where, data.X);
  const y = checkLabels(where, data.y, data.X.rows, 2 ** 31);
  return { X: data.X, greatest: y.reduce((most, label) => Math.max(most, label), 0) };
}

async function* results(
  task: SearchTask,
  candidates: readonly Candidate[],
  workers: number | undefined,
): AsyncGenerator<SearchResult> {
  const pool = await SearchPool.start(task, candidates, workers);
  try {
    for (const [index, candidate] of candidates.entries()) {
      yield toResult(
        index,
        candidate,
        pool === undefined ? runCandidate(task, candidate) : await pool.outcome(index),
      );
    }
  } finally {
    await pool?.end();
  }
}

function toResult(index: number, candidate: Candidate, outcome: Outcome): SearchResult {
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
