// One candidate of a search, from its settings to its accuracies: the same in this thread and in a
// worker.

import { checkInteger } from "../base/checks.ts";
import { DivergenceError } from "../base/errors.ts";
import { inTurns } from "../base/event-loop.ts";
import { Random } from "../base/random.ts";
import type { CheckedDataset } from "../matrix/dataset.ts";
import type { Params } from "../net/params.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { type History, stepsOf, TrainingLoop } from "../training/loop.ts";
import {
  checkTrainOptions,
  type TrainOptions,
  type TrainSettings,
} from "../training/train-options.ts";
import type { Candidate } from "./space.ts";

/** The options of `train` that a space cannot vary. */
export const SHARED_OPTIONS = [
  "schedule",
  "iterations",
  "epochs",
  "sampling",
  "clipNorm",
  "patience",
  "keepBest",
  "calibrate",
  "trainAccuracy",
] as const satisfies readonly (keyof TrainOptions)[];
type SharedOption = (typeof SHARED_OPTIONS)[number];

/** What all candidates of a search have in common. */
export type SearchTask = {
  readonly data: CheckedDataset;
  readonly validation: CheckedDataset;
  readonly outputSize: number;
  readonly std: number | "he";
  readonly seed: number;
  readonly options: Pick<TrainOptions, SharedOption>;
};

/** What became of a candidate. */
export type Outcome =
  | { status: "done"; params: Params; history: History; trainAccuracy: number; valAccuracy: number }
  | { status: "diverged"; message: string; iteration: number; loss: number; history: History };

/** How a candidate is trained. */
export type Job = { readonly hiddenSize: number; readonly settings: TrainSettings };

/** The job of a candidate. Throws a TypeError or RangeError for what `train` would refuse. */
export function jobOf(task: SearchTask, candidate: Candidate): Job {
  const { options, data, validation } = task;
  const { hiddenSize, learningRateDecay, ...others } = candidate;
  checkInteger("search", "hiddenSize", hiddenSize, 1);
  const decay = options.schedule === undefined ? { learningRateDecay } : {};
  const whole = { ...options, ...decay, ...others, validation };
  return { hiddenSize, settings: checkTrainOptions("search", whole, data.X.rows) };
}

/**
 * Trains a candidate from the seed, which draws the weights and then the batches. A divergence is
 * an outcome, no error. Calls `onStep` after each training step.
 */
export function runCandidate(task: SearchTask, job: Job, onStep?: () => void): Outcome {
  const loop = createLoop(task, job);
  try {
    for (const _ of stepsOf(loop)) onStep?.();
  } catch (error) {
    return divergedOutcome(loop, error);
  }
  return doneOutcome(task, loop);
}

/** The same, but lets timers and signals have their turns; undefined once `stop` is aborted. */
export async function runCandidateInTurns(
  task: SearchTask,
  job: Job,
  stop?: { readonly aborted: boolean },
): Promise<Outcome | undefined> {
  const loop = createLoop(task, job);
  try {
    for await (const _ of inTurns(stepsOf(loop))) if (stop?.aborted) return undefined;
  } catch (error) {
    return divergedOutcome(loop, error);
  }
  return doneOutcome(task, loop);
}

function createLoop(task: SearchTask, { hiddenSize, settings }: Job): TrainingLoop {
  const { data, validation, outputSize, std, seed, options } = task;
  const random = new Random(seed);
  const sizes = { inputSize: data.X.cols, hiddenSize, outputSize };
  const net = TwoLayerNet.create(sizes, { random, std });
  const { schedule } = options;
  return new TrainingLoop(net, settings, { data, validation, random, schedule });
}

function divergedOutcome({ history }: TrainingLoop, error: unknown): Outcome {
  if (!(error instanceof DivergenceError)) throw error;
  const { message, iteration, loss } = error;
  return { status: "diverged", message, iteration, loss, history };
}

function doneOutcome({ data, validation }: SearchTask, { net, history }: TrainingLoop): Outcome {
  return {
    status: "done",
    params: net.params,
    history,
    trainAccuracy: net.accuracy(data.X, data.y),
    valAccuracy: net.accuracy(validation.X, validation.y),
  };
}
