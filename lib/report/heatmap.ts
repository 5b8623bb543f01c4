// What the two layouts of a search heatmap share: the trials, how they are shaded and described.

import { element, escapeMarkup, label, SMALL } from "./svg.ts";
import { formatNumber, printableText } from "./text.ts";

/** One candidate: its two settings, and its score or NaN if its training diverged. */
export type Trial = { x: number | string; y: number | string; score: number };

/** The trials and how they are drawn. */
export type Heatmap = {
  trials: readonly Trial[];
  /** The trial with the highest score, the first of several. */
  best: Trial | undefined;
  width: number;
  /** Where the drawing starts. */
  top: number;
  xLabel: string | undefined;
  yLabel: string | undefined;
  /** A score as text. */
  scoreText: (score: number) => string;
  /** The opacity for a score. */
  opacity: (score: number) => number;
  /** The trial in words. */
  describe: (trial: Trial) => string;
};

/** A drawing, and where it ends. */
export type Drawing = { parts: string[]; bottom: number };

/** A setting as text. */
export function settingName(value: number | string): string {
  return typeof value === "number" ? formatNumber(value) : printableText(value);
}

/** The title element that browsers show over a trial. */
export function hint({ describe }: Heatmap, trial: Trial): string {
  return element("title", {}, escapeMarkup(describe(trial)));
}

/** The label of the y axis, above the drawing. */
export function drawYLabel({ yLabel, top, width }: Heatmap): string[] {
  if (!yLabel) return [];
  return [label(16, top + 8, yLabel, { size: SMALL, maxWidth: width / 2 })];
}
