// The net: scores = relu(X·W1 + b1)·W2 + b2, its loss, its gradients, its predictions.

import type { NewInt32Array } from "../base/arrays.ts";
import { checkFinite, wrongType } from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { accuracyOf } from "../base/metrics.ts";
import { argmax } from "../kernels/reductions.ts";
import {
  checkFiniteElements,
  checkLabels,
  checkLossOptions,
  type Labels,
  type LossOptions,
} from "../matrix/dataset.ts";
import type { MatrixJson } from "../matrix/json.ts";
import { Matrix } from "../matrix/matrix.ts";
import {
  checkElements,
  checkHas,
  checkInPlace,
  checkMatrix,
  checkMatrixOf,
  checkShape,
  shapeOf,
} from "../matrix/shape.ts";
import { forward } from "./backprop.ts";
import { forEachChunk } from "./chunks.ts";
import { lossAndNewGrads } from "./new-grads.ts";
import {
  checkIsParams,
  checkParams,
  cloneParams,
  createParams,
  type InitOptions,
  PARAM_NAMES,
  type Params,
  reviveParams,
  type Sizes,
} from "./params.ts";
import { softmaxInPlace } from "./softmax-loss.ts";

/**
 * A fully connected net of one hidden layer with ReLU for D inputs, H hidden units and C classes.
 * All its state is `params`: W1 (D, H), b1 (1, H), W2 (H, C), b2 (1, C), adopted without copying.
 * An X of another width throws a ShapeError, wrong labels and unknown options a TypeError or
 * RangeError, before anything is changed.
 * @example
 * const sizes = { inputSize: 2, hiddenSize: 8, outputSize: 2 };
 * const net = TwoLayerNet.create(sizes, { random: new Random(1), std: 0.5 });
 * const X = Matrix.fromRows([[0, 0], [0, 1], [1, 0], [1, 1]]);
 * const y = [0, 1, 1, 0];
 * for (let i = 0; i < 300; i++) net.step(net.loss(X, y).grads, 0.5);
 * console.log(net.predict(X).join(" "), net.accuracy(X, y)); // 0 1 1 0 1
 */
export class TwoLayerNet {
  readonly params: Params;

  /**
   * Throws a ShapeError unless the four shapes agree.
   * @example
   * const { params } = toyData();
   * console.log(new TwoLayerNet(params).hiddenSize); // 10
   */
  constructor(params: Params) {
    checkParams("TwoLayerNet", params);
    const { W1, b1, W2, b2 } = params;
    this.params = { W1, b1, W2, b2 };
  }

  /**
   * A net with normal weights and zero biases. `std` is the standard deviation of the weights: a
   * number >= 0, or "he" (default) for √(2/D) and √(2/H). `random` defaults to a fresh
   * `new Random()`, seed 0. Called on a subclass, it returns an instance of that.
   * @example
   * const net = TwoLayerNet.create({ inputSize: 4, hiddenSize: 10, outputSize: 3 }, { std: 1e-4 });
   * console.log(net.params.W1.rows, net.params.W1.cols); // 4 10
   */
  static create<T extends TwoLayerNet = TwoLayerNet>(
    this: new (
      params: Params,
    ) => T,
    sizes: Sizes,
    options: InitOptions = {},
  ): T {
    return new this(createParams("TwoLayerNet.create", sizes, options));
  }

  /**
   * The net whose `toJSON` or structuredClone `value` is. Called on a subclass, it returns an
   * instance of that. Throws a TypeError or ShapeError.
   * @example
   * const net = new TwoLayerNet(toyData().params);
   * const copy = TwoLayerNet.fromJSON(JSON.parse(JSON.stringify(net)));
   * console.log(copy.params.W1.equals(net.params.W1)); // true
   */
  static fromJSON<T extends TwoLayerNet = TwoLayerNet>(
    this: new (
      params: Params,
    ) => T,
    value: NetJson | { readonly params: Params },
  ): T {
    const { params } = (value ?? {}) as { readonly params?: unknown };
    return new this(reviveParams("TwoLayerNet.fromJSON", params));
  }

