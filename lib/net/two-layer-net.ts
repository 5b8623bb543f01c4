// The net: scores = relu(X·W1 + b1)·W2 + b2, its loss, its gradients, its predictions.

import { checkFinite, checkOptions, show } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { accuracyOf } from "../base/metrics.ts";
import { rowArgmax } from "../kernels/rows.ts";
import { checkLabels, type Labels } from "../matrix/dataset.ts";
import { Matrix } from "../matrix/matrix.ts";
import {
  checkElements,
  checkHasRows,
  checkInPlace,
  checkMatrix,
  checkSameShape,
  checkShape,
  shapeOf,
} from "../matrix/shape.ts";
import { forward, lossAndNewGrads } from "./backprop.ts";
import {
  checkParams,
  createParams,
  type InitOptions,
  PARAM_NAMES,
  type Params,
  type Sizes,
} from "./params.ts";
import { softmaxInPlace } from "./softmax-loss.ts";

const CHUNK = 1024; // rows predicted at a time, so that a large X needs no large intermediate

/**
 * A fully connected net of one hidden layer with ReLU for D inputs, H hidden units and C classes.
 * All its state is `params`: W1 (D, H), b1 (1, H), W2 (H, C), b2 (1, C), adopted without copying.
 * An X of another width, labels that are none and options that do not exist throw a ShapeError,
 * RangeError or TypeError, before anything is changed.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 8, outputSize: 2 }, { random: new Random(1), std: 0.5 });
 * const X = Matrix.fromRows([[0, 0], [0, 1], [1, 0], [1, 1]]);
 * const y = [0, 1, 1, 0];
 * for (let i = 0; i < 300; i++) net.step(net.loss(X, y, { reg: 0 }).grads, 0.5);
 * console.log(net.predict(X).join(" "), net.accuracy(X, y), net.loss(X, y).loss.toFixed(4)); // 0 1 1 0 1 0.0081
 * console.log(`${net.predictProba(X).map((p) => Math.round(100 * p))}`);
 * // Matrix 4×2
 * //    98    2
 * //     0  100
 * //     0  100
 * //   100    0
 * const { hidden, scores } = net.forward(X);
 * console.log(hidden.cols === net.hiddenSize, scores.cols === net.outputSize, net.params.W1.rows === net.inputSize);
 * // true true true
 */
export class TwoLayerNet {
  readonly params: Params;

  /** Throws a ShapeError unless the four shapes agree. */
  constructor(params: Params) {
    checkParams("TwoLayerNet", params);
    const { W1, b1, W2, b2 } = params;
    this.params = { W1, b1, W2, b2 };
  }

  /**
   * A net with normal weights and zero biases. `std` is the standard deviation of the weights: a
   * number >= 0, or "he" (default) for √(2/D) and √(2/H). `random` defaults to a fresh `new
   * Random()`, seed 0.
   */
  static create(sizes: Sizes, options: InitOptions = {}): TwoLayerNet {
    return new TwoLayerNet(createParams("TwoLayerNet.create", sizes, options));
  }

  /** D */
  get inputSize(): number {
    return this.params.W1.rows;
  }

  /** H */
  get hiddenSize(): number {
    return this.params.W1.cols;
  }

  /** C */
  get outputSize(): number {
    return this.params.W2.cols;
  }

  /**
   * hidden = relu(X·W1 + b1) (N, H) and scores = hidden·W2 + b2 (N, C) for X (N, D); N may be 0.
   */
  forward(X: Matrix): { hidden: Matrix; scores: Matrix } {
    checkInputs("forward", this, X);
    const result = {
      hidden: new Matrix(X.rows, this.hiddenSize),
      scores: new Matrix(X.rows, this.outputSize),
    };
    forward(this.params, X, result);
    return result;
  }

