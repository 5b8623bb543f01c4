// A search heatmap as points in the plane of two numeric settings: for random draws, which fill no
// grid.

import { drawAxes, plotWithin } from "./axes.ts";
import { drawYLabel, type Heatmap, hint, type Setting } from "./heatmap.ts";
import { extent, linearScale, logScale, type Scale } from "./scale.ts";
import { type Block, element, label } from "./svg.ts";

const HEIGHT = 260;

/** Draws the points. There is at least one trial, and all settings are numbers. */
export function drawPoints(heatmap: Heatmap, top: number): Block {
  const { trials, best, width, xLabel, yLabel } = heatmap;
  const first = top + (yLabel ? 26 : 8);
  const edges = { left: 16, right: width - 24, top: first, bottom: first + HEIGHT };
  const plot = plotWithin(edges, axisOf(heatmap.ys, 6), () =>
    axisOf(heatmap.xs, Math.floor(width / 100)),
  );
  const points = trials.map((trial) => {
    const { x, y, score } = trial;
    const [cx, cy] = [plot.x(Number(x)), plot.y(Number(y))];
    if (!Number.isFinite(score))
      return label(cx, cy + 5, "×", { size: 16, anchor: "middle", color: "warning" });
    const circle = element(
      "circle",
      {
        cx,
        cy,
        r: 7,
        "fill-opacity": heatmap.opacity(score) * 1.6,
        "stroke-width": trial === best ? 2 : 1,
        fill: "series0",
        stroke: trial === best ? "ink" : "series0",
      },
      hint(heatmap, trial),
    );
    return circle;
  });
  const parts = [...drawAxes(plot, xLabel), drawYLabel(heatmap, top), ...points];
  if (best) {
    const [x, y] = [plot.x(Number(best.x)), plot.y(Number(best.y)) + 4];
    const style = { bold: true, color: "ink" } as const;
    const text = heatmap.scoreText(best.score);
    parts.push(
      x > plot.right - 70
        ? label(x - 12, y, text, { ...style, anchor: "end" })
        : label(x + 12, y, text, style),
    );
  }
  return { parts, bottom: plot.bottom + (xLabel ? 36 : 18) };
}

function axisOf(settings: readonly Setting[], count: number): Scale {
  const [min, max] = extent([settings.map(Number)])!;
  // learning rates and penalties are tried over decades
  return min > 0 && max / min >= 20 ? logScale(min, max, count) : linearScale(min, max, { count });
}
