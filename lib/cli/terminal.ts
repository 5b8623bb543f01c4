// The output streams of a command: results on standard output, remarks, errors and progress on
// standard error.

import { visibleText } from "../report/text.ts";
import type { Arguments } from "./arguments.ts";
import { fileError } from "./files.ts";

const CSI = "\x1b[";

/**
 * Prepares the streams for readers that go away. When the reader of the results does (`| head`),
 * the process ends without a message. When standard error cannot be written, remarks and progress
 * are left out, and the command goes on.
 */
export function surviveClosedStreams(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isClosedPipe(error)) process.exit(0);
    process.exitCode = 1;
  });
  process.stderr.on("error", () => {
    isSilent = true;
  });
}

let isSilent = false;

/** Writes to standard error as long as it can be written. */
export function writeError(text: string): void {
  if (isSilent) return;
  try {
    process.stderr.write(text);
  } catch {
    isSilent = true;
  }
}

const isClosedPipe = (error: NodeJS.ErrnoException): boolean =>
  error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";

/**
 * Writes results, and resolves when the stream has taken them, so that a slow reader does not let
 * them pile up in memory. On a terminal, control characters, which may come from a file, are
 * spelled out; a pipe or a file gets every byte.
 */
export function print(text: string): Promise<void> {
  const shown = process.stdout.isTTY ? text.split("\n").map(visibleText).join("\n") : text;
  return new Promise((resolve, reject) => {
    const written = (error?: Error | null): void => {
      if (!error) resolve();
      // such as a full disk
      else if (!isClosedPipe(error))
        reject(fileError("standard output", "cannot be written", error));
    };
    try {
      process.stdout.write(shown, written);
    } catch (error) {
      written(error as Error);
    }
  });
}

/** Prints the result of a command: with --json the object after the command's name, else text. */
export function printResult(args: Arguments, result: object, text: string): Promise<void> {
  const json = { command: args.command, ...result };
  return print(args.has("json") ? `${JSON.stringify(json, null, 2)}\n` : text);
}

/** Writes a remark to standard error, with control characters, as in a file's name, spelled out. */
export function note(text: string): void {
  clearProgress();
  writeError(`${text.split("\n").map(visibleText).join("\n")}\n`);
}

function colors(stream: { isTTY?: boolean }): boolean {
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
}

/** Writes an error to standard error, on a terminal with colors after a red word. */
export function printError(message: string): void {
  clearProgress();
  const head = colors(process.stderr) ? `${CSI}31mtwolayer${CSI}0m` : "twolayer";
  writeError(`${head}: ${message.split("\n").map(visibleText).join("\n")}\n`);
}

let drawn = false;

/** Draws the progress bar in its place on the terminal. */
export function drawProgress(bar: string): void {
  writeError(`${drawn ? "" : `${CSI}?25l`}\r${bar}${CSI}K`);
  drawn = true;
}

/** Removes the progress bar from the terminal. */
export function clearProgress(): void {
  if (drawn) writeError(`\r${CSI}K${CSI}?25h`);
  drawn = false;
}
