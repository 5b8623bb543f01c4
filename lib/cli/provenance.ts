// How a model file remembers the command that made it, for reports, and how that is spelt so that
// it can be given again.

import { basename } from "node:path";
import type { TrainingRecord } from "../model/model-file.ts";
import type { History } from "../training/trainer-state.ts";
import type { Arguments } from "./arguments.ts";

/** A command as a file keeps it: plain JSON. Data files by their names alone, wherever they lay. */
export type RecordedCommand = {
  readonly name: string;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | true>>;
};

/** Options that say where results go and how they are told, which a later run may choose anew. */
const OUTPUT_OPTIONS = [
  "out",
  "curves",
  "checkpoint",
  "every",
  "resume",
  "heatmap",
  "workers",
  "json",
  "help",
];
const DATA = ["images", "labels", "cifar10"];

/** What of `args` decides about the result. */
export function recordedCommand(args: Arguments): RecordedCommand {
  const options = Object.entries(
    args.pick(args.given.filter((name) => !OUTPUT_OPTIONS.includes(name))),
  );
  return {
    name: args.command,
    words: args.positionals.map((path) => basename(path)),
    options: Object.fromEntries(
      options.map(([name, value]) => [name, DATA.includes(name) ? basename(String(value)) : value]),
    ),
  };
}

/** `value` as a GivenCommand, or undefined when it is none: it comes out of a file. */
export function asRecordedCommand(value: unknown): RecordedCommand | undefined {
  const { name, words, options } = (value ?? {}) as Record<string, unknown>;
  const known =
    (name === "train" || name === "search") &&
    Array.isArray(words) &&
    words.every((word) => typeof word === "string") &&
    typeof options === "object" &&
    options !== null &&
    Object.keys(options).every((key) => /^[a-z]+(-[a-z0-9]+)*\d*$/.test(key)) &&
    Object.values(options).every((each) => typeof each === "string" || each === true);
  return known
    ? { name, words: words as string[], options: options as RecordedCommand["options"] }
    : undefined;
}

/**
 * The line for a shell. What a shell could take for more than itself stands in single quotes, so
 * that a line out of a stranger's file runs nothing else.
 */
export function commandLine({ name, words, options }: RecordedCommand): string {
  const given = Object.entries(options).map(([key, value]) => {
    if (value === true) return `--${key}`;
    return /^-|^$/.test(value) ? `--${key}=${quote(value)}` : `--${key} ${quote(value)}`;
  });
  return [
    "twolayer",
    name,
    ...words.map((word) => quote(/^-./.test(word) ? `./${word}` : word)),
    ...given,
  ].join(" ");
}

function quote(text: string): string {
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const MOST_STEPS = 20_000; // the losses of so many take 150 kB

/**
 * What a model file keeps for reports: the command, and the history to five digits unless it is
 * that of more than 20 000 steps.
 */
export function trainingRecord(
  command: unknown,
  { loss, trainAccuracy, valAccuracy }: History,
): TrainingRecord {
  const given = asRecordedCommand(command);
  const five = (values: readonly number[]): number[] =>
    values.map((value) => Number(value.toPrecision(5)));
  const history = {
    loss: five(loss),
    trainAccuracy: five(trainAccuracy),
    valAccuracy: five(valAccuracy),
  };
  return { ...(given && { command: given }), ...(loss.length <= MOST_STEPS && { history }) };
}

/** `value` as a history, or undefined when it is none: it comes out of a file. */
export function asHistory(value: unknown): History | undefined {
  const { loss, trainAccuracy, valAccuracy } = (value ?? {}) as Record<string, unknown>;
  const numbers = (each: unknown): each is number[] =>
    Array.isArray(each) && each.every((number) => typeof number === "number");
  return numbers(loss) && numbers(trainAccuracy) && numbers(valAccuracy)
    ? { loss, trainAccuracy, valAccuracy }
    : undefined;
}
