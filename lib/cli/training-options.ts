// The options about training data and training: their help, and what their values mean.

import { adam, momentum, nesterov, type Optimizer, sgd } from "../training/optimizer.ts";
import type { TrainOptions } from "../training/train-options.ts";
import { type Arguments, type Options, UsageError } from "./arguments.ts";

/** The ways to name training data. */
export const TRAINING_USAGE: readonly string[] = [
  "DATA --label COLUMN [options]",
  "--images FILE --labels FILE [options]",
  "--cifar10 DIR [options]",
];

/** The options that choose the net and how it is trained. */
export const TRAINING_OPTIONS: Options = {
  hidden: ["H", "Train a net with H hidden units. Default: 100."],
  optimizer: ["NAME", "Train with sgd, momentum, nesterov or adam. Default: adam."],
  momentum: ["M", "Set the momentum of --optimizer momentum or nesterov. Default: 0.9."],
  "learning-rate": [
    "R",
    "Set the learning rate. Default: 0.003 for adam, 0.03 with momentum, 0.3 for sgd.",
  ],
  decay: [
    "F",
    "Multiply the learning rate by F after every epoch. " +
      "Default: let it fall to 0 along a cosine.",
  ],
  reg: ["R", "Set the strength of the L2 penalty. Default: 0.001, less from 2000 rows on."],
  batch: [
    "N",
    "Use N rows per step. Default: 32 to 100, a 20th of all rows; up to 200 for very many.",
  ],
  epochs: ["E", "Pass over the data E times. Default: 100, or as often as makes 2000 steps."],
  iterations: ["I", "Make I steps in total, instead of --epochs."],
  sampling: [
    "HOW",
    "Draw batches from a new order of the rows in each epoch (shuffle) or independently " +
      "(replacement). Default: shuffle.",
  ],
  "clip-norm": ["N", "Scale gradients with a norm over N down to norm N."],
  patience: [
    "E",
    "Stop after E epochs without a better validation accuracy; keep the best net. " +
      "Default: train to the end.",
  ],
};

/** The optimizer of this name, by default the one of --optimizer, with --momentum. */
export function readOptimizer(
  args: Arguments,
  name = args.choice("optimizer", ["sgd", "momentum", "nesterov", "adam"]) ?? "adam",
): Optimizer {
  const share = args.number("momentum", 0);
  if (share !== undefined && share >= 1)
    throw new UsageError(`--momentum expected a number below 1, got ${share}`);
  if (name === "momentum") return momentum(share);
  if (name === "nesterov") return nesterov(share);
  return name === "sgd" ? sgd() : adam();
}

/** Throws a UsageError when --momentum is given and none of the optimizers has momentum. */
export function checkMomentum(args: Arguments, optimizers: readonly Optimizer[]): void {
  if (!args.has("momentum") || optimizers.some((optimizer) => "momentum" in optimizer)) return;
  const names = optimizers.map(({ name }) => name).join(",");
  throw new UsageError(`--momentum is for --optimizer momentum or nesterov, got ${names}`);
}

/** The options of `train` that the arguments ask for; what they do not name is not there. */
export function readGivenOptions(args: Arguments): TrainOptions {
  const optimizer = readOptimizer(args);
  checkMomentum(args, [optimizer]);
  return {
    optimizer,
    learningRate: args.number("learning-rate", 0, true),
    learningRateDecay: args.number("decay", 0, true),
    reg: args.number("reg", 0),
    batchSize: args.integer("batch", 1),
    epochs: args.integer("epochs", 1),
    ...sharedOptions(args),
  };
}

/** Those that no candidate of a search has for itself. */
export function sharedOptions(args: Arguments): TrainOptions {
  if (args.has("iterations") && args.has("epochs"))
    throw new UsageError("expected --iterations or --epochs, got both");
  return {
    iterations: args.integer("iterations", 1),
    sampling: args.choice("sampling", ["shuffle", "replacement"]),
    clipNorm: args.number("clip-norm", 0, true),
    patience: args.integer("patience", 1),
  };
}
