// The scores of a search over two of its settings: a grid of cells or, for random draws, points.

import { checkArray, checkFlag, checkText, wrongType } from "../base/checks.ts";
import { counted } from "../base/counted.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { atLeast, checkEachOption, oneOf } from "../base/option-checks.ts";
import { type Heatmap, type Setting, settingName, type Trial } from "./heatmap.ts";
import { drawGrid } from "./heatmap-grid.ts";
import { drawPoints } from "./heatmap-points.ts";
import { extent } from "./scale.ts";
import { figure, heading, label, textElement } from "./svg.ts";
import { valueText } from "./text.ts";

/** Options of searchHeatmap. */
export type SearchHeatmapOptions = {
  title?: string | undefined;
  xLabel?: string | undefined;
  yLabel?: string | undefined;
  /** The name of the score. Default: "validation accuracy". */
  scoreLabel?: string | undefined;
  /** Writes scores as percentages. Default: true. */
  percent?: boolean | undefined;
  /**
   * "grid" has a cell for each pair of settings with its best trial; "points" has a point for each
   * trial. Default: points if the settings are numbers and a grid would be nearly empty.
   */
  layout?: "grid" | "points" | undefined;
  width?: number | undefined;
};

const [MIN_OPACITY, MAX_OPACITY] = [0.06, 0.55]; // of the worst and best score; text is readable
const MIN_FILLED = 0.3; // the fraction of cells with a trial from which a grid is the default

/**
 * The trials as an SVG document. Diverged trials are crosses. Throws a TypeError or RangeError for
 * trials without settings or score, and for options out of range.
 * @example
 * const scores = { 0.1: 0.9, 1: 0.95, 10: NaN };
 * const trials = Object.entries(scores).map(([x, score]) => ({ x: Number(x), y: 32, score }));
 * console.log(/<desc>(.*?)<\/desc>/.exec(searchHeatmap(trials, { xLabel: "rate" }))?.[1]);
 * // 3 trials. best validation accuracy 95.0% at rate 1, y 32. worst 90.0%. 1 diverged (×).
 */
export function searchHeatmap(
  trials: readonly Trial[],
  options: SearchHeatmapOptions = {},
): string {
  checkEachOption("searchHeatmap", options, {
    title: checkText,
    xLabel: checkText,
    yLabel: checkText,
    scoreLabel: checkText,
    percent: checkFlag,
    layout: oneOf("grid", "points"),
    width: atLeast(240),
  });
  checkArray("searchHeatmap", "trials", trials);
  for (const [i, trial] of trials.entries()) checkTrial(trial, i);
  const { title = "Hyper-parameter search", xLabel, yLabel } = options;
  const heatmap = heatmapOf(trials, options);
  const { width, summary } = heatmap;
  const draw = layoutOf(heatmap, options.layout) === "grid" ? drawGrid : drawPoints;
  const head = heading(title, summary, width);
  const description = `${summary.replaceAll(" · ", ". ")}.`;
  if (trials.length === 0)
    return figure({ title, width, height: head.bottom + 14, description }, ...head.parts);
  const { parts, bottom } = draw(heatmap, head.bottom + (yLabel ? 28 : 10));
  const height = bottom + (xLabel ? 50 : 32);
  if (yLabel) parts.push(label(16, head.bottom + 18, yLabel, { maxWidth: width / 2 }));
  return figure({ title, width, height, description }, ...head.parts, ...parts);
}

function checkTrial(trial: Trial, i: number): void {
  const { x, y, score } = trial ?? {};
  for (const [name, value] of Object.entries({ x, y }))
    if (typeof value !== "string" && !Number.isFinite(value))
      throw wrongType("searchHeatmap", `${name} of trial ${i}`, "a finite number or a name", value);
  const expected = "a number (NaN when it diverged)";
  if (typeof score !== "number")
    throw wrongType("searchHeatmap", `score of trial ${i}`, expected, score);
}

function heatmapOf(trials: readonly Trial[], options: SearchHeatmapOptions): Heatmap {
  const { percent = true, width = 600, xLabel = "x", yLabel = "y" } = options;
  const { scoreLabel = "validation accuracy" } = options;
  const [low, high] = extent([trials.map(({ score }) => score)]) ?? [NaN, NaN];
  const best = trials.find(({ score }) => score === high);
  const diverged = trials.filter(({ score }) => !Number.isFinite(score)).length;
  const scoreText = (score: number): string => valueText(score, percent);
  const settings = ({ x, y }: Trial): string =>
    `${xLabel} ${settingName(x)}, ${yLabel} ${settingName(y)}`;
  const result = ({ score }: Trial): string =>
    Number.isFinite(score) ? `${scoreLabel} ${scoreText(score)}` : "diverged";
  return {
    trials,
    xs: distinctSettings(trials.map(({ x }) => x)),
    ys: distinctSettings(trials.map(({ y }) => y)),
    best,
    width,
    xLabel: options.xLabel,
    scoreText,
    opacity: (score) =>
      MIN_OPACITY + (MAX_OPACITY - MIN_OPACITY) * (high > low ? (score - low) / (high - low) : 1),
    hint: (trial) => textElement("title", `${settings(trial)}: ${result(trial)}`),
    summary: [
      counted(trials.length, "trial"),
      best && `best ${result(best)} at ${settings(best)}`,
      low < high && `worst ${scoreText(low)}`,
      diverged > 0 && `${diverged} diverged (×)`,
    ]
      .filter(Boolean)
      .join(" · "),
  };
}

/** Each setting once: numbers in ascending order, then names in order of appearance. */
function distinctSettings(values: readonly Setting[]): Setting[] {
  const all = [...new Set(values)];
  const numbers = all.filter((value) => typeof value === "number").sort((a, b) => a - b);
  return [...numbers, ...all.filter((value) => typeof value === "string")];
}

function layoutOf(
  { trials, xs, ys }: Heatmap,
  layout: SearchHeatmapOptions["layout"],
): "grid" | "points" {
  const areNumbers = [...xs, ...ys].every((setting) => typeof setting === "number");
  if (layout === "points" && !areNumbers)
    throw new ArgumentTypeError(
      'searchHeatmap: layout "points" expected numbers for x and y, got names',
    );
  const isSparse = xs.length * ys.length * MIN_FILLED > trials.length;
  return layout ?? (areNumbers && isSparse ? "points" : "grid");
}
