// The axes of a figure: grid lines, ticks and their labels.

import type { Scale } from "./scale.ts";
import { element, label, path, SMALL } from "./svg.ts";
import { textWidth } from "./text.ts";

/** The edges of a rectangle. */
export type Edges = { left: number; right: number; top: number; bottom: number };

/** Where values are drawn: the edges of the plot, its axes, and the place of an x and a y. */
export type Plot = Edges & {
  xAxis: Scale;
  yAxis: Scale;
  x(value: number): number;
  y(value: number): number;
};

/**
 * The plot within `edges`, right of the labels of its y axis. `xAxisOf` makes the x axis for the
 * width that they leave.
 */
export function plotWithin(edges: Edges, yAxis: Scale, xAxisOf: (width: number) => Scale): Plot {
  const { right, top, bottom } = edges;
  const left = edges.left + Math.max(...yAxis.labels.map((text) => textWidth(text, SMALL)), 0) + 8;
  const width = Math.max(1, right - left);
  const xAxis = xAxisOf(width);
  const x = (value: number): number => left + xAxis.at(value) * width;
  const y = (value: number): number => bottom - yAxis.at(value) * (bottom - top);
  return { left, right, top, bottom, xAxis, yAxis, x, y };
}

/**
 * The markup of horizontal grid lines with labels left of the plot, and of a base line with ticks
 * below it. Ticks whose labels would overlap have none.
 */
export function drawAxes({ xAxis, yAxis, x, y, left, right, bottom }: Plot, xLabel = ""): string[] {
  const middle = (left + right) / 2;
  const marks = xAxis.ticks.map((tick) => path`M${x(tick)} ${bottom}v4`);
  return [
    ...yAxis.ticks.flatMap((tick, i) => [
      element("path", { d: path`M${left} ${y(tick)}H${right}`, stroke: "grid" }),
      label(left - 6, y(tick) + 4, yAxis.labels[i], { anchor: "end" }),
    ]),
    element("path", { d: path`M${left} ${bottom}H${right}` + marks.join(""), stroke: "muted" }),
    ...labelsInRow(xAxis.labels, (i) => x(xAxis.ticks[i]), bottom + 18, 6),
    xLabel && label(middle, bottom + 36, xLabel, { anchor: "middle", maxWidth: right - left }),
  ];
}

/** The texts, centered at the places, without those less than `gap` from the one before. */
export function labelsInRow(
  texts: readonly string[],
  place: (i: number) => number,
  y: number,
  gap: number,
): string[] {
  let end = -Infinity;
  return texts.flatMap((text, i) => {
    const [x, half] = [place(i), textWidth(text, SMALL) / 2];
    if (x - half < end) return [];
    end = x + half + gap;
    return label(x, y, text, { anchor: "middle" });
  });
}
