// The options about the rows and columns of training data, and the data that they ask for.

import { show } from "../base/checks.ts";
import { Random } from "../base/random.ts";
import type { Table } from "../base/table.ts";
import { listColumns } from "../data/column-names.ts";
import type { TableAnalysis } from "../data/fit.ts";
import type { ClassName } from "../data/labels.ts";
import { MISSING } from "../data/missing.ts";
import { analyzeForTraining } from "../model/analyze.ts";
import {
  CLASS_WEIGHTS,
  type NetOptions,
  type Prepared,
  prepareAnalyzed,
  prepareImages,
  SCALINGS,
} from "../model/prepare.ts";
import type { TrainingRecord } from "../model/training-record.ts";
import { recommendedValidation } from "../training/defaults.ts";
import { type Arguments, type Options, UsageError } from "./arguments.ts";
import { decisionsTable, refuseDecisions, refuseProblems } from "./decisions.ts";
import type { Source } from "./source.ts";
import { note } from "./terminal.ts";

/** The options that choose the rows and columns of the training data. */
export const DATA_OPTIONS: Options = {
  label: [
    "COLUMN",
    "Learn to predict this column, the class of each row. Required for a CSV file.",
  ],
  features: ["A,B,…", "Learn from these columns, whatever they look like. Default: all that fit."],
  ignore: ["A,B,…", "Leave these columns out."],
  categorical: [
    "A,B,…|auto",
    "One-hot encode these columns. Default: auto, those of few different texts.",
  ],
  numeric: ["A,B,…", "Learn from these columns as numbers. Default: those that hold numbers only."],
  missing: [
    "error|drop|mean",
    "Refuse missing cells, drop their rows, or use the column's mean, for categories one of " +
      "their own. Default: mean. Rows without a label are dropped unless it is error.",
  ],
  na: [
    "A,B,…",
    "Read cells with these texts as missing; empty ones always are. " +
      "Default: NA, N/A, NaN, null, None, ?, -, #N/A and the like.",
  ],
  strict: ["", "Refuse every decision about a column that no option makes, and say which do."],
  validation: [
    "SHARE",
    "Hold back this share of the rows to measure and calibrate on. " +
      "Default: 0.2, beyond 2000 rows 400 rows, but at least 0.1.",
  ],
  test: [
    "SHARE",
    "Hold out this share of the rows, which no part of the training uses. Default: 0.",
  ],
  "class-weights": [
    "HOW",
    "Let each row count the same in the loss (equal), or each class (balanced). " +
      "Default: equal.",
  ],
  standardize: [
    "HOW",
    "Divide by the standard deviation of each column (columns), of all columns (common), " +
      "or do not standardize (none). Default: columns, for images common.",
  ],
  seed: ["S", "Seed the generator of the split, the weights and the batches. Default: 0."],
};

/** What splitRows makes the parts from: the seed and the shares of the rows. */
type Split = NonNullable<TrainingRecord["split"]>;

/** Prepared data, the generator to go on with, and how the rows were split. */
export type PreparedSource = Prepared & {
  random: Random;
  split: Split;
  /** Of a table: what its columns are, and the options of its net. */
  analysis?: TableAnalysis;
  net?: NetOptions;
};

/**
 * The source's rows encoded and split, an untrained classifier, and the generator that the training
 * continues with. `hidden` replaces --hidden; `validation` is the share without --validation, by
 * default the one that suits the rows.
 */
export function readPrepared(
  args: Arguments,
  source: Source,
  { hidden, validation: defaultShare }: { hidden?: number; validation?: number } = {},
): PreparedSource {
  const { seed, validation = defaultShare, test } = readSplit(args);
  const random = new Random(seed);
  if (validation === 0 && args.has("patience"))
    throw new UsageError("--patience expected rows for validation, got --validation 0");
  const hiddenSize = hidden ?? args.integer("hidden", 1) ?? 100;
  const standardize = args.choice("standardize", SCALINGS);
  const classWeights = args.choice("class-weights", CLASS_WEIGHTS);
  const options = {
    hiddenSize,
    validation,
    test,
    random,
    classWeights,
    ...(standardize && { standardize }),
  };
  const withSplit = <P extends Prepared>(prepared: P): P & { random: Random; split: Split } => {
    const { train, validation: held, test: out } = prepared.rows;
    const share = recommendedValidation(train.length + held.length + out.length);
    return { ...prepared, random, split: { seed, validation: validation ?? share, test } };
  };
  if (source.kind === "table") return withSplit(prepareCsv(args, source.table, options));
  for (const name of TABLE_OPTIONS) args.refuse(name, "CSV", "images");
  return withSplit(prepareImages(source.images, source.y!, source.classes, options));
}

