// What a model file says about the training of its net: for people and reports. Predictions do not
// depend on it.
//
// Files of version 1.0.0 spell three members differently; they are read under today's names:
// validationAccuracy is valAccuracy, a search's candidate is settings, a command's words are its
// positionals.

import type { History } from "../training/loop.ts";
import { isObject } from "./json.ts";

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

const READERS: { readonly [K in keyof KnownMembers]-?: (value: unknown) => boolean } = {
  command: isCommand,
  data: (value) => typeof value === "string",
  dataHash: (value) => typeof value === "string",
  split: isSplit,
  rows: isCount,
  validationRows: isCount,
  iterations: isCount,
  settings: isObject,
  candidates: isCount,
  bestEpoch: (value) => value === null || isCount(value),
  finalLoss: (value) => value === null || Number.isFinite(value),
  trainAccuracy: isFraction,
  valAccuracy: (value) => value === null || isFraction(value),
  majorityShare: isFraction,
  balancedAccuracy: isFraction,
  macroF1: isFraction,
  logLoss: Number.isFinite,
  neverPredicted: areTexts,
  testRows: isCount,
  test: (value) => isObject(value) && isFraction(value.accuracy) && Number.isFinite(value.logLoss),
  folds: areFolds,
  note: (value) => typeof value === "string",
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
  if (!isObject(value)) return value;
  const { name, words, positionals = words, options } = value;
  return { name, positionals, options };
}

function isCommand(value: unknown): value is RecordedCommand {
  if (!isObject(value)) return false;
  const { name, positionals, options } = value;
  return (
    (name === "train" || name === "search") &&
    Array.isArray(positionals) &&
    positionals.every((positional) => typeof positional === "string") &&
    isObject(options) &&
    Object.keys(options).every((key) => /^[a-z][a-z0-9-]*$/.test(key)) &&
    Object.values(options).every((each) => typeof each === "string" || each === true)
  );
}

function areFolds(value: unknown): boolean {
  const isPair = (pair: unknown): boolean =>
    isObject(pair) && Number.isFinite(pair.mean) && Number.isFinite(pair.std);
  return isObject(value) && isCount(value.count) && isPair(value.accuracy) && isPair(value.logLoss);
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isSplit(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { seed, validation, test } = value;
  const areShares = isFraction(validation) && isFraction(test);
  return isCount(seed) && areShares && (validation as number) + (test as number) < 1;
}

function isHistory(value: unknown): value is History {
  if (!isObject(value)) return false;
  const { loss, trainAccuracy, valAccuracy } = value;
  return [loss, trainAccuracy, valAccuracy].every(
    (values) => Array.isArray(values) && values.every((each) => typeof each === "number"),
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isFraction(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}
