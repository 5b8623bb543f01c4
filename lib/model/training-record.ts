// What a model file says about the training of its net: for people and reports. Predictions do not
// depend on it.
//
// Files of version 1.0.0 spell three members differently; they are read under today's names:
// validationAccuracy is valAccuracy, a search's candidate is settings, a command's words are its
// positionals.

import { isRecord } from "../base/checks.ts";
import type { History } from "../training/loop.ts";

/** A command of the command line as plain JSON. Data files have their names, without folders. */
export type RecordedCommand = {
  readonly name: "train" | "search";
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | true>>;
};

/** The members of a TrainingRecord that this package writes and reads; each may be missing. */
export type KnownMembers = {
  /** The command that trained the net. */
  readonly command?: RecordedCommand | undefined;
  /**
   * The name of the training data, and its SHA-256: of a table that of its text, decompressed and
   * with LF as its line end.
   */
  readonly data?: string | undefined;
  readonly dataHash?: string | undefined;
  /** How the rows were split: with these shares, by splitRows with this seed. */
  readonly split?:
    | { readonly seed: number; readonly validation: number; readonly test: number }
    | undefined;
  /** Training rows and validation rows. */
  readonly rows?: number | undefined;
  readonly validationRows?: number | undefined;
  /** The number of iterations that were made. */
  readonly iterations?: number | undefined;
  /** The settings of the training by name, each a number, a text, null or an object. */
  readonly settings?: { readonly [name: string]: unknown } | undefined;
  /** The number of candidates of the search that the net is from. */
  readonly candidates?: number | undefined;
  /** The 0-based epoch of the parameters when --patience chose them, else null. */
  readonly bestEpoch?: number | null | undefined;
  readonly finalLoss?: number | null | undefined;
  /** Accuracies of the net, 0..1; null when there were no validation rows. */
  readonly trainAccuracy?: number | undefined;
  readonly valAccuracy?: number | null | undefined;
  /** Scores on the validation rows, or on the training rows when there are none. */
  readonly majorityShare?: number | undefined;
  readonly balancedAccuracy?: number | undefined;
  readonly macroF1?: number | undefined;
  readonly logLoss?: number | undefined;
  readonly neverPredicted?: readonly string[] | undefined;
  /** The number of rows held out as a test set, and the scores on them. */
  readonly testRows?: number | undefined;
  readonly test?: { readonly accuracy: number; readonly logLoss: number } | undefined;
  /** The scores of a cross-validation: means and standard deviations over the folds. */
  readonly folds?:
    | {
        readonly count: number;
        readonly accuracy: { readonly mean: number; readonly std: number };
        readonly logLoss: { readonly mean: number; readonly std: number };
      }
    | undefined;
  /** That the learning rate decayed to almost nothing while the loss still fell. */
  readonly note?: string | undefined;
  /** Losses and accuracies, rounded to five digits; missing after more than 26 000 iterations. */
  readonly history?: History | undefined;
};

/** What a model file says about the training of its net; further members are the caller's own. */
export type TrainingRecord = KnownMembers & { readonly [key: string]: unknown };

type Holds = (value: unknown) => boolean;

const READERS: { readonly [K in keyof KnownMembers]-?: Holds } = {
  command: isCommand,
  data: isText,
  dataHash: isText,
  split: isSplit,
  rows: isCount,
  validationRows: isCount,
  iterations: isCount,
  settings: isRecord,
  candidates: isCount,
  bestEpoch: (value) => value === null || isCount(value),
  finalLoss: (value) => value === null || isNumber(value),
  trainAccuracy: isFraction,
  valAccuracy: (value) => value === null || isFraction(value),
  majorityShare: isFraction,
  balancedAccuracy: isFraction,
  macroF1: isFraction,
  logLoss: isNumber,
  neverPredicted: areTexts,
  testRows: isCount,
  test: (value) => hasMembers(value, { accuracy: isFraction, logLoss: isNumber }),
  folds: (value) => hasMembers(value, { count: isCount, accuracy: isSpread, logLoss: isSpread }),
  note: isText,
  history: isHistory,
};

/**
 * The record that a file's JSON holds, under today's names. A known member of another type is left
 * out: a record may come from any program, and a file with a wrong note still predicts.
 * @example
 * const { valAccuracy, rows } = parseTrainingRecord({ validationAccuracy: 0.9, rows: "many" });
 * console.log(valAccuracy, rows); // 0.9 undefined
 */
export function parseTrainingRecord(json: { readonly [key: string]: unknown }): TrainingRecord {
  const { validationAccuracy, candidate, ...rest } = json;
  const record: { [key: string]: unknown } = {
    ...(validationAccuracy !== undefined && { valAccuracy: validationAccuracy }),
    ...(candidate !== undefined && { settings: candidate }),
    ...rest,
    ...(rest.command !== undefined && { command: withPositionals(rest.command) }),
  };
  for (const [name, holds] of Object.entries(READERS))
    if (!holds(record[name])) delete record[name];
  return record;
}

/** `value` as a RecordedCommand, or undefined when it is not one. */
export function parseRecordedCommand(value: unknown): RecordedCommand | undefined {
  const command = withPositionals(value);
  return isCommand(command) ? command : undefined;
}

function withPositionals(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const { name, words, positionals = words, options } = value;
  return { name, positionals, options };
}

/** Whether `value` is an object whose members are what they should be. */
function hasMembers(
  value: unknown,
  members: { readonly [name: string]: Holds },
): value is { readonly [name: string]: unknown } {
  return isRecord(value) && Object.entries(members).every(([name, holds]) => holds(value[name]));
}

function isCommand(value: unknown): value is RecordedCommand {
  const isName = (name: unknown): boolean => name === "train" || name === "search";
  return hasMembers(value, { name: isName, positionals: areTexts, options: areOptions });
}

function areOptions(value: unknown): boolean {
  const isOption = ([key, each]: [string, unknown]): boolean =>
    /^[a-z][a-z0-9-]*$/.test(key) && (isText(each) || each === true);
  return isRecord(value) && Object.entries(value).every(isOption);
}

function isSplit(value: unknown): boolean {
  if (!hasMembers(value, { seed: isCount, validation: isFraction, test: isFraction })) return false;
  return Number(value.validation) + Number(value.test) < 1;
}

/** Whether `value` is the history of a training. */
export function isHistory(value: unknown): value is History {
  const areNumbers = (values: unknown): boolean => Array.isArray(values) && values.every(isNumber);
  const members = { loss: areNumbers, trainAccuracy: areNumbers, valAccuracy: areNumbers };
  return hasMembers(value, members);
}

/** Whether `value` is a mean and a standard deviation. */
function isSpread(value: unknown): boolean {
  return hasMembers(value, { mean: isNumber, std: isNumber });
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isNumber(value: unknown): boolean {
  return Number.isFinite(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isFraction(value: unknown): boolean {
  return isNumber(value) && Number(value) >= 0 && Number(value) <= 1;
}
