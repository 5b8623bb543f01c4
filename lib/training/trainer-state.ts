// Where a training stands between two iterations: matrices and plain values, enough to go on with
// the same bits.

import { checkFinite, checkInteger, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { Random } from "../base/random.ts";
import { isInt32Array } from "../base/realms.ts";
import { checkParams, mapParams, PARAM_NAMES, type Params } from "../net/params.ts";
import { slotCount } from "./optimizer.ts";
import { checkTrainOptions, type TrainOptions, type TrainSettings } from "./train-options.ts";

/** One loss an iteration; one accuracy an epoch, `valAccuracy` empty without validation data. */
export type History = { loss: number[]; trainAccuracy: number[]; valAccuracy: number[] };

/** The epoch of the greatest validation accuracy so far: `iteration` is its last, 0-based. */
export type Best = {
  readonly iteration: number;
  readonly epoch: number;
  readonly valAccuracy: number;
  readonly params: Params;
};

/**
 * A training between two steps: all that going on to the same bits depends on, but for the data.
 * See `serializeCheckpoint`.
 */
export type TrainerState = {
  readonly settings: TrainSettings;
  /**
   * Rows of the training data and of the validation data (0 without): a resumed training must be
   * given as many.
   */
  readonly rows: number;
  readonly validationRows: number;
  /** How many iterations are done. */
  readonly iteration: number;
  /** Whether patience has ended the training. */
  readonly stopped: boolean;
  readonly learningRate: number;
  readonly random: { readonly seed: number; readonly offset: number };
  /**
   * This epoch's order of the rows, empty before the first and with "replacement"; and how many of
   * them are used.
   */
  readonly permutation: Int32Array;
  readonly position: number;
  readonly params: Params;
  /** What the optimizer remembers: nothing, the velocity, or Adam's two means. */
  readonly slots: readonly Params[];
  readonly history: History;
  readonly best: Best | null;
  /** Epochs since the best one. */
  readonly epochsSinceBest: number;
};

export function cloneParams(params: Params): Params {
  return mapParams(params, (param) => param.clone());
}

export function cloneHistory({ loss, trainAccuracy, valAccuracy }: History): History {
  return { loss: [...loss], trainAccuracy: [...trainAccuracy], valAccuracy: [...valAccuracy] };
}

/**
 * Throws a TypeError or RangeError unless `state` hangs together: a training resumed from it
 * neither fails later nor reads what is not there.
 */
export function checkTrainerState(where: string, state: TrainerState): void {
  if (typeof state !== "object" || state === null)
    throw new ArgumentTypeError(`${where}: state expected a TrainerState, got ${show(state)}`);
  const {
    settings,
    rows,
    validationRows,
    iteration,
    learningRate,
    permutation,
    position,
    params,
    slots,
    history,
    best,
    epochsSinceBest: waited,
    random,
    stopped,
  } = state;
  checkInteger(where, "rows", rows, 1);
  checkInteger(where, "validationRows", validationRows, 0);
  checkParams(where, params);
  if (typeof settings !== "object" || settings === null)
    throw new ArgumentTypeError(`${where}: settings expected an object, got ${show(settings)}`);
  const checked = checkTrainOptions(where, { ...optionsOf(settings), patience: undefined }, rows);
  if (settings.patience !== null) checkInteger(where, "patience", settings.patience, 1);
  checkInteger(where, "iteration", iteration, 0, checked.iterations);
  checkFinite(where, "learningRate", learningRate, 0);
  Random.fromState(random);
  expect(typeof stopped === "boolean", where, "stopped expected true or false");
  expect(
    isInt32Array(permutation) && isPermutation(permutation, rows),
    where,
    `permutation expected an order of ${rows} rows or none`,
  );
  checkInteger(where, "position", position, 0, permutation.length);
  expect(
    Array.isArray(slots) && slots.length === slotCount(checked.optimizer),
    where,
    `${slotCount(checked.optimizer)} slots expected for ${checked.optimizer.name}`,
  );
  for (const slot of slots) checkLikeParams(where, "slots", slot, params);
  for (const name of ["loss", "trainAccuracy", "valAccuracy"] as const) {
    const values: unknown = history?.[name];
    expect(
      Array.isArray(values) && values.every((value) => Number.isFinite(value)),
      where,
      `history.${name} expected finite numbers`,
    );
  }
  expect(
    history.loss.length === iteration,
    where,
    `${iteration} losses expected after as many iterations, got ${history.loss.length}`,
  );
  if (best !== null) {
    expect(typeof best === "object", where, "best expected an object or null");
    checkInteger(where, "best.iteration", best.iteration, 0, iteration - 1);
    checkInteger(where, "best.epoch", best.epoch, 0);
    checkFinite(where, "best.valAccuracy", best.valAccuracy, 0);
    checkLikeParams(where, "best.params", best.params, params);
  }
  checkInteger(where, "waited", waited, 0);
}

/** The settings as the options they came from. */
export function optionsOf({
  learningRateDecay,
  schedule,
  clipNorm,
  patience,
  ...rest
}: TrainSettings): TrainOptions {
  return {
    ...rest,
    ...(schedule === null ? { learningRateDecay } : { schedule }),
    clipNorm: clipNorm ?? undefined,
    patience: patience ?? undefined,
  };
}

function expect(holds: boolean, where: string, message: string): void {
  if (!holds) throw new ArgumentRangeError(`${where}: ${message}`);
}

function checkLikeParams(where: string, what: string, value: Params, params: Params): void {
  checkParams(`${where}: ${what}`, value);
  for (const name of PARAM_NAMES) {
    expect(
      value[name].rows === params[name].rows && value[name].cols === params[name].cols,
      where,
      `${what} expected the shapes of the parameters`,
    );
  }
}

/** Whether `order` holds each of 0..rows−1 once, or nothing. */
function isPermutation(order: Int32Array, rows: number): boolean {
  if (order.length === 0) return true;
  if (order.length !== rows) return false;
  const seen = new Uint8Array(rows);
  for (const row of order) {
    if (row < 0 || row >= rows || seen[row] === 1) return false;
    seen[row] = 1;
  }
  return true;
}
