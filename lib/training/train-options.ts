// The options of a training, and which values of them are refused.

import { checkChoice, checkFinite, checkInteger, checkOptions, show } from "../base/checks.ts";
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

/** The names of all options. */
export const TRAIN_OPTIONS = [
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
  "keepBest",
  "calibrate",
  "trainAccuracy",
  "random",
  "validation",
  "onEpoch",
] as const satisfies readonly (keyof TrainOptions)[];

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
  checkSteps(where, options);
  checkCourse(where, options);
  const { schedule, epochs, clipNorm, patience } = options;
  const decided = { ...TRAIN_DEFAULTS, ...definedOptions(options) };
  const { learningRate, learningRateDecay, reg, batchSize, iterations, sampling } = decided;
  const { optimizer, trainAccuracy } = decided;
  return {
    learningRate,
    learningRateDecay: schedule === undefined ? learningRateDecay : 1,
    schedule: schedule === undefined ? null : checkSchedule(where, schedule),
    reg,
    batchSize,
    iterations:
      epochs === undefined ? iterations : epochs * iterationsPerEpoch(rows, batchSize, sampling),
    sampling,
    optimizer: checkOptimizer(where, optimizer),
    clipNorm: clipNorm ?? null,
    patience: patience ?? null,
    ...(options.keepBest === true && { keepBest: true }),
    ...(options.calibrate === true && { calibrate: true }),
    ...(trainAccuracy !== "all" && trainAccuracy < rows && { trainAccuracy }),
  };
}

/** Checks what decides how many steps there are, of which rows, and when they end. */
function checkSteps(where: string, options: TrainOptions): void {
  const { batchSize, iterations, epochs, sampling, patience, random, validation, onEpoch } =
    options;
  if (batchSize !== undefined) checkInteger(where, "batchSize", batchSize, 1);
  if (iterations !== undefined) checkInteger(where, "iterations", iterations, 1);
  if (epochs !== undefined) checkInteger(where, "epochs", epochs, 1);
  if (iterations !== undefined && epochs !== undefined)
    throw new ArgumentTypeError(
      `${where}: expected iterations or epochs, got both (${iterations} and ${epochs})`,
    );
  if (sampling !== undefined) checkChoice(where, "sampling", sampling, SAMPLINGS);
  if (patience !== undefined) {
    checkInteger(where, "patience", patience, 1);
    if (validation === undefined)
      throw new ArgumentTypeError(
        `${where}: patience expected validation data to judge by, got none`,
      );
  }
  for (const name of ["keepBest", "calibrate"] as const) checkFlag(where, name, options);
  if (options.keepBest === true && patience !== undefined)
    throw new ArgumentTypeError(`${where}: expected patience or keepBest, got both`);
  const { trainAccuracy = "all" } = options;
  if (trainAccuracy !== "all") checkInteger(where, "trainAccuracy", trainAccuracy, 1);
  if (random !== undefined) checkRandom(where, random);
  if (onEpoch !== undefined && typeof onEpoch !== "function")
    throw new ArgumentTypeError(`${where}: onEpoch expected a function, got ${show(onEpoch)}`);
}

/** Checks an option that is on or off and needs validation rows. */
function checkFlag(where: string, name: "keepBest" | "calibrate", options: TrainOptions): void {
  const { [name]: value = false, validation } = options;
  if (typeof value !== "boolean")
    throw new ArgumentTypeError(`${where}: ${name} expected true or false, got ${show(value)}`);
  if (value && validation === undefined)
    throw new ArgumentTypeError(
      `${where}: ${name} expected validation data to measure on, got none`,
    );
}

/** Checks what decides how large the steps are. */
function checkCourse(where: string, options: TrainOptions): void {
  const { learningRate, learningRateDecay, schedule, reg, clipNorm } = options;
  if (learningRate !== undefined) checkFinite(where, "learningRate", learningRate, 0, true);
  if (learningRateDecay !== undefined)
    checkFinite(where, "learningRateDecay", learningRateDecay, 0, true);
  if (learningRateDecay !== undefined && schedule !== undefined)
    throw new ArgumentTypeError(
      `${where}: expected learningRateDecay or schedule, got both ` +
        `(${learningRateDecay} and ${schedule?.name})`,
    );
  if (reg !== undefined) checkFinite(where, "reg", reg, 0);
  if (clipNorm !== undefined) checkFinite(where, "clipNorm", clipNorm, 0, true);
}

/** The options without those that are undefined, which would hide a default. */
export function definedOptions(options: TrainOptions): TrainOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as TrainOptions;
}
