// The labels at the ends of the lines of a chart, moved apart where they would overlap.

import type { Plot } from "./axes.ts";
import { type Color, paint } from "./palette.ts";
import { extent } from "./scale.ts";
import type { Series } from "./series.ts";
import { coordinate, element, label, SMALL } from "./svg.ts";
import { fitText, formatNumber, formatPercent, printableText } from "./text.ts";

const MIN_DISTANCE = 16; // between the baselines of two labels
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
    return `${fitText(printableText(name), SMALL, Math.min(110, width / 5))} ${value}`;
  });
}

/** The markup of the labels, with a dot at the end of each line. Sorts and moves `labels`. */
export function drawEndLabels(labels: EndLabel[], { right, top, bottom }: Plot): string {
  labels.sort((a, b) => a.y - b.y);
  // downwards, each label below the one before it; then upwards, back into the plot
  for (let i = 1; i < labels.length; i++)
    labels[i].at = Math.max(labels[i].at, labels[i - 1].at + MIN_DISTANCE);
  let limit = bottom;
  for (let i = labels.length - 1; i >= 0; i--) {
    labels[i].at = Math.max(Math.min(labels[i].at, limit), top);
    limit = labels[i].at - MIN_DISTANCE;
  }
  return labels.map((each) => drawEndLabel(each, right)).join("\n");
}

function drawEndLabel({ x, y, at, text, color }: EndLabel, right: number): string {
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
