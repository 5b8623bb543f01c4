// Are the gradients right? Centered differences of the loss beside back-propagation (CS231n,
// "Gradient checks").

import { checkFinite, checkOptions, wrongType } from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { type CheckedDataset, checkDataset, type Dataset } from "../matrix/dataset.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkMatrix, checkMatrixOf } from "../matrix/shape.ts";
import { weightedLoss } from "./backprop.ts";
import { PARAM_NAMES, type Params } from "./params.ts";
import { softmaxLoss } from "./softmax-loss.ts";
import { checkNet, TwoLayerNet } from "./two-layer-net.ts";

// Steps go down from a quarter of max(|x|, 1) by factors of 4, far enough to find the slope of a
// function that changes within 1e-9 or that oscillates 1e6 times a unit. Centered differences have
// errors in even powers of the step, of which extrapolation removes the first four; the next would
// only amplify noise.
const FIRST_STEP = 2 ** -2;
const STEPS = 26;
const RATIO = 4;
const ORDERS = 4;
const EPSILON = 2 ** -52;
const TRUSTED = 1e-3; // a slope whose error is estimated below this share of it is believed
// smaller steps end where rounding alone exceeds the best error by this factor
const HOPELESS = 1e3;

/**
 * The gradient of `f` with respect to every element of `at`, by centered differences
 * (f(x + h) − f(x − h)) / 2h; (rows, cols) of `at`. `f` takes nothing: it must read `at`, whose
 * elements are changed one at a time and restored, also when `f` throws. Without `h` each element
 * gets a step of its own: Ridders' extrapolation over ever smaller steps, which keeps the estimate
 * of least error (Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", 1982), at 20 to 52
 * calls of `f`. An element where no step gives finite values has NaN. Throws a TypeError or
 * RangeError for an `h` that is not > 0 or too small to change an element, a TypeError when `f`
 * returns no number.
 * @example
 * const x = Matrix.rowVector([1, 2, 3]);
 * const gradient = numericGradient(() => x.mul(x).sum(), x);
 * console.log(gradient.equals(x.scale(2), 1e-9)); // true
 */
export function numericGradient(f: () => number, at: Matrix, h?: number): Matrix {
  if (typeof f !== "function") throw wrongType("numericGradient", "f", "a function", f);
  checkMatrix("numericGradient", "at", at);
  if (h !== undefined) checkFinite("numericGradient", "h", h, 0, true);
  const gradient = new Matrix(at.rows, at.cols);
  for (let i = 0; i < at.data.length; i++) {
    const x = at.data[i];
    try {
      const difference = (step: number): Difference => centeredDifference(f, at.data, i, x, step);
      gradient.data[i] = h === undefined ? bestSlope(difference, x) : slopeAt(difference, x, h);
    } finally {
      at.data[i] = x;
    }
  }
  return gradient;
}

/** A centered difference, and how far rounding of the two values alone may have moved it. */
type Difference = { slope: number; noise: number; width: number };

/** The difference quotient of `f` where element `i`, now `x`, is moved by ±step. */
function centeredDifference(
  f: () => number,
  elements: Float64Array,
  i: number,
  x: number,
  step: number,
): Difference {
  const valueAt = (moved: number): number => {
    elements[i] = moved;
    const value: unknown = f();
    if (typeof value !== "number")
      throw wrongType("numericGradient", "f", "to return a number", value);
    return value;
  };
  const above = valueAt(x + step);
  const below = valueAt(x - step);
  const width = x + step - (x - step); // 2h as it is after rounding
  const size = Math.max(Math.abs(above), Math.abs(below));
  return { slope: (above - below) / width, noise: (EPSILON * size) / width, width };
}

/** The slope with the given step. */
function slopeAt(difference: (step: number) => Difference, x: number, h: number): number {
  const { slope, width } = difference(h);
  if (width === 0)
    throw new ArgumentRangeError(
      `numericGradient: h expected a step that changes the element ${x}, got ${h}`,
    );
  return slope;
}

/** The slope of least estimated error; steps in proportion to x where others find none. */
function bestSlope(difference: (step: number) => Difference, x: number): number {
  const size = Math.abs(x);
  const found = extrapolate(difference, FIRST_STEP * Math.max(size, 1));
  if (size >= 1 || size === 0 || isTrusted(found)) return found.slope;
  const closer = extrapolate(difference, FIRST_STEP * size);
  return isBetter(closer, found) ? closer.slope : found.slope;
}

/** A slope and its estimated error. */
type Slope = { slope: number; error: number };

/** Whether the error is small beside the slope. */
const isTrusted = ({ slope, error }: Slope): boolean => error <= TRUSTED * Math.abs(slope);

/**
 * Whether a slope from smaller steps replaces the best so far: its error is less, or it can be
 * trusted, the best cannot, and they contradict each other, as on both sides of a pole.
 */
function isBetter(finer: Slope, best: Slope): boolean {
  if (finer.error < best.error) return true;
  const contradict = Math.abs(finer.slope - best.slope) > 10 * (finer.error + best.error);
  return contradict && isTrusted(finer) && !isTrusted(best);
}