  /**
   * The softmax cross-entropy of the scores of X (N, D) for the labels y (N), plus reg·(ΣW1² +
   * ΣW2²) without a half, and its gradient with respect to each parameter. Throws a ShapeError for
   * no rows, a RangeError for a bad label.
   */
  loss(X: Matrix, y: Labels, options: { reg?: number } = {}): { loss: number; grads: Params } {
    checkInputs("loss", this, X);
    checkHasRows("loss", X);
    const labels = checkLabels("loss", y, X.rows, this.outputSize);
    checkOptions("loss", options, ["reg"]);
    const { reg = 0 } = options;
    checkFinite("loss", "reg", reg, 0);
    return lossAndNewGrads(this.params, X, labels, reg);
  }

  /** Plain SGD, in place: each parameter p becomes p − learningRate·dp. Changes `params`. */
  step(grads: Params, learningRate: number): void {
    checkFinite("step", "learningRate", learningRate);
    if (typeof grads !== "object" || grads === null)
      throw new ArgumentTypeError(`step: grads expected { W1, b1, W2, b2 }, got ${show(grads)}`);
    for (const name of PARAM_NAMES) {
      checkMatrix("step", `grads.${name}`, grads[name]);
      checkSameShape(`step: ${name}`, this.params[name], grads[name]);
      checkInPlace(`step: ${name}`, this.params[name], grads[name], "the gradient");
    }
    for (const name of PARAM_NAMES) {
      const param = this.params[name];
      param.addScaled(grads[name], -learningRate, param);
    }
  }

  /** The class with the greatest score for each row of X (N, D), the first of several. (N) */
  predict(X: Matrix): Int32Array {
    checkInputs("predict", this, X);
    const labels = new Int32Array(X.rows);
    this.#forEachChunk(X, (scores, start) => {
      rowArgmax(scores.rows, scores.cols, scores.data, labels.subarray(start));
    });
    return labels;
  }

  /** softmax(scores): the probability of each class for each row of X (N, D). (N, C) */
  predictProba(X: Matrix): Matrix {
    checkInputs("predictProba", this, X);
    const { scores } = this.forward(X);
    softmaxInPlace(scores);
    return scores;
  }

  /**
   * The share of rows of X (N, D) whose prediction is the label in y (N), 0..1. Throws a ShapeError
   * for no rows.
   */
  accuracy(X: Matrix, y: Labels): number {
    checkInputs("accuracy", this, X);
    checkHasRows("accuracy", X);
    const labels = checkLabels("accuracy", y, X.rows, this.outputSize);
    return accuracyOf(labels, this.predict(X));
  }

  /** Calls `use(scores, start)` for the scores of at most CHUNK rows at a time. */
  #forEachChunk(X: Matrix, use: (scores: Matrix, start: number) => void): void {
    const size = Math.min(CHUNK, X.rows);
    const buffers = {
      hidden: new Matrix(size, this.hiddenSize),
      scores: new Matrix(size, this.outputSize),
    };
    for (let start = 0; start < X.rows; start += CHUNK) {
      const rows = Math.min(CHUNK, X.rows - start);
      const hidden = buffers.hidden.sliceRows(0, rows);
      const scores = buffers.scores.sliceRows(0, rows);
      forward(this.params, X.sliceRows(start, start + rows), { hidden, scores });
      use(scores, start);
    }
  }
}

/** Throws a TypeError unless `value` is a TwoLayerNet, whichever copy of the library made it. */
export function checkNet(where: string, value: unknown): void {
  const net = value as Partial<TwoLayerNet> | null | undefined;
  if (typeof net?.loss === "function" && typeof net.predict === "function" && net.params) return;
  throw new ArgumentTypeError(`${where}: net expected a TwoLayerNet, got ${show(value)}`);
}

/** Throws unless the parameters are whole and X is a Matrix of as many columns as net inputs. */
export function checkInputs(where: string, net: TwoLayerNet, X: Matrix): void {
  for (const name of PARAM_NAMES) checkElements(where, name, net.params[name]);
  checkMatrix(where, "X", X);
  const D = net.inputSize;
  checkShape(
    X.cols === D,
    () => `${where}: expected X with ${D} columns for a net of ${D} inputs, got ${shapeOf(X)}`,
  );
}
