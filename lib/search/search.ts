// The exercise's find_best_net: many trainings with different settings, on all cores, and the net
// that does best on validation data.

import { checkInteger, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError, DivergenceError } from "../base/errors.ts";
import { checkDataset, type Dataset } from "../matrix/dataset.ts";
import { checkHasRows } from "../matrix/shape.ts";
import { createParams } from "../net/params.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { TRAIN_DEFAULTS } from "../training/defaults.ts";
import { checkTrainOptions, TRAIN_OPTIONS, type TrainOptions } from "../training/train-options.ts";
import type { History } from "../training/trainer-state.ts";
import {
  type Outcome,
  optionsOfCandidate,
  runCandidateInTurns,
  type SearchTask,
} from "./candidate.ts";
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

/** What is known of every candidate. */
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

/** What became of a candidate. */
export type SearchResult = CompletedResult | DivergedResult;

const OWN_OPTIONS = [
  "space",
  "samples",
  "hiddenSize",
  "outputSize",
  "std",
  "seed",
  "workers",
] as const satisfies readonly (keyof SearchOptions)[];
const NOT_OF_SEARCH: readonly string[] = ["random", "onEpoch"];
const SEARCH_OPTIONS = [
  ...TRAIN_OPTIONS.filter((name) => !NOT_OF_SEARCH.includes(name)),
  ...OWN_OPTIONS,
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
  const { task, candidates, workers } = checkSearch(data, options);
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
 * The result with the greatest validation accuracy, of equals the first; undefined when all
 * diverged.
 */
export function bestResult(results: Iterable<SearchResult>): CompletedResult | undefined {
  let best: CompletedResult | undefined;
  for (const result of results) {
    if (result.status === "done" && (best === undefined || result.valAccuracy > best.valAccuracy))
      best = result;
  }
  return best;
}

function checkSearch(
  data: Dataset,
  options: SearchOptions,
): { task: SearchTask; candidates: Candidate[]; workers: number | undefined } {
  checkOptions("search", options, SEARCH_OPTIONS);
  const { space, samples, seed = 0, workers } = options;
  checkInteger("search", "seed", seed, 0);
  if (workers !== undefined) checkInteger("search", "workers", workers, 0, 1024);
  const task = checkTask(data, options, seed);
  const {
    learningRate = TRAIN_DEFAULTS.learningRate,
    learningRateDecay = TRAIN_DEFAULTS.learningRateDecay,
    reg = TRAIN_DEFAULTS.reg,
    batchSize = TRAIN_DEFAULTS.batchSize,
    optimizer = TRAIN_DEFAULTS.optimizer,
    hiddenSize = 100,
  } = options;
  const fixed = { learningRate, hiddenSize, reg, learningRateDecay, batchSize, optimizer };
  const candidates = listCandidates("search", space, fixed, samples, seed);
  const { validation } = task;
  for (const candidate of candidates) {
    checkInteger("search", "hiddenSize", candidate.hiddenSize, 1);
    const settings = { ...optionsOfCandidate(task, candidate), validation };
    checkTrainOptions("search", settings, data.X.rows);
  }
  return { task, candidates, workers };
}

/** What all candidates have in common, checked. */
function checkTask(data: Dataset, options: SearchOptions, seed: number): SearchTask {
  const { schedule, iterations, epochs, sampling, clipNorm, patience, std = "he" } = options;
  const checked = checkDataset("search", data, options.outputSize);
  const validation = checkDataset("search: validation", options.validation, options.outputSize);
  for (const { X } of [checked, validation]) checkHasRows("search", X);
  const greatest = [checked, validation].map(({ y }) => y.reduce((a, b) => Math.max(a, b)));
  const outputSize = options.outputSize ?? Math.max(...greatest) + 1;
  const inputSize = checked.X.cols;
  createParams("search", { inputSize, hiddenSize: 1, outputSize }, { std }); // checks them
  if (validation.X.cols !== inputSize) {
    throw new ArgumentRangeError(
      `search: expected ${inputSize} columns of validation data as of training data, ` +
        `got ${validation.X.cols}`,
    );
  }
  const shared = { schedule, iterations, epochs, sampling, clipNorm, patience };
  return { data: checked, validation, outputSize, std, seed, options: shared };
}

async function* results(
  task: SearchTask,
  candidates: readonly Candidate[],
  workers: number | undefined,
): AsyncGenerator<SearchResult> {
  const pool = await SearchPool.start(task, candidates, workers);
  try {
    for (const [index, candidate] of candidates.entries()) {
      const outcome = await pool?.outcome(index);
      yield toResult(index, candidate, outcome ?? (await runCandidateInTurns(task, candidate)));
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
