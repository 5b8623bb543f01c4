// A search heatmap as a grid: a cell for each pair of settings, with its best trial.

import { labelsInRow } from "./axes.ts";
import { type Heatmap, settingName, type Trial } from "./heatmap.ts";
import { type Block, element, label, SMALL } from "./svg.ts";
import { fitText, textWidth } from "./text.ts";

/** Where the cells are, and the width and height of one. */
type Grid = { left: number; bottom: number; width: number; height: number };

/** Draws the grid. There is at least one trial. */
export function drawGrid(heatmap: Heatmap, top: number): Block {
  const { xs, ys, xLabel } = heatmap;
  const [columns, rows] = [xs, ys].map((settings) => settings.map(settingName));
  const widest = Math.max(...rows.map((name) => textWidth(name, SMALL)));
  const nameWidth = Math.min(140, heatmap.width / 4, widest);
  const left = 16 + nameWidth + 8;
  const width = Math.min(96, (heatmap.width - left - 16) / xs.length);
  const height = Math.min(44, Math.max(20, width * 0.6));
  const bottom = top + height * ys.length;
  const grid = { left, bottom, width, height };
  const parts = [
    ...bestOfEachCell(heatmap.trials).map((trial) => drawCell(trial, heatmap, grid)),
    ...rows.map((name, i) =>
      label(left - 8, bottom - (i + 0.5) * height + 4, name, {
        anchor: "end",
        maxWidth: nameWidth + 1,
      }),
    ),
    ...labelsInRow(
      columns.map((name) => fitText(name, SMALL, Math.max(width - 4, 40))),
      (i) => left + (i + 0.5) * width,
      bottom + 18,
      4,
    ),
  ];
  const style = { anchor: "middle", maxWidth: heatmap.width - left } as const;
  if (xLabel) parts.push(label(left + (width * xs.length) / 2, bottom + 36, xLabel, style));
  return { parts, bottom };
}

function bestOfEachCell(trials: readonly Trial[]): Trial[] {
  const best = new Map<string, Trial>();
  const rank = ({ score }: Trial): number => (Number.isNaN(score) ? -Infinity : score);
  for (const trial of trials) {
    const key = JSON.stringify([trial.x, trial.y]);
    const held = best.get(key);
    if (held === undefined || rank(trial) > rank(held)) best.set(key, trial);
  }
  return [...best.values()];
}

function drawCell(trial: Trial, heatmap: Heatmap, grid: Grid): string {
  const { left, bottom, width, height } = grid;
  const x = left + heatmap.xs.indexOf(trial.x) * width;
  // larger values higher, as on an axis
  const y = bottom - (heatmap.ys.indexOf(trial.y) + 1) * height;
  const hasScore = Number.isFinite(trial.score);
  const isBest = trial === heatmap.best;
  const rect = {
    x: x + 1,
    y: y + 1,
    width: Math.max(1, width - 2),
    height: height - 2,
    rx: 2,
    "fill-opacity": hasScore ? heatmap.opacity(trial.score) : 0.1,
    "stroke-width": isBest ? 2 : undefined,
    fill: hasScore ? "series0" : "warning",
    stroke: isBest ? "ink" : undefined,
  } as const;
  const shade = element("rect", rect, heatmap.hint(trial));
  const text = hasScore ? heatmap.scoreText(trial.score) : "×";
  if (textWidth(text, SMALL, isBest) > width - 4) return shade;
  const color = hasScore ? "ink" : "warning";
  const style = { anchor: "middle", color, bold: isBest } as const;
  return `${shade}\n${label(x + width / 2, y + height / 2 + 4, text, style)}`;
}
