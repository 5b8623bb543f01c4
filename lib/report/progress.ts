// The progress of a training as one line of text for a terminal.

import { checkFinite, checkInteger, isRecord, wrongType } from "../base/checks.ts";
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

const BAR_WIDTHS = [20, 16, 12, 8];
const ESSENTIAL_RANK = 3; // fields of a lower rank stay when the bar goes

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
  if (!isRecord(state)) throw wrongType("progressLine", "state", "{ done, total, … }", state);
  const { done, total, elapsed = 0 } = state;
  checkInteger("progressLine", "total", total, 0);
  checkInteger("progressLine", "done", done, 0, total);
  checkInteger("progressLine", "width", width, 0);
  checkFinite("progressLine", "elapsed", elapsed, 0);
  const fraction = total === 0 ? 1 : done / total;
  const fields = fieldsOf(state, fraction, elapsed / 1000);
  for (let most = fields.length; ; most--) {
    const shown = fields.filter(([rank, text]) => rank < most && text);
    const text = shown.map(([, each]) => each).join("  ");
    const room = width - displayWidth(text);
    const bar = BAR_WIDTHS.find((size) => size < room);
    if (bar !== undefined) return `${drawBar(fraction, bar)} ${text}`;
    if (most <= ESSENTIAL_RANK && room >= 0) return text;
    if (most === 1) return truncate(text, width);
  }
}

/** All fields, false for one that is not known; those of the highest rank are left out first. */
function fieldsOf(
  { done, total, doneBefore = 0, epoch, loss, trainAccuracy, valAccuracy }: ProgressState,
  fraction: number,
  seconds: number,
): [rank: number, text: string | false][] {
  const rate = seconds > 0 ? (done - doneBefore) / seconds : 0;
  const left = (total - done) / rate;
  return [
    [0, `${Math.floor(fraction * 100)}%`.padStart(4)],
    [4, epoch !== undefined && `epoch ${epoch}`],
    [1, loss !== undefined && `loss ${lossText(loss)}`],
    [6, trainAccuracy !== undefined && `train ${formatPercent(trainAccuracy)}`],
    [3, valAccuracy !== undefined && `val ${formatPercent(valAccuracy)}`],
    [5, rate > 0 && `${rateText(rate)} it/s`],
    [2, rate > 0 && (left === 0 ? `took ${duration(seconds)}` : `ETA ${duration(left)}`)],
  ];
}

/** Seconds as "0.4s", "12s", "3m 20s", "1h 05m", "2d 03h". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)}s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s}s`;
  const [unit, size, part, partSize] =
    s < 3600 ? ["m", 60, "s", 1] : s < 86400 ? ["h", 3600, "m", 60] : ["d", 86400, "h", 3600];
  const parts = Math.floor((s % size) / partSize);
  return `${Math.floor(s / size)}${unit} ${String(parts).padStart(2, "0")}${part}`;
}

function drawBar(fraction: number, width: number): string {
  const eighths = Math.floor(fraction * width * 8);
  const full = "█".repeat(eighths >> 3) + ["", ..."▏▎▍▌▋▊▉"][eighths & 7];
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
