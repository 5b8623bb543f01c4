// What a set of series looks like over a common x axis: title, legend, axes with nice ticks, the
// lines, and a label at the end of each line. `lineChart` is a whole SVG document; `linePanel` is
// its inside, for figures of several panels.

import { checkChoice, checkFinite, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { drawAxes } from "./axes.ts";
import { paint, seriesColor, seriesDash } from "./palette.ts";
import { polyline } from "./polyline.ts";
import { extent, linearScale, logScale } from "./scale.ts";
import { coordinate, element, figure, label, SMALL, TITLE } from "./svg.ts";
import { fitText, formatNumber, formatPercent, printableText, textWidth } from "./text.ts";

/** A line of the chart. */
export type Series = {
  name: string;
  y: ArrayLike<number>;
  /** Where each value lies; default `xStart`, `xStart` + 1, … */
  x?: ArrayLike<number>;
  /**
   * Draw as a pale background line without an end label, as raw values under their mean; default
   * false.
   */
  faint?: boolean;
};

/** How a line chart is drawn. */
export type LineChartOptions = {
  title?: string;
  /** What a screen reader says after the title; default a summary of every series. */
  description?: string;
  xLabel?: string;
  yLabel?: string;
  /** Default "linear". On a logarithmic axis values that are not positive are gaps. */
  xScale?: "linear" | "log";
  yScale?: "linear" | "log";
  /** Write y as percentages, for values that are fractions; default false. */
  percent?: boolean;
  /** The y axis never reaches beyond these; default none. */
  yLimits?: readonly [min: number, max: number];
  /** The x of the first value of a series without x; default 0. */
  xStart?: number;
  /**
   * Size of the drawing in its own units; defaults 600 and 320. On a page it shrinks to the width
   * there is.
   */
  width?: number;
  height?: number;
};

const OPTIONS = [
  "title",
  "description",
  "xLabel",
  "yLabel",
  "xScale",
  "yScale",
  "percent",
  "yLimits",
  "xStart",
  "width",
  "height",
] as const;

export type Box = { x: number; y: number; width: number; height: number };

const LEGEND_ROW = 20;
const LABEL_GAP = 16; // the least distance between the baselines of two end labels
const MAX_END_LABELS = 8; // beyond that they would crowd each other out; the legend remains
const SWATCH = 26;

/**
 * A line chart as an SVG document. Empty series, constants and values that are not finite (gaps)
 * are all drawn; of long series the least and greatest value of each column of pixels are kept.
 * Throws TypeError or RangeError for what are no series and for options out of range.
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

export function checkLineChart(
  where: string,
  series: readonly Series[],
  options: LineChartOptions,
): void {
  checkOptions(where, options, OPTIONS);
  if (!Array.isArray(series))
    throw new ArgumentTypeError(`${where}: series expected an array, got ${show(series)}`);
  for (const { name, x, y } of series) {
    if (typeof y?.length !== "number")
      throw new ArgumentTypeError(
        `${where}: y of series ${show(name)} expected an array of numbers, got ${show(y)}`,
      );
    if (x !== undefined && x.length !== y.length) {
      throw new ArgumentRangeError(
        `${where}: series ${show(name)} expected as many x as y, got ${x.length} and ${y.length}`,
      );
    }
  }
  checkChoice(where, "xScale", options.xScale ?? "linear", ["linear", "log"]);
  checkChoice(where, "yScale", options.yScale ?? "linear", ["linear", "log"]);
  checkFinite(where, "xStart", options.xStart ?? 0);
  checkFinite(where, "width", options.width ?? 600, 160);
  checkFinite(where, "height", options.height ?? 320, 120);
}

/** What the chart shows, in words. */
export function describe(series: readonly Series[], options: LineChartOptions): string {
  const value = (v: number) => (options.percent ? formatPercent(v) : formatNumber(v));
  const parts = series.map(({ name, y }) => {
    const range = extent([y]);
    if (y.length === 0) return `${name}: no values`;
    if (!range) return `${name}: ${y.length} values, none finite`;
    const missing = countGaps(y, options.yScale === "log");
    return (
      `${name}: ${y.length} ${y.length === 1 ? "value" : "values"}, first ${value(y[0])}, last ${value(y[y.length - 1])}, ` +
      `lowest ${value(range[0])}, highest ${value(range[1])}` +
      (missing > 0 ? `, ${missing} not drawn` : "")
    );
  });
  const axes = [
    options.xLabel && `x axis: ${options.xLabel}`,
    options.yLabel && `y axis: ${options.yLabel}`,
  ].filter(Boolean);
  if (parts.length === 0) parts.push("no data");
  return [...axes, ...parts].map((part) => `${part}.`).join(" ");
}

/** The inside of a line chart, drawn into `box`. */
export function linePanel(series: readonly Series[], options: LineChartOptions, box: Box): string {
  const { title, xLabel, yLabel, xStart = 0, percent = false } = options;
  const logX = options.xScale === "log";
  const logY = options.yScale === "log";
  const parts: string[] = [];
  const right = box.x + box.width;
  let top = box.y;
  if (title) {
    parts.push(
      label(box.x, top + 16, title, {
        size: TITLE,
        weight: "600",
        color: "ink",
        maxWidth: box.width,
      }),
    );
    top += 26;
  }
  if (series.length > 1) {
    const legend = drawLegend(series, box.x, top, box.width);
    parts.push(legend.markup);
    top = legend.bottom;
  }
  const broken = series.filter(({ y }) => countGaps(y, logY) > 0);
  if (broken.length > 0) {
    const { name, y } = broken[0];
    const more = broken.length > 1 ? ` (and ${broken.length - 1} more series)` : "";
    const note = `${name}: ${countGaps(y, logY)} of ${y.length} values ${logY ? "not positive and finite" : "not finite"}, shown as gaps${more}`;
    parts.push(
      label(box.x, top + 13, note, { size: SMALL, color: "warning", maxWidth: box.width }),
    );
    top += LEGEND_ROW;
  }
  if (yLabel) {
    parts.push(label(box.x, top + 13, yLabel, { size: SMALL, maxWidth: box.width }));
    top += LEGEND_ROW;
  }
  top += 8;
  const bottom = box.y + box.height - (xLabel ? 42 : 24);

  const yRange = extent(
    series.map((s) => s.y),
    logY,
  );
  const xRange = extent(
    series.map((s) => s.x ?? (s.y.length > 0 ? [xStart, xStart + s.y.length - 1] : [])),
    logX,
  );
  if (!yRange || !xRange || bottom - top < 24) {
    const message = series.some((s) => s.y.length > 0) ? "no finite values to draw" : "no data yet";
    const rect = { x: box.x, y: top, width: box.width, height: Math.max(0, bottom - top), rx: 4 };
    parts.push(element("rect", { ...rect, ...paint({ stroke: "grid" }) }));
    parts.push(label(box.x + box.width / 2, (top + bottom) / 2 + 4, message, { anchor: "middle" }));
    return parts.join("\n");
  }

  const rows = Math.max(2, Math.min(6, Math.round((bottom - top) / 34)));
  const yAxis = logY
    ? logScale(...yRange, { count: rows })
    : linearScale(...yRange, { count: rows, percent, limits: options.yLimits });
  const left = box.x + Math.max(...yAxis.labels.map((text) => textWidth(text, SMALL)), 0) + 8;

  const ends = endLabels(series, percent, box.width);
  const plotRight =
    right -
    Math.max(
      ...ends.map((text) => (text === undefined ? 0 : textWidth(text, SMALL, true) + 12)),
      8,
    );
  const integerX = series.every((s) =>
    s.x ? Array.prototype.every.call(s.x, Number.isInteger) : Number.isInteger(xStart),
  );
  const columns = Math.max(1, plotRight - left);
  const xCount = Math.max(1, Math.min(10, Math.floor(columns / 60)));
  const xAxis = logX
    ? logScale(...xRange, { count: xCount, nice: false })
    : linearScale(...xRange, { count: xCount, nice: false, integer: integerX });

  const px = (value: number) => left + xAxis.at(value) * columns;
  const py = (value: number) => bottom - yAxis.at(value) * (bottom - top);
  parts.push(drawAxes(xAxis, yAxis, { left, right: plotRight, top, bottom }, xLabel));

  const anchors: EndLabel[] = [];
  let dashIndex = 0;
  for (const [index, { x, y, faint }] of series.entries()) {
    const line = polyline(
      y.length,
      columns,
      (i) => (x ? (Number.isFinite(x[i]) ? px(x[i]) : NaN) : px(xStart + i)),
      (i) => (Number.isFinite(y[i]) ? py(y[i]) : NaN),
    );
    const color = seriesColor(index);
    const opacity = faint ? 0.4 : undefined;
    if (line.path) {
      parts.push(
        element("path", {
          d: line.path,
          "stroke-width": faint ? 1 : 2,
          "stroke-linejoin": "round",
          "stroke-linecap": "round",
          "stroke-dasharray": faint ? undefined : lineDash(series, dashIndex),
          opacity,
          ...paint({ stroke: color }),
        }),
      );
    }
    for (const [cx, cy] of line.dots)
      parts.push(element("circle", { cx, cy, r: 3, opacity, ...paint({ fill: color }) }));
    if (!faint) dashIndex++;
    const text = ends[index];
    if (text !== undefined && line.end)
      anchors.push({ x: line.end[0], y: line.end[1], at: line.end[1], text, color });
  }
  parts.push(drawEndLabels(anchors, plotRight, top, bottom));
  return parts.join("\n");
}

/** Dashes serve to tell series apart, so a line that stands alone stays solid. */
function lineDash(series: readonly Series[], index: number): string | undefined {
  return series.filter((s) => !s.faint).length > 1 ? seriesDash(index) : undefined;
}

function countGaps(y: ArrayLike<number>, positive: boolean): number {
  let gaps = 0;
  for (let i = 0; i < y.length; i++) if (!Number.isFinite(y[i]) || (positive && y[i] <= 0)) gaps++;
  return gaps;
}

function drawLegend(
  series: readonly Series[],
  x: number,
  y: number,
  width: number,
): { markup: string; bottom: number } {
  const parts: string[] = [];
  let [left, row, solid] = [x, y, 0];
  for (const [index, { name, faint }] of series.entries()) {
    const text = fitText(printableText(name), SMALL, Math.min(width - SWATCH, 240));
    const needed = SWATCH + 6 + textWidth(text, SMALL);
    if (left > x && left + needed > x + width) [left, row] = [x, row + LEGEND_ROW];
    const dash = faint ? undefined : lineDash(series, solid++);
    parts.push(
      element("path", {
        d: `M${left} ${row + 9}h${SWATCH - 4}`,
        "stroke-width": faint ? 1 : 2,
        "stroke-dasharray": dash,
        opacity: faint ? 0.6 : undefined,
        ...paint({ stroke: seriesColor(index) }),
      }),
    );
    parts.push(label(left + SWATCH, row + 13, text, { size: SMALL, color: "ink" }));
    left += needed + 12;
  }
  return { markup: parts.join("\n"), bottom: row + LEGEND_ROW };
}

type EndLabel = {
  x: number;
  y: number;
  at: number;
  text: string;
  color: ReturnType<typeof seriesColor>;
};

/**
 * The text at the end of each line: its last value, and its name where there is room; undefined
 * where there is no label.
 */
function endLabels(
  series: readonly Series[],
  percent: boolean,
  width: number,
): (string | undefined)[] {
  const shown = series.filter((s) => !s.faint);
  return series.map(({ name, y, faint }) => {
    if (faint || shown.length > MAX_END_LABELS || !extent([y])) return undefined;
    let i = y.length - 1;
    while (!Number.isFinite(y[i])) i--;
    const value = percent ? formatPercent(y[i]) : formatNumber(y[i], 3);
    if (shown.length === 1 || width < 320) return value;
    return `${fitText(printableText(name), SMALL, Math.min(110, width / 5))} ${value}`;
  });
}

function drawEndLabels(labels: EndLabel[], plotRight: number, top: number, bottom: number): string {
  labels.sort((a, b) => a.y - b.y);
  // From above, push each label below the one before it; then from below, back into the plot.
  for (let i = 1; i < labels.length; i++)
    labels[i].at = Math.max(labels[i].at, labels[i - 1].at + LABEL_GAP);
  let limit = bottom;
  for (let i = labels.length - 1; i >= 0; i--) {
    labels[i].at = Math.max(Math.min(labels[i].at, limit), top);
    limit = labels[i].at - LABEL_GAP;
  }
  return labels
    .map(({ x, y, at, text, color }) => {
      // A line that ends early has its label at its end: a leader to the margin would look like more
      // of the line.
      const left = plotRight - x > 24 ? x : plotRight;
      const leader =
        Math.abs(at - y) > 3 || left - x > 3
          ? element("path", {
              d: `M${coordinate(x + 2)} ${coordinate(y)}L${coordinate(left + 6)} ${coordinate(at)}`,
              "stroke-width": 0.75,
              opacity: 0.6,
              ...paint({ stroke: color }),
            })
          : "";
      return (
        leader +
        element("circle", { cx: x, cy: y, r: 2.5, ...paint({ fill: color }) }) +
        label(left + 8, at + 4, text, { size: SMALL, weight: "600", color })
      );
    })
    .join("\n");
}
