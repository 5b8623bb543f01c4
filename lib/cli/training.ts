// One training in a terminal: progress on stderr, checkpoints on disk, and signals.

import { type RunOptions, serializeCheckpoint } from "../model/checkpoint-file.ts";
import type { Classifier } from "../model/classifier.ts";
import type { Progress } from "../training/train-options.ts";
import type { Trainer } from "../training/trainer.ts";
import { writeFile } from "./files.ts";
import { watchSignals } from "./signals.ts";
import { note, ProgressDisplay } from "./terminal.ts";

/** Where checkpoints go: after every `every` iterations, after an interruption, and at the end. */
export type Checkpoints = { path: string; every: number; run: RunOptions };

const SIGNAL_INTERVAL = 50; // milliseconds of steps between two checks for signals

/**
 * Trains until the training is done (returns true) or a signal has come (returns the exit code, 130
 * or 143). A signal lets the current step finish and the checkpoint be written; a second signal ends
 * the process at once.
 */
export async function runTraining(
  classifier: Classifier,
  trainer: Trainer,
  checkpoints: Checkpoints | undefined,
): Promise<true | number> {
  const signals = watchSignals();
  const save = (): void => {
    if (checkpoints !== undefined)
      writeFile(checkpoints.path, serializeCheckpoint(classifier, trainer.state, checkpoints.run));
  };
  const display = new ProgressDisplay();
  const counts = { doneBefore: trainer.iteration, total: trainer.iterations };
  let accuracies: Pick<Progress, "trainAccuracy" | "valAccuracy"> = {};
  try {
    let pause = performance.now() + SIGNAL_INTERVAL;
    while (!trainer.done && signals.code === undefined) {
      const { loss, epoch, trainAccuracy, valAccuracy } = trainer.step();
      if (trainAccuracy !== undefined) accuracies = { trainAccuracy, valAccuracy };
      if (checkpoints !== undefined && trainer.iteration % checkpoints.every === 0) save();
      if (performance.now() < pause) continue;
      display.update({ done: trainer.iteration, ...counts, epoch, loss, ...accuracies });
      await new Promise((resolve) => setImmediate(resolve));
      pause = performance.now() + SIGNAL_INTERVAL;
    }
    save();
  } finally {
    display.end();
    signals.end();
  }
  if (trainer.done) return true;
  note(`stopped after iteration ${trainer.iteration} of ${trainer.iterations}`);
  note(
    checkpoints === undefined
      ? "nothing was saved; with --checkpoint FILE the training could go on from --resume FILE"
      : `the training is saved; continue it with --resume ${checkpoints.path}`,
  );
  return signals.code!;
}
