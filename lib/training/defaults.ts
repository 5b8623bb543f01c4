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

// From comparisons of rules on 28 and on 48 tables, see docs/tables.md. Below 2000 rows 2000
// steps are enough. From there on 100 passes and a penalty that falls as rows^-1.5 take the mean
// accuracy of eleven tables from 80.0 to 81.9 %. A learning rate of 0.001 loses 0.4 points on
// digits.
const STEPS = 2000;
const EPOCHS = 100;
const MAX_STEPS = 25_000;
const MIN_EPOCHS = 10;
const MANY_ROWS = 2000;
const REG = 1e-3; // up to MANY_ROWS
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
 * console.log(learningRate, reg, batchSize, epochs); // 0.003 0.001 32 500
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

/** 0.001 up to 2000 rows, from there on 0.001·(2000 / rows)^1.5. */
export function recommendedReg(rows: number): number {
  return REG * Math.min(1, MANY_ROWS / rows) ** 1.5;
}

/**
 * The share of so many rows to hold back for validation: a fifth, at most 400 of them, but at least
 * a tenth. More of them tell little more, and are missing in the training: of 20 000 rows of 26
 * classes, a tenth instead of a fifth is right on 93.8 instead of 92.8 %.
 */
export function recommendedValidation(rows: number): number {
  return Math.max(0.1, Math.min(0.2, 400 / rows));
}
