// The axes of a figure: grid lines, ticks and their labels.

import { paint } from "./palette.ts";
import type { Scale } from "./scale.ts";
import { coordinate, element, label, SMALL } from "./svg.ts";
import { textWidth } from "./text.ts";

export type Plot = { left: number; right: number; top: number; bottom: number };

/**
 * The markup of horizontal grid lines with labels left of the plot, and of a base line with ticks
 * below it. Ticks whose labels would overlap have none.
 */
export function drawAxes(xAxis: Scale, yAxis: Scale, plot: Plot, xLabel?: string): string {
  const parts = [...drawGridLines(yAxis, plot), ...drawTicks(xAxis, plot)];
  if (xLabel) {
    const maxWidth = plot.right - plot.left;
    const style = { size: SMALL, anchor: "middle", maxWidth } as const;
    parts.push(label((plot.left + plot.right) / 2, plot.bottom + 36, xLabel, style));
  }
  return parts.join("\n");
}

function drawGridLines(yAxis: Scale, { left, right, top, bottom }: Plot): string[] {
  return yAxis.ticks.flatMap((tick, i) => {
    const y = bottom - yAxis.at(tick) * (bottom - top);
    const d = `M${coordinate(left)} ${coordinate(y)}H${coordinate(right)}`;
    return [
      element("path", { d, ...paint({ stroke: "grid" }) }),
      label(left - 6, y + 4, yAxis.labels[i], { size: SMALL, anchor: "end" }),
    ];
  });
}

function drawTicks(xAxis: Scale, { left, right, bottom }: Plot): string[] {
  const line = (d: string): string => element("path", { d, ...paint({ stroke: "muted" }) });
  const parts = [line(`M${coordinate(left)} ${coordinate(bottom)}H${coordinate(right)}`)];
  let labelEnd = -Infinity;
  for (const [i, tick] of xAxis.ticks.entries()) {
    const x = left + xAxis.at(tick) * (right - left);
    parts.push(line(`M${coordinate(x)} ${coordinate(bottom)}v4`));
    const half = textWidth(xAxis.labels[i], SMALL) / 2;
    if (x - half < labelEnd) continue;
    labelEnd = x + half + 6;
    parts.push(label(x, bottom + 18, xAxis.labels[i], { size: SMALL, anchor: "middle" }));
  }
  return parts;
}
