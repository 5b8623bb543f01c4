// The two output streams: results on stdout, everything else on stderr, and a line of progress that
// comes and goes.

import { type ProgressState, progressLine } from "../report/progress.ts";
import { visibleText } from "../report/text.ts";
import { fileError } from "./files.ts";

const REDRAW = 100; // milliseconds between two drawings of the progress bar
const REPORT = 5000; // and between two lines where there is no terminal,
const FIRST_REPORT = 2000; // the first of which comes sooner
const CSI = "\x1b[";

/** A closed pipe (`| head`) is the reader's way to say enough: the process ends without a word. */
export function quietOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (isClosedPipe(error)) process.exit(0);
      process.exitCode = 1;
    });
  }
}

const isClosedPipe = (error: NodeJS.ErrnoException): boolean =>
  error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";

/**
 * Writes results, and waits until they are on their way: what does not fit the pipe is not heaped
 * up. On a terminal control characters, which may come from the labels of a file, are spelt out; a
 * pipe or a file gets every byte.
 */
export function print(text: string): Promise<void> {
  const shown = process.stdout.isTTY ? text.split("\n").map(visibleText).join("\n") : text;
  return new Promise((resolve, reject) => {
    const written = (error?: Error | null): void => {
      if (!error) resolve();
      // a full disk behind it
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

/** Writes a remark for people. Control characters in it, as in a file's name, are spelt out. */
export function note(text: string): void {
  clearProgress();
  process.stderr.write(`${text.split("\n").map(visibleText).join("\n")}\n`);
}

function colors(stream: { isTTY?: boolean }): boolean {
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
}

/** The message of an error, on stderr, its first word in red on a terminal that wants colors. */
export function printError(message: string): void {
  clearProgress();
  const head = colors(process.stderr) ? `${CSI}31mtwolayer${CSI}0m` : "twolayer";
  process.stderr.write(`${head}: ${message.split("\n").map(visibleText).join("\n")}\n`);
}

let drawn = false;

/** Takes the progress bar off the terminal. */
export function clearProgress(): void {
  if (drawn) process.stderr.write(`\r${CSI}K${CSI}?25h`);
  drawn = false;
}

/**
 * Shows how far something is: a bar that is redrawn on a terminal, else a line every few seconds.
 */
export class ProgressDisplay {
  readonly #start = performance.now();
  readonly #terminal = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  #last = this.#terminal ? -Infinity : performance.now() - REPORT + FIRST_REPORT;

  /** Call it as often as you like. */
  update(state: Omit<ProgressState, "elapsed">): void {
    const now = performance.now();
    if (now - this.#last < (this.#terminal ? REDRAW : REPORT)) return;
    this.#last = now;
    const elapsed = now - this.#start;
    if (!this.#terminal) {
      process.stderr.write(
        `${progressLine({ ...state, elapsed }, 120).replace(/^[█▏▎▍▌▋▊▉░]+ +/, "")}\n`,
      );
      return;
    }
    const width = Math.max(1, (process.stderr.columns || 80) - 1);
    process.stderr.write(
      `${drawn ? "" : `${CSI}?25l`}\r${progressLine({ ...state, elapsed }, width)}${CSI}K`,
    );
    drawn = true;
  }

  /** Removes the bar. */
  end(): void {
    clearProgress();
  }
}
