// What counts as labelled data: rows of X, and for each row the integer of its class.

import { checkFinite, checkOptions, show, wrongType } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { isInt32Array } from "../base/realms.ts";
import { allFinite } from "../kernels/elementwise.ts";
import { checkArrayLike, checkCount } from "./arguments.ts";
import type { Matrix } from "./matrix.ts";
import { checkMatrix, isMatrix } from "./shape.ts";

/** The class of each of N rows, integers in 0..C−1. */
export type Labels = ArrayLike<number>;

/**
 * X (N, D) and a label in 0..C−1 for each of its rows. With `sampleWeights` (N), numbers >= 0, the
 * loss is the weighted mean over the rows; default: all are equal.
 */
export type Dataset = { X: Matrix; y: Labels; sampleWeights?: ArrayLike<number> | undefined };

/** Options of a loss: the strength of the L2 penalty, and the weight of each row. */
export type LossOptions = {
  reg?: number | undefined;
  sampleWeights?: ArrayLike<number> | undefined;
};

/** The same after checking: what training, search and the gradient check work with. */
export type CheckedDataset = {
  readonly X: Matrix;
  readonly y: Int32Array;
  readonly sampleWeights?: Float64Array | undefined;
};

const MAX_CLASSES = 2 ** 31; // labels are kept in an Int32Array

/**
 * X and y as an Int32Array, after checking that X is a Matrix and that y has a label in
 * 0..classes−1 for each of its rows. Throws a TypeError, ShapeError or RangeError.
 */
export function checkDataset(where: string, data: Dataset, classes?: number): CheckedDataset {
  if (typeof data !== "object" || data === null || isMatrix(data))
    throw wrongType(where, "data", "{ X, y }", data);
  checkMatrix(where, "X", data.X);
  const checked = { X: data.X, y: checkLabels(where, data.y, data.X.rows, classes) };
  const sampleWeights = checkSampleWeights(where, data.sampleWeights, data.X.rows);
  return sampleWeights === undefined ? checked : { ...checked, sampleWeights };
}

/** The options of a loss on so many rows, checked. Throws a TypeError, ShapeError or RangeError. */
export function checkLossOptions(
  where: string,
  options: LossOptions,
  rows: number,
): { reg: number; weights: Float64Array | undefined } {
  checkOptions(where, options, ["reg", "sampleWeights"]);
  const { reg = 0, sampleWeights } = options;
  checkFinite(where, "reg", reg, 0);
  return { reg, weights: checkSampleWeights(where, sampleWeights, rows) };
}

/**
 * The weights as a Float64Array, after checking that there is one for each row and that they are
 * finite, not negative and not all 0; undefined if there are none. Throws a TypeError, ShapeError
 * or RangeError.
 */
export function checkSampleWeights(
  where: string,
  weights: ArrayLike<number> | undefined,
  rows: number,
): Float64Array | undefined {
  if (weights === undefined) return undefined;
  const count = checkArrayLike(where, "sampleWeights", weights, "an array of numbers");
  checkCount(where, "sampleWeights", count, rows, "rows");
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    checkFinite(where, `sampleWeights[${i}]`, weights[i], 0);
    sum += weights[i];
  }
  if (rows > 0 && !(sum > 0 && sum < Infinity))
    throw new ArgumentRangeError(`${where}: sampleWeights expected a finite sum > 0, got ${sum}`);
  return Float64Array.from(weights);
}

/**
 * `y` as an Int32Array (itself when it is one already), after checking that there are `rows` labels
 * (undefined: any number of them) and that each is an integer in 0..classes−1. Throws a TypeError
 * for what is no label of any net, a ShapeError for a wrong number of labels, a RangeError for an
 * integer beyond the classes.
 */
export function checkLabels(
  where: string,
  y: Labels,
  rows: number | undefined,
  classes = MAX_CLASSES,
): Int32Array {
  const count = checkArrayLike(where, "y", y, "an array of integer labels");
  if (rows !== undefined) checkCount(where, "labels", count, rows, "rows");
  const labels = isInt32Array(y) ? y : new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const label = y[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw labelError(where, label, i, classes);
    if (labels !== y) labels[i] = label;
  }
  return labels;
}

/** Throws a RangeError that names the first element that is NaN or infinite. */
export function checkFiniteElements(where: string, { cols, data }: Matrix, name = "X"): void {
  if (allFinite(data)) return;
  const at = data.findIndex((value) => !Number.isFinite(value));
  throw new ArgumentRangeError(
    `${where}: ${name} expected finite numbers, got ${data[at]} ` +
      `at row ${Math.floor(at / cols)}, column ${at % cols}`,
  );
}

function labelError(where: string, label: unknown, i: number, classes: number): Error {
  if (Number.isInteger(label) && (label as number) >= 0 && (label as number) < MAX_CLASSES)
    return new ArgumentRangeError(
      `${where}: label ${show(label)} at row ${i} is outside 0..${classes - 1}`,
    );
  return new ArgumentTypeError(
    `${where}: y[${i}] expected an integer label, 0 or more, got ${show(label)}; ` +
      "encodeLabels turns names into labels",
  );
}
