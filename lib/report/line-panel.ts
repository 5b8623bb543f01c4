// The inside of a line chart, for a document of its own or a figure of several panels: title,
// legend, axes, the lines, and a label at the end of each line.

import { drawAxes, type Edges, type Plot, plotWithin } from "./axes.ts";
import { drawEndLabels, type EndLabel, endTexts, labelMargin } from "./end-labels.ts";
import { drawLegend } from "./legend.ts";
import { seriesColor, seriesDash } from "./palette.ts";
import { polyline } from "./polyline.ts";
import { extent, linearScale, logScale } from "./scale.ts";
import { countGaps, type LineChartOptions, type Series } from "./series.ts";
import {
  type Attributes,
  type Block,
  element,
  label,
  path,
  type TextOptions,
  TITLE,
} from "./svg.ts";

const ROW = 20; // height of a line of the legend or of a note

/** The markup of the chart, drawn within `edges`. */
export function linePanel(
  given: readonly Series[],
  options: LineChartOptions,
  edges: Edges,
): string[] {
  const { xStart = 0, percent } = options;
  const series = given.map(({ x, ...others }) => ({
    ...others,
    x: x ?? new Float64Array(others.y.length).map((_, i) => xStart + i),
  }));
  const isLog = options.yScale === "log";
  const head = drawHead(series, options, edges);
  const top = head.bottom + 8;
  const bottom = edges.bottom - (options.xLabel ? 42 : 24);
  const yRange = extent(
    series.map(({ y }) => y),
    isLog,
  );
  const xRange = extent(series.map(({ x }) => x));
  if (!yRange || !xRange || bottom - top < 24)
    return [...head.parts, ...drawEmpty(series, { ...edges, top, bottom })];
  const count = Math.max(2, Math.min(6, Math.round((bottom - top) / 34)));
  const yAxis = isLog
    ? logScale(...yRange, count)
    : linearScale(...yRange, { count, percent, limits: options.yLimits });
  const ends = endTexts(series, percent, edges.right - edges.left);
  const right = edges.right - labelMargin(ends);
  const plot = plotWithin({ left: edges.left, right, top, bottom }, yAxis, (width) => {
    const most = Math.max(1, Math.min(10, Math.floor(width / 60)));
    const integer = given.every(({ x }) =>
      Array.prototype.every.call(x ?? [xStart], Number.isInteger),
    );
    return linearScale(...xRange, { count: most, nice: false, integer });
  });
  const lines = drawLines(series, ends, plot);
  return [...head.parts, ...drawAxes(plot, options.xLabel), ...lines];
}

/** Title, legend, a note about gaps, and the label of the y axis: each only if there is one. */
function drawHead(series: readonly Series[], options: LineChartOptions, edges: Edges): Block {
  const { left, right } = edges;
  const head: Block = { parts: [], bottom: edges.top };
  const write = (text: string | undefined, style?: TextOptions, height = ROW, below = 7): void => {
    if (!text) return;
    head.bottom += height;
    head.parts.push(label(left, head.bottom - below, text, { ...style, maxWidth: right - left }));
  };
  write(options.title, { size: TITLE, bold: true, color: "ink" }, 26, 10);
  if (series.length > 1) {
    const layout = { left, right, top: head.bottom, row: ROW, swatch: 26, after: 6 };
    const names = series.map(({ name }) => name);
    const { parts, bottom } = drawLegend(names, layout, (i, x, y) =>
      element("path", { d: path`M${x} ${y + 9}h22`, ...strokeOf(series, i, 0.6) }),
    );
    head.parts.push(...parts);
    head.bottom = bottom;
  }
  write(gapNote(series, options.yScale === "log"), { color: "warning" });
  write(options.yLabel);
  return head;
}

function gapNote(series: readonly Series[], log: boolean): string | undefined {
  const [broken, ...others] = series.filter(({ y }) => countGaps(y, log) > 0);
  if (!broken) return undefined;
  const { name, y } = broken;
  const reason = log ? "not positive and finite" : "not finite";
  const more = others.length > 0 ? ` (and ${others.length} more series)` : "";
  return `${name}: ${countGaps(y, log)} of ${y.length} values ${reason}, shown as gaps${more}`;
}

function drawEmpty(series: readonly Series[], { left, right, top, bottom }: Edges): string[] {
  const message = series.some(({ y }) => y.length > 0) ? "no finite values to draw" : "no data yet";
  const [width, height] = [right - left, Math.max(0, bottom - top)];
  return [
    element("rect", { x: left, y: top, width, height, rx: 4, stroke: "grid" }),
    label(left + width / 2, top + height / 2 + 4, message, { anchor: "middle" }),
  ];
}

/** The line of each series, then the labels at the ends of the lines. */
function drawLines(
  series: readonly (Series & { x: ArrayLike<number> })[],
  ends: readonly (string | undefined)[],
  plot: Plot,
): string[] {
  const labels: EndLabel[] = [];
  const parts = series.flatMap(({ x, y }, i) => {
    const { path: d, dots, end } = polyline(x, y, plot);
    const [color, text] = [seriesColor(i), ends[i]];
    if (text !== undefined && end) labels.push({ x: end[0], y: end[1], text, color });
    const stroke = strokeOf(series, i, 0.4);
    const { opacity } = stroke;
    return [
      d && element("path", { d, "stroke-linejoin": "round", "stroke-linecap": "round", ...stroke }),
      ...dots.map(([cx, cy]) => element("circle", { cx, cy, r: 3, opacity, fill: color })),
    ];
  });
  return [...parts, ...drawEndLabels(labels, plot)];
}

/**
 * How the line of a series is painted; `pale` is the opacity of faint ones. Faint lines and a line
 * that stands alone are solid.
 */
function strokeOf(series: readonly Series[], i: number, pale: number): Attributes {
  const { faint } = series[i];
  const shown = series.filter((each) => !each.faint);
  return {
    "stroke-width": faint ? 1 : 2,
    "stroke-dasharray": faint || shown.length < 2 ? "" : seriesDash(shown.indexOf(series[i])),
    opacity: faint ? pale : undefined,
    stroke: seriesColor(i),
  };
}
