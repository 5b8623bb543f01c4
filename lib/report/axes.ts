// How the axes of a figure are drawn.

import { paint } from "./palette.ts";
import type { Scale } from "./scale.ts";
import { coordinate, element, label, SMALL } from "./svg.ts";
import { textWidth } from "./text.ts";

export type Plot = { left: number; right: number; top: number; bottom: number };

/**
 * Horizontal grid lines and their labels left of the plot, a base line with ticks below it; ticks
 * that would run into each other stay without a label.
 */
export function drawAxes(xAxis: Scale, yAxis: Scale, plot: Plot, xLabel?: string): string {
  const { left, right, top, bottom } = plot;
  const parts: string[] = [];
  for (const [i, tick] of yAxis.ticks.entries()) {
    const y = bottom - yAxis.at(tick) * (bottom - top);
    parts.push(
      element("path", {
        d: `M${coordinate(left)} ${coordinate(y)}H${coordinate(right)}`,
        ...paint({ stroke: "grid" }),
      }),
    );
    parts.push(label(left - 6, y + 4, yAxis.labels[i], { size: SMALL, anchor: "end" }));
  }
  parts.push(
    element("path", {
      d: `M${coordinate(left)} ${coordinate(bottom)}H${coordinate(right)}`,
      ...paint({ stroke: "muted" }),
    }),
  );
  let free = -Infinity; // where the last label ends
  for (const [i, tick] of xAxis.ticks.entries()) {
    const x = left + xAxis.at(tick) * (right - left);
    parts.push(
      element("path", {
        d: `M${coordinate(x)} ${coordinate(bottom)}v4`,
        ...paint({ stroke: "muted" }),
      }),
    );
    const half = textWidth(xAxis.labels[i], SMALL) / 2;
    if (x - half < free) continue;
    free = x + half + 6;
    parts.push(label(x, bottom + 18, xAxis.labels[i], { size: SMALL, anchor: "middle" }));
  }
  if (xLabel)
    parts.push(
      label((left + right) / 2, bottom + 36, xLabel, {
        size: SMALL,
        anchor: "middle",
        maxWidth: right - left,
      }),
    );
  return parts.join("\n");
}
