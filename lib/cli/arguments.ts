// Reading a command line: positionals and typed options, suggestions for misspelt ones, and the
// help texts, all from one description of each command.

import { parseArgs } from "node:util";
import { show } from "../base/checks.ts";
import { counted } from "../base/counted.ts";
import { isDecimal } from "../base/decimals.ts";
import { didYouMean } from "../base/suggestion.ts";

/** A command line that cannot be carried out: exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The name of the value in the help, as FILE ("" for a flag), and a sentence with the default. */
export type Option = readonly [value: string, help: string];
export type Options = Readonly<Record<string, Option>>;

export type Command = {
  name: string;
  /** The arguments after `twolayer NAME`, one line for each way to call it. */
  usage: readonly string[];
  /** The largest number of arguments that are not options. */
  positionals: number;
  options: Options;
  examples: readonly string[];
  /** Runs the command and resolves with the exit code. */
  run(args: Arguments): Promise<number>;
};

export const COMMON_OPTIONS: Options = {
  json: ["", "Print the result as JSON."],
  help: ["", "Print this help."],
};

/** The positionals and options of one command line. Each reader throws a UsageError. */
export class Arguments {
  readonly command: string;
  readonly positionals: readonly string[];
  readonly #values: ReadonlyMap<string, string | true>;

  constructor(
    command: string,
    positionals: readonly string[],
    values: ReadonlyMap<string, string | true>,
  ) {
    this.command = command;
    this.positionals = positionals;
    this.#values = values;
  }

  /** The names of the options that were given. */
  get given(): string[] {
    return [...this.#values.keys()];
  }

  /** Whether the option was given, with a value or as a flag. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Throws a UsageError if an option is given that is for something else than there is. */
  refuse(name: string, what: string, got: string): void {
    if (this.has(name)) throw new UsageError(`--${name} is for ${what}, got ${got}`);
  }

  /** The value of an option as it was typed. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === true ? undefined : value;
  }

  /** Positional `n`, which is required; `what` names it in the message. */
  positional(n: number, what: string): string {
    const value = this.positionals[n];
    if (value === undefined)
      throw new UsageError(`expected ${what}; see twolayer ${this.command} --help`);
    return value;
  }

  /** The value of an option that is required; `what` names the value in the message. */
  required(name: string, what: string): string {
    const value = this.text(name);
    if (value === undefined)
      throw new UsageError(`expected --${name} ${what}; see twolayer ${this.command} --help`);
    return value;
  }

  /** A finite number >= min (or > min when `open`). */
  number(name: string, min = -Infinity, open = false): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : readNumber(name, text, min, open);
  }

  /** An integer >= min. */
  integer(name: string, min: number): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : readInteger(name, text, min);
  }

  /** One of `choices`. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined || choices.includes(text as T)) return text as T | undefined;
    throw new UsageError(
      `--${name} expected ${choices.join(" | ")}, got ${show(text)}${didYouMean(text, choices)}`,
    );
  }

  /** The parts between commas; a comma in a name is written as "\,". */
  list(name: string): string[] | undefined {
    return this.text(name)
      ?.split(/(?<!\\),/)
      .map((part) => part.replaceAll("\\,", ","));
  }

  /** A copy of these arguments with other values for the options in `values`. */
  with(values: Readonly<Record<string, string | true>>): Arguments {
    return new Arguments(
      this.command,
      this.positionals,
      new Map([...this.#values, ...Object.entries(values)]),
    );
  }

  /** The values of the named options, without those that were not given. */
  pick(names: readonly string[]): Record<string, string | true> {
    return Object.fromEntries([...this.#values].filter(([name]) => names.includes(name)));
  }
}

/** The finite number that `text` spells, >= min (or > min when `open`). Throws a UsageError. */
export function readNumber(name: string, text: string, min = -Infinity, open = false): number {
  const value = isDecimal(text) ? Number(text) : NaN;
  if (Number.isFinite(value) && (open ? value > min : value >= min)) return value;
  const range = min === -Infinity ? "" : ` ${open ? ">" : ">="} ${min}`;
  throw new UsageError(`--${name} expected a number${range}, got ${show(text)}`);
}

function readInteger(name: string, text: string, min: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new UsageError(`--${name} expected an integer >= ${min}, got ${show(text)}`);
}

/**
 * Reads the arguments after the command's name. Throws a UsageError for an option that the command
 * does not have, a missing value and too many positionals.
 */
export function readArguments(command: Command, argv: readonly string[]): Arguments {
  const options: Options = { ...command.options, ...COMMON_OPTIONS };
  const types = Object.entries(options).map(([name, [value]]) => [
    name,
    { type: value === "" ? "boolean" : "string" },
  ]);
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: { ...Object.fromEntries(types), h: { type: "boolean", short: "h" } },
  });
  const positionals: string[] = [];
  const values = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const name = optionName(command, options, token);
    const value = optionValue(name, options[name], token);
    if (value !== true && values.has(name)) throw new UsageError(`--${name} is given twice`);
    values.set(name, value);
  }
  if (positionals.length > command.positionals && !values.has("help")) {
    const { positionals: n, name } = command;
    const most = n === 0 ? "no arguments" : `at most ${counted(n, "argument")}`;
    const got = `${positionals.length} (${positionals.map(show).join(" ")})`;
    throw new UsageError(`expected ${most} for "${name}", got ${got}`);
  }
  return new Arguments(command.name, positionals, values);
}

