// One training under a terminal's conditions: what the options say, progress on stderr, checkpoints
// on disk, Ctrl-C.

import { Random } from "../base/random.ts";
import { MISSING } from "../data/encoding.ts";
import { type RunOptions, serializeCheckpoint } from "../model/checkpoint-file.ts";
import type { Classifier } from "../model/classifier.ts";
import { type Prepared, prepareImages, prepareTable, SCALINGS } from "../model/prepare.ts";
import {
  RECOMMENDED_REG,
  recommendedBatchSize,
  recommendedEpochs,
  recommendedLearningRate,
} from "../training/defaults.ts";
import { adam, momentum, nesterov, type Optimizer, sgd } from "../training/optimizer.ts";
import { cosine } from "../training/schedule.ts";
import type { TrainOptions } from "../training/train-options.ts";
import type { Trainer } from "../training/trainer.ts";
import { type Arguments, type Option, UsageError } from "./arguments.ts";
import { checkWritable, FileError, fileIdentity, writeFile } from "./files.ts";
import { watchSignals } from "./signals.ts";
import type { Source } from "./source.ts";
import { note, ProgressDisplay } from "./terminal.ts";

/** Which rows and columns are learnt from. */
export const DATA_OPTIONS: Readonly<Record<string, Option>> = {
  label: { value: "COLUMN", help: "the column that names each row's class (needed for CSV)" },
  features: { value: "A,B,…", help: "the columns to learn from; default: all others" },
  ignore: { value: "A,B,…", help: "columns to leave out" },
  categorical: {
    value: "A,B,…|auto",
    help: "columns of names, one-hot encoded; auto: those without numbers",
  },
  missing: {
    value: "error|drop|mean",
    help: "what a cell that is empty or no number means; default: error",
  },
  validation: { value: "SHARE", help: "rows held back to measure accuracy on; default: 0.2" },
  standardize: {
    value: "HOW",
    help: "columns | common | none; default: columns, for images common",
  },
  seed: { value: "S", help: "of the split, the weights and the batches; default: 0" },
};

/** How it is learnt. */
export const TRAINING_OPTIONS: Readonly<Record<string, Option>> = {
  hidden: { value: "H", help: "hidden units; default: 100" },
  optimizer: { value: "NAME", help: "sgd | momentum | nesterov | adam; default: adam" },
  momentum: { value: "M", help: "of momentum and nesterov; default: 0.9" },
  "learning-rate": { value: "R", help: "default: 0.003 for adam, 0.03 with momentum, 0.3 for sgd" },
  decay: {
    value: "F",
    help: "multiply the learning rate by F after every epoch; default: fall to 0 along a cosine",
  },
  reg: { value: "R", help: "strength of the L2 penalty; default: 0.001" },
  batch: { value: "N", help: "rows a step; default: 32, from 2000 rows on 100, from 20000 on 200" },
  epochs: {
    value: "E",
    help: "passes over the data; default: as many as make 2000 steps, 10 at least",
  },
  iterations: { value: "I", help: "steps in all, instead of --epochs" },
  sampling: { value: "HOW", help: "shuffle | replacement; default: shuffle" },
  "clip-norm": { value: "N", help: "scale greater gradients down to this norm" },
  patience: {
    value: "E",
    help: "stop after E epochs without a better validation accuracy, keep the best",
  },
};

export function readOptimizer(
  args: Arguments,
  name = args.choice("optimizer", ["sgd", "momentum", "nesterov", "adam"]) ?? "adam",
): Optimizer {
  const share = args.number("momentum", { min: 0 });
  if (share !== undefined && share >= 1)
    throw new UsageError(`--momentum expected a number below 1, got ${share}`);
  if (name === "momentum") return momentum(share);
  if (name === "nesterov") return nesterov(share);
  return name === "sgd" ? sgd() : adam();
}

/** Throws when --momentum is given and no optimizer has any. */
export function checkMomentum(args: Arguments, optimizers: readonly Optimizer[]): void {
  if (!args.has("momentum") || optimizers.some((optimizer) => "momentum" in optimizer)) return;
  throw new UsageError(
    `--momentum is for --optimizer momentum or nesterov, got ${optimizers.map(({ name }) => name).join(",")}`,
  );
}

/** The options of `train` that the arguments ask for, for `rows` training rows. */
export function readTrainOptions(args: Arguments, rows: number): TrainOptions {
  const optimizer = readOptimizer(args);
  checkMomentum(args, [optimizer]);
  const decay = args.number("decay", { min: 0, open: true });
  const batchSize = args.integer("batch", 1) ?? recommendedBatchSize(rows);
  const iterations = args.integer("iterations", 1);
  const epochs = args.integer("epochs", 1);
  if (iterations !== undefined && epochs !== undefined)
    throw new UsageError("expected --iterations or --epochs, got both");
  return {
    optimizer,
    learningRate:
      args.number("learning-rate", { min: 0, open: true }) ?? recommendedLearningRate(optimizer),
    ...(decay === undefined ? { schedule: cosine() } : { learningRateDecay: decay }),
    reg: args.number("reg", { min: 0 }) ?? RECOMMENDED_REG,
    batchSize,
    ...(iterations === undefined
      ? { epochs: epochs ?? recommendedEpochs(rows, batchSize) }
      : { iterations }),
    sampling: args.choice("sampling", ["shuffle", "replacement"]),
    clipNorm: args.number("clip-norm", { min: 0, open: true }),
    patience: args.integer("patience", 1),
  };
}

