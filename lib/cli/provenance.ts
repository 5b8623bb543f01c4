// The command that made a model, as the model file records it and as a line for a shell.

import { basename } from "node:path";
import type { RecordedCommand, TrainingRecord } from "../model/training-record.ts";
import type { History } from "../training/loop.ts";
import type { Arguments } from "./arguments.ts";

/** Options that do not change the net: where results go, in what form, and how fast. */
export const OUTPUT_OPTIONS: readonly string[] = [
  "out",
  "curves",
  "split-out",
  "checkpoint",
  "every",
  "resume",
  "heatmap",
  "workers",
  "threads",
  "json",
  "help",
];
/** Options that name the files of the data. */
export const DATA_FILES: readonly string[] = ["images", "labels", "npz", "cifar10"];

/** The parts of a train or search command that determine its net. */
export function recordedCommand(args: Arguments): RecordedCommand {
  const options = args.pick(args.given.filter((name) => !OUTPUT_OPTIONS.includes(name)));
  for (const name of DATA_FILES)
    if (name in options) options[name] = basename(String(options[name]));
  return {
    name: args.command as RecordedCommand["name"],
    positionals: args.positionals.map((path) => basename(path)),
    options,
  };
}

/**
 * The command as one line for a shell. Arguments with shell metacharacters are single-quoted, so a
 * command from an untrusted file cannot run anything else.
 */
export function commandLine(command: {
  name: string;
  positionals: readonly string[];
  options: Readonly<Record<string, string | true>>;
}): string {
  const options = Object.entries(command.options).map(([key, value]) => {
    if (value === true) return `--${key}`;
    return /^-|^$/.test(value) ? `--${key}=${quote(value)}` : `--${key} ${quote(value)}`;
  });
  // a file called -x is written ./-x, or it would be read as an option
  const positionals = command.positionals.map((path) => quote(path.replace(/^-(?=.)/, "./-")));
  return ["twolayer", command.name, ...positionals, ...options].join(" ");
}

/**
 * The text as a word for a shell: in single quotes where it needs some, and with a line end or
 * another control character spelled as bash and zsh read it, so that the word stays on its line.
 */
export function quote(text: string): string {
  if (/^[\w@%+:,./-]+$/.test(text)) return text;
  if (!hasControls(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = Array.from(text, (char) => {
    const named = "\n\r\t'\\".indexOf(char);
    if (named >= 0) return `\\${"nrt'\\"[named]}`;
    return hasControls(char) ? `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}` : char;
  }).join("");
  return `$'${escaped}'`;
}

// The losses of so many steps take 200 kB. The default settings make 25 000 steps at most of up to
// 500 000 rows.
const MAX_RECORDED_STEPS = 26_000;

/**
 * The command and the history as a model file records them: numbers rounded to five digits, and no
 * history of more than 26 000 steps.
 */
export function commandAndHistory(
  command: RecordedCommand | undefined,
  { loss, trainAccuracy, valAccuracy }: History,
): TrainingRecord {
  if (loss.length > MAX_RECORDED_STEPS) return { ...(command && { command }) };
  const round = (values: readonly number[]): number[] =>
    values.map((value) => Number(value.toPrecision(5)));
  const history = {
    loss: round(loss),
    trainAccuracy: round(trainAccuracy),
    valAccuracy: round(valAccuracy),
  };
  return { ...(command && { command }), history };
}

/** Whether a text holds a line end or another control character. */
export function hasControls(text: string): boolean {
  return Array.from(text).some((char) => char < " " || char === "\x7f");
}
