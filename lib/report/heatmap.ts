// What the two layouts of a search heatmap share: the trials, how they are shaded and described.

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
  width: number;
  xLabel: string | undefined;
  /** A score as text. */
  scoreText: (score: number) => string;
  /** The opacity for a score. */
  opacity: (score: number) => number;
  /** The element that browsers show over a trial: its settings and score in words. */
  hint: (trial: Trial) => string;
  /** The search in words. */
  summary: string;
};

/** A setting as text. */
export function settingName(value: Setting): string {
  return typeof value === "number" ? formatNumber(value) : printableText(value);
}
