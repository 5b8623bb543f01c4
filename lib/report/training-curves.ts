// The loss and the accuracies of a training as figures, and the accuracies of several trainings.

import { checkNumbers, checkText, isRecord, show, wrongType } from "../base/checks.ts";
import { atLeast, checkEachOption, oneOf } from "../base/option-checks.ts";
import { linePanel } from "./line-panel.ts";
import { describe, type LineChartOptions, type Series } from "./series.ts";
import { figure } from "./svg.ts";

/** A loss per iteration and two accuracies (0..1) per epoch; each of them may be empty. */
export type Curves = {
  loss: ArrayLike<number>;
  trainAccuracy: ArrayLike<number>;
  valAccuracy: ArrayLike<number>;
};

/** Options of trainingCurves. */
export type TrainingCurvesOptions = {
  title?: string | undefined;
  /** The axis of the loss. Default: "linear". */
  lossScale?: "linear" | "log" | undefined;
  /** Default: 600, with one figure below the other. From 800 on they are side by side. */
  width?: number | undefined;
};

/** The series of a figure and how they are drawn. */
type Chart = [series: Series[], options: LineChartOptions];

const MIN_LOSSES_FOR_MEAN = 100;
const MAX_MEANS = 400; // more points than this cannot be told apart
const MIN_WIDTH_SIDE_BY_SIDE = 800;
const PANEL_HEIGHT = 280;
const ACCURACY: LineChartOptions = { xLabel: "epoch", xStart: 1, percent: true, yLimits: [0, 1] };

/**
 * The loss per iteration and the accuracies per epoch, as one SVG document of two figures. Throws a
 * TypeError or RangeError for a history without numbers and for options out of range.
 * @example
 * const { X, y, params } = toyData();
 * const svg = trainingCurves(train(new TwoLayerNet(params), { X, y }), { lossScale: "log" });
 * console.log(svg.startsWith("<svg"), svg.includes("NaN")); // true false
 */
export function trainingCurves(history: Curves, options: TrainingCurvesOptions = {}): string {
  checkEachOption("trainingCurves", options, {
    title: checkText,
    lossScale: oneOf("linear", "log"),
    width: atLeast(240),
  });
  checkCurves("trainingCurves", "history", history);
  const { title = "Training curves", lossScale, width } = options;
  const charts = [lossChart(history, lossScale), accuracyChart(history)];
  const names = ["Loss per iteration", "Accuracy per epoch"];
  return drawPanels(title, charts, names, PANEL_HEIGHT, width);
}

/**
 * The train and validation accuracies of several trainings as one SVG document: a line for each
 * name in both figures. A history without validation accuracies has no line in the second. Throws a
 * TypeError or RangeError for histories without numbers and for options out of range.
 * @example
 * const history = { trainAccuracy: [0.5, 0.8], valAccuracy: [0.5, 0.7] };
 * const svg = accuracyCurves({ "10 units": history });
 * console.log(svg.startsWith("<svg"), svg.includes("10 units")); // true true
 */
export function accuracyCurves(
  histories: Readonly<Record<string, Pick<Curves, "trainAccuracy" | "valAccuracy">>>,
  options: Pick<TrainingCurvesOptions, "title" | "width"> = {},
): string {
  checkEachOption("accuracyCurves", options, { title: checkText, width: atLeast(240) });
  if (!isRecord(histories))
    throw wrongType("accuracyCurves", "histories", "an object of name: history", histories);
  const entries = Object.entries(histories);
  const names = ["Accuracy on training rows", "Accuracy on validation rows"];
  const charts = (["trainAccuracy", "valAccuracy"] as const).map((key, i): Chart => {
    const series = entries.map(([name, history]) => {
      checkNumbers("accuracyCurves", `${key} of history ${show(name)}`, history?.[key]);
      return { name, y: history[key] };
    });
    return [series, { ...ACCURACY, title: names[i] }];
  });
  const { title = "Accuracy of several trainings", width } = options;
  const height = PANEL_HEIGHT + 12 * Math.min(6, Math.ceil(entries.length / 4)); // for the legends
  return drawPanels(title, charts, names, height, width);
}

/** Throws a TypeError unless the history has the three curves. */
export function checkCurves(where: string, name: string, history: unknown): void {
  const { loss, trainAccuracy, valAccuracy } = (history ?? {}) as Curves;
  for (const [key, values] of Object.entries({ loss, trainAccuracy, valAccuracy }))
    checkNumbers(where, `${key} of ${name}`, values);
}

/**
 * The figures as one document: side by side if there is room, else one below the other. `names` are
 * what a screen reader calls them.
 */
function drawPanels(
  title: string,
  charts: readonly Chart[],
  names: readonly string[],
  panelHeight: number,
  width = 600,
): string {
  const beside = width >= MIN_WIDTH_SIDE_BY_SIDE;
  const panelWidth = beside ? (width - 64) / 2 : width - 32;
  const panels = charts.flatMap((chart, i) => {
    const left = beside ? 16 + i * (panelWidth + 32) : 16;
    const top = beside ? 8 : 8 + i * (panelHeight + 20);
    const edges = { left, right: left + panelWidth, top, bottom: top + panelHeight };
    return linePanel(...chart, edges);
  });
  const height = beside ? panelHeight + 20 : 2 * panelHeight + 40;
  const description = charts.map((chart, i) => `${names[i]}. ${describe(...chart)}`).join(" ");
  return figure({ title, width, height, description }, ...panels);
}

/** The figure of the loss: each minibatch and, over a long training, the running mean. */
export function lossChart({ loss }: Curves, yScale: "linear" | "log" = "linear"): Chart {
  const options: LineChartOptions = { title: "Loss", xLabel: "iteration", yScale };
  if (loss.length < MIN_LOSSES_FOR_MEAN) return [[{ name: "loss", y: loss }], options];
  const window = Math.max(10, Math.round(loss.length / 50));
  const series = [
    { name: "each minibatch", y: loss, faint: true },
    { name: `mean of ${window}`, ...runningMean(loss, window) },
  ];
  return [series, options];
}

/** The figure of the accuracies that are not empty. */
export function accuracyChart(history: Curves): Chart {
  const series = [
    { name: "training rows", y: history.trainAccuracy },
    { name: "validation rows", y: history.valAccuracy },
  ].filter(({ y }) => y.length > 0);
  // a single series has no legend, so the title names it
  const title = series.length === 1 ? `Accuracy, ${series[0].name}` : "Accuracy";
  return [series, { ...ACCURACY, title }];
}

/**
 * The means of windows of `window` values, at no more than MAX_MEANS places. Values that are not
 * finite are left out; a window without finite values has the mean NaN. Each mean is computed anew:
 * a sliding sum would keep the round-off of a spike.
 */
function runningMean(values: ArrayLike<number>, window: number): { x: number[]; y: number[] } {
  const stride = Math.max(1, Math.ceil(values.length / MAX_MEANS));
  const last = values.length - 1;
  const x: number[] = [];
  for (let end = window - 1; end < last; end += stride) x.push(end);
  x.push(last);
  const y = x.map((end) => {
    let [mean, count] = [0, 0];
    for (let i = end - window + 1; i <= end; i++) {
      // updated instead of divided at the end: a sum of large losses would overflow
      if (Number.isFinite(values[i])) mean += (values[i] - mean) / ++count;
    }
    return count > 0 ? mean : NaN;
  });
  return { x, y };
}
