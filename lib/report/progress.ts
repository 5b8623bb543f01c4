// The progress of a training as one line of text for a terminal.

import { checkFinite, checkInteger, show } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { displayWidth, formatPercent, truncate } from "./text.ts";

/** The progress of a training, for progressLine. */
export type ProgressState = {
  /** The number of iterations that are done. */
  done: number;
  /** The number of all iterations. */
  total: number;
  /** Milliseconds since the start; rate and remaining time are computed from it. */
  elapsed?: number | undefined;
  /** Iterations that were done before `elapsed` began, in a resumed training. Default: 0. */
  doneBefore?: number | undefined;
  epoch?: number | undefined;
  loss?: number | undefined;
  trainAccuracy?: number | undefined;
  valAccuracy?: number | undefined;
};

const BAR_WIDTH = 20;
const MIN_BAR_WIDTH = 8;
const ESSENTIAL_RANK = 3; // fields of a lower rank stay when the bar goes
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * A line of at most `width` columns, without a newline: bar, percentage, epoch, loss, accuracies,
 * rate and remaining time. To fit, the bar shrinks; then it leaves out the train accuracy, the
 * rate, the epoch, the validation accuracy, the bar, the remaining time and the loss, in this
 * order. Throws a RangeError or TypeError unless 0 <= done <= total.
 * @example
 * const state = { done: 30, total: 120, elapsed: 1500, epoch: 3, loss: 0.1234, valAccuracy: 0.9 };
 * console.log(progressLine(state, 72));
 * // ███░░░░░░░░░  25%  epoch 3  loss 0.1234  val 90.0%  20 it/s  ETA 4.5s
 */
export function progressLine(state: ProgressState, width = 80): string {
  if (typeof state !== "object" || state === null)
    throw new ArgumentTypeError(
      `progressLine: state expected { done, total, … }, got ${show(state)}`,
    );
  checkInteger("progressLine", "total", state.total, 0);
  checkInteger("progressLine", "done", state.done, 0, state.total);
  checkInteger("progressLine", "width", width, 0);
  if (state.elapsed !== undefined) checkFinite("progressLine", "elapsed", state.elapsed, 0);
  const fraction = state.total === 0 ? 1 : state.done / state.total;
  const percent = `${Math.floor(fraction * 100)}%`.padStart(4);
  const fields = [{ text: percent, rank: 0 }, ...fieldsOf(state)];
  const join = () => fields.map(({ text }) => text).join("  ");
  for (;;) {
    for (let bar = BAR_WIDTH; bar >= MIN_BAR_WIDTH; bar -= 4) {
      if (bar + 1 + displayWidth(join()) <= width) return `${drawBar(fraction, bar)} ${join()}`;
    }
    const last = Math.max(...fields.map(({ rank }) => rank));
    if (last < ESSENTIAL_RANK && displayWidth(join()) <= width) return join();
    if (fields.length === 1) return truncate(join(), width);
    fields.splice(
      fields.findIndex(({ rank }) => rank === last),
      1,
    );
  }
}

/** The fields after the percentage; those of the highest rank are the first to be left out. */
function fieldsOf(state: ProgressState): { text: string; rank: number }[] {
  const { done, total, elapsed, doneBefore = 0, epoch, loss, trainAccuracy, valAccuracy } = state;
  const fields: { text: string; rank: number }[] = [];
  if (epoch !== undefined) fields.push({ text: `epoch ${epoch}`, rank: 4 });
  if (loss !== undefined) fields.push({ text: `loss ${lossText(loss)}`, rank: 1 });
  if (trainAccuracy !== undefined)
    fields.push({ text: `train ${formatPercent(trainAccuracy)}`, rank: 6 });
  if (valAccuracy !== undefined)
    fields.push({ text: `val ${formatPercent(valAccuracy)}`, rank: 3 });
  const rate = elapsed ? (done - doneBefore) / (elapsed / 1000) : 0;
  if (rate > 0) {
    const time =
      done === total
        ? `took ${duration(elapsed! / 1000)}`
        : `ETA ${duration((total - done) / rate)}`;
    fields.push({ text: `${rateText(rate)} it/s`, rank: 5 }, { text: time, rank: 2 });
  }
  return fields;
}

/** Seconds as "0.4s", "12s", "3m 20s", "1h 05m", "2d 03h". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)}s`;
  const s = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m ${two(s % 60)}s`;
  if (s < 86400) return `${Math.floor(s / 3600)}h ${two(Math.floor((s % 3600) / 60))}m`;
  return `${Math.floor(s / 86400)}d ${two(Math.floor((s % 86400) / 3600))}h`;
}

function drawBar(fraction: number, width: number): string {
  const eighths = Math.floor(fraction * width * 8);
  const full = "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
  return full.padEnd(width, "░");
}

function lossText(loss: number): string {
  if (!Number.isFinite(loss)) return String(loss);
  const size = Math.abs(loss);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? loss.toExponential(2) : loss.toFixed(4);
}

function rateText(rate: number): string {
  return rate >= 100 ? String(Math.round(rate)) : rate.toPrecision(2);
}
