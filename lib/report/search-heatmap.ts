// Which settings of a search did well: a grid of two hyper-parameters shaded by score, or, where a
// random search tried scattered values, a point for each trial.

import { checkChoice, checkFinite, checkOptions, show } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { drawAxes } from "./axes.ts";
import { paint } from "./palette.ts";
import { extent, linearScale, logScale } from "./scale.ts";
import { element, escapeMarkup, figure, heading, label, SMALL } from "./svg.ts";
import { fitText, formatNumber, formatPercent, printableText, textWidth } from "./text.ts";

/** One candidate: where it lies in the plane and its score, NaN when its training diverged. */
export type Trial = { x: number | string; y: number | string; score: number };

/** How a search is drawn. */
export type SearchHeatmapOptions = {
  title?: string;
  xLabel?: string;
  yLabel?: string;
  /** What the score is called; default "validation accuracy". */
  scoreLabel?: string;
  /** Write scores as percentages; default true. */
  percent?: boolean;
  /**
   * "grid": a cell for each pair of values, the best trial of each; "points": a point for each
   * trial; default by how full a grid would be.
   */
  layout?: "grid" | "points";
  width?: number;
};

// shades of the worst and the best score; ink is readable on both
const [PALE, STRONG] = [0.06, 0.55];
// the part of the cells that must hold a trial for a grid to be the better picture
const FULL = 0.3;

/**
 * A search as an SVG document. Diverged trials are marked with a cross; no trials give an empty
 * figure that says so. Throws TypeError or RangeError for what are no trials.
 * @example
 * const trials = [{ x: 0.1, y: 32, score: 0.9 }, { x: 1, y: 32, score: 0.95 }, { x: 10, y: 32, score: NaN }];
 * console.log(/<desc>(.*?)<\/desc>/.exec(searchHeatmap(trials, { xLabel: "learning rate" }))?.[1]);
 * // 3 trials. best validation accuracy 95.0% at learning rate 1, y 32. worst 90.0%. 1 diverged (×).
 */
export function searchHeatmap(
  trials: readonly Trial[],
  options: SearchHeatmapOptions = {},
): string {
  checkOptions("searchHeatmap", options, [
    "title",
    "xLabel",
    "yLabel",
    "scoreLabel",
    "percent",
    "layout",
    "width",
  ]);
  if (!Array.isArray(trials))
    throw new ArgumentTypeError(`searchHeatmap: trials expected an array, got ${show(trials)}`);
  for (const [i, { x, y, score }] of trials.entries()) {
    for (const [name, value] of [
      ["x", x],
      ["y", y],
    ] as const) {
      if (typeof value !== "string" && !Number.isFinite(value))
        throw new ArgumentTypeError(
          `searchHeatmap: ${name} of trial ${i} expected a finite number or a name, got ${show(value)}`,
        );
    }
    if (typeof score !== "number")
      throw new ArgumentTypeError(
        `searchHeatmap: score of trial ${i} expected a number (NaN when it diverged), got ${show(score)}`,
      );
  }
  const {
    title = "Hyper-parameter search",
    scoreLabel = "validation accuracy",
    percent = true,
    width = 600,
  } = options;
  checkFinite("searchHeatmap", "width", width, 240);
  const xs = distinct(trials.map(({ x }) => x));
  const ys = distinct(trials.map(({ y }) => y));
  const numeric = trials.every(({ x, y }) => typeof x === "number" && typeof y === "number");
  const layout =
    options.layout ?? (numeric && xs.length * ys.length * FULL > trials.length ? "points" : "grid");
  checkChoice("searchHeatmap", "layout", layout, ["grid", "points"]);
  if (layout === "points" && !numeric)
    throw new ArgumentTypeError(
      'searchHeatmap: layout "points" expected numbers for x and y, got names',
    );

  const score = (value: number) => (percent ? formatPercent(value) : formatNumber(value));
  const [low, high] = extent([trials.map((trial) => trial.score)]) ?? [NaN, NaN];
  const best = trials.find((trial) => trial.score === high); // ties: the earlier trial
  const diverged = trials.filter((trial) => !Number.isFinite(trial.score)).length;
  const where = (trial: Trial) =>
    `${options.xLabel ?? "x"} ${name(trial.x)}, ${options.yLabel ?? "y"} ${name(trial.y)}`;
  const summary = [
    `${trials.length} ${trials.length === 1 ? "trial" : "trials"}`,
    best && `best ${scoreLabel} ${score(high)} at ${where(best)}`,
    best && low < high && `worst ${score(low)}`,
    diverged > 0 && `${diverged} diverged (×)`,
  ]
    .filter(Boolean)
    .join(" · ");
  const head = heading(title, summary, width);
  const context: Context = {
    trials,
    xs,
    ys,
    best,
    width,
    score,
    options,
    top: head.bottom + 10,
    shade: (value) => PALE + (STRONG - PALE) * (high > low ? (value - low) / (high - low) : 1),
    hint: (trial) =>
      element(
        "title",
        {},
        escapeMarkup(
          `${where(trial)}: ${Number.isFinite(trial.score) ? `${scoreLabel} ${score(trial.score)}` : "diverged"}`,
        ),
      ),
  };
  const body =
    trials.length === 0
      ? { markup: "", bottom: head.bottom }
      : layout === "grid"
        ? drawGrid(context)
        : drawPoints(context);
  return figure(
    { title, width, height: body.bottom + 14, description: summary.replaceAll(" · ", ". ") + "." },
    head.markup,
    body.markup,
  );
}

