// One candidate of a search, from its settings to its accuracies: the same in this thread and in a
// worker.

import { DivergenceError } from "../base/errors.ts";
import { Random } from "../base/random.ts";
import type { CheckedDataset } from "../matrix/dataset.ts";
import type { Params } from "../net/params.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import type { History } from "../training/loop.ts";
import type { TrainOptions } from "../training/train-options.ts";
import { Trainer } from "../training/trainer.ts";
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

/** The options of a candidate's training: `Trainer` takes them. */
export function optionsOfCandidate(
  { options }: Pick<SearchTask, "options">,
  candidate: Candidate,
): TrainOptions {
  const { learningRate, reg, learningRateDecay, batchSize, epochs, optimizer } = candidate;
  const decay = options.schedule === undefined ? { learningRateDecay } : {};
  const length = epochs === undefined ? {} : { epochs };
  return { ...options, learningRate, reg, ...decay, batchSize, ...length, optimizer };
}

/**
 * Trains a candidate from the seed, which draws the weights and then the batches. A divergence is
 * an outcome, no error. Calls `onStep` after each training step.
 */
export function runCandidate(task: SearchTask, candidate: Candidate, onStep?: () => void): Outcome {
  const trainer = createTrainer(task, candidate);
  try {
    for (const _ of trainer) onStep?.();
  } catch (error) {
    return divergedOutcome(trainer, error);
  }
  return doneOutcome(task, trainer);
}

/** The same, but lets timers and signals have their turns; undefined once `stop` is aborted. */
export async function runCandidateInTurns(
  task: SearchTask,
  candidate: Candidate,
  stop?: { readonly aborted: boolean },
): Promise<Outcome | undefined> {
  const trainer = createTrainer(task, candidate);
  try {
    for await (const _ of trainer) if (stop?.aborted) return undefined;
  } catch (error) {
    return divergedOutcome(trainer, error);
  }
  return doneOutcome(task, trainer);
}

function createTrainer(task: SearchTask, candidate: Candidate): Trainer {
  const random = new Random(task.seed);
  const { data, validation, outputSize, std } = task;
  const net = TwoLayerNet.create(
    { inputSize: data.X.cols, hiddenSize: candidate.hiddenSize, outputSize },
    { random, std },
  );
  return new Trainer(net, data, { ...optionsOfCandidate(task, candidate), validation, random });
}

function divergedOutcome({ history }: Trainer, error: unknown): Outcome {
  if (!(error instanceof DivergenceError)) throw error;
  const { message, iteration, loss } = error;
  return { status: "diverged", message, iteration, loss, history };
}

function doneOutcome({ data, validation }: SearchTask, { net, history }: Trainer): Outcome {
  return {
    status: "done",
    params: net.params,
    history,
    trainAccuracy: net.accuracy(data.X, data.y),
    valAccuracy: net.accuracy(validation.X, validation.y),
  };
}
