// Where a training stands, as one line for a terminal. Text only: when to write it, and whether the
// stream is a terminal at all, is for the caller to know.

import { checkFinite, checkInteger } from "../base/checks.ts";
import { displayWidth, truncate } from "./text.ts";

/** How far a training is, for progressLine. */
export type ProgressState = {
  /** How many iterations are done, of how many. */
  done: number;
  total: number;
  /** Since the start, in milliseconds; rate and remaining time follow from it. */
  elapsed?: number;
  /** Iterations done before `elapsed` began, when a training was resumed; default 0. */
  doneBefore?: number;
  epoch?: number;
  loss?: number;
  trainAccuracy?: number;
  valAccuracy?: number;
};

const BAR = 20;
const LEAST_BAR = 8;
const ESSENTIAL = 3; // fields of a lower rank are worth more than the bar
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * One line without a newline, at most `width` columns: bar, percent, epoch, loss, accuracies, rate,
 * time left. What does not fit goes, the least needed first: the bar shrinks, then the train
 * accuracy, the rate, the epoch and the validation accuracy leave, then the bar, the time left and
 * the loss. The percentage stays. Throws RangeError or TypeError unless 0 <= done <= total.
 * @example
 * console.log(progressLine({ done: 30, total: 120, elapsed: 1500, epoch: 3, loss: 0.1234, valAccuracy: 0.9 }, 72));
 * // ███░░░░░░░░░  25%  epoch 3  loss 0.1234  val 90.0%  20 it/s  ETA 4.5s
 */
export function progressLine(state: ProgressState, width = 80): string {
  checkInteger("progressLine", "total", state.total, 0);
  checkInteger("progressLine", "done", state.done, 0, state.total);
  checkInteger("progressLine", "width", width, 0);
  if (state.elapsed !== undefined) checkFinite("progressLine", "elapsed", state.elapsed, 0);
  const fraction = state.total === 0 ? 1 : state.done / state.total;
  const percent = `${Math.floor(fraction * 100)}%`.padStart(4);
  // In the order they leave: [text, rank], the highest rank first.
  const fields: [text: string, rank: number][] = [[percent, 0]];
  if (state.epoch !== undefined) fields.push([`epoch ${state.epoch}`, 4]);
  if (state.loss !== undefined) fields.push([`loss ${lossText(state.loss)}`, 1]);
  if (state.trainAccuracy !== undefined)
    fields.push([`train ${accuracyText(state.trainAccuracy)}`, 6]);
  if (state.valAccuracy !== undefined) fields.push([`val ${accuracyText(state.valAccuracy)}`, 3]);
  const rate = state.elapsed ? (state.done - (state.doneBefore ?? 0)) / (state.elapsed / 1000) : 0;
  if (rate > 0) {
    fields.push([`${rateText(rate)} it/s`, 5]);
    fields.push([
      state.done === state.total
        ? `took ${duration(state.elapsed! / 1000)}`
        : `ETA ${duration((state.total - state.done) / rate)}`,
      2,
    ]);
  }
  const join = () => fields.map(([text]) => text).join("  ");
  for (;;) {
    for (let bar = BAR; bar >= LEAST_BAR; bar -= 4) {
      if (bar + 1 + displayWidth(join()) <= width) return `${drawBar(fraction, bar)} ${join()}`;
    }
    const last = Math.max(...fields.map(([, rank]) => rank));
    // rather no bar than no loss
    if (last < ESSENTIAL && displayWidth(join()) <= width) return join();
    if (fields.length === 1) return truncate(join(), width);
    fields.splice(
      fields.findIndex(([, rank]) => rank === last),
      1,
    );
  }
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

function accuracyText(accuracy: number): string {
  return Number.isFinite(accuracy) ? `${(accuracy * 100).toFixed(1)}%` : String(accuracy);
}

function rateText(rate: number): string {
  return rate >= 100 ? String(Math.round(rate)) : rate.toPrecision(2);
}
