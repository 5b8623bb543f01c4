// How well a training generalizes: K nets, each tested on a K-th of the rows that it was not
// trained on. Every class is spread evenly over the folds.

import { checkInteger, checkOptions } from "../base/checks.ts";
import { type AbortSignalLike, checkSignal } from "../base/event-loop.ts";
import { accuracyOf } from "../base/metrics.ts";
import { Random } from "../base/random.ts";
import type { Table } from "../base/table.ts";
import { analyzeTable, refuseProblems, type TableAnalysis } from "../data/fit.ts";
import { type SplitRows, splitRows } from "../data/split.ts";
import { logLoss } from "../net/scores.ts";
import { completeOptions } from "../training/complete-options.ts";
import { recommendedValidation } from "../training/defaults.ts";
import { TRAIN_OPTIONS, type TrainOptions } from "../training/train-options.ts";
import { Trainer } from "../training/trainer.ts";
import { elementsAt } from "./analyze.ts";
import { predictRows, type Rows, tableOf } from "./classifier.ts";
import {
  type NetOptions,
  PREPARE_OPTIONS,
  type PrepareOptions,
  prepareAnalyzed,
  separateOptions,
} from "./prepare.ts";

const OPTIONS = [
  ...PREPARE_OPTIONS.filter((name) => name !== "test" && name !== "random"),
  ...["folds", "train", "seed", "signal"],
];
const FOLD_TRAIN_OPTIONS = TRAIN_OPTIONS.filter(
  (name) => name !== "validation" && name !== "random",
);

/** What is tested, and how each net is trained; only the label has no default. */
export type CrossValidateOptions = Omit<PrepareOptions, "test" | "random"> & {
  /** The number of folds; default 5. */
  folds?: number | undefined;
  /** Options of `train` in place of those that suit the rows. */
  train?: Omit<TrainOptions, "validation" | "random"> | undefined;
  /** Of the folds, the weights and the batches; default 0. */
  seed?: number | undefined;
  /** Ends the trainings; the promise is then rejected with the signal's reason. */
  signal?: AbortSignalLike | undefined;
};

/** The scores of each fold, and their mean and standard deviation. */
export type CrossValidation = {
  readonly folds: readonly { readonly accuracy: number; readonly logLoss: number }[];
  readonly accuracy: MeanAndStd;
  readonly logLoss: MeanAndStd;
};

/** The deviation is that of the folds, divided by one less than their number. */
export type MeanAndStd = { readonly mean: number; readonly std: number };

/**
 * Trains a net for each fold on the other folds, and tests it on this one. Timers, input and
 * requests have their turn every few milliseconds. Throws as prepareTable and train do, and a
 * RangeError for more folds than rows.
 * @example
 * const rows = [1, 2, 8, 9].map((a) => ({ a, kind: a < 5 ? "small" : "large" }));
 * const { accuracy } = await crossValidate(rows, { label: "kind", folds: 2, validation: 0 });
 * console.log(accuracy.mean); // 1
 */
export async function crossValidate(
  rows: Rows,
  options: CrossValidateOptions,
): Promise<CrossValidation> {
  checkOptions("crossValidate", options, OPTIONS);
  const { folds = 5, seed = 0, train = {}, signal, ...prepareOptions } = options;
  checkInteger("crossValidate", "folds", folds, 2);
  checkInteger("crossValidate", "seed", seed, 0);
  checkSignal("crossValidate", signal);
  checkOptions("crossValidate: train", train, FOLD_TRAIN_OPTIONS);
  const { net, encoding } = separateOptions("crossValidate", prepareOptions);
  const table = tableOf("crossValidate", rows);
  const analysis = analyzeTable("crossValidate", table, encoding);
  refuseProblems(table, analysis);
  return crossValidateAnalyzed(table, analysis, { net, folds, seed, train, signal });
}

/** The same with columns that have been analyzed already. */
export async function crossValidateAnalyzed(
  table: Table,
  analysis: TableAnalysis,
  options: Required<Pick<CrossValidateOptions, "folds" | "seed" | "train">> & {
    net: NetOptions;
    signal: AbortSignalLike | undefined;
  },
): Promise<CrossValidation> {
  const results: { accuracy: number; logLoss: number }[] = [];
  for (let fold = 0; fold < options.folds; fold++)
    results.push(await testFold(table, analysis, options, fold));
  return {
    folds: results,
    accuracy: meanAndStd(results.map(({ accuracy }) => accuracy)),
    logLoss: meanAndStd(results.map((each) => each.logLoss)),
  };
}

async function testFold(
  table: Table,
  analysis: TableAnalysis,
  { net, folds, seed, train, signal }: Parameters<typeof crossValidateAnalyzed>[2],
  fold: number,
): Promise<{ accuracy: number; logLoss: number }> {
  const random = new Random(seed + fold);
  const prepared = prepareAnalyzed(table, analysis, { ...net, random }, (y) =>
    foldRows(y, { folds, fold, seed, validation: net.validation }),
  );
  const { classifier, data, test } = prepared;
  const options = completeOptions(data.X.rows, train, prepared.options.validation);
  for await (const _ of new Trainer(classifier.net, data, { ...options, random }))
    if (signal?.aborted) throw signal.reason;
  const { X, y } = test!;
  const { labels, probabilities } = predictRows(classifier, X);
  return { accuracy: accuracyOf(y, labels), logLoss: logLoss(probabilities, y) };
}

/** The rows of a fold as the test set, and the others as training and validation rows. */
function foldRows(
  y: Int32Array,
  {
    folds,
    fold,
    seed,
    validation,
  }: { folds: number; fold: number; seed: number; validation: number | undefined },
): SplitRows {
  checkInteger("crossValidate", "folds", folds, 2, y.length);
  // class by class, each in a random order: every K-th row of that is in the fold
  const order = Array.from(new Random(seed).permutation(y.length)).sort((a, b) => y[a] - y[b]);
  const rowsOf = (isInFold: boolean): number[] =>
    order.filter((_, i) => (i % folds === fold) === isInFold).sort((a, b) => a - b);
  const rest = rowsOf(false);
  const share = validation === undefined ? recommendedValidation(rest.length) : validation;
  const labels = rest.map((row) => y[row]);
  const parts = splitRows(labels, { validation: share, random: new Random(seed) });
  return {
    train: elementsAt(rest, parts.train),
    validation: elementsAt(rest, parts.validation),
    test: Int32Array.from(rowsOf(true)),
  };
}

function meanAndStd(values: readonly number[]): MeanAndStd {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (values.length - 1)) };
}
