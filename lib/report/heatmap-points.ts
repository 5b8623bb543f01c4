// A search heatmap as points in the plane of two numeric settings: for random draws, which fill no
// grid.

import { drawAxes, plotWithin } from "./axes.ts";
import type { Heatmap, Setting, Trial } from "./heatmap.ts";
import { extent, linearScale, logScale, type Scale } from "./scale.ts";
import { type Block, element, label } from "./svg.ts";

const HEIGHT = 260;

/** Draws the points. There is at least one trial, and all settings are numbers. */
export function drawPoints(heatmap: Heatmap, top: number): Block {
  const { trials, best, width } = heatmap;
  const bottom = top + 8 + HEIGHT;
  const edges = { left: 16, right: width - 24, top: top + 8, bottom };
  const plot = plotWithin(edges, axisOf(heatmap.ys, 6), () =>
    axisOf(heatmap.xs, Math.floor(width / 100)),
  );
  const place = ({ x, y }: Trial): [number, number] => [plot.x(Number(x)), plot.y(Number(y))];
  const points = trials.map((trial) => {
    const [cx, cy] = place(trial);
    if (!Number.isFinite(trial.score))
      return label(cx, cy + 5, "×", { size: 16, anchor: "middle", color: "warning" });
    const circle = {
      cx,
      cy,
      r: 7,
      "fill-opacity": heatmap.opacity(trial.score) * 1.6,
      "stroke-width": trial === best ? 2 : 1,
      fill: "series0",
      stroke: trial === best ? "ink" : "series0",
    } as const;
    return element("circle", circle, heatmap.hint(trial));
  });
  const parts = [...drawAxes(plot, heatmap.xLabel), ...points];
  if (best) {
    const [x, y] = place(best);
    const anchor = x > plot.right - 70 ? "end" : undefined;
    const style = { bold: true, color: "ink", anchor } as const;
    parts.push(label(anchor ? x - 12 : x + 12, y + 4, heatmap.scoreText(best.score), style));
  }
  return { parts, bottom };
}

function axisOf(settings: readonly Setting[], count: number): Scale {
  const [min, max] = extent([settings.map(Number)])!;
  // learning rates and penalties are tried over decades
  return min > 0 && max / min >= 20 ? logScale(min, max, count) : linearScale(min, max, { count });
}
