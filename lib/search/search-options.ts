// The options of a search, and which values of them are refused.

import { checkArray, checkInteger, checkOptions } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { type AbortSignalLike, checkSignal } from "../base/event-loop.ts";
import { checkDataset, checkFiniteElements, type Dataset } from "../matrix/dataset.ts";
import { checkHas } from "../matrix/shape.ts";
import { createParams } from "../net/params.ts";
import { TRAIN_DEFAULTS } from "../training/defaults.ts";
import { TRAIN_OPTIONS, type TrainOptions } from "../training/train-options.ts";
import { type Job, jobOf, type SearchTask, SHARED_OPTIONS } from "./candidate.ts";
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
  samples?: number | undefined;
  /** Hidden units where the space does not name them; default 100. */
  hiddenSize?: number | undefined;
  /** Classes; default one more than the greatest label. */
  outputSize?: number | undefined;
  /** How weights start; default "he". */
  std?: number | "he" | undefined;
  /** Of the draws, and of the weights and batches of every candidate alike; default 0. */
  seed?: number | undefined;
  /**
   * Threads beside this one; default one for each core, or none for a single candidate. Each trains
   * a candidate; where fewer candidates are left, several share the products of one. 0: train in
   * this thread. The results are the same.
   */
  workers?: number | undefined;
  /** Candidates that are not trained, by their indices, such as those of an earlier search. */
  skip?: readonly number[] | undefined;
  /** Ends the search and its workers; the waiting `next` rejects with the signal's reason. */
  signal?: AbortSignalLike | undefined;
};

const OWN_OPTIONS = [
  "space",
  "samples",
  "hiddenSize",
  "outputSize",
  "std",
  "seed",
  "workers",
  "skip",
  "signal",
] as const satisfies readonly (keyof SearchOptions)[];

/** The names of all options: a function, so that a bundle without a search does without them. */
export function searchOptionNames(): string[] {
  const shared = TRAIN_OPTIONS.filter((name) => name !== "random" && name !== "onEpoch");
  return [...shared, ...OWN_OPTIONS];
}

/** What a search does, checked. */
export type CheckedSearch = {
  readonly task: SearchTask;
  readonly candidates: readonly Candidate[];
  /** How each of the candidates is trained. */
  readonly jobs: readonly Job[];
  readonly workers: number | undefined;
  /** The indices of candidates that are not trained. */
  readonly skip: ReadonlySet<number>;
};

/** The options checked, and the candidates. Throws a TypeError, RangeError or ShapeError. */
export function checkSearch(data: Dataset, options: SearchOptions): CheckedSearch {
  checkOptions("search", options, searchOptionNames());
  const { space, samples, seed = 0, skip = [], signal } = options;
  checkInteger("search", "seed", seed, 0);
  checkSignal("search", signal);
  const workers = checkWorkers(options);
  const task = checkTask(data, options, seed);
  const {
    learningRate = TRAIN_DEFAULTS.learningRate,
    learningRateDecay = TRAIN_DEFAULTS.learningRateDecay,
    reg = TRAIN_DEFAULTS.reg,
    batchSize = TRAIN_DEFAULTS.batchSize,
    optimizer = TRAIN_DEFAULTS.optimizer,
    hiddenSize = 100,
  } = options;
  checkInteger("search", "hiddenSize", hiddenSize, 1);
  const fixed = { learningRate, hiddenSize, reg, learningRateDecay, batchSize, optimizer };
  const candidates = listCandidates("search", space, fixed, samples, seed);
  checkArray("search", "skip", skip, "an array of indices");
  for (const index of skip) checkInteger("search", "skip", index, 0, candidates.length - 1);
  const jobs = candidates.map((candidate) => jobOf(task, candidate));
  return { task, candidates, jobs, workers, skip: new Set(skip) };
}

/** How many workers are wanted; none for a schedule that is a function, which cannot be sent. */
function checkWorkers({ workers, schedule }: SearchOptions): number | undefined {
  if (workers !== undefined) checkInteger("search", "workers", workers, 0, 1024);
  if (typeof schedule !== "function") return workers;
  if (workers !== undefined && workers > 0)
    throw new ArgumentTypeError(
      `search: workers expected 0 for a schedule that is a function, got ${workers}`,
    );
  return 0;
}

/** What all candidates have in common, checked. */
function checkTask(data: Dataset, options: SearchOptions, seed: number): SearchTask {
  if (options.outputSize !== undefined) checkInteger("search", "outputSize", options.outputSize, 1);
  const { std = "he" } = options;
  const checked = checkDataset("search", data, options.outputSize);
  const validation = checkDataset("search: validation", options.validation, options.outputSize);
  for (const { X } of [checked, validation]) {
    checkHas("search", "row", X);
    checkFiniteElements("search", X);
  }
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
  const shared = Object.fromEntries(SHARED_OPTIONS.map((name) => [name, options[name]]));
  return { data: checked, validation, outputSize, std, seed, options: shared };
}
