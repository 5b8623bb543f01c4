#!/usr/bin/env node
// The command line: which command is meant, and what its errors look like from outside.

import { DivergenceError, FormatError, isArgumentError } from "../base/errors.ts";
import {
  type Command,
  commandHelp,
  didYouMean,
  overview,
  readArguments,
  UsageError,
} from "./arguments.ts";
import { evaluate } from "./commands/evaluate.ts";
import { exportModel } from "./commands/export.ts";
import { gradcheck } from "./commands/gradcheck.ts";
import { importModel } from "./commands/import.ts";
import { info } from "./commands/info.ts";
import { predict } from "./commands/predict.ts";
import { report } from "./commands/report.ts";
import { search } from "./commands/search.ts";
import { train } from "./commands/train.ts";
import { FileError } from "./files.ts";
import { clearProgress, print, printError, quietOnClosedPipe } from "./terminal.ts";
import { VERSION } from "./version.ts";

const COMMANDS: readonly Command[] = [
  train,
  predict,
  evaluate,
  search,
  gradcheck,
  info,
  exportModel,
  importModel,
  report,
];

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) {
    printError(`expected a command\n\n${overview(COMMANDS).trimEnd()}`);
    return 2;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    const asked = COMMANDS.find((command) => command.name === rest[0]);
    await print(asked === undefined ? overview(COMMANDS) : commandHelp(asked));
    return 0;
  }
  if (name === "--version" || name === "-v") {
    await print(`${VERSION}\n`);
    return 0;
  }
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined)
    throw new UsageError(
      `unknown command ${name}${didYouMean(
        name,
        COMMANDS.map((each) => each.name),
      )}; twolayer --help lists them`,
    );
  const args = readArguments(command, rest);
  if (args.has("help")) {
    await print(commandHelp(command));
    return 0;
  }
  return command.run(args);
}

/**
 * What is the user's to put right is a message; anything else is a fault of this program, and says
 * so.
 */
function explain(error: unknown): { message: string; code: number } {
  if (error instanceof UsageError) return { message: error.message, code: 2 };
  const known =
    error instanceof FileError ||
    error instanceof FormatError ||
    error instanceof DivergenceError ||
    isArgumentError(error);
  if (known) return { message: error.message, code: 1 };
  const text = error instanceof Error ? error.message : String(error);
  const stack = process.env.TWOLAYER_DEBUG && error instanceof Error ? `\n${error.stack}` : "";
  return {
    message: `${text} (this is a fault in twolayer; TWOLAYER_DEBUG=1 shows where)${stack}`,
    code: 1,
  };
}

quietOnClosedPipe();
process.on("exit", clearProgress); // whatever ends the process, the cursor comes back
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
