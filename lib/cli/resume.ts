// How a checkpoint remembers the command line of its training, and the command line with which the
// training continues.

import { isAbsolute } from "node:path";
import { show } from "../base/checks.ts";
import type { RunOptions } from "../model/checkpoint-file.ts";
import type { TrainingRecord } from "../model/training-record.ts";
import type { TrainerState } from "../training/trainer-state.ts";
import { Arguments, UsageError } from "./arguments.ts";
import { FileError, readFile } from "./files.ts";
import { inModelFile } from "./model.ts";
import { readSplit } from "./prepared-source.ts";
import { commandLine, DATA_FILES, OUTPUT_OPTIONS, recordedCommand } from "./provenance.ts";
import { isSource, readSource, type Source } from "./source.ts";

/** Options that a resumed run may choose anew: they say where data are and where results go. */
const RESUMABLE_OPTIONS = [...OUTPUT_OPTIONS, ...DATA_FILES];

/**
 * The member `run` of a checkpoint: options, outputs, the data's hash and the command. `chosen`
 * are options whose defaults follow from the data, as the run has them.
 */
export function runOptions(args: Arguments, source: Source, chosen: Saved = {}): RunOptions {
  const kept = args.given.filter((name) => !RESUMABLE_OPTIONS.includes(name));
  return {
    options: { ...args.pick(kept), ...chosen },
    outputs: args.pick(["out", "curves", "every", "heatmap"]),
    data: source.hash,
    command: recordedCommand(args),
  };
}

/**
 * The arguments with which the training of the checkpoint `path` continues: its options, and those
 * of `args` that may differ. Throws a UsageError for an option that may not differ, and for an
 * output that the file itself must not choose.
 */
export function resumedArguments(args: Arguments, path: string, run: RunOptions): Arguments {
  const saved = Object.entries(optionsIn(run.options)).filter(
    ([name]) => !RESUMABLE_OPTIONS.includes(name),
  );
  const options = new Arguments(args.command, args.positionals, new Map(saved));
  const changed = args.given.find(
    (name) =>
      !RESUMABLE_OPTIONS.includes(name) &&
      !(options.has(name) && options.text(name) === args.text(name)),
  );
  if (changed !== undefined) {
    throw new UsageError(
      `--${changed} cannot be changed with --resume: ` +
        "it goes on with the options it began with",
    );
  }
  return options.with({
    ...savedOutputs(args, path, run.outputs),
    ...args.pick(args.given),
  });
}

/** The command that continues the run which saves its state in the file `path`. */
export function resumeCommand(args: Arguments, path: string): string {
  const { command: name, positionals } = args;
  const others = ["checkpoint", "every", "resume"];
  const given = args.given.filter(
    (option) => RESUMABLE_OPTIONS.includes(option) && !others.includes(option),
  );
  return commandLine({ name, positionals, options: { resume: path, ...args.pick(given) } });
}

/** How the rows of a checkpoint's run were split; undefined if its options are damaged. */
export function splitOf({ options }: RunOptions, state: TrainerState): TrainingRecord["split"] {
  try {
    const args = new Arguments("train", [], new Map(Object.entries(optionsIn(options))));
    const { seed, test, validation = validationShare(state, test) } = readSplit(args);
    return validation + test < 1 ? { seed, validation, test } : undefined;
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/**
 * The share of rows that a training held back for validation, by their number, for checkpoints that
 * do not name it.
 */
export function validationShare({ rows, validationRows }: TrainerState, test: number): number {
  return (validationRows / (rows + validationRows)) * (1 - test);
}

/** A run that continues: its checkpoint and the arguments in force, which name a checkpoint. */
export type Resumed<T> = { path: string; saved: T; effective: Arguments; source: Source };

/**
 * Reads the checkpoint of --resume, which `parse` parses, and the data of its run. Throws a
 * UsageError or FileError for options that may not differ, for outputs that `checkTargets` refuses
 * and for data that are not those it was made from.
 */
export async function readResumed<T extends { run: RunOptions }>(
  args: Arguments,
  parse: (bytes: Uint8Array) => T,
  checkTargets: (effective: Arguments) => void,
): Promise<Resumed<T>> {
  const path = args.required("resume", "FILE");
  const bytes = await readFile(path);
  const saved = inModelFile(path, () => parse(bytes));
  const resumed = resumedArguments(args, path, saved.run);
  const effective = args.has("checkpoint") ? resumed : resumed.with({ checkpoint: path });
  checkTargets(effective);
  const source = await readSource(effective, 0, "train");
  if (isSource(source, saved.run.data)) return { path, saved, effective, source };
  throw new FileError(
    `${path}: expected the data it was made from, got ${source.name} with other content`,
  );
}

type Saved = Record<string, string | true>;

/** The options in a checkpoint's JSON; members that are not options are left out. */
function optionsIn(value: unknown): Record<string, string | true> {
  if (typeof value !== "object" || value === null) return {};
  const options = Object.entries(value).filter(
    (entry): entry is [string, string | true] => typeof entry[1] === "string" || entry[1] === true,
  );
  return Object.fromEntries(options);
}

const ENDINGS = { out: ".safetensors", curves: ".svg", heatmap: ".svg" } as const;

/**
 * The outputs that the checkpoint names and `args` does not. A checkpoint may come from a stranger,
 * who must not choose which file is overwritten: only files of the right kind in or below this
 * folder are accepted.
 */
function savedOutputs(args: Arguments, path: string, value: unknown): Saved {
  const { out, curves, heatmap, every } = optionsIn(value);
  for (const [name, file] of Object.entries({ out, curves, heatmap })) {
    if (typeof file !== "string" || args.has(name)) continue;
    const ending = ENDINGS[name as keyof typeof ENDINGS];
    if (isBelowHere(file) && file.endsWith(ending)) continue;
    throw new UsageError(
      `${path} names ${show(file)} for --${name}, which is not a ${ending} file ` +
        `in or below this folder; write --${name} FILE`,
    );
  }
  const outputs = Object.entries({ out, curves, heatmap, every });
  return Object.fromEntries(outputs.filter(([, file]) => file !== undefined)) as Saved;
}

function isBelowHere(path: string): boolean {
  return !isAbsolute(path) && !/^[a-z]:/i.test(path) && !path.split(/[\\/]/).includes("..");
}
