// Which states are refused when a training is resumed, and which data.

import {
  checkArray,
  checkFinite,
  checkInteger,
  isRecord,
  show,
  wrongType,
} from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { Random } from "../base/random.ts";
import type { Dataset } from "../matrix/dataset.ts";
import { checkMatrixOf } from "../matrix/shape.ts";
import { checkParams, PARAM_NAMES, type Params, reviveParams } from "../net/params.ts";
import type { TwoLayerNet } from "../net/two-layer-net.ts";
import type { Best } from "./best-epoch.ts";
import { betaPowersAfter, type Optimizer, slotCount } from "./optimizer.ts";
import type { Schedule, ScheduleFunction } from "./schedule.ts";
import { checkTrainOptions, type TrainOptions, type TrainSettings } from "./train-options.ts";
import {
  optionsOf,
  type ResumableState,
  type TrainerState,
  WITHOUT_VALIDATION,
} from "./trainer-state.ts";
import { checkNetData } from "./training-data.ts";

/** The state, whose matrices may be plain objects as JSON and structuredClone give them. */
export function reviveTrainerState(where: string, saved: TrainerState): ResumableState {
  const { params, slots, best, ...rest } = asTrainerState(where, saved);
  const revive = (value: unknown, name: string): Params => reviveParams(`${where}: ${name}`, value);
  const state = {
    ...rest,
    params: revive(params, "params"),
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

function asTrainerState(where: string, state: TrainerState): TrainerState {
  if (typeof state === "object" && state !== null) return state;
  throw wrongType(where, "state", "a TrainerState", state);
}

/**
 * Throws a TypeError, RangeError or ShapeError unless the members of `state` fit each other, so
 * that a training resumed from it neither fails later nor reads what is not there.
 */
export function checkTrainerState(where: string, state: TrainerState): void {
  const { rows, params, stopped } = asTrainerState(where, state);
  checkInteger(where, "rows", rows, 1);
  checkInteger(where, "validationRows", state.validationRows, 0);
  checkParams(where, params);
  const { optimizer, iterations } = checkSettings(where, state);
  checkInteger(where, "iteration", state.iteration, 0, iterations);
  checkFinite(where, "learningRate", state.learningRate, 0);
  Random.fromState(state.random);
  checkType(where, "stopped", "true or false", stopped, typeof stopped === "boolean");
  checkOrder(where, state);
  checkMemory(where, state, optimizer);
  checkHistory(where, state);
  if (state.best !== null) checkBest(where, state, state.best);
  checkInteger(where, "epochsSinceBest", state.epochsSinceBest, 0);
}

function checkSettings(where: string, { settings, rows }: TrainerState): TrainSettings {
  checkType(where, "settings", "an object", settings, isRecord(settings));
  if (settings.patience !== null) checkInteger(where, "patience", settings.patience, 1);
  return checkTrainOptions(where, { ...optionsOf(settings), ...WITHOUT_VALIDATION }, rows);
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
  checkArray(where, "slots", slots);
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
  checkType(where, "history", "an object", history, isRecord(history));
  for (const name of ["loss", "trainAccuracy", "valAccuracy"] as const) {
    const values = history[name];
    checkArray(where, `history.${name}`, values);
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

function checkBest(where: string, { iteration, params }: TrainerState, best: Best): void {
  checkType(where, "best", "an object or null", best, isRecord(best));
  checkInteger(where, "best.iteration", best.iteration, 0, iteration - 1);
  checkInteger(where, "best.epoch", best.epoch, 0);
  checkFinite(where, "best.valAccuracy", best.valAccuracy, 0);
  const { lowest, limit } = best.logLoss ?? { lowest: 0, limit: 0 };
  checkFinite(where, "best.logLoss.lowest", lowest, 0);
  checkFinite(where, "best.logLoss.limit", limit, 0);
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
    checkMatrixOf(where, `${what}.${name}`, value[name], ...params[name].shape);
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

/** The schedule of a resumed training; a function must be given again. */
export function resumedSchedule(
  where: string,
  { settings }: TrainerState,
  schedule: Schedule | ScheduleFunction | undefined,
): { schedule?: Schedule | ScheduleFunction | undefined } {
  const isFunction = settings.schedule?.name === "function";
  if (isFunction && typeof schedule !== "function")
    throw wrongType(where, "schedule", "the function of the interrupted training", schedule);
  if (!isFunction && schedule !== undefined)
    throw wrongType(where, "schedule", "nothing, since the state has it", schedule);
  return isFunction ? { schedule } : {};
}

/** Throws unless the data are as many rows, for this net, as those of the interrupted training. */
export function checkResumedData(
  where: string,
  state: TrainerState,
  net: TwoLayerNet,
  data: Dataset,
  { validation }: Pick<TrainOptions, "validation">,
): void {
  const { rows } = checkNetData(where, net, data).X;
  const validationRows =
    validation === undefined ? 0 : checkNetData(`${where}: validation`, net, validation).X.rows;
  if (rows === state.rows && validationRows === state.validationRows) return;
  throw new ArgumentRangeError(
    `${where}: expected ${state.rows} rows and ${state.validationRows} for validation, ` +
      `got ${rows} and ${validationRows}`,
  );
}
