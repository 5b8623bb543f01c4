// What the two layouts of a search heatmap share: the trials, how they are shaded and described.

import { label, textElement } from "./svg.ts";
import { formatNumber, printableText } from "./text.ts";

/** One candidate: its two settings, and its score or NaN if its training diverged. */
export type Trial = { x: number | string; y: number | string; score: number };

/** A setting of a trial. */
export type Setting = Trial["x"];

/** The trials and how they are drawn. */
export type Heatmap = {
  trials: readonly Trial[];
  /** The settings of the trials, each once. */
  xs: readonly Setting[];
  ys: readonly Setting[];
  /** The trial with the highest score, the first of several. */
  best: Trial | undefined;
  /** The lowest finite score, or NaN. */
  low: number;
  width: number;
  xLabel: string | undefined;
  yLabel: string | undefined;
  /** A score as text. */
  scoreText: (score: number) => string;
  /** The opacity for a score. */
  opacity: (score: number) => number;
  /** The settings of the trial, and the whole trial, in words. */
  settings: (trial: Trial) => string;
  describe: (trial: Trial) => string;
};

/** A setting as text. */
export function settingName(value: Setting): string {
  return typeof value === "number" ? formatNumber(value) : printableText(value);
}

/** The title element that browsers show over a trial. */
export function hint({ describe }: Heatmap, trial: Trial): string {
  return textElement("title", describe(trial));
}

/** The label of the y axis, above the drawing. */
export function drawYLabel({ yLabel = "", width }: Heatmap, top: number): string {
  return yLabel && label(16, top + 8, yLabel, { maxWidth: width / 2 });
}
