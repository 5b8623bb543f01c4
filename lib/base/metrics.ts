// How right predictions are: accuracy, and from counts of actual against predicted classes
// precision, recall and F1.

import { checkArray, checkCount, checkInteger, checkNumbers } from "./checks.ts";

/** A square of counts: counts[i][j] = how many rows of class i were predicted as class j. */
export type ConfusionCounts = readonly (readonly number[])[];

const MAX_CLASSES = 4096; // their counts take 128 MiB

/** The share of labels that were predicted, 0..1; NaN for no labels. Both are of one length. */
export function accuracyOf(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let right = 0;
  for (let i = 0; i < actual.length; i++) if (predicted[i] === actual[i]) right++;
  return right / actual.length;
}

/**
 * Counts (C, C) of actual against predicted labels, integers 0..classes−1. `classes` defaults to
 * one more than the largest label. No labels at all give a matrix of zeros. Throws TypeError or
 * RangeError for arrays of different lengths, other labels and more than 4096 classes.
 * @example
 * console.log(JSON.stringify(countConfusion([0, 0, 1, 1], [0, 1, 1, 1]))); // [[1,1],[0,2]]
 */
export function countConfusion(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes?: number,
): number[][] {
  if (classes !== undefined) checkInteger("countConfusion", "classes", classes, 0, MAX_CLASSES);
  const count = Math.max(
    classes ?? 0,
    labelCount("countConfusion", "actual", actual, classes),
    labelCount("countConfusion", "predicted", predicted, classes),
  );
  const expected = "labels, one for each actual one";
  checkCount("countConfusion", "predicted", predicted.length, actual.length, expected);
  const counts = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let i = 0; i < actual.length; i++) counts[actual[i]][predicted[i]]++;
  return counts;
}

/**
 * One more than the greatest of the labels, 0 for none. Throws a TypeError or RangeError unless
 * each is an integer below `classes`.
 */
export function labelCount(
  where: string,
  name: string,
  labels: ArrayLike<number>,
  classes = MAX_CLASSES,
): number {
  checkNumbers(where, name, labels);
  let count = 0;
  for (let i = 0; i < labels.length; i++) {
    checkInteger(where, `${name}[${i}]`, labels[i], 0, classes - 1);
    if (labels[i] >= count) count = labels[i] + 1;
  }
  return count;
}

/** How one class was predicted; a score is NaN where there is nothing to divide by. */
export type ClassScores = {
  /** Rows of the class. */
  readonly rows: number;
  /** Rows predicted as the class. */
  readonly predicted: number;
  /** The share of the rows predicted as the class that are of it. */
  readonly precision: number;
  /** The share of the rows of the class that were predicted as it. */
  readonly recall: number;
  /** The harmonic mean of precision and recall. */
  readonly f1: number;
};

/** How all rows were predicted, and each class. */
export type ConfusionScores = {
  readonly rows: number;
  readonly accuracy: number;
  /** The mean recall of the classes that have rows. */
  readonly balancedAccuracy: number;
  /** The mean F1 of the classes that have rows or were predicted. */
  readonly macroF1: number;
  readonly classes: readonly ClassScores[];
};

/**
 * Accuracy, balanced accuracy and macro F1 of the counts, and precision, recall and F1 of each
 * class. Throws a TypeError or RangeError for counts that are no square of integers.
 * @example
 * const { accuracy, classes } = confusionScores([[1, 1], [0, 2]]);
 * console.log(accuracy, classes[0].precision, classes[0].recall); // 0.75 1 0.5
 */
export function confusionScores(counts: ConfusionCounts): ConfusionScores {
  checkCounts("confusionScores", counts);
  const classes = counts.map((row, c): ClassScores => {
    const rows = sum(row);
    const predicted = sum(column(counts, c));
    const right = row[c];
    return {
      rows,
      predicted,
      precision: right / predicted,
      recall: right / rows,
      f1: (2 * right) / (rows + predicted),
    };
  });
  return {
    rows: total(counts),
    accuracy: diagonal(counts) / total(counts),
    balancedAccuracy: meanOfNumbers(classes.map(({ recall }) => recall)),
    macroF1: meanOfNumbers(classes.map(({ f1 }) => f1)),
    classes,
  };
}

/**
 * The share of all counts that lie on the diagonal; NaN when there are none. Throws a TypeError or
 * RangeError for counts that are no square of integers.
 * @example
 * console.log(confusionAccuracy([[1, 1], [0, 2]])); // 0.75
 */
export function confusionAccuracy(counts: ConfusionCounts): number {
  checkCounts("confusionAccuracy", counts);
  return diagonal(counts) / total(counts);
}

/** The off-diagonal counts, the most frequent first; equal ones in the order of their classes. */
export function confusions(
  counts: ConfusionCounts,
): { actual: number; predicted: number; count: number }[] {
  const all = counts.flatMap((row, actual) =>
    row.map((count, predicted) => ({ actual, predicted, count })),
  );
  return all
    .filter(({ actual, predicted, count }) => actual !== predicted && count > 0)
    .sort((a, b) => b.count - a.count);
}

/** Throws a TypeError or RangeError unless `counts` is a square of integers >= 0. */
export function checkCounts(where: string, counts: ConfusionCounts): void {
  checkArray(where, "counts", counts, "an array of rows");
  for (const [i, row] of counts.entries()) {
    checkArray(where, `row ${i}`, row, "an array of counts");
    checkCount(where, `row ${i}`, row.length, counts.length, "counts");
    for (const [j, count] of row.entries()) checkInteger(where, `count (${i}, ${j})`, count, 0);
  }
}

/** The sum of the values, 0 of none. */
export function sum(values: readonly number[]): number {
  return values.reduce((subtotal, value) => subtotal + value, 0);
}

/** Column `j` of the counts: the rows predicted as class `j`, by their actual class. */
export function column(counts: ConfusionCounts, j: number): number[] {
  return counts.map((row) => row[j]);
}

/** The number of rows counted. */
export function total(counts: ConfusionCounts): number {
  return sum(counts.map(sum));
}

/** The number of rows predicted right. */
export function diagonal(counts: ConfusionCounts): number {
  return sum(counts.map((row, i) => row[i]));
}

/** The mean of the values that are not NaN; NaN when there are none. */
function meanOfNumbers(values: readonly number[]): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return sum(numbers) / numbers.length;
}
