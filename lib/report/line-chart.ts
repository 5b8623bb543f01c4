// A chart of one or more series over a common x axis, as an SVG document.

import {
  checkChoice,
  checkFinite,
  checkFlag,
  checkOptions,
  checkTextOptions,
  show,
} from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { linePanel } from "./line-panel.ts";
import { describe, type LineChartOptions, type Series } from "./series.ts";
import { figure } from "./svg.ts";

const OPTIONS = [
  "title",
  "description",
  "xLabel",
  "yLabel",
  "yScale",
  "percent",
  "yLimits",
  "xStart",
  "width",
  "height",
] as const;

/**
 * A line chart as an SVG document. Values that are not finite are gaps; empty and constant series
 * are drawn too; of a long series it keeps the lowest and highest value in each column of pixels.
 * Throws a TypeError or RangeError for series without numbers and for options out of range.
 * @example
 * const svg = lineChart([{ name: "loss", y: [3, 2, NaN, 1] }], { title: "Loss", yScale: "log" });
 * console.log(/<title>(.*?)<\/title>/.exec(svg)?.[1]); // Loss
 */
export function lineChart(series: readonly Series[], options: LineChartOptions = {}): string {
  checkLineChart("lineChart", series, options);
  const { width = 600, height = 320, title = "Line chart" } = options;
  return figure(
    { width, height, title, description: options.description ?? describe(series, options) },
    linePanel(series, options, { x: 16, y: 8, width: width - 32, height: height - 16 }),
  );
}

function checkLineChart(where: string, series: readonly Series[], options: LineChartOptions): void {
  checkOptions(where, options, OPTIONS);
  if (!Array.isArray(series))
    throw new ArgumentTypeError(`${where}: series expected an array, got ${show(series)}`);
  for (const { name, x, y } of series) {
    if (typeof y?.length !== "number") {
      throw new ArgumentTypeError(
        `${where}: y of series ${show(name)} expected an array of numbers, got ${show(y)}`,
      );
    }
    if (x !== undefined && x.length !== y.length) {
      throw new ArgumentRangeError(
        `${where}: series ${show(name)} expected as many x as y, got ${x.length} and ${y.length}`,
      );
    }
  }
  const { yScale = "linear", yLimits, xStart = 0, width = 600, height = 320 } = options;
  checkTextOptions(where, options, ["title", "description", "xLabel", "yLabel"]);
  checkFlag(where, "percent", options.percent);
  if (yLimits !== undefined) {
    if (!Array.isArray(yLimits) || yLimits.length !== 2)
      throw new ArgumentTypeError(`${where}: yLimits expected [min, max], got ${show(yLimits)}`);
    checkFinite(where, "yLimits[0]", yLimits[0]);
    checkFinite(where, "yLimits[1]", yLimits[1], yLimits[0]);
  }
  checkChoice(where, "yScale", yScale, ["linear", "log"]);
  checkFinite(where, "xStart", xStart);
  checkFinite(where, "width", width, 160);
  checkFinite(where, "height", height, 120);
}
