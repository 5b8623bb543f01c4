// The training loop: minibatches, the loss, a step down the gradient, the learning rate's decay, and a history of it all.

import { checkChoice, checkFinite, checkInteger, checkOptions, show } from "../base/checks.ts";
import { DivergenceError } from "../base/errors.ts";
import { Random } from "../base/random.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkHasRows, checkMatrix, checkShape, shapeOf } from "../matrix/shape.ts";
import { createBuffers, firstRows, lossAndGrads } from "./backprop.ts";
import type { Buffers } from "./backprop.ts";
import { Batches } from "./batches.ts";
import type { Sampling } from "./batches.ts";
import { checkLabels } from "./labels.ts";
import type { Labels } from "./labels.ts";
import { PARAM_NAMES } from "./params.ts";
import { TwoLayerNet } from "./two-layer-net.ts";

/** X (N, D) and a label in 0..C−1 for each of its rows. */
export type Dataset = { X: Matrix; y: Labels };

export type TrainOptions = {
  /** Default 1e-3. */
  learningRate?: number;
  /** The learning rate is multiplied by this after every epoch; default 0.95. */
  learningRateDecay?: number;
  /** Strength of the L2 penalty reg·(ΣW1² + ΣW2²); default 5e-6. */
  reg?: number;
  /** Rows a minibatch; default 200. */
  batchSize?: number;
  /** Minibatches in all; default 100. Give this or `epochs`, not both. */
  iterations?: number;
  /** Passes over the data. */
  epochs?: number;
  /** "shuffle" (default) visits every row once an epoch; "replacement" draws each batch anew, as the exercise does. */
  sampling?: Sampling;
  /** Where batches come from; default `new Random()`, seed 0. */
  random?: Random;
  /** Data whose accuracy is recorded each epoch beside the training data's. */
  validation?: Dataset;
  /** Called after each epoch with the progress that holds its accuracies. */
  onEpoch?: (progress: Progress) => void;
};

/** What one iteration did. */
export type Progress = {
  /** 0-based number of the minibatch. */
  iteration: number;
  /** 0-based number of the epoch it belongs to. */
  epoch: number;
  /** The loss on the minibatch before the step. */
  loss: number;
  /** The learning rate of the step. */
  learningRate: number;
  /** Accuracy on all training rows, in the iteration that records it. */
  trainAccuracy?: number;
  /** Accuracy on the validation rows, in the same iteration, when there are any. */
  valAccuracy?: number;
};

/** One loss an iteration; one accuracy an epoch, `valAccuracy` empty without validation data. */
export type History = { loss: number[]; trainAccuracy: number[]; valAccuracy: number[] };

const OPTIONS = [
  "learningRate", "learningRateDecay", "reg", "batchSize", "iterations", "epochs", "sampling", "random", "validation", "onEpoch",
];

/** Trains a net in place, one minibatch a `step()`; iterate over it to train to the end, or drive it by hand. */
export class Trainer {
  readonly net: TwoLayerNet;
  /** How many minibatches there will be in all. */
  readonly iterations: number;
  readonly history: History = { loss: [], trainAccuracy: [], valAccuracy: [] };
  readonly #X: Matrix;
  readonly #y: Int32Array;
  readonly #validation: { X: Matrix; y: Int32Array } | undefined;
  readonly #batches: Batches;
  readonly #sampling: Sampling;
  readonly #reg: number;
  readonly #decay: number;
  readonly #onEpoch: ((progress: Progress) => void) | undefined;
  readonly #batchX: Matrix;
  readonly #batchY: Int32Array;
  readonly #buffers: Buffers;
  #learningRate: number;
  #iteration = 0;

  /** Checks everything before anything is changed: throws ShapeError, RangeError or TypeError. */
  constructor(net: TwoLayerNet, data: Dataset, options: TrainOptions = {}) {
    if (!(net instanceof TwoLayerNet)) throw new TypeError(`train: net expected a TwoLayerNet, got ${show(net)}`);
    checkOptions("train", options, OPTIONS);
    const { learningRate = 1e-3, learningRateDecay = 0.95, reg = 5e-6, batchSize = 200, sampling = "shuffle" } = options;
    const { iterations, epochs, random = new Random(), validation, onEpoch } = options;
    checkFinite("train", "learningRate", learningRate, 0, true);
    checkFinite("train", "learningRateDecay", learningRateDecay, 0, true);
    checkFinite("train", "reg", reg, 0);
    checkInteger("train", "batchSize", batchSize, 1);
    if (iterations !== undefined) checkInteger("train", "iterations", iterations, 1);
    if (epochs !== undefined) checkInteger("train", "epochs", epochs, 1);
    if (iterations !== undefined && epochs !== undefined) {
      throw new TypeError(`train: expected iterations or epochs, got both (${iterations} and ${epochs})`);
    }
    checkChoice("train", "sampling", sampling, ["shuffle", "replacement"]);
    if (typeof random?.permutation !== "function") throw new TypeError(`train: random expected a Random, got ${show(random)}`);
    if (onEpoch !== undefined && typeof onEpoch !== "function") throw new TypeError(`train: onEpoch expected a function, got ${show(onEpoch)}`);
    this.net = net;
    this.#X = checkDataset("train", net, data).X;
    this.#y = checkDataset("train", net, data).y;
    this.#validation = validation === undefined ? undefined : checkDataset("train: validation", net, validation);
    this.#batches = new Batches(data.X.rows, batchSize, sampling, random);
    this.iterations = epochs === undefined ? iterations ?? 100 : epochs * this.#batches.iterationsPerEpoch;
    this.#sampling = sampling;
    this.#reg = reg;
    this.#decay = learningRateDecay;
    this.#onEpoch = onEpoch;
    this.#batchX = new Matrix(this.#batches.largest, net.inputSize);
    this.#batchY = new Int32Array(this.#batches.largest);
    this.#buffers = createBuffers(net.params, this.#batches.largest);
    this.#learningRate = learningRate;
  }