  /**
   * The plain object that JSON.stringify writes; `TwoLayerNet.fromJSON` reads it without loss.
   * @example
   * console.log(new TwoLayerNet(toyData().params).toJSON().params.b2.data.join()); // 0,0,0
   */
  toJSON(): NetJson {
    const { W1, b1, W2, b2 } = this.params;
    return {
      params: { W1: W1.toJSON(), b1: b1.toJSON(), W2: W2.toJSON(), b2: b2.toJSON() },
    };
  }

  /**
   * A net of the same class with copies of the parameters.
   * @example
   * const net = new TwoLayerNet(toyData().params);
   * const before = net.clone();
   * net.params.W1.set(0, 0, 1);
   * console.log(before.params.W1.get(0, 0) === 1); // false
   */
  clone(): this {
    const subclass = this.constructor as new (params: Params) => this;
    return new subclass(cloneParams(this.params));
  }

  /** The number of inputs, D. */
  get inputSize(): number {
    return this.params.W1.rows;
  }

  /** The number of hidden units, H. */
  get hiddenSize(): number {
    return this.params.W1.cols;
  }

  /** The number of classes, C. */
  get outputSize(): number {
    return this.params.W2.cols;
  }

  /**
   * hidden = relu(X·W1 + b1) (N, H) and scores = hidden·W2 + b2 (N, C) for X (N, D); N may be 0.
   * @example
   * const { X, params } = toyData();
   * const { hidden, scores } = new TwoLayerNet(params).forward(X);
   * console.log(hidden.shape.join("×"), scores.shape.join("×")); // 5×10 5×3
   */
  forward(X: Matrix): { hidden: Matrix; scores: Matrix } {
    checkWidth("forward", this, X);
    const result = {
      hidden: new Matrix(X.rows, this.hiddenSize),
      scores: new Matrix(X.rows, this.outputSize),
    };
    forward(this.params, X, result);
    return result;
  }

  /**
   * The softmax cross-entropy of the scores of X (N, D) for the labels y (N), a mean over the rows
   * or weighted by `sampleWeights` (N), plus reg·(ΣW1² + ΣW2²) without a half, and its gradient for
   * each parameter. Throws for no rows, wrong labels and negative weights.
   * @example
   * const { X, y, params } = toyData();
   * const { loss, grads } = new TwoLayerNet(params).loss(X, y, { reg: 0.05 });
   * console.log(Math.fround(loss), grads.W1.rows); // 1.0986121892929077 4
   */
  loss(X: Matrix, y: Labels, options: LossOptions = {}): { loss: number; grads: Params } {
    checkWidth("loss", this, X);
    checkHas("loss", "row", X);
    const labels = checkLabels("loss", y, X.rows, this.outputSize);
    const { reg, weights } = checkLossOptions("loss", options, X.rows);
    return lossAndNewGrads(this.params, X, labels, reg, weights);
  }

  /**
   * Plain SGD, in place: each parameter p becomes p − learningRate·dp. Changes `params`.
   * @example
   * const { X, y, params } = toyData();
   * const net = new TwoLayerNet(params);
   * const before = net.loss(X, y).loss;
   * net.step(net.loss(X, y).grads, 1);
   * console.log(net.loss(X, y).loss < before); // true
   */
  step(grads: Params, learningRate: number): void {
    checkFinite("step", "learningRate", learningRate);
    checkIsParams("step", "grads", grads);
    for (const name of PARAM_NAMES) {
      checkMatrix("step", `grads.${name}`, grads[name]);
      checkMatrixOf("step", name, grads[name], ...this.params[name].shape);
      checkInPlace(`step: ${name}`, this.params[name], grads[name], "the gradient");
    }
    for (const name of PARAM_NAMES) {
      const param = this.params[name];
      param.addScaled(grads[name], -learningRate, param);
    }
  }