type Context = {
  trials: readonly Trial[];
  xs: (number | string)[];
  ys: (number | string)[];
  best: Trial | undefined;
  width: number;
  top: number;
  options: SearchHeatmapOptions;
  score: (value: number) => string;
  shade: (value: number) => number;
  hint: (trial: Trial) => string;
};

function drawGrid({ trials, xs, ys, best, width, top, options, score, shade, hint }: Context): {
  markup: string;
  bottom: number;
} {
  const nameWidth = Math.min(140, width / 4, Math.max(...ys.map((y) => textWidth(name(y), SMALL))));
  const left = 16 + nameWidth + 8;
  const first = top + (options.yLabel ? 18 : 0);
  const cell = Math.min(96, (width - left - 16) / xs.length);
  const height = Math.min(44, Math.max(20, cell * 0.6));
  const bottom = first + height * ys.length;
  const parts: string[] = [];
  if (options.yLabel)
    parts.push(label(16, top + 8, options.yLabel, { size: SMALL, maxWidth: width / 2 }));
  const winners = new Map<string, Trial>(); // the best trial of each cell
  for (const trial of trials) {
    const key = `${xs.indexOf(trial.x)} ${ys.indexOf(trial.y)}`;
    const held = winners.get(key);
    if (
      !held ||
      trial.score > held.score ||
      (Number.isNaN(held.score) && !Number.isNaN(trial.score))
    )
      winners.set(key, trial);
  }
  for (const trial of winners.values()) {
    const x = left + xs.indexOf(trial.x) * cell;
    const y = bottom - (ys.indexOf(trial.y) + 1) * height; // larger values higher up, as on an axis
    const finite = Number.isFinite(trial.score);
    const isBest = trial === best;
    const text = finite ? score(trial.score) : "×";
    parts.push(
      element(
        "rect",
        {
          x: x + 1,
          y: y + 1,
          width: Math.max(1, cell - 2),
          height: height - 2,
          rx: 2,
          "fill-opacity": finite ? shade(trial.score) : 0.1,
          "stroke-width": isBest ? 2 : undefined,
          ...paint({ fill: finite ? "series0" : "warning", stroke: isBest ? "ink" : undefined }),
        },
        hint(trial),
      ),
    );
    if (textWidth(text, SMALL, isBest) <= cell - 4) {
      parts.push(
        label(x + cell / 2, y + height / 2 + 4, text, {
          size: SMALL,
          anchor: "middle",
          color: finite ? "ink" : "warning",
          weight: isBest ? "600" : undefined,
        }),
      );
    }
  }
  const everyRow = Math.ceil((SMALL + 2) / height);
  for (let i = 0; i < ys.length; i += everyRow) {
    parts.push(
      label(left - 8, bottom - (i + 0.5) * height + 4, name(ys[i]), {
        size: SMALL,
        anchor: "end",
        maxWidth: nameWidth + 1,
      }),
    );
  }
  let free = -Infinity;
  for (const [i, x] of xs.entries()) {
    const text = fitText(name(x), SMALL, Math.max(cell - 4, 40));
    const [middle, half] = [left + (i + 0.5) * cell, textWidth(text, SMALL) / 2];
    if (middle - half < free) continue;
    free = middle + half + 4;
    parts.push(label(middle, bottom + 18, text, { size: SMALL, anchor: "middle" }));
  }
  if (options.xLabel)
    parts.push(
      label(left + (cell * xs.length) / 2, bottom + 36, options.xLabel, {
        size: SMALL,
        anchor: "middle",
        maxWidth: width - left,
      }),
    );
  return { markup: parts.join("\n"), bottom: bottom + (options.xLabel ? 36 : 18) };
}

