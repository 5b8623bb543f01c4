// Training as users see it: `train`, which runs to the end, and `Trainer`, which goes step by step
// and can be saved, resumed and continued.

import { checkOptions } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { inTurns } from "../base/event-loop.ts";
import { Random } from "../base/random.ts";
import type { Dataset } from "../matrix/dataset.ts";
import { cloneParams } from "../net/params.ts";
import { checkNet, TwoLayerNet } from "../net/two-layer-net.ts";
import { type History, stepsOf, TrainingLoop } from "./loop.ts";
import { checkOptimizer, type Optimizer } from "./optimizer.ts";
import { checkResumedData, resumedSchedule, reviveTrainerState } from "./state-checks.ts";
import {
  checkTrainOptions,
  definedOptions,
  type Progress,
  TRAIN_OPTIONS,
  type TrainOptions,
} from "./train-options.ts";
import {
  optionsOf,
  restore,
  restoreUpdates,
  stateOf,
  type TrainerState,
  WITHOUT_VALIDATION,
} from "./trainer-state.ts";
import { checkNetData } from "./training-data.ts";

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
  readonly history: History;
  private readonly loop: TrainingLoop;

  /**
   * Checks everything before anything is changed. Throws a TypeError, RangeError or ShapeError for
   * wrong options, for data that do not fit the net, and for an element of X that is not finite.
   */
  constructor(net: TwoLayerNet, data: Dataset, options: TrainOptions = {}) {
    this.loop = createLoop(net, data, options);
    this.net = net;
    this.iterations = this.loop.settings.iterations;
    this.history = this.loop.history;
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
    restore(trainer.loop, state);
    return trainer;
  }

  /**
   * A copy of all that `fromState` needs. Take it between two steps, or in `onEpoch`. Throws the
   * DivergenceError of a training that has diverged.
   */
  get state(): TrainerState {
    return stateOf(this.loop);
  }

  /** The number of iterations done. */
  get iteration(): number {
    return this.loop.iteration;
  }

  /** Whether all iterations have been made, or patience has run out. */
  get done(): boolean {
    return this.loop.done;
  }

  /**
   * With `patience` or `keepBest`: the epoch whose parameters the net has, or will have, at the
   * end; undefined before the first epoch ends.
   */
  get best(): { iteration: number; epoch: number; valAccuracy: number } | undefined {
    if (this.loop.best === undefined) return undefined;
    const { iteration, epoch, valAccuracy } = this.loop.best;
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
    if (this.loop.divergence !== undefined) throw this.loop.divergence;
    checkNotDone(this.loop);
    return this.loop.step();
  }

  /**
   * A new trainer of the same net on other data that goes on with what the optimizer remembers. Its
   * options are this trainer's where `options` does not give others; without a schedule the
   * learning rate goes on from where it is. The optimizer stays: another one is a TypeError.
   * @example
   * const [monday, tuesday] = [twoMoons(), twoMoons({ random: new Random(1) })];
   * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 16, outputSize: 2 });
   * const first = new Trainer(net, monday, { optimizer: adam(), learningRate: 0.01, epochs: 20 });
   * while (!first.done) first.step();
   * const second = first.continueWith(tuesday, { epochs: 5 });
   * console.log([...second].length, net.accuracy(tuesday.X, tuesday.y) > 0.8); // 5 true
   */
  continueWith(data: Dataset, options: TrainOptions = {}): Trainer {
    const where = "Trainer.continueWith";
    const { divergence, settings, inputs, learningRate, minibatch } = this.loop;
    if (divergence !== undefined) throw divergence;
    checkOptions(where, options, TRAIN_OPTIONS);
    const given = definedOptions(options);
    if (given.optimizer !== undefined)
      checkSameOptimizer(where, settings.optimizer, given.optimizer);
    const hasCourse = given.schedule !== undefined || given.learningRateDecay !== undefined;
    const trainer = new Trainer(this.net, data, {
      ...optionsOf(settings),
      ...WITHOUT_VALIDATION,
      ...(settings.schedule === null ? { learningRate } : { schedule: inputs.schedule }),
      ...(hasCourse && { schedule: undefined, learningRateDecay: undefined }),
      ...(given.epochs !== undefined && { iterations: undefined }),
      random: inputs.random,
      ...given,
    });
    restoreUpdates(trainer.loop.minibatch.updates, minibatch.updates);
    return trainer;
  }

  [Symbol.iterator](): Generator<Progress, void, undefined> {
    return stepsOf(this);
  }

  [Symbol.asyncIterator](): AsyncGenerator<Progress, void, undefined> {
    return inTurns(this);
  }
}

/** Throws a RangeError when the training has no more steps. */
function checkNotDone({ done, stopped, iteration, settings }: TrainingLoop): void {
  if (!done) return;
  const end = stopped
    ? `patience ended the training after ${iteration} of ${settings.iterations} iterations`
    : `all ${iteration} iterations are done`;
  throw new ArgumentRangeError(`train: ${end}`);
}

/** Throws a TypeError unless `given` is the optimizer whose memory is to go on. */
function checkSameOptimizer(where: string, before: Optimizer, given: Optimizer): void {
  const [expected, got] = [before, checkOptimizer(where, given)].map((each) =>
    JSON.stringify(each),
  );
  if (got !== expected)
    throw new ArgumentTypeError(`${where}: optimizer expected ${expected} as before, got ${got}`);
}

/** The loop of a training, after checking all that it is given. */
function createLoop(net: TwoLayerNet, data: Dataset, options: TrainOptions): TrainingLoop {
  checkNet("train", net);
  const rows = checkNetData("train", net, data);
  const settings = checkTrainOptions("train", options, rows.X.rows);
  const { random = new Random(), validation, onEpoch, schedule } = options;
  return new TrainingLoop(net, settings, {
    data: rows,
    validation:
      validation === undefined ? undefined : checkNetData("train: validation", net, validation),
    random,
    schedule,
    onEpoch,
  });
}

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
  const loop = createLoop(net, data, options);
  while (!loop.done) loop.step();
  return loop.history;
}
