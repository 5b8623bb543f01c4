// How well a classifier does on rows with known labels: the numbers that evaluate and report show.

import type { Classifier } from "../model/classifier.ts";
import { confusionAccuracy, countConfusion } from "../report/confusion-matrix.ts";
import { FileError } from "./files.ts";
import { imageInputs, type Source } from "./source.ts";

/**
 * Of one class: how many rows are it; of those predicted as it the share that is, and of its rows
 * the share predicted so.
 */
export type ClassScores = {
  label: string;
  rows: number;
  precision: number;
  recall: number;
  f1: number;
};

/** NaN where there is nothing to divide by. */
export type Scores = {
  rows: number;
  accuracy: number;
  macroF1: number;
  classes: ClassScores[];
  counts: number[][];
};

/** True and predicted classes of the source's rows, and which rows they are. */
export function predictSource(
  classifier: Classifier,
  source: Source,
): { actual: Int32Array; predicted: Int32Array; rows: Int32Array } {
  if (source.kind === "table") return classifier.evaluate(source.table);
  const { images, y, name } = source;
  if (y!.length === 0) throw new FileError(`${name}: expected at least one image, got none`);
  const X = imageInputs(classifier, images, name);
  const classes = classifier.classes.length;
  const wrong = y!.findIndex((label) => label >= classes);
  if (wrong >= 0)
    throw new FileError(
      `${name}: expected labels in 0..${classes - 1}, as the model has, got ${y![wrong]} for image ${wrong}`,
    );
  return { actual: y!, predicted: classifier.net.predict(X), rows: y!.map((_, i) => i) };
}

export function classScores(
  actual: Int32Array,
  predicted: Int32Array,
  classes: readonly string[],
): Scores {
  const counts = countConfusion(actual, predicted, classes.length);
  const total = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0);
  const scores = classes.map((label, c): ClassScores => {
    const right = counts[c][c];
    const rows = total(counts[c]);
    const precision = right / total(counts.map((row) => row[c]));
    const recall = right / rows;
    return {
      label,
      rows,
      precision,
      recall,
      f1: (2 * right) / (rows + total(counts.map((row) => row[c]))),
    };
  });
  const f1s = scores.map(({ f1 }) => f1).filter((f1) => !Number.isNaN(f1));
  return {
    rows: actual.length,
    accuracy: confusionAccuracy(counts),
    macroF1: total(f1s) / f1s.length,
    classes: scores,
    counts,
  };
}
