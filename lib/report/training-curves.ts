// What a training looked like: the loss of every minibatch, and the accuracies after every epoch;
// and how several trainings compare.

import { checkChoice, checkFinite, checkOptions, show } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { describe, type LineChartOptions, linePanel, type Series } from "./line-chart.ts";
import { figure } from "./svg.ts";

/**
 * What the trainer records: a loss per iteration, two accuracies (0..1) per epoch; any of them may
 * be empty.
 */
export type Curves = {
  loss: ArrayLike<number>;
  trainAccuracy: ArrayLike<number>;
  valAccuracy: ArrayLike<number>;
};

/** How training curves are drawn. */
export type TrainingCurvesOptions = {
  title?: string;
  /** The axis of the loss; default "linear". */
  lossScale?: "linear" | "log";
  /** Default 600: the two figures one below the other. From 800 on they stand side by side. */
  width?: number;
};

const MEAN_FROM = 100; // losses; fewer are easily read without their mean
const SIDE_BY_SIDE = 800;
const PANEL_HEIGHT = 280;
const ACCURACY: LineChartOptions = { xLabel: "epoch", xStart: 1, percent: true, yLimits: [0, 1] };

/**
 * The two figures of the exercise as one SVG document: loss per iteration, train and validation
 * accuracy per epoch. Throws TypeError or RangeError for what is no history.
 * @example
 * const { X, y, params } = toyData();
 * const svg = trainingCurves(train(new TwoLayerNet(params), { X, y }), { lossScale: "log" });
 * console.log(svg.startsWith("<svg"), svg.includes("NaN")); // true false
 */
export function trainingCurves(history: Curves, options: TrainingCurvesOptions = {}): string {
  checkOptions("trainingCurves", options, ["title", "lossScale", "width"]);
  checkChoice("trainingCurves", "lossScale", options.lossScale ?? "linear", ["linear", "log"]);
  checkFinite("trainingCurves", "width", options.width ?? 600, 240);
  checkHistory("trainingCurves", history);
  const { title = "Training curves", width = 600 } = options;
  const [loss, lossOptions] = lossChart(history, options.lossScale);
  const [accuracy, accuracyOptions] = accuracyChart(history);
  const beside = width >= SIDE_BY_SIDE;
  const panel = { width: beside ? (width - 32 - 32) / 2 : width - 32, height: PANEL_HEIGHT };
  return figure(
    {
      title,
      width,
      height: beside ? PANEL_HEIGHT + 20 : 2 * PANEL_HEIGHT + 40,
      description: [
        `Loss per iteration. ${describe(loss, lossOptions)}`,
        `Accuracy per epoch. ${describe(accuracy, accuracyOptions)}`,
      ].join(" "),
    },
    linePanel(loss, lossOptions, { x: 16, y: 8, ...panel }),
    linePanel(
      accuracy,
      accuracyOptions,
      beside
        ? { x: 16 + panel.width + 32, y: 8, ...panel }
        : { x: 16, y: 28 + PANEL_HEIGHT, ...panel },
    ),
  );
}

/**
 * The accuracies of several trainings as one SVG document, a line for each name: train on one
 * panel, validation on the other. A history without validation accuracies has no line on the second
 * panel; no histories at all give an empty figure that says so. Throws TypeError or RangeError for
 * what are no histories.
 * @example
 * const svg = accuracyCurves({ "10 units": { trainAccuracy: [0.5, 0.8], valAccuracy: [0.5, 0.7] } });
 * console.log(svg.startsWith("<svg"), svg.includes("10 units")); // true true
 */
