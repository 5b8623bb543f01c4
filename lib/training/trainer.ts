// The training loop: minibatches, the loss, a step down the gradient, the learning rate's decay,
// and a history of it all.

import { checkFinite, checkOptions } from "../base/checks.ts";
import { ArgumentRangeError, DivergenceError } from "../base/errors.ts";
import { Random } from "../base/random.ts";
import { allFinite } from "../kernels/elementwise.ts";
import { type CheckedDataset, checkDataset, type Dataset } from "../matrix/dataset.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { checkHasRows } from "../matrix/shape.ts";
import {
  areCurrent,
  type Buffers,
  batchViews,
  createStepBuffers,
  loadParams,
  lossAndGrads,
  type StepBuffers,
  storeParams,
} from "../net/backprop.ts";
import { PARAM_NAMES } from "../net/params.ts";
import { checkInputs, checkNet, TwoLayerNet } from "../net/two-layer-net.ts";
import { Batches } from "./batches.ts";
import { clipGradients, Updates } from "./optimizer.ts";
import { scheduledRate } from "./schedule.ts";
import {
  checkTrainOptions,
  type Progress,
  type TrainOptions,
  type TrainSettings,
} from "./train-options.ts";
import {
  type Best,
  checkTrainerState,
  cloneHistory,
  cloneParams,
  type History,
  optionsOf,
  type TrainerState,
} from "./trainer-state.ts";

/**
 * Trains a net in place, one minibatch a `step()`; iterate over it to train to the end, or drive it
 * by hand. Each step yields a `Progress`. Nothing is printed.
 * @example
 * const { X, y, params } = toyData();
 * const options = { learningRate: 0.1, batchSize: 5, iterations: 60 };
 * const trainer = new Trainer(new TwoLayerNet(params), { X, y }, options);
 * for (const { iteration, epoch, loss } of trainer) {
 *   if (iteration % 20 === 0) console.log(iteration, epoch, loss.toFixed(4));
 * }
 * // 0 0 1.0986
 * // 20 20 1.0289
 * // 40 40 0.6966
 * const { done, history, state } = trainer;
 * console.log(done, history.loss.length, history.trainAccuracy.at(-1), state.iteration); // true 60 1 60
 */
export class Trainer {
  readonly net: TwoLayerNet;
  /** How many minibatches there will be in all, unless `patience` ends the training before. */
  readonly iterations: number;
  readonly history: History = { loss: [], trainAccuracy: [], valAccuracy: [] };
  readonly #X: Matrix;
  readonly #y: Int32Array;
  readonly #validation: { X: Matrix; y: Int32Array } | undefined;
  readonly #batches: Batches;
  readonly #random: Random;
  readonly #settings: TrainSettings;
  readonly #onEpoch: ((progress: Progress) => void) | undefined;
  readonly #batchY: Int32Array;
  #buffers: StepBuffers;
  #updates: Updates;
  #learningRate: number;
  #iteration = 0;
  #best: Best | undefined;
  #epochsSinceBest = 0;
  #stopped = false;
  #divergence: DivergenceError | undefined;

  /** Checks everything before anything is changed: throws ShapeError, RangeError or TypeError. */
  constructor(net: TwoLayerNet, data: Dataset, options: TrainOptions = {}) {
    checkNet("train", net);
    const { X, y } = checkNetData("train", net, data);
    const settings = checkTrainOptions("train", options, X.rows);
    const { random = new Random(), validation, onEpoch } = options;
    this.net = net;
    this.#X = X;
    this.#y = y;
    this.#validation =
      validation === undefined ? undefined : checkNetData("train: validation", net, validation);
    this.#random = random;
    this.#batches = new Batches(X.rows, settings.batchSize, settings.sampling, random);
    this.iterations = settings.iterations;
    this.#settings = settings;
    this.#onEpoch = onEpoch;
    try {
      this.#batchY = new Int32Array(this.#batches.maxSize);
      this.#buffers = createStepBuffers(net.params, this.#batches.maxSize);
    } catch {
      throw new ArgumentRangeError(`train: no room for batches of ${this.#batches.maxSize} rows`);
    }
    this.#updates = new Updates(settings.optimizer, net.params);
    this.#learningRate = settings.learningRate;
  }

