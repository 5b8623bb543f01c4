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
} as const;

// Chosen on the five folds of spec/slow/accuracy.test.ts. Steps: digits reach 97.0, 97.5, 97.7 and
// 97.9 % with 500, 1000, 2000 and 4000; iris, wine and breast cancer stay within 0.6 points. Reg:
// 0.001 instead of 0.0001 takes wine from 97.5 to 98.3 and digits from 97.7 to 97.9 %, breast
// cancer from 97.5 to 97.3. A learning rate of 0.001 loses 0.4 points on digits.
const STEPS = 2000;
const MIN_EPOCHS = 10;
const LEARNING_RATES = { adam: 0.003, momentum: 0.03, nesterov: 0.03, sgd: 0.3 };
export const RECOMMENDED_REG = 1e-3;

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
 * const { learningRate, batchSize, epochs } = recommendedOptions(120);
 * console.log(learningRate, batchSize, epochs); // 0.003 32 500
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
    reg: RECOMMENDED_REG,
    batchSize,
    epochs: recommendedEpochs(rows, batchSize),
  };
}

export function recommendedLearningRate(optimizer: Optimizer): number {
  return LEARNING_RATES[optimizer.name];
}

export function recommendedBatchSize(rows: number): number {
  return rows < 2000 ? 32 : rows < 20000 ? 100 : 200;
}

/** The passes over the data that make about STEPS steps. */
export function recommendedEpochs(rows: number, batchSize: number): number {
  return Math.max(MIN_EPOCHS, Math.ceil(STEPS / Math.ceil(rows / batchSize)));
}
