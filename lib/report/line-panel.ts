// The inside of a line chart, for a document of its own or a figure of several panels: title,
// legend, axes, the lines, and a label at the end of each line.

import { drawAxes, type Plot } from "./axes.ts";
import { drawEndLabels, type EndLabel, endTexts, labelMargin } from "./end-labels.ts";
import { type Color, paint, seriesColor, seriesDash } from "./palette.ts";
import { type Polyline, polyline } from "./polyline.ts";
import { extent, linearScale, logScale, type Scale } from "./scale.ts";
import { countGaps, type LineChartOptions, type Series } from "./series.ts";
import { element, label, SMALL, TITLE } from "./svg.ts";
import { fitText, printableText, textWidth } from "./text.ts";

export type Box = { x: number; y: number; width: number; height: number };

const ROW = 20; // height of a line of the legend or of a note
const SWATCH = 26; // width of the piece of line before a name in the legend

/** The markup of the chart, drawn into `box`. */
export function linePanel(series: readonly Series[], options: LineChartOptions, box: Box): string {
  const head = drawHead(series, options, box);
  const top = head.bottom + 8;
  const bottom = box.y + box.height - (options.xLabel ? 42 : 24);
  const { xStart = 0 } = options;
  const yRange = extent(
    series.map(({ y }) => y),
    options.yScale === "log",
  );
  const xRange = extent(
    series.map(({ x, y }) => x ?? (y.length > 0 ? [xStart, xStart + y.length - 1] : [])),
  );
  if (!yRange || !xRange || bottom - top < 24) {
    const place = { x: box.x, y: top, width: box.width, height: Math.max(0, bottom - top) };
    return [...head.parts, drawEmpty(series, place)].join("\n");
  }
  const yAxis = yScaleOf(yRange, options, bottom - top);
  const ends = endTexts(series, options.percent ?? false, box.width);
  const plot: Plot = {
    left: box.x + Math.max(...yAxis.labels.map((text) => textWidth(text, SMALL)), 0) + 8,
    right: box.x + box.width - labelMargin(ends),
    top,
    bottom,
  };
  const xAxis = xScaleOf(xRange, series, xStart, plot);
  return [
    ...head.parts,
    drawAxes(xAxis, yAxis, plot, options.xLabel),
    ...drawSeries(series, ends, { xAxis, yAxis, plot, xStart }),
  ].join("\n");
}

type Head = { parts: string[]; bottom: number };

/** Title, legend, a note about gaps, and the label of the y axis: each only if there is one. */
function drawHead(series: readonly Series[], options: LineChartOptions, box: Box): Head {
  const parts: string[] = [];
  let top = box.y;
  const row = (height: number, markup: string): void => {
    parts.push(markup);
    top += height;
  };
  const maxWidth = box.width;
  if (options.title) {
    const style = { size: TITLE, weight: "600", color: "ink", maxWidth } as const;
    row(26, label(box.x, top + 16, options.title, style));
  }
  if (series.length > 1) {
    const legend = drawLegend(series, box.x, top, box.width);
    row(legend.bottom - top, legend.markup);
  }
  const note = gapNote(series, options.yScale === "log");
  if (note !== undefined)
    row(ROW, label(box.x, top + 13, note, { size: SMALL, color: "warning", maxWidth }));
  if (options.yLabel) row(ROW, label(box.x, top + 13, options.yLabel, { size: SMALL, maxWidth }));
  return { parts, bottom: top };
}

function gapNote(series: readonly Series[], log: boolean): string | undefined {
  const broken = series.filter(({ y }) => countGaps(y, log) > 0);
  if (broken.length === 0) return undefined;
  const { name, y } = broken[0];
  const reason = log ? "not positive and finite" : "not finite";
  const more = broken.length > 1 ? ` (and ${broken.length - 1} more series)` : "";
  return `${name}: ${countGaps(y, log)} of ${y.length} values ${reason}, shown as gaps${more}`;
}

function drawEmpty(series: readonly Series[], { x, y, width, height }: Box): string {
  const message = series.some((s) => s.y.length > 0) ? "no finite values to draw" : "no data yet";
  return [
    element("rect", { x, y, width, height, rx: 4, ...paint({ stroke: "grid" }) }),
    label(x + width / 2, y + height / 2 + 4, message, { anchor: "middle" }),
  ].join("\n");
}

