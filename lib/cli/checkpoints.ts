// The checkpoint of a run: when it is written, and what happens if that fails or if another run
// writes it too.

import { FileError, fileVersion } from "./files.ts";
import { writeFile } from "./output-file.ts";
import { note } from "./terminal.ts";

/** The file that a run saves its state in. A full disk does not end the run. */
export class Checkpoint {
  readonly path: string;
  #version: string | undefined;
  #isShared = false;

  constructor(path: string) {
    this.path = path;
    this.#version = fileVersion(path);
  }

  /**
   * Writes the file, or says why it cannot. Resolves to whether it was written. `isLast` says that
   * the run has no later checkpoint.
   */
  async save(content: Uint8Array, isLast = false): Promise<boolean> {
    if (!this.#isShared && fileVersion(this.path) !== this.#version) {
      this.#isShared = true;
      note(`${this.path}: another program writes this checkpoint too; give each run its own`);
    }
    try {
      await writeFile(this.path, content);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const next = isLast ? "" : "; the run goes on and tries again at its next checkpoint";
      note(error.message + next);
      return false;
    } finally {
      this.#version = fileVersion(this.path);
    }
    return true;
  }
}
