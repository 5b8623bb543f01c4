// A search heatmap as a grid: a cell for each pair of settings, with its best trial.

import {
  type Drawing,
  drawYLabel,
  type Heatmap,
  hint,
  settingName,
  type Trial,
} from "./heatmap.ts";
import { paint } from "./palette.ts";
import { element, label, SMALL } from "./svg.ts";
import { fitText, textWidth } from "./text.ts";

/** Where the cells are; `xs` and `ys` are the settings of the columns and rows. */
type Grid = {
  xs: readonly (number | string)[];
  ys: readonly (number | string)[];
  left: number;
  bottom: number;
  width: number;
  height: number;
  nameWidth: number;
};

/** Draws the grid. There is at least one trial. */
export function drawGrid(heatmap: Heatmap): Drawing {
  const grid = layOut(heatmap);
  const { left, bottom, width, xs } = grid;
  const parts = [
    ...drawYLabel(heatmap),
    ...bestOfEachCell(heatmap.trials).map((trial) => drawCell(trial, heatmap, grid)),
    ...drawRowNames(grid),
    ...drawColumnNames(grid),
  ];
  const { xLabel } = heatmap;
  if (!xLabel) return { parts, bottom: bottom + 18 };
  const style = { size: SMALL, anchor: "middle", maxWidth: heatmap.width - left } as const;
  parts.push(label(left + (width * xs.length) / 2, bottom + 36, xLabel, style));
  return { parts, bottom: bottom + 36 };
}

function layOut({ trials, width: total, top, yLabel }: Heatmap): Grid {
  const xs = distinctSettings(trials.map(({ x }) => x));
  const ys = distinctSettings(trials.map(({ y }) => y));
  const names = ys.map((y) => textWidth(settingName(y), SMALL));
  const nameWidth = Math.min(140, total / 4, Math.max(...names));
  const left = 16 + nameWidth + 8;
  const width = Math.min(96, (total - left - 16) / xs.length);
  const height = Math.min(44, Math.max(20, width * 0.6));
  const bottom = top + (yLabel ? 18 : 0) + height * ys.length;
  return { xs, ys, left, bottom, width, height, nameWidth };
}

/** Each setting once: numbers in ascending order, then names in order of appearance. */
export function distinctSettings(values: readonly (number | string)[]): (number | string)[] {
  const all = [...new Set(values)];
  const numbers = all.filter((value) => typeof value === "number").sort((a, b) => a - b);
  return [...numbers, ...all.filter((value) => typeof value === "string")];
}

function bestOfEachCell(trials: readonly Trial[]): Trial[] {
  const best = new Map<string, Trial>();
  for (const trial of trials) {
    const key = JSON.stringify([trial.x, trial.y]);
    const held = best.get(key);
    const isBetter =
      held === undefined ||
      trial.score > held.score ||
      (Number.isNaN(held.score) && !Number.isNaN(trial.score));
    if (isBetter) best.set(key, trial);
  }
  return [...best.values()];
}

function drawCell(trial: Trial, heatmap: Heatmap, grid: Grid): string {
  const { xs, ys, left, bottom, width, height } = grid;
  const x = left + xs.indexOf(trial.x) * width;
  const y = bottom - (ys.indexOf(trial.y) + 1) * height; // larger values higher, as on an axis
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
    ...paint({ fill: hasScore ? "series0" : "warning", stroke: isBest ? "ink" : undefined }),
  };
  const shade = element("rect", rect, hint(heatmap, trial));
  const text = hasScore ? heatmap.scoreText(trial.score) : "×";
  if (textWidth(text, SMALL, isBest) > width - 4) return shade;
  const score = label(x + width / 2, y + height / 2 + 4, text, {
    size: SMALL,
    anchor: "middle",
    color: hasScore ? "ink" : "warning",
    weight: isBest ? "600" : undefined,
  });
  return `${shade}\n${score}`;
}

function drawRowNames({ ys, left, bottom, height, nameWidth }: Grid): string[] {
  const every = Math.ceil((SMALL + 2) / height);
  const style = { size: SMALL, anchor: "end", maxWidth: nameWidth + 1 } as const;
  return ys.flatMap((y, i) =>
    i % every === 0
      ? [label(left - 8, bottom - (i + 0.5) * height + 4, settingName(y), style)]
      : [],
  );
}

function drawColumnNames({ xs, left, bottom, width }: Grid): string[] {
  const parts: string[] = [];
  let nameEnd = -Infinity;
  for (const [i, x] of xs.entries()) {
    const text = fitText(settingName(x), SMALL, Math.max(width - 4, 40));
    const [middle, half] = [left + (i + 0.5) * width, textWidth(text, SMALL) / 2];
    if (middle - half < nameEnd) continue;
    nameEnd = middle + half + 4;
    parts.push(label(middle, bottom + 18, text, { size: SMALL, anchor: "middle" }));
  }
  return parts;
}
