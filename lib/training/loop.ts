// The training loop: step after step, the learning rate's course, the accuracies of each epoch, the
// best epoch, and a history of it all. `train` runs it to its end; a `Trainer` can also be saved.

import { checkFinite } from "../base/checks.ts";
import { DivergenceError } from "../base/errors.ts";
import type { Random } from "../base/random.ts";
import type { CheckedDataset } from "../matrix/dataset.ts";
import { copyParams } from "../net/params.ts";
import type { TwoLayerNet } from "../net/two-layer-net.ts";
import { type Best, bestAfter } from "./best-epoch.ts";
import { calibrate } from "./calibration.ts";
import { decayNote } from "./decay-note.ts";
import { type Schedule, type ScheduleFunction, scheduledRate } from "./schedule.ts";
import { MinibatchStep } from "./step.ts";
import type { Progress, TrainSettings } from "./train-options.ts";
import { measureTraining } from "./training-data.ts";

/** What happened in a training. */
export type History = {
  /** One loss an iteration. */
  loss: number[];
  /** One accuracy an epoch, of as many training rows as the option of this name says. */
  trainAccuracy: number[];
  /** One accuracy an epoch, none without validation data. */
  valAccuracy: number[];
  /** There with the option `calibrate`, at the end: what W2 and b2 were divided by. */
  temperature?: number | undefined;
  /** There when the learning rate decayed to almost nothing while the loss still fell: says so. */
  note?: string | undefined;
};

/** What a training is given beside its settings. */
export type TrainInputs = {
  readonly data: CheckedDataset;
  readonly validation: CheckedDataset | undefined;
  readonly random: Random;
  /** Used when it is a function; another one is among the settings. */
  readonly schedule?: Schedule | ScheduleFunction | undefined;
  readonly onEpoch?: ((progress: Progress) => void) | undefined;
};

/** One training of `net`, in place. All that it is given has been checked. */
export class TrainingLoop {
  readonly net: TwoLayerNet;
  readonly settings: TrainSettings;
  readonly inputs: TrainInputs;
  readonly history: History = { loss: [], trainAccuracy: [], valAccuracy: [] };
  readonly minibatch: MinibatchStep;
  learningRate: number;
  /** The number of iterations done. */
  iteration = 0;
  best: Best | undefined;
  stopped = false;
  divergence: DivergenceError | undefined;

  /** Throws a RangeError when there is no memory for the steps. */
  constructor(net: TwoLayerNet, settings: TrainSettings, inputs: TrainInputs) {
    this.net = net;
    this.settings = settings;
    this.inputs = inputs;
    this.learningRate = settings.learningRate;
    this.minibatch = new MinibatchStep(net, inputs.data, settings, inputs.random);
  }

  get done(): boolean {
    return this.stopped || this.iteration === this.settings.iterations;
  }

  /** See Trainer.step; not to be called when `done` or after a divergence. */
  step(): Progress {
    const { iteration, minibatch, settings, inputs } = this;
    const schedule = typeof inputs.schedule === "function" ? inputs.schedule : settings.schedule;
    if (schedule !== null) this.learningRate = scheduledRate(schedule, settings, iteration);
    const { learningRate } = this;
    checkFinite("train", "learningRate", learningRate); // decay may have taken it anywhere
    const loss = this.takeMinibatch(iteration, learningRate);
    this.history.loss.push(loss);
    this.iteration++;
    const perEpoch = minibatch.batches.iterationsPerEpoch;
    const epoch = Math.floor(iteration / perEpoch);
    const progress: Progress = { iteration, epoch, loss, learningRate };
    // The exercise records after iterations 0, perEpoch, 2·perEpoch, …; a shuffled epoch ends with
    // its last batch.
    const recordedAt = settings.sampling === "replacement" ? iteration : iteration + 1;
    const epochEnded = recordedAt % perEpoch === 0;
    if (epochEnded) this.recordEpoch(progress);
    if (this.done) this.finish(perEpoch);
    if (epochEnded) inputs.onEpoch?.(progress);
    return progress;
  }

  private takeMinibatch(iteration: number, learningRate: number): number {
    try {
      return this.minibatch.take(iteration, learningRate);
    } catch (error) {
      if (error instanceof DivergenceError) {
        this.divergence = error;
        this.end();
      }
      throw error;
    }
  }

  private recordEpoch(progress: Progress): void {
    const { net, settings, inputs, history } = this;
    const { data, validation } = inputs;
    this.learningRate *= settings.learningRateDecay;
    progress.trainAccuracy = measureTraining(net, data, settings);
    history.trainAccuracy.push(progress.trainAccuracy);
    if (validation === undefined) return;
    const valAccuracy = net.accuracy(validation.X, validation.y);
    progress.valAccuracy = valAccuracy;
    history.valAccuracy.push(valAccuracy);
    const { patience, keepBest } = settings;
    if (patience === null && !keepBest) return;
    const { iteration, epoch } = progress;
    this.best = bestAfter(net, validation, this.best, { iteration, epoch, valAccuracy }, keepBest);
    this.stopped = patience !== null && epoch - this.best.epoch >= patience;
  }

  private finish(perEpoch: number): void {
    const { net, settings, inputs, history } = this;
    this.end();
    if (settings.calibrate) history.temperature = calibrate(net, inputs.validation!);
    const note = decayNote(history.loss, settings.learningRateDecay, perEpoch);
    if (note !== undefined) history.note = note;
  }

  /** Gives back the memory of the steps, and gives the net the parameters of the best epoch. */
  private end(): void {
    const { minibatch, net, best } = this;
    minibatch.end();
    if (best !== undefined) copyParams(best.params, net.params);
  }
}

/** The steps of a training as they are made, to its end. */
export function* stepsOf(training: {
  readonly done: boolean;
  step(): Progress;
}): Generator<Progress, void, undefined> {
  while (!training.done) yield training.step();
}