/**
 * The limit of the slope as the step goes to 0, by Neville's tableau in h², and its estimated
 * error; NaN and ∞ where no difference is finite.
 */
function extrapolate(difference: (step: number) => Difference, first: number): Slope {
  let above: number[] = [];
  let best: Slope = { slope: NaN, error: Infinity };
  for (let i = 0; i < STEPS; i++) {
    const { slope, noise, width } = difference(first * RATIO ** -i);
    if (width === 0 || noise > HOPELESS * best.error) break;
    if (!Number.isFinite(slope)) {
      above = [];
      continue;
    }
    const row = [slope];
    for (let j = 1; j <= Math.min(above.length, ORDERS); j++) {
      row.push(row[j - 1] + (row[j - 1] - above[j - 1]) / (RATIO ** (2 * j) - 1));
      // Two estimates that agree by the chance of rounding must not look exact: no error is below
      // the noise.
      const error = Math.max(Math.abs(row[j] - row[j - 1]), Math.abs(row[j] - above[j - 1]), noise);
      if (isBetter({ slope: row[j], error }, best)) best = { slope: row[j], error };
    }
    above = row;
  }
  return best;
}

/**
 * max|a − b| / max(|a| + |b|) over all elements, the divisor at least 1e-10; 0 for two empty
 * matrices, NaN where either has one. Throws a ShapeError for matrices of different shapes.
 * @example
 * const error = relativeError(Matrix.rowVector([1, 2]), Matrix.rowVector([1, 2.002]));
 * console.log(error.toExponential(2)); // 5.00e-4
 */
export function relativeError(a: Matrix, b: Matrix): number {
  checkMatrix("relativeError", "a", a);
  checkMatrixOf("relativeError", "b", b, a.rows, a.cols);
  let difference = 0;
  let size = 5e-11;
  for (let i = 0; i < a.data.length; i++) {
    const [x, y] = [a.data[i] / 2, b.data[i] / 2]; // halves: the sum must not overflow
    difference = Math.max(difference, Math.abs(x - y));
    size = Math.max(size, Math.abs(x) + Math.abs(y));
  }
  return difference / size;
}

/**
 * The relative error between the gradients that `net.loss` returns on `data` and centered
 * differences of its loss, for each parameter. Below 1e-7 is right, above 1e-4 is wrong. With `h`
 * each difference has that step, as in the exercise, and a hidden unit close to the kink of its
 * ReLU spoils the figure; without, each weight gets a step of its own. The loss of a TwoLayerNet is
 * then differenced with each ReLU kept on the side it is on (CS231n, "Kinks in the objective"); a
 * subclass's loss as it is. The cost is two to 52 losses a weight: use a small net and a few rows.
 * Throws as `net.loss` does.
 * @example
 * const { X, y, params } = toyData("float64");
 * const errors = checkGradients(new TwoLayerNet(params), { X, y }, { reg: 0.05 });
 * console.log(Object.values(errors).every((error) => error < 1e-8)); // true
 */
export function checkGradients(
  net: TwoLayerNet,
  data: Dataset,
  options: { reg?: number | undefined; h?: number | undefined } = {},
): { W1: number; b1: number; W2: number; b2: number } {
  checkNet("checkGradients", net);
  const { X, y, sampleWeights } = checkDataset("checkGradients", data, net.outputSize);
  checkOptions("checkGradients", options, ["reg", "h"]);
  const { reg = 0, h } = options;
  if (h !== undefined) checkFinite("checkGradients", "h", h, 0, true);
  const lossOptions = { reg, ...(sampleWeights && { sampleWeights }) };
  const { grads } = net.loss(X, y, lossOptions);
  const isPlain = net.loss === TwoLayerNet.prototype.loss;
  const f =
    h === undefined && isPlain
      ? lossWithFixedGates(net.params, { X, y, sampleWeights }, reg)
      : (): number => net.loss(X, y, lossOptions).loss;
  const errors = { W1: 0, b1: 0, W2: 0, b2: 0 };
  for (const name of PARAM_NAMES)
    errors[name] = relativeError(grads[name], numericGradient(f, net.params[name], h));
  return errors;
}

/**
 * The loss as a function of `params`, with the hidden units that are active now staying the active
 * ones.
 */
function lossWithFixedGates(
  { W1, b1, W2, b2 }: Params,
  { X, y, sampleWeights }: CheckedDataset,
  reg: number,
): () => number {
  const gates = X.matmul(W1).addRow(b1).reluMask(); // (N, H)
  return () => {
    const hidden = X.matmul(W1).addRow(b1).mul(gates); // (N, H)
    const scores = hidden.matmul(W2).addRow(b2); // (N, C)
    const loss =
      sampleWeights === undefined
        ? softmaxLoss(scores, y).loss
        : weightedLoss(
            { scores, probabilities: scores.clone(), dscores: scores.clone() },
            y,
            sampleWeights,
          );
    return reg === 0 ? loss : loss + reg * (W1.mul(W1).sum() + W2.mul(W2).sum());
  };
}
