// One training in a terminal: progress on stderr, checkpoints on disk, and signals.

import { type RunOptions, serializeCheckpoint } from "../model/checkpoint-file.ts";
import type { Classifier } from "../model/classifier.ts";
import type { Progress } from "../training/train-options.ts";
import type { Trainer } from "../training/trainer.ts";
import type { Checkpoint } from "./checkpoints.ts";
import { ProgressDisplay } from "./progress-display.ts";
import { watchSignals } from "./signals.ts";
import { note } from "./terminal.ts";

/** When checkpoints are written: after every `every` iterations, at an interruption, at the end. */
export type Checkpoints = {
  file: Checkpoint;
  every: number;
  /** Milliseconds between two checkpoints at least, those of an interruption and the end apart. */
  interval: number;
  run: RunOptions;
  /** The command that continues the run. */
  resume: string;
};

const SIGNAL_INTERVAL = 50; // milliseconds of steps between two checks for signals
// Between two checkpoints unless --every asks for more: an epoch of a small table takes less time
// than to write one.
export const CHECKPOINT_INTERVAL = 1000;

/**
 * Trains until the training is done (returns true) or a signal has come (returns its exit code). A
 * signal lets the current step finish and the checkpoint be written; a second signal ends
 * the process at once.
 */
export async function runTraining(
  classifier: Classifier,
  trainer: Trainer,
  checkpoints: Checkpoints | undefined,
  clock: () => number = () => performance.now(),
): Promise<true | number> {
  const signals = watchSignals();
  const save = async (isLast: boolean): Promise<boolean> => {
    if (checkpoints === undefined) return false;
    const bytes = serializeCheckpoint(classifier, trainer.state, checkpoints.run);
    return checkpoints.file.save(bytes, isLast);
  };
  let isSaved = false;
  let lastSave = clock();
  const display = new ProgressDisplay();
  const counts = { doneBefore: trainer.iteration, total: trainer.iterations };
  let accuracies: Pick<Progress, "trainAccuracy" | "valAccuracy"> = {};
  try {
    let pause = performance.now() + SIGNAL_INTERVAL;
    while (!trainer.done && signals.code === undefined) {
      const { loss, epoch, trainAccuracy, valAccuracy } = trainer.step();
      if (trainAccuracy !== undefined) accuracies = { trainAccuracy, valAccuracy };
      if (isDue(checkpoints, trainer.iteration) && clock() - lastSave >= checkpoints.interval) {
        await save(false);
        lastSave = clock();
      }
      if (performance.now() < pause) continue;
      display.update({ done: trainer.iteration, ...counts, epoch, loss, ...accuracies });
      await new Promise((resolve) => setImmediate(resolve));
      pause = performance.now() + SIGNAL_INTERVAL;
    }
    isSaved = await save(true);
  } finally {
    display.end();
    signals.end();
  }
  if (trainer.done) return true;
  sayStopped(trainer, isSaved, checkpoints);
  return signals.code!;
}

function isDue(
  checkpoints: Checkpoints | undefined,
  iteration: number,
): checkpoints is Checkpoints {
  return checkpoints !== undefined && iteration % checkpoints.every === 0;
}

function sayStopped(
  { iteration, iterations }: Trainer,
  isSaved: boolean,
  checkpoints: Checkpoints | undefined,
): void {
  note(`stopped after iteration ${iteration} of ${iterations}`);
  if (isSaved) note(`the training is saved; continue it with: ${checkpoints!.resume}`);
  else if (checkpoints === undefined)
    note("nothing was saved; with --checkpoint FILE the training could go on from --resume FILE");
}
