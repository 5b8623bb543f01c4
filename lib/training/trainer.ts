// The training loop: step after step, the learning rate's course, the accuracies of each epoch, the
// best epoch, and a history of it all.

import { checkFinite, checkOptions } from "../base/checks.ts";
import { ArgumentRangeError, DivergenceError } from "../base/errors.ts";
import { nextTurn, now, SLICE_MS } from "../base/event-loop.ts";
import { Random } from "../base/random.ts";
import type { CheckedDataset, Dataset } from "../matrix/dataset.ts";
import { cloneParams, PARAM_NAMES } from "../net/params.ts";
import { checkNet, TwoLayerNet } from "../net/two-layer-net.ts";
import { limitAfter } from "./best-epoch.ts";
import { calibrate } from "./calibration.ts";
import { decayNote } from "./decay-note.ts";
import { Updates, type UpdatesState } from "./optimizer.ts";
import { type Schedule, type ScheduleFunction, scheduledRate } from "./schedule.ts";
import { MinibatchStep } from "./step.ts";
import {
  checkTrainOptions,
  definedOptions,
  type Progress,
  TRAIN_OPTIONS,
  type TrainOptions,
  type TrainSettings,
} from "./train-options.ts";
import {
  type Best,
  cloneBest,
  cloneHistory,
  type History,
  optionsOf,
  reviveTrainerState,
  type TrainerState,
} from "./trainer-state.ts";
import {
  checkedSchedule,
  checkNetData,
  checkResumedData,
  measureTraining,
  resumedSchedule,
} from "./training-data.ts";

/**
 * Trains a net in place, one minibatch a `step()`. `for (const progress of trainer)` trains to the
 * end; `for await` does so too and lets timers, input and requests have their turn every few
 * milliseconds. Each step yields a `Progress`. Between two steps `net.params` are those after the
 * last one, and what is written to them is where the next one begins. Nothing is printed.
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
 */
export class Trainer {
  readonly net: TwoLayerNet;
  /** The number of minibatches in all, unless `patience` ends the training before. */
  readonly iterations: number;
  /** One loss for each iteration done; one accuracy for each epoch. */
  readonly history: History = { loss: [], trainAccuracy: [], valAccuracy: [] };
  private readonly data: CheckedDataset;
  private readonly validation: CheckedDataset | undefined;
  private readonly random: Random;
  private readonly settings: TrainSettings;
  private readonly schedule: Schedule | ScheduleFunction | undefined;
  private readonly onEpoch: ((progress: Progress) => void) | undefined;
  private readonly minibatch: MinibatchStep;
  private learningRate: number;
  private iterationsDone = 0;
  private bestEpoch: Best | undefined;
  private epochsSinceBest = 0;
  private stopped = false;
  private divergence: DivergenceError | undefined;

  /**
   * Checks everything before anything is changed. Throws a TypeError, RangeError or ShapeError for
   * wrong options, for data that do not fit the net, and for an element of X that is not finite.
   */
  constructor(net: TwoLayerNet, data: Dataset, options: TrainOptions = {}) {
    checkNet("train", net);
    this.data = checkNetData("train", net, data);
    this.settings = checkTrainOptions("train", options, this.data.X.rows);
    const { random = new Random(), validation, onEpoch, schedule } = options;
    this.net = net;
    this.validation =
      validation === undefined ? undefined : checkNetData("train: validation", net, validation);
    this.random = random;
    this.schedule = typeof schedule === "function" ? schedule : checkedSchedule(this.settings);
    this.onEpoch = onEpoch;
    this.iterations = this.settings.iterations;
    this.learningRate = this.settings.learningRate;
    this.minibatch = new MinibatchStep(net, this.data, this.settings, random);
  }

  /**
   * A trainer that goes on where `state` was taken, to the same bits; it has a net of its own.
   * `data`, `validation` and a `schedule` that is a function must be those of the interrupted
   * training; everything else is in the state, which may have been through JSON or structuredClone.
   * Throws a TypeError, RangeError or ShapeError when they do not fit it or the state contradicts
   * itself.
   * @example
   * const { X, y, params } = toyData();
   * const trainer = new Trainer(new TwoLayerNet(params), { X, y }, { iterations: 20 });
   * for (let i = 0; i < 10; i++) trainer.step();
   * const resumed = Trainer.fromState(JSON.parse(JSON.stringify(trainer.state)), { X, y });
   * console.log(resumed.step().loss === trainer.step().loss); // true
   */
  static fromState(
    saved: TrainerState,
    data: Dataset,
    options: Pick<TrainOptions, "validation" | "onEpoch" | "schedule"> = {},
  ): Trainer {
    const where = "Trainer.fromState";
    const state = reviveTrainerState(where, saved);
    checkOptions(where, options, ["validation", "onEpoch", "schedule"]);
    const net = new TwoLayerNet(cloneParams(state.params));
    checkResumedData(where, state, net, data, options);
    const trainer = new Trainer(net, data, {
      ...optionsOf(state.settings),
      ...options,
      ...resumedSchedule(where, state, options.schedule),
      random: Random.fromState(state.random),
    });
    const { permutation, position } = state;
    trainer.minibatch.batches.restore({ permutation: Int32Array.from(permutation), position });
    trainer.restoreUpdates(state);
    Object.assign(trainer.history, cloneHistory(state.history));
    trainer.learningRate = state.learningRate;
    trainer.iterationsDone = state.iteration;
    trainer.bestEpoch = cloneBest(state.best) ?? undefined;
    trainer.epochsSinceBest = state.epochsSinceBest;
    trainer.stopped = state.stopped;
    return trainer;
  }

