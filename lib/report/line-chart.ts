// A chart of one or more series over a common x axis, as an SVG document.

import {
  checkArray,
  checkCount,
  checkFinite,
  checkFlag,
  checkNumbers,
  checkText,
  show,
} from "../base/checks.ts";
import { atLeast, type Check, checkEachOption, oneOf } from "../base/option-checks.ts";
import { linePanel } from "./line-panel.ts";
import { describe, type LineChartOptions, type Series } from "./series.ts";
import { figure } from "./svg.ts";

const checkLimits: Check = (where, name, value) => {
  checkArray(where, name, value, "[min, max]");
  checkCount(where, name, value.length, 2, "numbers");
  checkFinite(where, `${name}[0]`, value[0]);
  checkFinite(where, `${name}[1]`, value[1], value[0] as number);
};

/**
 * A line chart as an SVG document. Values that are not finite are gaps; empty and constant series
 * are drawn too; of a long series it keeps the lowest and highest value in each column of pixels.
 * Throws a TypeError or RangeError for series without numbers and for options out of range.
 * @example
 * const svg = lineChart([{ name: "loss", y: [3, 2, NaN, 1] }], { title: "Loss", yScale: "log" });
 * console.log(/<title>(.*?)<\/title>/.exec(svg)?.[1]); // Loss
 */
export function lineChart(series: readonly Series[], options: LineChartOptions = {}): string {
  checkEachOption("lineChart", options, {
    title: checkText,
    description: checkText,
    xLabel: checkText,
    yLabel: checkText,
    yScale: oneOf("linear", "log"),
    percent: checkFlag,
    yLimits: checkLimits,
    xStart: checkFinite,
    width: atLeast(160),
    height: atLeast(120),
  });
  checkArray("lineChart", "series", series);
  for (const { name, x, y } of series) {
    checkNumbers("lineChart", `y of series ${show(name)}`, y);
    if (x === undefined) continue;
    checkNumbers("lineChart", `x of series ${show(name)}`, x);
    checkCount(
      "lineChart",
      `x of series ${show(name)}`,
      x.length,
      y.length,
      "values, one for each y",
    );
  }
  const { width = 600, height = 320, title = "Line chart" } = options;
  return figure(
    { width, height, title, description: options.description ?? describe(series, options) },
    ...linePanel(series, options, { left: 16, right: width - 16, top: 8, bottom: height - 8 }),
  );
}
