// The settings of a training that nobody chose: the defaults of `train`, which are the exercise's,
// and recommendations that suit most tables.

import { checkInteger } from "../base/checks.ts";
import type { Sampling } from "./batches.ts";
import { adam, checkOptimizer, type Optimizer, sgd } from "./optimizer.ts";
import { cosine, type Schedule } from "./schedule.ts";

/** What `train` and `search` use for options that are not given. */
export const TRAIN_DEFAULTS = {
  learningRate: 1e-3,
  learningRateDecay: 0.95,
  reg: 5e-6,
  batchSize: 200,
  iterations: 100,
  sampling: "shuffle" as Sampling,
  optimizer: sgd(),
  trainAccuracy: 1000 as number | "all", // as CS231n's solver
} as const;

// From a comparison of rules on 28 public tables. Below 2000 rows 2000 steps are
// enough, and 0.003 instead of 0.001 takes the mean log loss from 0.475 to 0.418 at the same
// accuracy; judging epochs by few held-back rows costs up to 13 points. From 2000 rows on 100
// passes, a weaker penalty and the best epoch take the mean accuracy from 80.0 to 81.8 %. A
// learning rate of 0.001 loses 0.4 points on digits.
const STEPS = 2000;
const EPOCHS = 100;
const MAX_STEPS = 25_000;
const MIN_EPOCHS = 10;
const MANY_ROWS = 2000;
const MAX_REG = 3e-3;
const REG = 1e-3; // at MANY_ROWS
const LEARNING_RATES = { adam: 0.003, momentum: 0.03, nesterov: 0.03, sgd: 0.3 };

/** Options of `train` as `recommendedOptions` returns them: each of these is set. */
export type RecommendedOptions = {
  optimizer: Optimizer;
  learningRate: number;
  schedule: Schedule;
  reg: number;
  batchSize: number;
  epochs: number;
};

/**
 * Options of `train` that suit `rows` training rows of standardized data: the defaults of the
 * command line. `optimizer` defaults to `adam()`. Throws a TypeError or RangeError.
 * @example
 * const { learningRate, reg, batchSize, epochs } = recommendedOptions(120);
 * console.log(learningRate, reg, batchSize, epochs); // 0.003 0.003 32 500
 */
export function recommendedOptions(
  rows: number,
  optimizer: Optimizer = adam(),
): RecommendedOptions {
  checkInteger("recommendedOptions", "rows", rows, 1);
  const batchSize = recommendedBatchSize(rows);
  return {
    optimizer: checkOptimizer("recommendedOptions", optimizer),
    learningRate: recommendedLearningRate(optimizer),
    schedule: cosine(),
    reg: recommendedReg(rows),
    batchSize,
    epochs: recommendedEpochs(rows, batchSize),
  };
}

export function recommendedLearningRate(optimizer: Optimizer): number {
  return LEARNING_RATES[optimizer.name];
}

/** 32 rows; a twentieth of all rows from 640 on, up to 100; a 200th from 20 000 on, up to 200. */
export function recommendedBatchSize(rows: number): number {
  const share = Math.min(Math.max(rows / 20, 32), Math.max(rows / 200, 100));
  return Math.round(Math.min(share, 200));
}

/** 100 passes over the data; more of them for 2000 steps, fewer for 25 000, but at least 10. */
export function recommendedEpochs(rows: number, batchSize: number): number {
  const steps = Math.ceil(rows / batchSize);
  const most = Math.max(MIN_EPOCHS, MAX_STEPS / steps);
  return Math.ceil(Math.max(STEPS / steps, Math.min(EPOCHS, most)));
}

/** 0.001·(2000 / rows)^1.5, at most 0.003. */
export function recommendedReg(rows: number): number {
  return Math.min(MAX_REG, REG * (MANY_ROWS / rows) ** 1.5);
}

/**
 * Whether a training on so many rows should end with its best epoch: from 2000 rows on. Fewer
 * held-back rows are too few to choose by.
 */
export function recommendedKeepBest(rows: number): boolean {
  return rows >= MANY_ROWS;
}