type OptionToken = { name: string; rawName: string; value?: string; inlineValue?: boolean };

function optionName(
  { name: command }: Command,
  options: Options,
  { name, rawName }: OptionToken,
): string {
  if (rawName === "-h") return "help";
  if (rawName.startsWith("--") && Object.hasOwn(options, name)) return name;
  const usual = OTHER_NAMES[name];
  const suggestion =
    usual !== undefined && Object.hasOwn(options, usual)
      ? `; did you mean --${usual}?`
      : didYouMean(name, Object.keys(options), "--");
  throw new UsageError(`unknown option ${rawName} for "${command}"${suggestion}`);
}

/** What other programs call our options. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  lr: "learning-rate",
  eta: "learning-rate",
  "batch-size": "batch",
  "hidden-size": "hidden",
  units: "hidden",
  l2: "reg",
  "weight-decay": "reg",
  alpha: "reg",
  steps: "iterations",
  "max-iter": "epochs",
  target: "label",
  y: "label",
  drop: "ignore",
  exclude: "ignore",
  sep: "delimiter",
  "test-size": "test",
  cv: "folds",
  output: "out",
  model: "out",
  "random-state": "seed",
};

function optionValue(
  name: string,
  [expected]: Option,
  { value, inlineValue }: OptionToken,
): string | true {
  if (expected === "") {
    if (value === undefined) return true;
    throw new UsageError(`--${name} takes no value, got ${show(value)}`);
  }
  if (value === undefined) throw new UsageError(`--${name} expected ${expected}, got nothing`);
  if (!inlineValue && /^--?[a-z]/i.test(value)) {
    throw new UsageError(
      `--${name} expected ${expected}, got the option ${value}; ` +
        `write --${name}=${value} if it is meant`,
    );
  }
  return value;
}

/** The help of one command, which begins with its line in the list of commands. */
export function commandHelp(command: Command, summary: string): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(
    ([name, [value, help]]) => [`--${name} ${value}`.trimEnd(), help],
  );
  const width = Math.max(...options.map(([left]) => left.length));
  return [
    `${summary}.`,
    "",
    "Usage:",
    ...command.usage.map((line) => `  twolayer ${command.name} ${line}`.trimEnd()),
    "",
    "Options:",
    ...options.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    "",
    command.examples.length === 1 ? "Example:" : "Examples:",
    ...command.examples.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** The list of commands. */
export function overview(summaries: Readonly<Record<string, string>>): string {
  const commands = Object.entries(summaries);
  const width = Math.max(...commands.map(([name]) => name.length));
  return [
    "Trains and uses two-layer neural nets for classification.",
    "",
    "Usage:",
    "  twolayer COMMAND …",
    "",
    "Commands:",
    ...commands.map(
      ([name, summary]) =>
        `  ${name.padEnd(width)}  ${summary[0].toLowerCase()}${summary.slice(1)}`,
    ),
    "",
    "twolayer COMMAND --help describes the options, with an example.",
    "Results go to standard output, everything else to standard error.",
    "Exit codes: 0 done, 1 error in the data or a file, 2 error in the command line, 130 Ctrl-C.",
    "",
    "Example:",
    "  twolayer train iris.csv --label species --out iris.safetensors",
    "",
  ].join("\n");
}
