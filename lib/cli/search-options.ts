// The options of search: lists and ranges of values, and how many candidates to draw from them.

import { availableParallelism } from "node:os";
import type { Range, SearchSpace } from "../search/space.ts";
import {
  recommendedEpochs,
  recommendedLearningRate,
  recommendedReg,
} from "../training/defaults.ts";
import type { Optimizer } from "../training/optimizer.ts";
import type { TrainOptions } from "../training/train-options.ts";
import { type Arguments, readNumber, UsageError } from "./arguments.ts";
import { checkMomentum, readOptimizer, sharedOptions } from "./training-options.ts";

export type SearchSettings = {
  space: SearchSpace;
  samples: number | undefined;
  /** The options that all candidates share; the space names no epochs beside iterations. */
  shared: TrainOptions;
  workers: number;
};

/** Reads the options that do not depend on the data. Throws a UsageError. */
export function readSearchSettings(args: Arguments): SearchSettings {
  const optimizers = (args.list("optimizer") ?? ["adam"]).map((name) =>
    readOptimizer(args.with({ optimizer: name })),
  );
  checkMomentum(args, optimizers);
  const space = readSpace(args, optimizers);
  const samples = args.integer("samples", 1);
  const isRange = Object.values(space).some((values) => !Array.isArray(values));
  if (isRange && samples === undefined)
    throw new UsageError("a range expected --samples N, the number of draws from it");
  if (args.number("validation", 0) === 0)
    throw new UsageError("--validation expected rows to compare candidates on, got 0");
  const workers = args.integer("workers", 0) ?? availableParallelism();
  return { space, samples, shared: sharedOptions(args), workers };
}

function readSpace(args: Arguments, optimizers: Optimizer[]): SearchSpace {
  const usual = optimizers.flatMap((optimizer) =>
    [1 / 3, 1, 3].map((factor) =>
      Number((recommendedLearningRate(optimizer) * factor).toPrecision(1)),
    ),
  );
  const rates = [...new Set(usual)].sort((a, b) => a - b);
  const positive = { min: 0, open: true };
  const count = { min: 1, integer: true };
  const space = {
    learningRate: readDimension(args, "learning-rate", positive) ?? rates,
    hiddenSize: readDimension(args, "hidden", count) ?? [32, 100],
    reg: readDimension(args, "reg", { min: 0 }),
    learningRateDecay: readDimension(args, "decay", positive),
    batchSize: readDimension(args, "batch", count),
    epochs: readDimension(args, "epochs", count),
    optimizer: optimizers,
  };
  const given = Object.entries(space).filter(([, values]) => values !== undefined);
  return Object.fromEntries(given) as SearchSpace;
}

/** `a,b,c` as a list, `a..b` as a range, which is logarithmic where it spans a factor of ten. */
function readDimension(
  args: Arguments,
  name: string,
  { min: least, open, integer }: { min: number; open?: boolean; integer?: boolean },
): number[] | Range | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const read = (part: string): number => {
    const value = readNumber(name, part.trim(), least, open);
    if (integer && !Number.isInteger(value))
      throw new UsageError(`--${name} expected integers, got ${part}`);
    return value;
  };
  const ends = text.split("..");
  if (ends.length === 1) return text.split(",").map(read);
  const [min, max] = ends.map(read);
  if (ends.length > 2 || !(min < max)) {
    throw new UsageError(
      `--${name} expected a range from less to more, as 0.001..0.1, got "${text}"`,
    );
  }
  return { min, max, scale: min > 0 && max / min >= 10 ? "log" : "linear" };
}

/**
 * What varies without options: a weaker penalty and a shorter training beside the usual ones, which
 * come first and so win when all are as good.
 */
export function usualSpace(
  rows: number,
  batchSize = 1,
  iterations: number | undefined,
): SearchSpace {
  const reg = recommendedReg(rows);
  const epochs = recommendedEpochs(rows, batchSize);
  return {
    reg: [reg, reg / 10].map((value) => Number(value.toPrecision(2))),
    ...(iterations === undefined && { epochs: [epochs, Math.ceil(epochs / 3)] }),
  };
}