  /** Whether all iterations have been made. */
  get done(): boolean {
    return this.#iteration === this.iterations;
  }

  /**
   * One minibatch: loss, gradients, an update of the net's parameters. Throws a DivergenceError when the loss or a
   * gradient is not finite, with the parameters as they were before the step, and a RangeError when `done`.
   */
  step(): Progress {
    if (this.done) throw new RangeError(`train: all ${this.iterations} iterations are done`);
    const iteration = this.#iteration;
    const learningRate = this.#learningRate;
    const loss = this.#update(iteration, learningRate);
    this.history.loss.push(loss);
    const perEpoch = this.#batches.iterationsPerEpoch;
    const progress: Progress = { iteration, epoch: Math.floor(iteration / perEpoch), loss, learningRate };
    this.#iteration++;
    // The exercise records after iterations 0, perEpoch, 2·perEpoch, …; a shuffled epoch ends with its last batch.
    const recorded = this.#sampling === "replacement" ? iteration : iteration + 1;
    if (recorded % perEpoch === 0) this.#endEpoch(progress);
    return progress;
  }

  *[Symbol.iterator](): Iterator<Progress> {
    while (!this.done) yield this.step();
  }

  #update(iteration: number, learningRate: number): number {
    const indices = this.#batches.next();
    const N = indices.length;
    const full = N === this.#batchX.rows;
    const X = this.#X.takeRows(indices, full ? this.#batchX : this.#batchX.sliceRows(0, N));
    for (let i = 0; i < N; i++) this.#batchY[i] = this.#y[indices[i]];
    const buffers = full ? this.#buffers : firstRows(this.#buffers, N);
    const { params } = this.net;
    const loss = lossAndGrads(params, X, this.#batchY, this.#reg, buffers);
    this.#checkFinite(iteration, loss, learningRate, buffers);
    this.net.step(buffers.grads, learningRate);
    return loss;
  }

  #checkFinite(iteration: number, loss: number, learningRate: number, { grads }: Buffers): void {
    const culprit = Number.isFinite(loss) ? PARAM_NAMES.find((name) => !grads[name].data.every(Number.isFinite)) : "loss";
    if (culprit === undefined) return;
    const what = culprit === "loss" ? "" : ` and a gradient of ${culprit} that is not`;
    throw new DivergenceError(
      `train: expected a finite loss and finite gradients, got loss ${loss}${what} at iteration ${iteration} with learningRate ${learningRate}; try a smaller one, such as ${Number((learningRate / 10).toPrecision(3))}`,
      iteration, loss);
  }

  #endEpoch(progress: Progress): void {
    this.#learningRate *= this.#decay;
    progress.trainAccuracy = this.net.accuracy(this.#X, this.#y);
    this.history.trainAccuracy.push(progress.trainAccuracy);
    if (this.#validation !== undefined) {
      progress.valAccuracy = this.net.accuracy(this.#validation.X, this.#validation.y);
      this.history.valAccuracy.push(progress.valAccuracy);
    }
    this.#onEpoch?.(progress);
  }
}

/** Trains `net` in place on `data` and returns the history: drains a `Trainer`, and throws as it does. */
export function train(net: TwoLayerNet, data: Dataset, options: TrainOptions = {}): History {
  const trainer = new Trainer(net, data, options);
  while (!trainer.done) trainer.step();
  return trainer.history;
}

function checkDataset(where: string, net: TwoLayerNet, data: Dataset): { X: Matrix; y: Int32Array } {
  if (typeof data !== "object" || data === null) throw new TypeError(`${where}: data expected { X, y }, got ${show(data)}`);
  const { X } = data;
  checkMatrix(where, "X", X);
  checkHasRows(where, X);
  checkShape(X.cols === net.inputSize, () =>
    `${where}: expected X with ${net.inputSize} columns for a net of ${net.inputSize} inputs, got ${shapeOf(X)}`);
  return { X, y: checkLabels(where, data.y, X.rows, net.outputSize) };
}
