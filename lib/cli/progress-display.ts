// The progress of a long run on standard error: a bar on a terminal, else a line every few seconds.

import { type ProgressState, progressLine } from "../report/progress.ts";
import { clearProgress, drawProgress, writeError } from "./terminal.ts";

const REDRAW_MS = 100; // between two drawings of the progress bar on a terminal
const LINE_MS = 5000; // between two lines of progress elsewhere
const FIRST_LINE_MS = 2000; // before the first of them

export class ProgressDisplay {
  readonly #start = performance.now();
  readonly #terminal = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  #last = this.#terminal ? -Infinity : performance.now() - LINE_MS + FIRST_LINE_MS;

  /** Shows the state, unless another was shown a short time ago. */
  update(state: Omit<ProgressState, "elapsed">): void {
    this.updateText(() => {
      const width = this.#terminal ? Math.max(1, (process.stderr.columns || 80) - 1) : 120;
      const line = progressLine({ ...state, elapsed: performance.now() - this.#start }, width);
      return this.#terminal ? line : line.replace(/^[█▏▎▍▌▋▊▉░]+ +/, "");
    });
  }

  /** The same for something that is not a training: shows the text that `text` returns. */
  updateText(text: () => string): void {
    const now = performance.now();
    if (now - this.#last < (this.#terminal ? REDRAW_MS : LINE_MS)) return;
    this.#last = now;
    if (this.#terminal) drawProgress(text());
    else writeError(`${text()}\n`);
  }

  /** Removes the bar. */
  end(): void {
    clearProgress();
  }
}
