// The labels at the ends of the lines of a chart, moved apart where they would overlap.

import type { Plot } from "./axes.ts";
import { type Color, paint } from "./palette.ts";
import { extent } from "./scale.ts";
import type { Series } from "./series.ts";
import { coordinate, element, label, SMALL } from "./svg.ts";
import { fitText, formatNumber, formatPercent, printableText, textWidth } from "./text.ts";

const MIN_DISTANCE = 16; // between the baselines of two labels
const INSIDE_LABELS = 2;
const MAX_LABELS = 8; // more would leave no room for the lines; the legend names them

/** The label of a line that ends at x, y; `at` is the y at which the label is drawn. */
export type EndLabel = { x: number; y: number; at: number; text: string; color: Color };

/**
 * The text at the end of each line: its last finite value, after its name if there is room; or
 * undefined for a line without a label.
 */
export function endTexts(
  series: readonly Series[],
  percent: boolean,
  width: number,
): (string | undefined)[] {
  const shown = series.filter(({ faint }) => !faint);
  return series.map(({ name, y, faint }) => {
    if (faint || shown.length > MAX_LABELS || !extent([y])) return undefined;
    let last = y.length - 1;
    while (!Number.isFinite(y[last])) last--;
    const value = percent ? formatPercent(y[last]) : formatNumber(y[last], 3);
    if (shown.length === 1 || width < 320) return value;
    const room = shown.length <= INSIDE_LABELS ? width / 3 : Math.min(110, width / 5);
    return `${fitText(printableText(name), SMALL, room)} ${value}`;
  });
}

/**
 * The markup of the labels, with a dot at the end of each line. Sorts and moves `labels`. Up to two
 * labels stand in the plot, to the right of a line that ends early, else above or below its end;
 * more stand in the margin, so that they cover no line.
 */
export function drawEndLabels(labels: EndLabel[], { right, top, bottom }: Plot): string {
  labels.sort((a, b) => a.y - b.y);
  if (labels.length <= INSIDE_LABELS) return drawInside(labels, { right, top, bottom });
  // downwards, each label below the one before it; then upwards, back into the plot
  for (let i = 1; i < labels.length; i++)
    labels[i].at = Math.max(labels[i].at, labels[i - 1].at + MIN_DISTANCE);
  let limit = bottom;
  for (let i = labels.length - 1; i >= 0; i--) {
    labels[i].at = Math.max(Math.min(labels[i].at, limit), top);
    limit = labels[i].at - MIN_DISTANCE;
  }
  return labels.map((each) => drawInMargin(each, right)).join("\n");
}

/** The width of the margin that the labels need at the right of the plot. */
export function labelMargin(texts: readonly (string | undefined)[]): number {
  const shown = texts.filter((text) => text !== undefined);
  if (shown.length <= INSIDE_LABELS) return 8;
  return Math.max(...shown.map((text) => textWidth(text, SMALL, true) + 12));
}

function drawInside(labels: EndLabel[], { right, top, bottom }: Omit<Plot, "left">): string {
  const besides = labels.map(({ x, text }) => right - x > textWidth(text, SMALL, true) + 16);
  for (const [i, label] of labels.entries()) {
    // the lower one of two goes below its line, so that each label touches its own line
    const shift = besides[i] ? 4 : i === 1 ? MIN_DISTANCE : -8;
    label.at = Math.min(Math.max(label.y + shift, top + 10), bottom - 4);
  }
  if (labels.length === 2) {
    labels[1].at = Math.min(Math.max(labels[1].at, labels[0].at + MIN_DISTANCE), bottom - 4);
    labels[0].at = Math.min(labels[0].at, labels[1].at - MIN_DISTANCE);
  }
  const parts = labels.map(({ x, y, at, text, color }, i) => {
    const anchor = besides[i] ? "start" : "end";
    const style = { size: SMALL, weight: "600", color, anchor, halo: true } as const;
    return (
      element("circle", { cx: x, cy: y, r: 2.5, ...paint({ fill: color }) }) +
      label(besides[i] ? x + 8 : right, at, text, style)
    );
  });
  return parts.join("\n");
}

function drawInMargin({ x, y, at, text, color }: EndLabel, right: number): string {
  // A line that ends early has its label at its end: a leader to the right edge would look like a
  // part of the line.
  const left = right - x > 24 ? x : right;
  const leader = {
    d: `M${coordinate(x + 2)} ${coordinate(y)}L${coordinate(left + 6)} ${coordinate(at)}`,
    "stroke-width": 0.75,
    opacity: 0.6,
    ...paint({ stroke: color }),
  };
  return (
    (Math.abs(at - y) > 3 || left - x > 3 ? element("path", leader) : "") +
    element("circle", { cx: x, cy: y, r: 2.5, ...paint({ fill: color }) }) +
    label(left + 8, at + 4, text, { size: SMALL, weight: "600", color })
  );
}
