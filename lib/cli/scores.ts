// How good a trained net is on labeled rows beyond its accuracy: as numbers for JSON and the model
// file, and as lines of the summary.

import { confusionScores, countConfusion } from "../base/metrics.ts";
import type { CheckedDataset } from "../matrix/dataset.ts";
import { type Classifier, predictRows } from "../model/classifier.ts";
import type { TrainingRecord } from "../model/training-record.ts";
import { logLoss } from "../net/scores.ts";
import { formatPercent, truncate } from "../report/text.ts";

/** The scores of a classifier on rows; they are NaN-free, so that they are plain JSON. */
export type Scores = {
  readonly accuracy: number;
  /** The share of the largest class: the accuracy of always predicting it. */
  readonly majorityShare: number;
  readonly balancedAccuracy: number;
  readonly macroF1: number;
  readonly logLoss: number;
  /** Classes that have rows and that no row was predicted as. */
  readonly neverPredicted: readonly string[];
};

/** Measures the classifier on rows of which there is at least one. */
export function measure(classifier: Classifier, { X, y }: CheckedDataset): Scores {
  const { labels, probabilities } = predictRows(classifier, X);
  const { accuracy, balancedAccuracy, macroF1, classes } = confusionScores(
    countConfusion(y, labels, classifier.classes.length),
  );
  const largest = Math.max(...classes.map(({ rows }) => rows));
  return {
    accuracy,
    majorityShare: largest / y.length,
    balancedAccuracy,
    macroF1,
    logLoss: logLoss(probabilities, y),
    neverPredicted: classifier.classes
      .filter((_, c) => classes[c].rows > 0 && classes[c].predicted === 0)
      .map(String),
  };
}

/** The lines of a summary that follow the accuracies. */
export function scoreLines(record: TrainingRecord): string[][] {
  const { majorityShare, balancedAccuracy, macroF1, logLoss: loss, neverPredicted, test } = record;
  if (majorityShare === undefined) return [];
  return [
    ["majority class", formatPercent(majorityShare)],
    ["balanced accuracy", formatPercent(balancedAccuracy!)],
    ["macro F1", macroF1!.toFixed(3)],
    ["log loss", loss!.toFixed(3)],
    ...neverLine(neverPredicted),
    ...(test === undefined
      ? []
      : [
          ["test accuracy", formatPercent(test.accuracy)],
          ["test log loss", test.logLoss.toFixed(3)],
        ]),
    ...foldLine(record.folds),
  ];
}

function foldLine(folds: TrainingRecord["folds"]): string[][] {
  if (folds === undefined) return [];
  const { count, accuracy, logLoss: loss } = folds;
  const first = `accuracy ${formatPercent(accuracy.mean)} ± ${formatPercent(accuracy.std)}`;
  return [
    [`${count} folds`, `${first}, log loss ${loss.mean.toFixed(3)} ± ${loss.std.toFixed(3)}`],
  ];
}

function neverLine(names: readonly string[] = []): string[][] {
  return names.length === 0 ? [] : [["never predicted", truncate(names.join(", "), 80)]];
}
