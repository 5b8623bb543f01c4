// What a training, new or resumed, checks before its first step, and the accuracy it measures on
// its own rows.

import { show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { type CheckedDataset, checkDataset, type Dataset } from "../matrix/dataset.ts";
import { checkHasRows } from "../matrix/shape.ts";
import { checkInputs, type TwoLayerNet } from "../net/two-layer-net.ts";
import type { Schedule, ScheduleFunction } from "./schedule.ts";
import type { TrainOptions, TrainSettings } from "./train-options.ts";
import type { TrainerState } from "./trainer-state.ts";

/** The schedule that is no function, with its settings. */
export function checkedSchedule({ schedule }: TrainSettings): Schedule | undefined {
  return schedule?.name === "cosine" ? schedule : undefined;
}

/** The schedule of a resumed training; a function must be given again. */
export function resumedSchedule(
  where: string,
  { settings }: TrainerState,
  schedule: Schedule | ScheduleFunction | undefined,
): { schedule?: Schedule | ScheduleFunction | undefined } {
  const saved = settings.schedule;
  const isFunction = saved?.name === "function";
  if (isFunction && typeof schedule !== "function")
    throw new ArgumentTypeError(
      `${where}: schedule expected the function of the interrupted training, got ${show(schedule)}`,
    );
  if (!isFunction && schedule !== undefined)
    throw new ArgumentTypeError(
      `${where}: schedule expected nothing, since the state has it, got ${show(schedule)}`,
    );
  return isFunction ? { schedule } : {};
}

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

/** The data after checking that they fit the net. Throws a TypeError, ShapeError or RangeError. */
export function checkNetData(where: string, net: TwoLayerNet, data: Dataset): CheckedDataset {
  const checked = checkDataset(where, data, net.outputSize);
  checkInputs(where, net, checked.X);
  checkHasRows(where, checked.X);
  return checked;
}

/** The accuracy on as many training rows as the settings say, evenly spaced. */
export function measureTraining(
  net: TwoLayerNet,
  { X, y }: CheckedDataset,
  { trainAccuracy: count = X.rows }: TrainSettings,
): number {
  if (count === X.rows) return net.accuracy(X, y);
  const rows = Int32Array.from({ length: count }, (_, i) => Math.floor((i * X.rows) / count));
  const labels = rows.map((row) => y[row]);
  return net.accuracy(X.takeRows(rows), labels);
}