/**
 * The source's rows as a training takes them, an untrained classifier, and the generator to go on
 * with. `hidden` is the number of hidden units when it is not --hidden, `validation` the share when
 * there is no --validation.
 */
export function readPrepared(
  args: Arguments,
  source: Source,
  { hidden, validation: share = 0.2 }: { hidden?: number; validation?: number } = {},
): Prepared & { random: Random } {
  const random = new Random(args.integer("seed", 0) ?? 0);
  const validation = args.number("validation", { min: 0 }) ?? share;
  if (validation >= 1)
    throw new UsageError(`--validation expected a share below 1, got ${validation}`);
  if (validation === 0 && args.has("patience"))
    throw new UsageError("--patience expected rows to judge by, got --validation 0");
  const hiddenSize = hidden ?? args.integer("hidden", 1) ?? 100;
  const standardize = args.choice("standardize", SCALINGS);
  if (source.kind === "images") {
    for (const name of ["label", "features", "ignore", "categorical", "missing"]) {
      if (args.has(name)) throw new UsageError(`--${name} is for CSV, got images`);
    }
    return {
      ...prepareImages(source.images, source.y!, source.labels, {
        hiddenSize,
        validation,
        random,
        ...(standardize && { standardize }),
      }),
      random,
    };
  }
  const label = args.text("label");
  if (label === undefined)
    throw new UsageError(
      `expected --label COLUMN, one of ${source.table.columns.slice(0, 20).join(", ")}${source.table.columns.length > 20 ? ", …" : ""}`,
    );
  const categorical = args.text("categorical") === "auto" ? "auto" : args.list("categorical");
  const prepared = prepareTable(source.table, {
    label,
    features: args.list("features"),
    ignore: args.list("ignore"),
    categorical,
    missing: args.choice("missing", MISSING),
    hiddenSize,
    validation,
    standardize,
    random,
  });
  const [classes, rows] = [prepared.classifier.classes.length, source.table.rowCount];
  if (rows >= 20 && classes > rows / 2)
    note(
      `"${label}" has ${classes} different values in ${rows} rows; a class is a value that many rows have`,
    );
  return { ...prepared, random };
}

/** Where checkpoints go: after every `every` iterations, at an interruption, and at the end. */
export type Checkpoints = { path: string; every: number; run: RunOptions };

const YIELD = 50; // milliseconds of steps between two looks at signals

/**
 * Steps until the training is done (true) or a signal asks to stop (the exit code: 130 or 143), in
 * which case the step is finished and the checkpoint written. A second signal ends the process at
 * once.
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
  const doneBefore = trainer.iteration;
  let accuracies: { trainAccuracy?: number; valAccuracy?: number } = {};
  try {
    let pause = performance.now() + YIELD;
    while (!trainer.done && signals.code === undefined) {
      const { loss, epoch, trainAccuracy, valAccuracy } = trainer.step();
      if (trainAccuracy !== undefined) accuracies = { trainAccuracy, valAccuracy };
      if (checkpoints !== undefined && trainer.iteration % checkpoints.every === 0) save();
      if (performance.now() < pause) continue;
      display.update({
        done: trainer.iteration,
        total: trainer.iterations,
        doneBefore,
        epoch,
        loss,
        ...accuracies,
      });
      await new Promise((resolve) => setImmediate(resolve));
      pause = performance.now() + YIELD;
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
      ? "nothing was saved; --checkpoint FILE would have kept the run for --resume FILE"
      : `the run is in ${checkpoints.path}; go on with --resume ${checkpoints.path}`,
  );
  return signals.code!;
}

/**
 * Throws a UsageError when two outputs are one file, which would leave one of them, or an output is
 * an input, which would leave neither; a FileError when one cannot be written.
 */
export function checkOutputs(args: Arguments, names: readonly string[]): void {
  const given = names.map((name): [string, string | undefined] => [name, args.text(name)]);
  const outputs = given.filter((output): output is [string, string] => output[1] !== undefined);
  const read = [...args.positionals, args.text("images"), args.text("labels")]
    .filter((path) => path !== undefined && path !== "-")
    .map((path) => fileIdentity(path!));
  const resumed = args.text("resume");
  const seen = new Map<string, string>();
  for (const [name, path] of outputs) {
    if (path === "" || path === "-")
      throw new UsageError(`--${name} expected a file's name, got "${path}"`);
    const file = fileIdentity(path);
    const isResumed =
      resumed !== undefined && name !== "checkpoint" && file === fileIdentity(resumed);
    if (read.includes(file) || isResumed)
      throw new UsageError(`--${name} expected a file other than the input, got ${path}`);
    const other = seen.get(file);
    if (other !== undefined)
      throw new UsageError(
        `--${other} and --${name} expected different files, got ${path} for both`,
      );
    seen.set(file, name);
  }
  for (const [, path] of outputs) checkWritable(path);
}

/** Throws a FileError unless the data are those a checkpoint was made from. */
export function checkSameData(source: Source, hash: unknown, path: string): void {
  if (source.hash !== hash)
    throw new FileError(
      `${path}: expected the data it was made from, got ${source.name} with other content`,
    );
}
