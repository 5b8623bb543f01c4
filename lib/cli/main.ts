#!/usr/bin/env node
// The command line: finds and runs a command, and reports its errors.

import { isArgumentError } from "../base/errors.ts";
import { didYouMean } from "../base/suggestion.ts";
import { commandHelp, overview, readArguments, UsageError } from "./arguments.ts";
import { COMMANDS, loadCommand } from "./command-list.ts";
import { clearProgress, print, printError, surviveClosedStreams } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** The names of errors that a user can put right, beside those about arguments. */
const EXPECTED_ERRORS = ["FileError", "FormatError", "DivergenceError"];

const isCommand = (name: string | undefined): name is keyof typeof COMMANDS =>
  name !== undefined && Object.hasOwn(COMMANDS, name);

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const help = async (asked?: string): Promise<number> => {
    const text = isCommand(asked)
      ? commandHelp(await loadCommand(asked), COMMANDS[asked])
      : overview(COMMANDS);
    await print(text);
    return 0;
  };
  if (name === undefined) {
    printError(`expected a command\n\n${overview(COMMANDS).trimEnd()}`);
    return 2;
  }
  if (name === "--help" || name === "-h" || name === "help") return help(rest[0]);
  if (name === "--version" || name === "-v") {
    await print(`${VERSION}\n`);
    return 0;
  }
  if (!isCommand(name)) {
    const meant = didYouMean(name, Object.keys(COMMANDS));
    throw new UsageError(`unknown command ${name}${meant}; twolayer --help lists them`);
  }
  const command = await loadCommand(name);
  const args = readArguments(command, rest);
  return args.has("help") ? help(name) : command.run(args);
}

/** The message and exit code of an error. One that a user cannot put right is called a fault. */
function explain(error: unknown): { message: string; code: number } {
  if (error instanceof UsageError) return { message: error.message, code: 2 };
  const text = error instanceof Error ? error.message : String(error);
  const name = error instanceof Error ? error.name : "";
  if (EXPECTED_ERRORS.includes(name) || isArgumentError(error)) return { message: text, code: 1 };
  // the engine's error for an array that it cannot allocate
  if (error instanceof RangeError && /\b(?:allocation|length)\b/.test(text))
    return { message: `not enough memory (${text})`, code: 1 };
  const stack = process.env.TWOLAYER_DEBUG && error instanceof Error ? `\n${error.stack}` : "";
  return {
    message: `${text} (this is a fault in twolayer; TWOLAYER_DEBUG=1 shows where)${stack}`,
    code: 1,
  };
}

surviveClosedStreams();
process.on("exit", clearProgress); // shows the cursor again
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { message, code } = explain(error);
    printError(message);
    process.exitCode = code;
  },
);
