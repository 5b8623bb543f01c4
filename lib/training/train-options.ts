// The options of a training, and which values of them are refused.

import {
  checkChoice,
  checkFinite,
  checkFlag,
  checkFunction,
  checkInteger,
  checkOptions,
  show,
} from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { checkRandom, type Random } from "../base/random.ts";
import type { Dataset } from "../matrix/dataset.ts";
import { iterationsPerEpoch, SAMPLINGS, type Sampling } from "./batches.ts";
import { TRAIN_DEFAULTS } from "./defaults.ts";
import { checkOptimizer, type Optimizer } from "./optimizer.ts";
import {
  checkSchedule,
  type SavedSchedule,
  type Schedule,
  type ScheduleFunction,
} from "./schedule.ts";

/** What one iteration did. */
export type Progress = {
  /** 0-based number of the minibatch. */
  iteration: number;
  /** 0-based number of the epoch it belongs to. */
  epoch: number;
  /** The loss on the minibatch before the step. */
  loss: number;
  /** The learning rate of the step. */
  learningRate: number;
  /** Accuracy on training rows (`TrainOptions.trainAccuracy`), in the iteration that records it. */
  trainAccuracy?: number | undefined;
  /** Accuracy on the validation rows, in the same iteration, when there are any. */
  valAccuracy?: number | undefined;
};

/** The options of `Trainer` and `train`; every one has a default. */
export type TrainOptions = {
  /** Default 1e-3. */
  learningRate?: number | undefined;
  /** The learning rate is multiplied by this after every epoch; default 0.95. */
  learningRateDecay?: number | undefined;
  /**
   * Another course of the learning rate instead of `learningRateDecay`: `cosine()`, or a function
   * that returns the rate of an iteration, as in `(t) => 0.1 / (1 + t / 100)`.
   */
  schedule?: Schedule | ScheduleFunction | undefined;
  /** Strength of the L2 penalty reg·(ΣW1² + ΣW2²); default 5e-6. */
  reg?: number | undefined;
  /** Rows a minibatch; default 200. */
  batchSize?: number | undefined;
  /** Minibatches in all; default 100. Give this or `epochs`, not both. */
  iterations?: number | undefined;
  /** Passes over the data. */
  epochs?: number | undefined;
  /**
   * "shuffle" (default) visits every row once an epoch; "replacement" draws each batch anew, as the
   * exercise does.
   */
  sampling?: Sampling | undefined;
  /** How a gradient becomes a step: `sgd()` (default), `momentum()`, `nesterov()` or `adam()`. */
  optimizer?: Optimizer | undefined;
  /** Gradients of a greater norm, all four together, are scaled down to it; default: none are. */
  clipNorm?: number | undefined;
  /**
   * Stop after this many epochs in a row whose validation accuracy is not above the best so far,
   * and end, then or after the last iteration, with the parameters of the best epoch: of equals the
   * earliest. Default: train to the end and keep the last parameters. Needs `validation`.
   */
  patience?: number | undefined;
  /**
   * Train to the end and keep the parameters of the latest epoch whose log loss on the validation
   * rows is at most a standard error above the lowest. Default false. Needs `validation`, whose
   * sampleWeights count; not together with `patience`.
   */
  keepBest?: boolean | undefined;
  /**
   * At the end divide W2 and b2 by the temperature, 1 or more, that makes the log loss on the
   * validation rows least: predictions stay, probabilities are less overconfident. Default false.
   * Needs `validation`, whose sampleWeights count.
   */
  calibrate?: boolean | undefined;
  /**
   * How many training rows the accuracy after an epoch is measured on, evenly spaced among them, or
   * "all". Default 1000: on 60 000 rows, all of them take longer than half an epoch's steps.
   */
  trainAccuracy?: number | "all" | undefined;
  /** Where batches come from; default `new Random()`, seed 0. */
  random?: Random | undefined;
  /** Data whose accuracy is recorded each epoch beside the training data's. */
  validation?: Dataset | undefined;
  /** Called after each epoch with the progress that holds its accuracies. */
  onEpoch?: ((progress: Progress) => void) | undefined;
};

type Check = (where: string, name: string, value: unknown) => void;

