// Where a training stands between two iterations: matrices and plain values, enough to go on with
// the same bits. Which states are refused when a training is resumed.

import { checkFinite, checkInteger, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { Random } from "../base/random.ts";
import { checkSameShape } from "../matrix/shape.ts";
import { checkParams, cloneParams, PARAM_NAMES, type Params, reviveParams } from "../net/params.ts";
import { type BetaPowers, betaPowersAfter, type Optimizer, slotCount } from "./optimizer.ts";
import { checkTrainOptions, type TrainOptions, type TrainSettings } from "./train-options.ts";

/** What happened in a training. */
export type History = {
  /** One loss an iteration. */
  loss: number[];
  /** One accuracy an epoch, of as many training rows as the option of this name says. */
  trainAccuracy: number[];
  /** One accuracy an epoch, none without validation data. */
  valAccuracy: number[];
  /** There with the option `calibrate`, at the end: what W2 and b2 were divided by. */
  temperature?: number | undefined;
  /** There when the learning rate decayed to almost nothing while the loss still fell: says so. */
  note?: string | undefined;
};

/** The epoch whose parameters are kept so far: `iteration` is its last, 0-based. */
export type Best = {
  readonly iteration: number;
  readonly epoch: number;
  readonly valAccuracy: number;
  readonly params: Params;
  /** With keepBest: the lowest log loss so far, and one standard error more. */
  readonly logLoss?: { readonly lowest: number; readonly limit: number } | undefined;
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
  readonly permutation: readonly number[];
  readonly position: number;
  readonly params: Params;
  /** What the optimizer remembers: nothing, the velocity, or Adam's two means. */
  readonly slots: readonly Params[];
  /** Powers of Adam's beta1 and beta2, 1 and 1 for the others; version 1.0.0 did not save them. */
  readonly betaPowers?: BetaPowers | undefined;
  readonly history: History;
  readonly best: Best | null;
  /** Epochs since the best one. */
  readonly epochsSinceBest: number;
};

export function cloneHistory({
  loss,
  trainAccuracy,
  valAccuracy,
  temperature,
  note,
}: History): History {
  return {
    loss: [...loss],
    trainAccuracy: [...trainAccuracy],
    valAccuracy: [...valAccuracy],
    ...(temperature !== undefined && { temperature }),
    ...(note !== undefined && { note }),
  };
}

/** The state, whose matrices may be plain objects as JSON and structuredClone give them. */
export function reviveTrainerState(where: string, saved: TrainerState): ResumableState {
  if (typeof saved !== "object" || saved === null)
    throw new ArgumentTypeError(`${where}: state expected a TrainerState, got ${show(saved)}`);
  const revive = (value: unknown, name: string): Params => reviveParams(`${where}: ${name}`, value);
  const { slots, best } = saved;
  const state = {
    ...saved,
    params: revive(saved.params, "params"),
    slots: Array.isArray(slots) ? slots.map((slot, i) => revive(slot, `slots[${i}]`)) : slots,
    best:
      typeof best === "object" && best !== null
        ? { ...best, params: revive(best.params, "best.params") }
        : best,
  };
  checkTrainerState(where, state);
  const { optimizer } = state.settings;
  return { ...state, betaPowers: state.betaPowers ?? betaPowersAfter(optimizer, state.iteration) };
}

/** A checked state with the powers that version 1.0.0 did not save. */
export type ResumableState = TrainerState & { readonly betaPowers: BetaPowers };

/**
 * Throws a TypeError, RangeError or ShapeError unless the members of `state` fit each other, so
 * that a training resumed from it neither fails later nor reads what is not there.
 */
export function checkTrainerState(where: string, state: TrainerState): void {
  if (typeof state !== "object" || state === null)
    throw new ArgumentTypeError(`${where}: state expected a TrainerState, got ${show(state)}`);
  const { rows, validationRows, params, stopped, epochsSinceBest } = state;
  checkInteger(where, "rows", rows, 1);
  checkInteger(where, "validationRows", validationRows, 0);
  checkParams(where, params);
  const settings = checkSettings(where, state);
  checkInteger(where, "iteration", state.iteration, 0, settings.iterations);
  checkFinite(where, "learningRate", state.learningRate, 0);
  Random.fromState(state.random);
  checkType(where, "stopped", "true or false", stopped, typeof stopped === "boolean");
  checkOrder(where, state);
  checkMemory(where, state, settings.optimizer);
  checkHistory(where, state);
  checkBest(where, state);
  checkInteger(where, "epochsSinceBest", epochsSinceBest, 0);
}

/** The settings as the options they came from. */
export function optionsOf({
  learningRateDecay,
  schedule,
  clipNorm,
  patience,
  trainAccuracy,
  ...rest
}: TrainSettings): TrainOptions {
  // a function is no data: whoever resumes the training gives it again
  const fromSchedule = schedule?.name === "function" ? {} : { schedule };
  const course = schedule === null ? { learningRateDecay } : fromSchedule;
  return {
    ...rest,
    ...(course as Pick<TrainOptions, "schedule" | "learningRateDecay">),
    clipNorm: clipNorm ?? undefined,
    patience: patience ?? undefined,
    trainAccuracy: trainAccuracy ?? "all",
  };
}

function checkSettings(where: string, { settings, rows }: TrainerState): TrainSettings {
  checkType(where, "settings", "an object", settings, typeof settings === "object" && settings);
  if (settings.patience !== null) checkInteger(where, "patience", settings.patience, 1);
  const options = {
    ...optionsOf(settings),
    patience: undefined,
    keepBest: undefined,
    calibrate: undefined,
  };
  return checkTrainOptions(where, options, rows);
}

function checkOrder(where: string, { permutation, position, rows }: TrainerState): void {
  const isArray = Array.isArray(permutation) || ArrayBuffer.isView(permutation);
  checkType(where, "permutation", "an array", permutation, isArray);
  if (!isPermutation(permutation, rows))
    throw new ArgumentRangeError(
      `${where}: permutation expected an order of ${rows} rows or none, got ${show(permutation)}`,
    );
  checkInteger(where, "position", position, 0, permutation.length);
}

function checkMemory(
  where: string,
  { slots, betaPowers, params }: TrainerState,
  optimizer: Optimizer,
): void {
  checkType(where, "slots", "an array", slots, Array.isArray(slots));
  const count = slotCount(optimizer);
  if (slots.length !== count)
    throw new ArgumentRangeError(
      `${where}: slots expected ${count} for ${optimizer.name}, got ${slots.length}`,
    );
  for (const [i, slot] of slots.entries()) checkLikeParams(where, `slots[${i}]`, slot, params);
  if (betaPowers === undefined) return;
  const isPair = Array.isArray(betaPowers) && betaPowers.length === 2;
  checkType(where, "betaPowers", "two numbers", betaPowers, isPair);
  for (const power of betaPowers) checkFinite(where, "betaPowers", power, 0);
}

function checkHistory(where: string, { history, iteration }: TrainerState): void {
  checkType(where, "history", "an object", history, typeof history === "object" && history);
  for (const name of ["loss", "trainAccuracy", "valAccuracy"] as const) {
    const values = history[name];
    checkType(where, `history.${name}`, "an array", values, Array.isArray(values));
    for (const [i, value] of values.entries()) checkFinite(where, `history.${name}[${i}]`, value);
  }
  const { note, temperature = 1 } = history;
  checkFinite(where, "history.temperature", temperature, 0, true);
  checkType(where, "history.note", "a text", note, note === undefined || typeof note === "string");
  const losses = history.loss.length;
  if (losses !== iteration)
    throw new ArgumentRangeError(
      `${where}: history.loss expected ${iteration} losses, one an iteration, got ${losses}`,
    );
}

function checkBest(where: string, { best, iteration, params }: TrainerState): void {
  if (best === null) return;
  checkType(where, "best", "an object or null", best, typeof best === "object");
  checkInteger(where, "best.iteration", best.iteration, 0, iteration - 1);
  checkInteger(where, "best.epoch", best.epoch, 0);
  checkFinite(where, "best.valAccuracy", best.valAccuracy, 0);
  for (const [name, value] of Object.entries(best.logLoss ?? {}))
    checkFinite(where, `best.logLoss.${name}`, value, 0);
  checkLikeParams(where, "best.params", best.params, params);
}

function checkType(
  where: string,
  name: string,
  expected: string,
  value: unknown,
  holds: unknown,
): void {
  if (!holds)
    throw new ArgumentTypeError(`${where}: ${name} expected ${expected}, got ${show(value)}`);
}

function checkLikeParams(where: string, what: string, value: Params, params: Params): void {
  checkParams(`${where}: ${what}`, value);
  for (const name of PARAM_NAMES)
    checkSameShape(`${where}: ${what}.${name}`, params[name], value[name]);
}

/** Whether `order` holds each of 0..rows−1 once, or nothing. */
function isPermutation(order: readonly number[], rows: number): boolean {
  if (order.length === 0) return true;
  if (order.length !== rows) return false;
  const seen = new Uint8Array(rows);
  for (const row of order) {
    if (!Number.isInteger(row) || row < 0 || row >= rows || seen[row] === 1) return false;
    seen[row] = 1;
  }
  return true;
}

export function cloneBest(best: Best | null): Best | null {
  return best === null ? null : { ...best, params: cloneParams(best.params) };
}
