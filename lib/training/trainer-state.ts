// Where a training stands between two iterations: matrices and plain values, enough to go on with
// the same bits.

import { cloneParams, type Params } from "../net/params.ts";
import type { Best } from "./best-epoch.ts";
import type { History, TrainingLoop } from "./loop.ts";
import { type BetaPowers, copySlots, type Updates } from "./optimizer.ts";
import type { TrainOptions, TrainSettings } from "./train-options.ts";

/**
 * A training between two steps: all that going on to the same bits depends on, but for the data.
 * See `serializeCheckpoint`.
 */
export type TrainerState = {
  readonly settings: TrainSettings;
  /**
   * Rows of the training data and of the validation data (0 without): a resumed training must be
   * given as many.
   */
  readonly rows: number;
  readonly validationRows: number;
  /** How many iterations are done. */
  readonly iteration: number;
  /** Whether patience has ended the training. */
  readonly stopped: boolean;
  readonly learningRate: number;
  readonly random: { readonly seed: number; readonly offset: number };
  /**
   * This epoch's order of the rows, empty before the first and with "replacement"; and how many of
   * them are used.
   */
  readonly permutation: readonly number[];
  readonly position: number;
  readonly params: Params;
  /** What the optimizer remembers: nothing, the velocity, or Adam's two means. */
  readonly slots: readonly Params[];
  /** Powers of Adam's beta1 and beta2, 1 and 1 for the others; version 1.0.0 did not save them. */
  readonly betaPowers?: BetaPowers | undefined;
  readonly history: History;
  readonly best: Best | null;
  /** Epochs since the best one. */
  readonly epochsSinceBest: number;
};

/** A checked state with the powers that version 1.0.0 did not save. */
export type ResumableState = TrainerState & { readonly betaPowers: BetaPowers };

/** A copy of where the training stands. Throws the DivergenceError of one that has diverged. */
export function stateOf(loop: TrainingLoop): TrainerState {
  // the batch that diverged is used up: a resumed training would go on with another
  if (loop.divergence !== undefined) throw loop.divergence;
  const { settings, inputs, history, best } = loop;
  const { batches, updates } = loop.minibatch;
  return {
    settings,
    rows: inputs.data.X.rows,
    validationRows: inputs.validation?.X.rows ?? 0,
    iteration: loop.iteration,
    stopped: loop.stopped,
    learningRate: loop.learningRate,
    random: inputs.random.state,
    permutation: Array.from(batches.permutation),
    position: batches.position,
    params: cloneParams(loop.net.params),
    slots: updates.slots.map(cloneParams),
    betaPowers: updates.betaPowers,
    history: cloneHistory(history),
    best: best === undefined ? null : cloneBest(best),
    epochsSinceBest: best === undefined ? 0 : history.valAccuracy.length - 1 - best.epoch,
  };
}

/** Lets a new training go on where the state was taken. */
export function restore(loop: TrainingLoop, state: ResumableState): void {
  const { minibatch, history } = loop;
  minibatch.batches.permutation = Int32Array.from(state.permutation);
  minibatch.batches.position = state.position;
  restoreUpdates(minibatch.updates, state);
  Object.assign(history, cloneHistory(state.history));
  loop.learningRate = state.learningRate;
  loop.iteration = state.iteration;
  loop.best = state.best === null ? undefined : cloneBest(state.best);
  loop.stopped = state.stopped;
}

/** Lets an optimizer go on with what another one remembers. */
export function restoreUpdates(
  updates: Updates,
  { slots, betaPowers }: Pick<ResumableState, "slots" | "betaPowers">,
): void {
  copySlots(slots, updates.slots);
  updates.betaPowers = betaPowers;
}

function cloneHistory(history: History): History {
  const { loss, trainAccuracy, valAccuracy } = history;
  return {
    ...history,
    loss: [...loss],
    trainAccuracy: [...trainAccuracy],
    valAccuracy: [...valAccuracy],
  };
}

function cloneBest(best: Best): Best {
  return { ...best, params: cloneParams(best.params) };
}

/** The settings as the options they came from. */
export function optionsOf({
  learningRateDecay,
  schedule,
  clipNorm,
  patience,
  trainAccuracy,
  ...rest
}: TrainSettings): TrainOptions {
  // a function is no data: whoever resumes the training gives it again
  const fromSchedule = schedule?.name === "function" ? {} : { schedule };
  const course = schedule === null ? { learningRateDecay } : fromSchedule;
  return {
    ...rest,
    ...(course as Pick<TrainOptions, "schedule" | "learningRateDecay">),
    clipNorm: clipNorm ?? undefined,
    patience: patience ?? undefined,
    trainAccuracy: trainAccuracy ?? "all",
  };
}

/** Options that leave out what needs validation rows. */
export const WITHOUT_VALIDATION = {
  patience: undefined,
  keepBest: undefined,
  calibrate: undefined,
};