const checkCount: Check = (where, name, value) => checkInteger(where, name, value, 1);
const checkPositive: Check = (where, name, value) => checkFinite(where, name, value, 0, true);
const checkLater: Check = () => {}; // by what makes a setting of it, or with the net

/** How the value of each option is checked by itself. */
const CHECKS: { readonly [name in keyof TrainOptions]-?: Check } = {
  learningRate: checkPositive,
  learningRateDecay: checkPositive,
  schedule: checkLater,
  reg: (where, name, value) => checkFinite(where, name, value, 0),
  batchSize: checkCount,
  iterations: checkCount,
  epochs: checkCount,
  sampling: (where, name, value) => checkChoice(where, name, value, SAMPLINGS),
  optimizer: checkLater,
  clipNorm: checkPositive,
  patience: checkCount,
  keepBest: checkFlag,
  calibrate: checkFlag,
  trainAccuracy: (where, name, value) => value === "all" || checkCount(where, name, value),
  random: (where, _, value) => checkRandom(where, value),
  validation: checkLater,
  onEpoch: checkFunction,
};

/** The names of all options. */
export const TRAIN_OPTIONS = Object.keys(CHECKS) as readonly (keyof TrainOptions)[];

const ALTERNATIVES = [
  ["iterations", "epochs"],
  ["patience", "keepBest"],
  ["learningRateDecay", "schedule"],
] as const;
const OF_VALIDATION = ["patience", "keepBest", "calibrate"] as const;

/**
 * The options that are numbers and names, all of them decided: what a checkpoint must hold to go on
 * in the same way.
 */
export type TrainSettings = {
  readonly learningRate: number;
  readonly learningRateDecay: number;
  readonly schedule: SavedSchedule | null;
  readonly reg: number;
  readonly batchSize: number;
  readonly iterations: number;
  readonly sampling: Sampling;
  readonly optimizer: Optimizer;
  readonly clipNorm: number | null;
  readonly patience: number | null;
  /** These two are there when they are true. */
  readonly keepBest?: boolean | undefined;
  readonly calibrate?: boolean | undefined;
  /** There when it is less than the rows. */
  readonly trainAccuracy?: number | undefined;
};

/**
 * The options checked, with `epochs` turned into iterations over `rows` rows. Throws a TypeError or
 * RangeError.
 */
export function checkTrainOptions(
  where: string,
  options: TrainOptions,
  rows: number,
): TrainSettings {
  checkOptions(where, options, TRAIN_OPTIONS);
  const given = definedOptions(options);
  for (const name of TRAIN_OPTIONS)
    if (given[name] !== undefined) CHECKS[name](where, name, given[name]);
  for (const [one, other] of ALTERNATIVES)
    if (given[one] && given[other])
      throw new ArgumentTypeError(
        `${where}: expected ${one} or ${other}, got both ` +
          `(${show(given[one])} and ${show(given[other])})`,
      );
  for (const name of OF_VALIDATION)
    if (given[name] && given.validation === undefined)
      throw new ArgumentTypeError(
        `${where}: ${name} expected validation data to measure on, got none`,
      );
  return settingsOf(where, given, rows);
}

function settingsOf(where: string, given: TrainOptions, rows: number): TrainSettings {
  const { schedule, epochs, clipNorm = null, patience = null, keepBest, calibrate } = given;
  const decided = { ...TRAIN_DEFAULTS, ...given };
  const { learningRate, learningRateDecay, reg, batchSize, iterations, sampling } = decided;
  const { optimizer, trainAccuracy } = decided;
  return {
    learningRate,
    learningRateDecay: schedule === undefined ? learningRateDecay : 1,
    schedule: schedule === undefined ? null : checkSchedule(where, schedule),
    reg,
    batchSize,
    iterations: epochs ? epochs * iterationsPerEpoch(rows, batchSize, sampling) : iterations,
    sampling,
    optimizer: checkOptimizer(where, optimizer),
    clipNorm,
    patience,
    ...(keepBest && { keepBest }),
    ...(calibrate && { calibrate }),
    ...(trainAccuracy !== "all" && trainAccuracy < rows && { trainAccuracy }),
  };
}

/** The options without those that are undefined, which would hide a default. */
export function definedOptions(options: TrainOptions): TrainOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as TrainOptions;
}