function yScaleOf(
  range: readonly [number, number],
  { yScale, percent = false, yLimits }: LineChartOptions,
  height: number,
): Scale {
  const count = Math.max(2, Math.min(6, Math.round(height / 34)));
  return yScale === "log"
    ? logScale(...range, { count })
    : linearScale(...range, { count, percent, limits: yLimits });
}

function xScaleOf(
  range: readonly [number, number],
  series: readonly Series[],
  xStart: number,
  { left, right }: Plot,
): Scale {
  const integer = series.every(({ x }) =>
    x ? Array.prototype.every.call(x, Number.isInteger) : Number.isInteger(xStart),
  );
  const columns = Math.max(1, right - left);
  const count = Math.max(1, Math.min(10, Math.floor(columns / 60)));
  return linearScale(...range, { count, nice: false, integer });
}

type Axes = { xAxis: Scale; yAxis: Scale; plot: Plot; xStart: number };

/** The line of each series, then the labels at the ends of the lines. */
function drawSeries(
  series: readonly Series[],
  ends: readonly (string | undefined)[],
  { xAxis, yAxis, plot, xStart }: Axes,
): string[] {
  const { left, right, top, bottom } = plot;
  const columns = Math.max(1, right - left);
  const px = (value: number) => left + xAxis.at(value) * columns;
  const py = (value: number) => bottom - yAxis.at(value) * (bottom - top);
  const labels: EndLabel[] = [];
  const dashes = dashesOf(series);
  const parts = series.flatMap(({ x, y, faint }, index) => {
    const line = polyline(
      y.length,
      columns,
      (i) => (x ? (Number.isFinite(x[i]) ? px(x[i]) : NaN) : px(xStart + i)),
      (i) => (Number.isFinite(y[i]) ? py(y[i]) : NaN),
    );
    const color = seriesColor(index);
    const text = ends[index];
    if (text !== undefined && line.end) {
      const [endX, endY] = line.end;
      labels.push({ x: endX, y: endY, at: endY, text, color });
    }
    return drawLine(line, color, dashes[index], faint);
  });
  return [...parts, drawEndLabels(labels, plot)];
}

function drawLine({ path, dots }: Polyline, color: Color, dash?: string, faint = false): string[] {
  const opacity = faint ? 0.4 : undefined;
  const stroke = {
    "stroke-width": faint ? 1 : 2,
    "stroke-linejoin": "round",
    "stroke-linecap": "round",
    "stroke-dasharray": dash,
    opacity,
    ...paint({ stroke: color }),
  };
  return [
    ...(path ? [element("path", { d: path, ...stroke })] : []),
    ...dots.map(([cx, cy]) =>
      element("circle", { cx, cy, r: 3, opacity, ...paint({ fill: color }) }),
    ),
  ];
}

/** The dash pattern of each series. Faint lines and a line that stands alone are solid. */
function dashesOf(series: readonly Series[]): (string | undefined)[] {
  const shown = series.filter(({ faint }) => !faint);
  return series.map((each) =>
    each.faint || shown.length < 2 ? undefined : seriesDash(shown.indexOf(each)),
  );
}

function drawLegend(
  series: readonly Series[],
  x: number,
  y: number,
  width: number,
): { markup: string; bottom: number } {
  const parts: string[] = [];
  const dashes = dashesOf(series);
  let [left, row] = [x, y];
  for (const [index, { name, faint }] of series.entries()) {
    const text = fitText(printableText(name), SMALL, Math.min(width - SWATCH, 240));
    const needed = SWATCH + 6 + textWidth(text, SMALL);
    if (left > x && left + needed > x + width) [left, row] = [x, row + ROW];
    parts.push(
      element("path", {
        d: `M${left} ${row + 9}h${SWATCH - 4}`,
        "stroke-width": faint ? 1 : 2,
        "stroke-dasharray": dashes[index],
        opacity: faint ? 0.6 : undefined,
        ...paint({ stroke: seriesColor(index) }),
      }),
      label(left + SWATCH, row + 13, text, { size: SMALL, color: "ink" }),
    );
    left += needed + 12;
  }
  return { markup: parts.join("\n"), bottom: row + ROW };
}
