// What the words of a command line mean: options with their types, did-you-mean for the rest, and
// the help texts, all from one description of each command.

import { parseArgs } from "node:util";
import { show } from "../base/checks.ts";

/** A command line that cannot be carried out: exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

export type Option = {
  /** What the value is called in the help, as in FILE; a flag has none. */
  value?: string;
  help: string;
};

export type Command = {
  name: string;
  /** The words after `twolayer NAME`, one line for each way to call it. */
  usage: readonly string[];
  /** At most this many words that are no options. */
  positionals: number;
  options: Readonly<Record<string, Option>>;
  examples: readonly string[];
  /** Runs to the end; the exit code. */
  run(args: Arguments): Promise<number>;
};

export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  json: { help: "print the result as JSON" },
  help: { help: "print this help" },
};

/**
 * The words and options of one command line, read with their types. Every refusal is a UsageError.
 */
export class Arguments {
  readonly command: string;
  readonly positionals: readonly string[];
  readonly #values: ReadonlyMap<string, string | true>;

  constructor(
    command: string,
    words: readonly string[],
    values: ReadonlyMap<string, string | true>,
  ) {
    this.command = command;
    this.positionals = words;
    this.#values = values;
  }

  /** The names of the options that were given. */
  get given(): string[] {
    return [...this.#values.keys()];
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === true ? undefined : value;
  }

  /** The nth word, which must be there. */
  word(n: number, what: string): string {
    const word = this.positionals[n];
    if (word === undefined)
      throw new UsageError(`expected ${what}; twolayer ${this.command} --help shows how`);
    return word;
  }

  required(name: string, what: string): string {
    const value = this.text(name);
    if (value === undefined)
      throw new UsageError(`expected --${name} ${what}; twolayer ${this.command} --help shows how`);
    return value;
  }

  /** A finite number >= min (or > min when `open`). */
  number(
    name: string,
    { min = -Infinity, open = false }: { min?: number; open?: boolean } = {},
  ): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : readNumber(name, text, min, open);
  }

  integer(name: string, min: number): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : readInteger(name, text, min);
  }

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

  /** These arguments with others' values for the options they have. */
  with(values: Readonly<Record<string, string | true>>): Arguments {
    return new Arguments(
      this.command,
      this.positionals,
      new Map([...this.#values, ...Object.entries(values)]),
    );
  }

  /** The values of those of the named options that were given. */
  pick(names: readonly string[]): Record<string, string | true> {
    return Object.fromEntries([...this.#values].filter(([name]) => names.includes(name)));
  }
}

export function readNumber(name: string, text: string, min = -Infinity, open = false): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  if (Number.isFinite(value) && (open ? value > min : value >= min)) return value;
  throw new UsageError(
    `--${name} expected a number${min === -Infinity ? "" : ` ${open ? ">" : ">="} ${min}`}, got ${show(text)}`,
  );
}

export function readInteger(name: string, text: string, min: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new UsageError(`--${name} expected an integer >= ${min}, got ${show(text)}`);
}

/**
 * Reads the words after the command's name. Throws a UsageError for an option it does not have or a
 * value it lacks.
 */
export function readArguments(command: Command, argv: readonly string[]): Arguments {
  const options: Record<string, Option> = { ...command.options, ...COMMON_OPTIONS };
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      ...Object.fromEntries(
        Object.entries(options).map(([name, { value }]) => [
          name,
          { type: value === undefined ? "boolean" : "string" },
        ]),
      ),
      h: { type: "boolean", short: "h" },
    },
  });
  const words: string[] = [];
  const values = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const name = token.rawName === "-h" ? "help" : token.name;
    const option =
      Object.hasOwn(options, name) && (token.rawName.startsWith("--") || token.rawName === "-h")
        ? options[name]
        : undefined;
    if (option === undefined) {
      throw new UsageError(
        `unknown option ${token.rawName} for "${command.name}"${didYouMean(name, Object.keys(options), "--")}`,
      );
    }
    if (option.value === undefined) {
      if (token.value !== undefined)
        throw new UsageError(`--${name} takes no value, got ${show(token.value)}`);
      values.set(name, true);
      continue;
    }
    const { value } = token;
    if (value === undefined)
      throw new UsageError(`--${name} expected ${option.value}, got nothing`);
    if (!token.inlineValue && /^--?[a-z]/i.test(value)) {
      throw new UsageError(
        `--${name} expected ${option.value}, got the option ${value}; write --${name}=${value} if it is meant`,
      );
    }
    if (values.has(name)) throw new UsageError(`--${name} is given twice`);
    values.set(name, value);
  }
  if (words.length > command.positionals && !values.has("help")) {
    throw new UsageError(
      `expected ${command.positionals === 0 ? "no words" : `at most ${command.positionals}`} for "${command.name}", got ${words.length} (${words.map(show).join(" ")})`,
    );
  }
  return new Arguments(command.name, words, values);
}

/** `; did you mean X?` for the choice closest to what was typed, or nothing when none is close. */
export function didYouMean(typed: string, choices: readonly string[], prefix = ""): string {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1;
  for (const choice of choices) {
    const distance = choice.startsWith(typed) && typed.length > 1 ? 1 : editDistance(typed, choice);
    if (distance < least) [best, least] = [choice, distance];
  }
  return best === undefined ? "" : `; did you mean ${prefix}${best}?`;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}

/** The help of one command, which begins with its line in the list of commands. */
export function commandHelp(command: Command, summary: string): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(
    ([name, { value, help }]) => [`--${name}${value === undefined ? "" : ` ${value}`}`, help],
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
export function overview(commands: readonly { name: string; summary: string }[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "Trains and uses two-layer neural nets for classification.",
    "",
    "Usage:",
    "  twolayer COMMAND …",
    "",
    "Commands:",
    ...commands.map(
      ({ name, summary }) =>
        `  ${name.padEnd(width)}  ${summary[0].toLowerCase()}${summary.slice(1)}`,
    ),
    "",
    "twolayer COMMAND --help says more, with an example. Results go to stdout, everything else to stderr.",
    "Exit codes: 0 done, 1 the data or a file is not right, 2 the command line is not right, 130 Ctrl-C.",
    "",
    "Example:",
    "  twolayer train iris.csv --label species --out iris.safetensors",
    "",
  ].join("\n");
}