  /**
   * A copy of all that `fromState` needs. Take it between two steps, or in `onEpoch`. Throws the
   * DivergenceError of a training that has diverged.
   */
  get state(): TrainerState {
    // the batch that diverged is used up: a resumed training would go on with another
    if (this.divergence !== undefined) throw this.divergence;
    const { permutation, position } = this.minibatch.batches.state;
    const { slots, betaPowers } = this.minibatch.updates.state;
    return {
      settings: this.settings,
      rows: this.data.X.rows,
      validationRows: this.validation?.X.rows ?? 0,
      iteration: this.iterationsDone,
      stopped: this.stopped,
      learningRate: this.learningRate,
      random: this.random.state,
      permutation: Array.from(permutation),
      position,
      params: cloneParams(this.net.params),
      slots: slots.map(cloneParams),
      betaPowers,
      history: cloneHistory(this.history),
      best: cloneBest(this.bestEpoch ?? null),
      epochsSinceBest: this.epochsSinceBest,
    };
  }

  /** The number of iterations done. */
  get iteration(): number {
    return this.iterationsDone;
  }

  /** Whether all iterations have been made, or patience has run out. */
  get done(): boolean {
    return this.stopped || this.iterationsDone === this.iterations;
  }

  /**
   * With `patience` or `keepBest`: the epoch whose parameters the net has, or will have, at the
   * end; undefined before the first epoch ends.
   */
  get best(): { iteration: number; epoch: number; valAccuracy: number } | undefined {
    if (this.bestEpoch === undefined) return undefined;
    const { iteration, epoch, valAccuracy } = this.bestEpoch;
    return { iteration, epoch, valAccuracy };
  }

  /**
   * Makes one step: loss, gradients, an update of the net's parameters. Throws a RangeError when
   * `done`, and a DivergenceError when the loss or a gradient is not finite: the parameters are
   * then those before the step or, with `patience` or `keepBest`, those of the best epoch, and
   * every further step throws the same error.
   * @example
   * const { X, y, params } = toyData();
   * const trainer = new Trainer(new TwoLayerNet(params), { X, y }, { iterations: 3 });
   * console.log(trainer.step().loss.toFixed(4), trainer.iteration); // 1.0986 1
   */
  step(): Progress {
    if (this.divergence !== undefined) throw this.divergence;
    this.checkNotDone();
    const iteration = this.iterationsDone;
    if (this.schedule !== undefined) {
      const { learningRate } = this.settings;
      this.learningRate = scheduledRate(this.schedule, learningRate, iteration, this.iterations);
    }
    const { learningRate } = this;
    checkFinite("train", "learningRate", learningRate); // decay may have taken it anywhere
    const loss = this.takeMinibatch(iteration, learningRate);
    this.history.loss.push(loss);
    const perEpoch = this.minibatch.batches.iterationsPerEpoch;
    const epoch = Math.floor(iteration / perEpoch);
    const progress: Progress = { iteration, epoch, loss, learningRate };
    this.iterationsDone++;
    // The exercise records after iterations 0, perEpoch, 2·perEpoch, …; a shuffled epoch ends with
    // its last batch.
    const recordedAt = this.settings.sampling === "replacement" ? iteration : iteration + 1;
    const epochEnded = recordedAt % perEpoch === 0;
    if (epochEnded) this.recordEpoch(progress);
    if (this.done) this.finish(perEpoch);
    if (epochEnded) this.onEpoch?.(progress);
    return progress;
  }

