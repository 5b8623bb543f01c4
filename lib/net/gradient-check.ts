// Are the gradients right? Centred differences of the loss beside back-propagation (CS231n,
// "Gradient checks").

import { checkFinite, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { checkDataset, type Dataset, type Labels } from "../matrix/dataset.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkMatrix, checkSameShape } from "../matrix/shape.ts";
import { PARAM_NAMES, type Params } from "./params.ts";
import { softmaxLoss } from "./softmax-loss.ts";
import { checkNet, type TwoLayerNet } from "./two-layer-net.ts";

// Relative to max(|x|, 1). A first step of 2^-5 leaves five to ten times the error on the toy data
// and on random nets, and makes a gradient that is exactly 0 look wrong; of 2^-1 no less than this.
const FIRST_STEP = 2 ** -2;
const HALVINGS = 19; // down to 2^-21: smaller steps only add round-off
const ORDERS = 4; // h², h⁴, h⁶ and h⁸ removed at most; the next would only amplify noise
const EPSILON = 2 ** -52;

/**
 * The gradient of `f` with respect to every element of `at`, by centred differences (f(x + h) − f(x
 * − h)) / 2h; (rows, cols) of `at`. `f` takes nothing: it must read `at`, whose elements are
 * changed one at a time and restored, also when `f` throws. Without `h` each element gets a step of
 * its own: Ridders' extrapolation over ever smaller steps, which keeps the estimate of least error
 * (Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", 1982), at two calls of `f` for each of
 * 20 steps. Throws a TypeError or RangeError for an `h` that is not > 0 or too small to change an
 * element, a TypeError when `f` returns no number.
 * @example
 * const x = Matrix.rowVector([1, 2, 3]);
 * const gradient = numericGradient(() => x.mul(x).sum(), x);
 * console.log(gradient.equals(x.scale(2), 1e-9)); // true
 */
export function numericGradient(f: () => number, at: Matrix, h?: number): Matrix {
  if (typeof f !== "function")
    throw new ArgumentTypeError(`numericGradient: f expected a function, got ${show(f)}`);
  checkMatrix("numericGradient", "at", at);
  if (h !== undefined) checkFinite("numericGradient", "h", h, 0, true);
  const gradient = new Matrix(at.rows, at.cols);
  for (let i = 0; i < at.data.length; i++) {
    const x = at.data[i];
    try {
      const difference = (step: number): Difference => centredDifference(f, at.data, i, x, step);
      gradient.data[i] =
        h === undefined
          ? extrapolate(difference, FIRST_STEP * Math.max(Math.abs(x), 1))
          : difference(h).slope;
    } finally {
      at.data[i] = x;
    }
  }
  return gradient;
}

/** The difference quotient of `f` where element `i`, now `x`, is moved by ±step. */
function centredDifference(
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
      throw new ArgumentTypeError(
        `numericGradient: f expected to return a number, got ${show(value)}`,
      );
    return value;
  };
  const above = valueAt(x + step);
  const below = valueAt(x - step);
  const width = x + step - (x - step); // 2h as it is after rounding
  if (width === 0)
    throw new ArgumentRangeError(
      `numericGradient: h expected a step that changes the element ${x}, got ${step}`,
    );
  return {
    slope: (above - below) / width,
    noise: (EPSILON * Math.max(Math.abs(above), Math.abs(below))) / width,
  };
}

/** A centred difference, and how far rounding of the two values alone may have moved it. */
type Difference = { slope: number; noise: number };

/**
 * The limit of the slope as the step goes to 0: Neville's tableau in h², halving h from row to row.
 */
function extrapolate(difference: (step: number) => Difference, first: number): number {
  let above: number[] = [];
  let best = NaN;
  let leastError = Infinity;
  for (let i = 0; i <= HALVINGS; i++) {
    const { slope, noise } = difference(first * 2 ** -i);
    const row = [slope];
    for (let j = 1; j <= Math.min(i, ORDERS); j++) {
      row.push(row[j - 1] + (row[j - 1] - above[j - 1]) / (4 ** j - 1));
      // Two estimates that agree by the chance of rounding must not look exact: no error is below
      // the noise.
      const error = Math.max(Math.abs(row[j] - row[j - 1]), Math.abs(row[j] - above[j - 1]), noise);
      if (error < leastError) {
        leastError = error;
        best = row[j];
      }
    }
    above = row;
  }
  return best;
}

/**
 * max|a − b| / max(|a| + |b|) over all elements, the divisor at least 1e-10; 0 for two empty
 * matrices, NaN where either has one. Throws a ShapeError for matrices of different shapes.
 * @example
 * console.log(relativeError(Matrix.rowVector([1, 2]), Matrix.rowVector([1, 2.002])).toExponential(2)); // 5.00e-4
 */
export function relativeError(a: Matrix, b: Matrix): number {
  checkMatrix("relativeError", "a", a);
  checkSameShape("relativeError", a, b);
  let difference = 0;
  let size = 1e-10;
  for (let i = 0; i < a.data.length; i++) {
    difference = Math.max(difference, Math.abs(a.data[i] - b.data[i]));
    size = Math.max(size, Math.abs(a.data[i]) + Math.abs(b.data[i]));
  }
  return difference / size;
}

/**
 * The relative error between back-propagation and centred differences for each parameter of `net`
 * on `data`. Below 1e-7 is right, above 1e-4 is wrong. With `h` the loss itself is differenced, as
 * in the exercise, and a hidden unit close to the kink of its ReLU spoils the figure; without, each
 * ReLU keeps the side it is on (CS231n, "Kinks in the objective") and each weight gets a step of
 * its own. The cost is two to 40 forward passes a weight: use a small net and a few rows. Throws as
 * `net.loss` does.
 * @example
 * const { X, y, params } = toyData("float64");
 * const errors = checkGradients(new TwoLayerNet(params), { X, y }, { reg: 0.05 });
 * console.log(Object.values(errors).every((error) => error < 1e-8)); // true
 */
export function checkGradients(
  net: TwoLayerNet,
  data: Dataset,
  options: { reg?: number; h?: number } = {},
): { W1: number; b1: number; W2: number; b2: number } {
  checkNet("checkGradients", net);
  checkOptions("checkGradients", options, ["reg", "h"]);
  const { reg = 0, h } = options;
  if (h !== undefined) checkFinite("checkGradients", "h", h, 0, true);
  const { X, y } = checkDataset("checkGradients", data, net.outputSize);
  const { grads } = net.loss(X, y, { reg });
  const f =
    h === undefined
      ? lossWithFixedGates(net.params, X, y, reg)
      : (): number => net.loss(X, y, { reg }).loss;
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
  X: Matrix,
  y: Labels,
  reg: number,
): () => number {
  const gates = X.matmul(W1).addRow(b1).reluMask(); // (N, H)
  return () => {
    const hidden = X.matmul(W1).addRow(b1).mul(gates); // (N, H)
    const scores = hidden.matmul(W2).addRow(b2); // (N, C)
    const { loss } = softmaxLoss(scores, y);
    return reg === 0 ? loss : loss + reg * (W1.mul(W1).sum() + W2.mul(W2).sum());
  };
}
