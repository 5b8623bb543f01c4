// What a training looked like: the loss of every minibatch, and the accuracies after every epoch.

import { checkChoice, checkFinite, checkOptions, show } from "../base/checks.ts";
import { describe, linePanel } from "./line-chart.ts";
import type { LineChartOptions, Series } from "./line-chart.ts";
import { figure } from "./svg.ts";

/** What the trainer records: a loss per iteration, two accuracies (0..1) per epoch; any of them may be empty. */
export type Curves = {
  loss: ArrayLike<number>;
  trainAccuracy: ArrayLike<number>;
  valAccuracy: ArrayLike<number>;
};

export type TrainingCurvesOptions = {
  title?: string;
  /** The axis of the loss; default "linear". */
  lossScale?: "linear" | "log";
  /** Default 640: the two figures one below the other. From 800 on they stand side by side. */
  width?: number;
};

const MEAN_FROM = 100; // losses; fewer are easily read without their mean
const SIDE_BY_SIDE = 800;
const PANEL_HEIGHT = 270;

/** The two figures of the exercise as one SVG document: loss per iteration, train and validation accuracy per epoch. */
export function trainingCurves(history: Curves, options: TrainingCurvesOptions = {}): string {
  checkOptions("trainingCurves", options, ["title", "lossScale", "width"]);
  checkChoice("trainingCurves", "lossScale", options.lossScale ?? "linear", ["linear", "log"]);
  checkFinite("trainingCurves", "width", options.width ?? 640, 240);
  checkHistory("trainingCurves", history);
  const { title = "Training curves", width = 640 } = options;
  const [loss, lossOptions] = lossChart(history, options.lossScale);
  const [accuracy, accuracyOptions] = accuracyChart(history);
  const beside = width >= SIDE_BY_SIDE;
  const panel = { width: beside ? (width - 24 - 32) / 2 : width - 24, height: PANEL_HEIGHT };
  return figure(
    {
      title, width, height: beside ? PANEL_HEIGHT + 20 : 2 * PANEL_HEIGHT + 40,
      description: [
        `Loss per iteration. ${describe(loss, lossOptions)}`,
        `Accuracy per epoch. ${describe(accuracy, accuracyOptions)}`,
      ].join(" "),
    },
    linePanel(loss, lossOptions, { x: 12, y: 8, ...panel }),
    linePanel(accuracy, accuracyOptions, beside ? { x: 12 + panel.width + 32, y: 8, ...panel } : { x: 12, y: 28 + PANEL_HEIGHT, ...panel }),
  );
}

/** Series and options of the loss figure: every minibatch, and over a long training the running mean. */
export function lossChart(history: Curves, yScale: "linear" | "log" = "linear"): [Series[], LineChartOptions] {
  const { loss } = history;
  const options: LineChartOptions = { title: "Loss", xLabel: "iteration", yScale };
  if (loss.length < MEAN_FROM) return [[{ name: "loss", y: loss }], options];
  const window = Math.max(10, Math.round(loss.length / 50));
  return [[{ name: "each minibatch", y: loss, faint: true }, { name: `mean of ${window}`, ...runningMean(loss, window) }], options];
}

/** Series and options of the accuracy figure. */
export function accuracyChart(history: Curves): [Series[], LineChartOptions] {
  const series = [{ name: "train", y: history.trainAccuracy }, { name: "validation", y: history.valAccuracy }].filter(({ y }) => y.length > 0);
  const title = series.length === 1 ? `Accuracy, ${series[0].name}` : "Accuracy"; // a lone series has no legend to say which it is
  return [series, { title, xLabel: "epoch", xStart: 1, percent: true, yLimits: [0, 1] }];
}

function checkHistory(where: string, history: Curves): void {
  for (const name of ["loss", "trainAccuracy", "valAccuracy"] as const) {
    const values = history?.[name];
    if (typeof values?.length !== "number") throw new TypeError(`${where}: history.${name} expected an array of numbers, got ${show(values)}`);
  }
}

/**
 * The mean of the last `window` values, at no more than about 400 places, since more cannot be seen; NaN where one of
 * the values is not finite. Each mean is summed anew: a sliding sum would keep the round-off of a spike for ever.
 */
function runningMean(values: ArrayLike<number>, window: number): { x: number[]; y: number[] } {
  const stride = Math.max(1, Math.ceil(values.length / 400));
  const x: number[] = [];
  const y: number[] = [];
  for (let end = window - 1; end < values.length; end = end === values.length - 1 ? values.length : Math.min(end + stride, values.length - 1)) {
    let mean = 0;
    for (let i = end - window + 1; i <= end; i++) mean += values[i] / window; // divided first: a sum of huge losses must not overflow
    x.push(end);
    y.push(Number.isFinite(mean) ? mean : NaN);
  }
  return { x, y };
}