  /**
   * A new trainer of the same net on other data that goes on with what the optimizer remembers. Its
   * options are this trainer's where `options` does not give others; without a schedule the
   * learning rate goes on from where it is. The optimizer stays: naming it is a TypeError.
   * @example
   * const [monday, tuesday] = [twoMoons(), twoMoons({ random: new Random(1) })];
   * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 16, outputSize: 2 });
   * const first = new Trainer(net, monday, { optimizer: adam(), learningRate: 0.01, epochs: 20 });
   * while (!first.done) first.step();
   * const second = first.continueWith(tuesday, { epochs: 5 });
   * console.log([...second].length, net.accuracy(tuesday.X, tuesday.y) > 0.8); // 5 true
   */
  continueWith(data: Dataset, options: Omit<TrainOptions, "optimizer"> = {}): Trainer {
    if (this.divergence !== undefined) throw this.divergence;
    const where = "Trainer.continueWith";
    checkOptions(where, options, CONTINUE_OPTIONS);
    const {
      patience: _,
      keepBest: __,
      calibrate: ___,
      iterations,
      ...settings
    } = optionsOf(this.settings);
    const given = definedOptions(options);
    const course = "schedule" in given || "learningRateDecay" in given;
    const { schedule, learningRateDecay, ...others } = settings;
    const trainer = new Trainer(this.net, data, {
      ...others,
      learningRate: this.schedule === undefined ? this.learningRate : settings.learningRate,
      ...(course ? {} : { schedule: this.schedule, learningRateDecay }),
      ...(given.epochs === undefined ? { iterations } : {}),
      random: this.random,
      ...given,
    });
    trainer.restoreUpdates(this.minibatch.updates.state);
    return trainer;
  }

  *[Symbol.iterator](): Generator<Progress, void, undefined> {
    while (!this.done) yield this.step();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Progress, void, undefined> {
    let turn = now();
    while (!this.done) {
      yield this.step();
      if (now() - turn < SLICE_MS) continue;
      await nextTurn();
      turn = now();
    }
  }

  private checkNotDone(): void {
    if (!this.done) return;
    const { iterationsDone, iterations } = this;
    const end = this.stopped
      ? `patience ended the training after ${iterationsDone} of ${iterations} iterations`
      : `all ${iterations} iterations are done`;
    throw new ArgumentRangeError(`train: ${end}`);
  }

  private takeMinibatch(iteration: number, learningRate: number): number {
    try {
      return this.minibatch.take(iteration, learningRate);
    } catch (error) {
      if (error instanceof DivergenceError) {
        this.divergence = error;
        this.minibatch.end();
        this.restoreBest();
      }
      throw error;
    }
  }

  private recordEpoch(progress: Progress): void {
    this.learningRate *= this.settings.learningRateDecay;
    progress.trainAccuracy = measureTraining(this.net, this.data, this.settings);
    this.history.trainAccuracy.push(progress.trainAccuracy);
    if (this.validation === undefined) return;
    const valAccuracy = this.net.accuracy(this.validation.X, this.validation.y);
    progress.valAccuracy = valAccuracy;
    this.history.valAccuracy.push(valAccuracy);
    const { patience, keepBest } = this.settings;
    const { bestEpoch: best } = this;
    const { iteration, epoch } = progress;
    const candidate = { iteration, epoch, valAccuracy };
    if (keepBest) {
      const logLoss = limitAfter(this.net, this.validation, best?.logLoss);
      if (logLoss !== undefined) this.setBest({ ...candidate, logLoss });
    } else if (patience !== null) {
      this.epochsSinceBest++;
      if (valAccuracy > (best?.valAccuracy ?? -1)) this.setBest(candidate);
      this.stopped = this.epochsSinceBest >= patience;
    }
  }

  private setBest(epoch: Omit<Best, "params">): void {
    this.bestEpoch = { ...epoch, params: cloneParams(this.net.params) };
    this.epochsSinceBest = 0;
  }

  private finish(perEpoch: number): void {
    this.minibatch.end();
    this.restoreBest();
    if (this.settings.calibrate) this.history.temperature = calibrate(this.net, this.validation!);
    const note = decayNote(this.history.loss, this.settings.learningRateDecay, perEpoch);
    if (note !== undefined) this.history.note = note;
  }

  /** Gives the net the parameters of the best epoch, when there is one. */
  private restoreBest(): void {
    if (this.bestEpoch === undefined) return;
    const { params } = this.bestEpoch;
    for (const name of PARAM_NAMES) this.net.params[name].data.set(params[name].data);
  }

  private restoreUpdates(state: UpdatesState): void {
    const { optimizer } = this.settings;
    this.minibatch.updates = new Updates(optimizer, this.net.params, state);
  }
}

const CONTINUE_OPTIONS = TRAIN_OPTIONS.filter((name) => name !== "optimizer");

/**
 * Trains `net` in place on `data` and returns the history: drains a `Trainer`, and throws as it
 * does (TypeError, RangeError or ShapeError before anything is changed, DivergenceError on the
 * way).
 * @example
 * const { train: data, validation } = split(twoMoons());
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 16, outputSize: 2 });
 * const history = train(net, data, { learningRate: 0.5, batchSize: 20, epochs: 100, validation });
 * console.log(history.loss.length, history.valAccuracy.at(-1)); // 800 1
 */
export function train(net: TwoLayerNet, data: Dataset, options: TrainOptions = {}): History {
  const trainer = new Trainer(net, data, options);
  while (!trainer.done) trainer.step();
  return trainer.history;
}