/** The options that are about the columns of a CSV. */
const TABLE_OPTIONS = [
  "label",
  "features",
  "ignore",
  "categorical",
  "numeric",
  "missing",
  "na",
  "strict",
];

/** The split of --seed, --validation and --test; without --validation the rows decide its share. */
export function readSplit(args: Arguments): {
  seed: number;
  validation: number | undefined;
  test: number;
} {
  return {
    seed: args.integer("seed", 0) ?? 0,
    validation: readShare(args, "validation"),
    test: readShare(args, "test") ?? 0,
  };
}

/** The share of --validation or --test. */
function readShare(args: Arguments, name: string): number | undefined {
  const share = args.number(name, 0);
  if (share !== undefined && share >= 1)
    throw new UsageError(`--${name} expected a share below 1, got ${share}`);
  return share;
}

/** Analyzes the columns of a CSV and says what was decided about them. */
function prepareCsv(
  args: Arguments,
  table: Table,
  options: NetOptions,
): Prepared & { analysis: TableAnalysis; net: NetOptions } {
  const label = args.text("label");
  if (label === undefined)
    throw new UsageError(`expected --label COLUMN, one of ${listColumns(table.columns)}`);
  const encoding = {
    label,
    features: args.list("features"),
    ignore: args.list("ignore"),
    categorical: args.text("categorical") === "auto" ? undefined : args.list("categorical"),
    numeric: args.list("numeric"),
    missing: args.choice("missing", MISSING),
    na: args.list("na"),
  };
  const { analysis, divide } = analyzeForTraining(args.command, table, encoding, options);
  refuseProblems(args, table, analysis);
  const { decisions, classes } = analysis;
  if (args.has("strict")) refuseDecisions(args, decisions);
  else if (decisions.length > 0) note(`${decisionsTable(decisions)}\n`);
  for (const text of labelNotes(label, classes, table.rowCount)) note(text);
  return { ...prepareAnalyzed(table, analysis, options, divide), analysis, net: options };
}

const MANY_NUMBERS = 30; // classes, beyond which labels that are numbers are rather amounts
const NAMED_PAIRS = 5; // of classes that differ only in capital letters

/** What is odd about the classes: nearly as many as rows, amounts, names that differ in case. */
export function labelNotes(label: string, classes: readonly ClassName[], rows: number): string[] {
  const count = `"${label}" has ${classes.length} different`;
  const areNumbers = classes.every((name) => typeof name === "number");
  const hasFractions = areNumbers && classes.some((name) => (name as number) % 1 !== 0);
  const isMany = classes.length > rows / 2;
  if (rows >= 20 && areNumbers && classes.length > MANY_NUMBERS && (isMany || hasFractions))
    return [
      `${count} numbers in ${rows} rows: a net learns classes, not amounts; ` +
        "put the numbers into a few groups first",
    ];
  if (rows >= 20 && isMany)
    return [
      `${count} values in ${rows} rows; a column of classes has few values that many rows share`,
    ];
  return sameButCapitals(classes).slice(0, NAMED_PAIRS);
}

/** A line for every two classes that differ only in capital letters. */
function sameButCapitals(classes: readonly ClassName[]): string[] {
  const folded = new Map<string, ClassName>();
  return classes.flatMap((name) => {
    const key = String(name).toLowerCase();
    const other = folded.get(key);
    folded.set(key, name);
    if (other === undefined) return [];
    return [`the classes ${show(other)} and ${show(name)} differ only in capital letters`];
  });
}
