// A search heatmap as points in the plane of two numeric settings: for random draws, which fill no
// grid.

import { drawAxes, type Plot } from "./axes.ts";
import { type Drawing, drawYLabel, type Heatmap, hint, type Trial } from "./heatmap.ts";
import { paint } from "./palette.ts";
import { extent, linearScale, logScale, type Scale } from "./scale.ts";
import { element, label, SMALL } from "./svg.ts";
import { textWidth } from "./text.ts";

const HEIGHT = 260;

/** Draws the points. There is at least one trial, and all settings are numbers. */
export function drawPoints(heatmap: Heatmap): Drawing {
  const { trials, best, width, top, xLabel, yLabel } = heatmap;
  const xAxis = axisOf(trials, "x", Math.floor(width / 100));
  const yAxis = axisOf(trials, "y", 6);
  const first = top + (yLabel ? 26 : 8);
  const plot: Plot = {
    left: 24 + Math.max(...yAxis.labels.map((text) => textWidth(text, SMALL))),
    right: width - 24,
    top: first,
    bottom: first + HEIGHT,
  };
  const place = ({ x, y }: Trial) => ({
    cx: plot.left + xAxis.at(Number(x)) * (plot.right - plot.left),
    cy: plot.bottom - yAxis.at(Number(y)) * HEIGHT,
  });
  const parts = [
    drawAxes(xAxis, yAxis, plot, xLabel),
    ...drawYLabel(heatmap),
    ...trials.map((trial) => drawPoint(trial, place(trial), heatmap)),
  ];
  if (best) {
    const { cx, cy } = place(best);
    const isRight = cx > plot.right - 70;
    const anchor = isRight ? "end" : "start";
    const style = { size: SMALL, weight: "600", color: "ink", anchor } as const;
    parts.push(label(cx + (isRight ? -12 : 12), cy + 4, heatmap.scoreText(best.score), style));
  }
  return { parts, bottom: plot.bottom + (xLabel ? 36 : 18) };
}

function axisOf(trials: readonly Trial[], name: "x" | "y", count: number): Scale {
  const [min, max] = extent([trials.map((trial) => Number(trial[name]))])!;
  // learning rates and penalties are tried over decades
  return min > 0 && max / min >= 20
    ? logScale(min, max, { count })
    : linearScale(min, max, { count });
}

function drawPoint(trial: Trial, place: { cx: number; cy: number }, heatmap: Heatmap): string {
  if (!Number.isFinite(trial.score)) {
    const style = { size: 16, anchor: "middle", color: "warning" } as const;
    return label(place.cx, place.cy + 5, "×", style);
  }
  const isBest = trial === heatmap.best;
  const circle = {
    ...place,
    r: 7,
    "fill-opacity": heatmap.opacity(trial.score) * 1.6,
    "stroke-width": isBest ? 2 : 1,
    ...paint({ fill: "series0", stroke: isBest ? "ink" : "series0" }),
  };
  return element("circle", circle, hint(heatmap, trial));
}
