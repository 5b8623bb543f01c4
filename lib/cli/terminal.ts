// The output streams of a command: results on standard output, remarks, errors and progress on
// standard error.

import { type ProgressState, progressLine } from "../report/progress.ts";
import { visibleText } from "../report/text.ts";
import { fileError } from "./files.ts";

const REDRAW_MS = 100; // between two drawings of the progress bar on a terminal
const LINE_MS = 5000; // between two lines of progress elsewhere
const FIRST_LINE_MS = 2000; // before the first of them
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

function writeError(text: string): void {
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

export function printJson(value: unknown): Promise<void> {
  return print(`${JSON.stringify(value, null, 2)}\n`);
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

/** Removes the progress bar from the terminal. */
export function clearProgress(): void {
  if (drawn) writeError(`\r${CSI}K${CSI}?25h`);
  drawn = false;
}

/** Shows the progress of a run: as a bar on a terminal, else as a line every few seconds. */
export class ProgressDisplay {
  readonly #start = performance.now();
  readonly #terminal = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  #last = this.#terminal ? -Infinity : performance.now() - LINE_MS + FIRST_LINE_MS;

  /** Shows the state, unless another was shown a short time ago. */
  update(state: Omit<ProgressState, "elapsed">): void {
    const now = performance.now();
    if (now - this.#last < (this.#terminal ? REDRAW_MS : LINE_MS)) return;
    this.#last = now;
    const elapsed = now - this.#start;
    if (!this.#terminal) {
      writeError(`${progressLine({ ...state, elapsed }, 120).replace(/^[█▏▎▍▌▋▊▉░]+ +/, "")}\n`);
      return;
    }
    const width = Math.max(1, (process.stderr.columns || 80) - 1);
    writeError(
      `${drawn ? "" : `${CSI}?25l`}\r${progressLine({ ...state, elapsed }, width)}${CSI}K`,
    );
    drawn = true;
  }

  /** The same for something that is not a training: shows the text that `text` returns. */
  updateText(text: () => string): void {
    const now = performance.now();
    if (now - this.#last < (this.#terminal ? REDRAW_MS : LINE_MS)) return;
    this.#last = now;
    if (!this.#terminal) {
      writeError(`${text()}\n`);
      return;
    }
    writeError(`${drawn ? "" : `${CSI}?25l`}\r${text()}${CSI}K`);
    drawn = true;
  }

  /** Removes the bar. */
  end(): void {
    clearProgress();
  }
}