function drawPoints({ trials, best, width, top, options, score, shade, hint }: Context): {
  markup: string;
  bottom: number;
} {
  const axis = (values: number[], count: number) => {
    const [min, max] = extent([values])!;
    // rates and penalties are tried over decades
    return min > 0 && max / min >= 20
      ? logScale(min, max, { count })
      : linearScale(min, max, { count });
  };
  const xAxis = axis(
    trials.map(({ x }) => Number(x)),
    Math.floor(width / 100),
  );
  const yAxis = axis(
    trials.map(({ y }) => Number(y)),
    6,
  );
  const first = top + (options.yLabel ? 26 : 8);
  const plot = {
    left: 24 + Math.max(...yAxis.labels.map((text) => textWidth(text, SMALL))),
    right: width - 24,
    top: first,
    bottom: first + 260,
  };
  const parts = [drawAxes(xAxis, yAxis, plot, options.xLabel)];
  if (options.yLabel)
    parts.push(label(16, top + 8, options.yLabel, { size: SMALL, maxWidth: width / 2 }));
  const place = ({ x, y }: Trial) => ({
    cx: plot.left + xAxis.at(Number(x)) * (plot.right - plot.left),
    cy: plot.bottom - yAxis.at(Number(y)) * (plot.bottom - plot.top),
  });
  for (const trial of trials) {
    const { cx, cy } = place(trial);
    parts.push(
      Number.isFinite(trial.score)
        ? element(
            "circle",
            {
              cx,
              cy,
              r: 7,
              "fill-opacity": shade(trial.score) * 1.6,
              "stroke-width": trial === best ? 2 : 1,
              ...paint({ fill: "series0", stroke: trial === best ? "ink" : "series0" }),
            },
            hint(trial),
          )
        : label(cx, cy + 5, "×", { size: 16, anchor: "middle", color: "warning" }),
    );
  }
  if (best) {
    const { cx, cy } = place(best);
    const onRight = cx > plot.right - 70;
    parts.push(
      label(cx + (onRight ? -12 : 12), cy + 4, score(best.score), {
        size: SMALL,
        weight: "600",
        color: "ink",
        anchor: onRight ? "end" : "start",
      }),
    );
  }
  return { markup: parts.join("\n"), bottom: plot.bottom + (options.xLabel ? 36 : 18) };
}

/** Each value once: numbers in ascending order, then names in order of appearance. */
function distinct(values: (number | string)[]): (number | string)[] {
  const all = [...new Set(values)];
  const numbers = all
    .filter((value): value is number => typeof value === "number")
    .sort((a, b) => a - b);
  return [...numbers, ...all.filter((value) => typeof value === "string")];
}

function name(value: number | string): string {
  return typeof value === "number" ? formatNumber(value) : printableText(value);
}
