// The labels at the ends of the lines of a chart, moved apart where they would overlap.

import type { Plot } from "./axes.ts";
import type { Color } from "./palette.ts";
import type { Series } from "./series.ts";
import { element, label, path, SMALL } from "./svg.ts";
import { fitText, textWidth, valueText } from "./text.ts";

const MIN_DISTANCE = 16; // between the baselines of two labels
const INSIDE_LABELS = 2;
const MAX_LABELS = 8; // more would leave no room for the lines; the legend names them

/** The label of a line that ends at x, y. */
export type EndLabel = { x: number; y: number; text: string; color: Color };

/**
 * The text at the end of each line: its last finite value, after its name if there is room; or
 * undefined for a line without a label.
 */
export function endTexts(
  series: readonly Series[],
  percent: boolean | undefined,
  width: number,
): (string | undefined)[] {
  const shown = series.filter(({ faint }) => !faint).length;
  const room = shown <= INSIDE_LABELS ? width / 3 : Math.min(110, width / 5);
  return series.map(({ name, y, faint }) => {
    let last = y.length - 1;
    while (last >= 0 && !Number.isFinite(y[last])) last--;
    if (faint || shown > MAX_LABELS || last < 0) return undefined;
    const value = valueText(y[last], percent, 3);
    return shown === 1 || width < 320 ? value : `${fitText(name, SMALL, room)} ${value}`;
  });
}

/** The width of the margin that the labels need at the right of the plot. */
export function labelMargin(texts: readonly (string | undefined)[]): number {
  const widths = texts.flatMap((text) => (text === undefined ? [] : widthOf(text) + 12));
  return widths.length <= INSIDE_LABELS ? 8 : Math.max(...widths);
}

/**
 * The markup of the labels, with a dot at the end of each line. Up to two labels stand in the plot,
 * to the right of a line that ends early, else above or below its end; more stand in the margin, so
 * that they cover no line.
 */
export function drawEndLabels(labels: readonly EndLabel[], { right, top, bottom }: Plot): string[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  const isInside = sorted.length <= INSIDE_LABELS;
  const drawLabel = isInside ? drawInside : drawInMargin;
  const wanted = sorted.map((each, i) => {
    // the lower one of two goes below its line, so that each label touches its own line
    const shift = isBeside(each, right) ? 4 : i === 1 ? MIN_DISTANCE : -8;
    return isInside ? Math.max(each.y + shift, top + 10) : each.y;
  });
  const places = moveApart(wanted, top, isInside ? bottom - 4 : bottom);
  return sorted.map((each, i) => {
    const dot = element("circle", { cx: each.x, cy: each.y, r: 2.5, fill: each.color });
    return dot + drawLabel(each, places[i], right);
  });
}

/** The places, in ascending order, with the least distance between any two of them. */
function moveApart(places: number[], top: number, bottom: number): number[] {
  // downwards, each below the one before it; then upwards, back into the plot
  for (let i = 1; i < places.length; i++)
    places[i] = Math.max(places[i], places[i - 1] + MIN_DISTANCE);
  let limit = bottom;
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.max(Math.min(places[i], limit), top);
    limit = places[i] - MIN_DISTANCE;
  }
  return places;
}

/** Whether there is room for the label between the end of its line and the edge of the plot. */
function isBeside({ x, text }: EndLabel, right: number): boolean {
  return right - x > widthOf(text) + 16;
}

function drawInside(end: EndLabel, at: number, right: number): string {
  const { x, text, color } = end;
  const style = { bold: true, color, halo: true };
  return isBeside(end, right)
    ? label(x + 8, at, text, style)
    : label(right, at, text, { ...style, anchor: "end" });
}

function drawInMargin({ x, y, text, color }: EndLabel, at: number, right: number): string {
  // A line that ends early has its label at its end: a leader to the right edge would look like a
  // part of the line.
  const left = right - x > 24 ? x : right;
  const d = path`M${x + 2} ${y}L${left + 6} ${at}`;
  const leader = element("path", { d, "stroke-width": 0.75, opacity: 0.6, stroke: color });
  const isFar = Math.abs(at - y) > 3 || left - x > 3;
  return (isFar ? leader : "") + label(left + 8, at + 4, text, { bold: true, color });
}

function widthOf(text: string): number {
  return textWidth(text, SMALL, true);
}