export function accuracyCurves(
  histories: Readonly<Record<string, Pick<Curves, "trainAccuracy" | "valAccuracy">>>,
  options: Pick<TrainingCurvesOptions, "title" | "width"> = {},
): string {
  checkOptions("accuracyCurves", options, ["title", "width"]);
  checkFinite("accuracyCurves", "width", options.width ?? 600, 240);
  if (typeof histories !== "object" || histories === null) {
    throw new ArgumentTypeError(
      `accuracyCurves: histories expected an object of name: history, got ${show(histories)}`,
    );
  }
  const { title = "Accuracy of several trainings", width = 600 } = options;
  const beside = width >= SIDE_BY_SIDE;
  const entries = Object.entries(histories);
  const panel = {
    width: beside ? (width - 32 - 32) / 2 : width - 32,
    height: PANEL_HEIGHT + 12 * Math.min(6, Math.ceil(entries.length / 4)),
  };
  const panels = (["trainAccuracy", "valAccuracy"] as const).map(
    (key): [Series[], LineChartOptions] => [
      entries.map(([name, history]) => ({
        name,
        y: checkCurve("accuracyCurves", `history ${show(name)}`, history?.[key], key),
      })),
      { ...ACCURACY, title: key === "trainAccuracy" ? "Train accuracy" : "Validation accuracy" },
    ],
  );
  return figure(
    {
      title,
      width,
      height: beside ? panel.height + 20 : 2 * panel.height + 40,
      description: panels
        .map(([series, chart]) => `${chart.title}. ${describe(series, chart)}`)
        .join(" "),
    },
    ...panels.map(([series, chart], i) =>
      linePanel(series, chart, {
        x: 16 + (beside ? i * (panel.width + 32) : 0),
        y: 8 + (beside ? 0 : i * (panel.height + 20)),
        ...panel,
      }),
    ),
  );
}

/**
 * Series and options of the loss figure: every minibatch, and over a long training the running
 * mean.
 */
export function lossChart(
  history: Curves,
  yScale: "linear" | "log" = "linear",
): [Series[], LineChartOptions] {
  const { loss } = history;
  const options: LineChartOptions = { title: "Loss", xLabel: "iteration", yScale };
  if (loss.length < MEAN_FROM) return [[{ name: "loss", y: loss }], options];
  const window = Math.max(10, Math.round(loss.length / 50));
  return [
    [
      { name: "each minibatch", y: loss, faint: true },
      { name: `mean of ${window}`, ...runningMean(loss, window) },
    ],
    options,
  ];
}

/** Series and options of the accuracy figure. */
export function accuracyChart(history: Curves): [Series[], LineChartOptions] {
  const series = [
    { name: "train", y: history.trainAccuracy },
    { name: "validation", y: history.valAccuracy },
  ].filter(({ y }) => y.length > 0);
  // a lone series has no legend to say which it is
  const title = series.length === 1 ? `Accuracy, ${series[0].name}` : "Accuracy";
  return [series, { ...ACCURACY, title }];
}

function checkHistory(where: string, history: Curves): void {
  for (const name of ["loss", "trainAccuracy", "valAccuracy"] as const)
    checkCurve(where, "history", history?.[name], name);
}

function checkCurve(
  where: string,
  owner: string,
  values: ArrayLike<number>,
  name: string,
): ArrayLike<number> {
  if (typeof values?.length === "number") return values;
  throw new ArgumentTypeError(
    `${where}: ${name} of ${owner} expected an array of numbers, got ${show(values)}`,
  );
}

/**
 * The mean of the finite ones of the last `window` values, at no more than about 400 places, since
 * more cannot be seen; NaN where none is finite. Each mean is summed anew: a sliding sum would keep
 * the round-off of a spike for ever.
 */
function runningMean(values: ArrayLike<number>, window: number): { x: number[]; y: number[] } {
  const stride = Math.max(1, Math.ceil(values.length / 400));
  const x: number[] = [];
  const y: number[] = [];
  const last = values.length - 1;
  const ends = Array.from(
    { length: Math.ceil((last - window + 1) / stride) },
    (_, k) => window - 1 + k * stride,
  );
  for (const end of [...ends, last]) {
    let [mean, finite] = [0, 0];
    for (let i = end - window + 1; i <= end; i++) {
      // not a sum, which huge losses would overflow
      if (Number.isFinite(values[i])) mean += (values[i] - mean) / ++finite;
    }
    x.push(end);
    y.push(finite > 0 ? mean : NaN);
  }
  return { x, y };
}