  /**
   * The class with the greatest score for each row of X (N, D), of equals the first. (N) Throws a
   * RangeError for an element of X that is not finite, and for a score that is NaN, as parameters
   * give that are not finite.
   * @example
   * const { X, params } = toyData();
   * console.log(new TwoLayerNet(params).predict(X).length); // 5
   */
  predict(X: Matrix): NewInt32Array {
    checkInputs("predict", this, X);
    const labels = labelsOf(this.params, X);
    const row = labels.indexOf(-1);
    if (row < 0) return labels;
    throw new ArgumentRangeError(
      `predict: expected finite parameters, got NaN scores at row ${row}`,
    );
  }

  /**
   * softmax(scores): the probability of each class for each row of X (N, D). (N, C) Throws a
   * RangeError for an element of X that is not finite; the probabilities are NaN where scores are.
   * @example
   * const { X, params } = toyData();
   * const probabilities = new TwoLayerNet(params).predictProba(X);
   * console.log(Math.abs(probabilities.row(0).reduce((sum, p) => sum + p) - 1) < 1e-12); // true
   */
  predictProba(X: Matrix): Matrix {
    checkInputs("predictProba", this, X);
    const probabilities = new Matrix(X.rows, this.outputSize);
    forEachChunk(this.params, X, (scores, start) => {
      softmaxInPlace(scores);
      probabilities.data.set(scores.data, start * this.outputSize);
    });
    return probabilities;
  }

  /**
   * The share of rows of X (N, D) whose prediction is the label in y (N), 0..1; a row whose scores
   * are NaN has none. Throws a ShapeError for no rows, a RangeError for an element of X that is not
   * finite.
   * @example
   * const { X, y, params } = toyData();
   * console.log(new TwoLayerNet(params).accuracy(X, y)); // 0.4
   */
  accuracy(X: Matrix, y: Labels): number {
    checkInputs("accuracy", this, X);
    checkHas("accuracy", "row", X);
    const labels = checkLabels("accuracy", y, X.rows, this.outputSize);
    const isOwn = this.predict === TwoLayerNet.prototype.predict; // else a subclass predicts
    return accuracyOf(labels, isOwn ? labelsOf(this.params, X) : this.predict(X));
  }
}

/** The class with the greatest score for each row of X, −1 where a score is NaN. */
function labelsOf(params: Params, X: Matrix): NewInt32Array {
  const labels = new Int32Array(X.rows);
  forEachChunk(params, X, (scores, start) => labelRows(scores, labels.subarray(start)));
  return labels;
}

/** The same for the rows of `scores`; a function of its own is compiled to faster code. */
function labelRows({ rows, cols, data }: Matrix, labels: Int32Array): void {
  for (let i = 0; i < rows; i++) {
    const best = argmax(i * cols, (i + 1) * cols, data);
    labels[i] = Number.isNaN(data[best]) ? -1 : best - i * cols;
  }
}

/** A net as JSON has it. */
export type NetJson = {
  readonly params: { readonly [K in keyof Params]: MatrixJson };
};

/** Throws a TypeError unless `value` is a TwoLayerNet, whichever copy of the library made it. */
export function checkNet(where: string, value: unknown): void {
  const net = value as Partial<TwoLayerNet> | null | undefined;
  if (typeof net?.loss === "function" && typeof net.predict === "function" && net.params) return;
  throw wrongType(where, "net", "a TwoLayerNet", value);
}

/** Throws as checkWidth does, and a RangeError for an element of X that is not finite. */
export function checkInputs(where: string, net: TwoLayerNet, X: Matrix): void {
  checkWidth(where, net, X);
  checkFiniteElements(where, X);
}

/** Throws unless the parameters are whole and X is a Matrix of as many columns as net inputs. */
function checkWidth(where: string, net: TwoLayerNet, X: Matrix): void {
  for (const name of PARAM_NAMES) checkElements(where, name, net.params[name]);
  checkMatrix(where, "X", X);
  const D = net.inputSize;
  checkShape(
    X.cols === D,
    () => `${where}: expected X with ${D} columns for a net of ${D} inputs, got ${shapeOf(X)}`,
  );
}