  /**
   * A trainer that goes on where `state` was taken, to the same bits; it has a net of its own.
   * `data` and `validation` must be those of the interrupted training; everything else is in the
   * state. Throws ShapeError, RangeError or TypeError when they do not fit it or the state does not
   * hang together.
   */
  static fromState(
    state: TrainerState,
    data: Dataset,
    options: Pick<TrainOptions, "validation" | "onEpoch"> = {},
  ): Trainer {
    const where = "Trainer.fromState";
    checkTrainerState(where, state);
    checkOptions(where, options, ["validation", "onEpoch"]);
    const net = new TwoLayerNet(cloneParams(state.params));
    const { X } = checkNetData(where, net, data);
    const validationRows =
      options.validation === undefined
        ? 0
        : checkNetData(`${where}: validation`, net, options.validation).X.rows;
    if (X.rows !== state.rows || validationRows !== state.validationRows) {
      throw new ArgumentRangeError(
        `${where}: expected ${state.rows} rows and ${state.validationRows} for validation, got ` +
          `${X.rows} and ${validationRows}`,
      );
    }
    const trainer = new Trainer(net, data, {
      ...optionsOf(state.settings),
      ...options,
      random: Random.fromState(state.random),
    });
    trainer.#batches.restore({ permutation: state.permutation.slice(), position: state.position });
    trainer.#updates = new Updates(
      trainer.#settings.optimizer,
      net.params,
      state.slots,
      state.iteration,
    );
    Object.assign(trainer.history, cloneHistory(state.history));
    trainer.#learningRate = state.learningRate;
    trainer.#iteration = state.iteration;
    trainer.#best =
      state.best === null ? undefined : { ...state.best, params: cloneParams(state.best.params) };
    trainer.#epochsSinceBest = state.epochsSinceBest;
    trainer.#stopped = state.stopped;
    return trainer;
  }

  /**
   * All that `fromState` needs, copied: it stays as it is when training goes on. Take it between
   * two steps, or in `onEpoch`.
   */
  get state(): TrainerState {
    // its batch is used up: it would resume with another
    if (this.#divergence !== undefined) throw this.#divergence;
    const { permutation, position } = this.#batches.state;
    return {
      settings: this.#settings,
      rows: this.#X.rows,
      validationRows: this.#validation?.X.rows ?? 0,
      iteration: this.#iteration,
      stopped: this.#stopped,
      learningRate: this.#learningRate,
      random: this.#random.state,
      permutation: permutation.slice(),
      position,
      params: cloneParams(this.net.params),
      slots: this.#updates.slots.map(cloneParams),
      history: cloneHistory(this.history),
      best:
        this.#best === undefined ? null : { ...this.#best, params: cloneParams(this.#best.params) },
      epochsSinceBest: this.#epochsSinceBest,
    };
  }

  /** How many iterations are done. */
  get iteration(): number {
    return this.#iteration;
  }

  /** Whether all iterations have been made, or patience has run out. */
  get done(): boolean {
    return this.#stopped || this.#iteration === this.iterations;
  }

  /**
   * With `patience`: the epoch whose parameters the net has, or will have, at the end; undefined
   * before the first epoch ends.
   */
  get best(): { iteration: number; epoch: number; valAccuracy: number } | undefined {
    return (
      this.#best && {
        iteration: this.#best.iteration,
        epoch: this.#best.epoch,
        valAccuracy: this.#best.valAccuracy,
      }
    );
  }

  /**
   * One minibatch: loss, gradients, an update of the net's parameters. Throws a DivergenceError
   * when the loss or a gradient is not finite, with the parameters as they were before the step;
   * from then on every step and `state` throw it again. A RangeError when `done`.
   */
  step(): Progress {
    if (this.#divergence !== undefined) throw this.#divergence;
    if (this.done) {
      const end = this.#stopped ? "after patience ran out, at" : "after";
      throw new ArgumentRangeError(
        `train: step expected an iteration that is left, got none ${end} ${this.#iteration} of ` +
          `${this.iterations}`,
      );
    }
    const iteration = this.#iteration;
    const { schedule, sampling } = this.#settings;
    if (schedule !== null)
      this.#learningRate = scheduledRate(
        schedule,
        this.#settings.learningRate,
        iteration,
        this.iterations,
      );
    const learningRate = this.#learningRate;
    checkFinite("train", "learningRate", learningRate); // decay may have taken it anywhere
    const loss = this.#update(iteration, learningRate);
    this.history.loss.push(loss);
    const perEpoch = this.#batches.iterationsPerEpoch;
    const progress: Progress = {
      iteration,
      epoch: Math.floor(iteration / perEpoch),
      loss,
      learningRate,
    };
    this.#iteration++;
    // The exercise records after iterations 0, perEpoch, 2·perEpoch, …; a shuffled epoch ends with
    // its last batch.
    const recorded = (sampling === "replacement" ? iteration : iteration + 1) % perEpoch === 0;
    if (recorded) this.#endEpoch(progress);
    if (this.done && this.#best !== undefined) this.#restore(this.#best);
    if (recorded) this.#onEpoch?.(progress);
    return progress;
  }

  *[Symbol.iterator](): Iterator<Progress> {
    while (!this.done) yield this.step();
  }

  #update(iteration: number, learningRate: number): number {
    if (!areCurrent(this.#buffers))
      this.#buffers = createStepBuffers(this.net.params, this.#batches.maxSize);
    const indices = this.#batches.next();
    const N = indices.length;
    const full = N === this.#buffers.X.rows;
    const X = this.#X.takeRows(indices, full ? this.#buffers.X : this.#buffers.X.sliceRows(0, N));
    for (let i = 0; i < N; i++) this.#batchY[i] = this.#y[indices[i]];
    const buffers = full ? this.#buffers : batchViews(this.#buffers, N);
    const loaded = loadParams(this.net.params, this.#buffers);
    const loss = lossAndGrads(loaded, X, this.#batchY, this.#settings.reg, buffers);
    this.#throwIfDiverged(iteration, loss, learningRate, buffers);
    if (this.#settings.clipNorm !== null) clipGradients(buffers.grads, this.#settings.clipNorm);
    this.#updates.apply(loaded, buffers.grads, learningRate, buffers.workspace);
    storeParams(this.net.params, this.#buffers);
    return loss;
  }

  #throwIfDiverged(
    iteration: number,
    loss: number,
    learningRate: number,
    { grads, workspace }: Buffers,
  ): void {
    const culprit = Number.isFinite(loss)
      ? PARAM_NAMES.find((name) => !allFinite(grads[name].data, workspace))
      : "loss";
    if (culprit === undefined) return;
    const what = culprit === "loss" ? "" : ` and a gradient of ${culprit} that is not`;
    this.#divergence = new DivergenceError(
      `train: expected a finite loss and finite gradients, got loss ${loss}${what} at ` +
        `iteration ${iteration} with learningRate ${learningRate}; try a smaller one, such as ` +
        `${Number((learningRate / 10).toPrecision(3))}`,
      iteration,
      loss,
    );
    throw this.#divergence;
  }

  #endEpoch(progress: Progress): void {
    this.#learningRate *= this.#settings.learningRateDecay;
    progress.trainAccuracy = this.net.accuracy(this.#X, this.#y);
    this.history.trainAccuracy.push(progress.trainAccuracy);
    if (this.#validation === undefined) return;
    progress.valAccuracy = this.net.accuracy(this.#validation.X, this.#validation.y);
    this.history.valAccuracy.push(progress.valAccuracy);
    if (this.#settings.patience !== null)
      this.#trackBest(
        progress.iteration,
        progress.epoch,
        progress.valAccuracy,
        this.#settings.patience,
      );
  }

  #trackBest(iteration: number, epoch: number, valAccuracy: number, patience: number): void {
    if (this.#best === undefined || valAccuracy > this.#best.valAccuracy) {
      this.#best = { iteration, epoch, valAccuracy, params: cloneParams(this.net.params) };
      this.#epochsSinceBest = 0;
    } else {
      this.#epochsSinceBest++;
      this.#stopped = this.#epochsSinceBest >= patience;
    }
  }

  #restore(best: Best): void {
    for (const name of PARAM_NAMES) this.net.params[name].data.set(best.params[name].data);
  }
}

/** The data after checking that they fit the net. Throws a TypeError, ShapeError or RangeError. */
function checkNetData(where: string, net: TwoLayerNet, data: Dataset): CheckedDataset {
  const checked = checkDataset(where, data, net.outputSize);
  checkInputs(where, net, checked.X);
  checkHasRows(where, checked.X);
  return checked;
}

/**
 * Trains `net` in place on `data` and returns the history: drains a `Trainer`, and throws as it
 * does (TypeError, RangeError or ShapeError before anything is changed, DivergenceError on the
 * way).
 * @example
 * const { train: data, validation } = split(twoMoons());
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 16, outputSize: 2 });
 * const history = train(net, data, { learningRate: 0.5, batchSize: 20, epochs: 100, validation });
 * console.log(history.loss.length, history.valAccuracy.length, history.valAccuracy.at(-1)); // 800 100 1
 */
export function train(net: TwoLayerNet, data: Dataset, options: TrainOptions = {}): History {
  const trainer = new Trainer(net, data, options);
  while (!trainer.done) trainer.step();
  return trainer.history;
}
