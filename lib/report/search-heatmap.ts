// The scores of a search over two of its settings: a grid of cells or, for random draws, points.

import {
  checkChoice,
  checkFinite,
  checkFlag,
  checkOptions,
  checkTextOptions,
  show,
} from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { type Heatmap, settingName, type Trial } from "./heatmap.ts";
import { distinctSettings, drawGrid } from "./heatmap-grid.ts";
import { drawPoints } from "./heatmap-points.ts";
import { extent } from "./scale.ts";
import { figure, heading } from "./svg.ts";
import { formatNumber, formatPercent } from "./text.ts";

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

const OPTIONS = ["title", "xLabel", "yLabel", "scoreLabel", "percent", "layout", "width"];
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
  checkOptions("searchHeatmap", options, OPTIONS);
  if (!Array.isArray(trials))
    throw new ArgumentTypeError(`searchHeatmap: trials expected an array, got ${show(trials)}`);
  for (const [i, trial] of trials.entries()) checkTrial(trial, i);
  const { title = "Hyper-parameter search", width = 600, xLabel, yLabel } = options;
  checkTextOptions("searchHeatmap", options, ["title", "xLabel", "yLabel", "scoreLabel"]);
  checkFlag("searchHeatmap", "percent", options.percent);
  checkFinite("searchHeatmap", "width", width, 240);
  const layout = layoutOf(trials, options.layout);
  const scoreText = options.percent === false ? formatNumber : formatPercent;
  const summary = summarize(trials, options, scoreText);
  const head = heading(title, summary, width);
  const [low, high] = extent([trials.map(({ score }) => score)]) ?? [NaN, NaN];
  const heatmap: Heatmap = {
    trials,
    best: bestOf(trials),
    width,
    top: head.bottom + 10,
    xLabel,
    yLabel,
    scoreText: (score) => scoreText(score),
    opacity: (score) =>
      MIN_OPACITY + (MAX_OPACITY - MIN_OPACITY) * (high > low ? (score - low) / (high - low) : 1),
    describe: (trial) => describe(trial, options, scoreText),
  };
  const draw = layout === "grid" ? drawGrid : drawPoints;
  const { parts, bottom } =
    trials.length === 0 ? { parts: [""], bottom: head.bottom } : draw(heatmap);
  const description = `${summary.replaceAll(" · ", ". ")}.`;
  return figure({ title, width, height: bottom + 14, description }, head.markup, parts.join("\n"));
}

function checkTrial({ x, y, score }: Trial, i: number): void {
  for (const [name, value] of Object.entries({ x, y })) {
    if (typeof value === "string" || Number.isFinite(value)) continue;
    throw new ArgumentTypeError(
      `searchHeatmap: ${name} of trial ${i} expected a finite number or a name, got ${show(value)}`,
    );
  }
  if (typeof score === "number") return;
  throw new ArgumentTypeError(
    `searchHeatmap: score of trial ${i} expected a number (NaN when it diverged), ` +
      `got ${show(score)}`,
  );
}

function layoutOf(
  trials: readonly Trial[],
  layout: SearchHeatmapOptions["layout"],
): "grid" | "points" {
  const areNumbers = trials.every(({ x, y }) => typeof x === "number" && typeof y === "number");
  if (layout === undefined) {
    const columns = distinctSettings(trials.map(({ x }) => x)).length;
    const rows = distinctSettings(trials.map(({ y }) => y)).length;
    return areNumbers && columns * rows * MIN_FILLED > trials.length ? "points" : "grid";
  }
  checkChoice("searchHeatmap", "layout", layout, ["grid", "points"]);
  if (layout === "points" && !areNumbers) {
    throw new ArgumentTypeError(
      'searchHeatmap: layout "points" expected numbers for x and y, got names',
    );
  }
  return layout;
}

/** The trial with the highest finite score, the first of several. */
function bestOf(trials: readonly Trial[]): Trial | undefined {
  const [, high] = extent([trials.map(({ score }) => score)]) ?? [NaN, NaN];
  return trials.find(({ score }) => score === high);
}

function settingsText(
  { x, y }: Trial,
  { xLabel = "x", yLabel = "y" }: SearchHeatmapOptions,
): string {
  return `${xLabel} ${settingName(x)}, ${yLabel} ${settingName(y)}`;
}

function describe(
  trial: Trial,
  options: SearchHeatmapOptions,
  scoreText: (score: number) => string,
): string {
  const { scoreLabel = "validation accuracy" } = options;
  const score = Number.isFinite(trial.score)
    ? `${scoreLabel} ${scoreText(trial.score)}`
    : "diverged";
  return `${settingsText(trial, options)}: ${score}`;
}

function summarize(
  trials: readonly Trial[],
  options: SearchHeatmapOptions,
  scoreText: (score: number) => string,
): string {
  const { scoreLabel = "validation accuracy" } = options;
  const [low, high] = extent([trials.map(({ score }) => score)]) ?? [NaN, NaN];
  const best = bestOf(trials);
  const diverged = trials.filter(({ score }) => !Number.isFinite(score)).length;
  return [
    `${trials.length} ${trials.length === 1 ? "trial" : "trials"}`,
    best && `best ${scoreLabel} ${scoreText(high)} at ${settingsText(best, options)}`,
    low < high && `worst ${scoreText(low)}`,
    diverged > 0 && `${diverged} diverged (×)`,
  ]
    .filter(Boolean)
    .join(" · ");
}
