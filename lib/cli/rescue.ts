// Writing the result of a long run. If its file cannot be written, a person is asked for another
// one; without a person the result goes to the folder for temporary files.

import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { FileError } from "./files.ts";
import { writeFile } from "./output-file.ts";
import { makeTemporaryFolder } from "./temporary-file.ts";
import { note } from "./terminal.ts";

/**
 * Writes the file and returns its path, which is another one if a person has chosen it. Throws the
 * FileError of the first attempt, with the place of the copy, if nobody chooses.
 */
export async function writeResult(path: string, content: Uint8Array): Promise<string> {
  try {
    await writeFile(path, content);
    return path;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const other = await askForPath(error, content);
    if (other !== undefined) return other;
    throw new FileError(`${error.message}; ${await rescue(path, content)}`);
  }
}

/** Asks until a file is written or the person gives up. */
async function askForPath(error: FileError, content: Uint8Array): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const { createInterface } = await import("node:readline/promises"); // slow to load
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (let message = error.message; ; ) {
      note(message);
      const path = (await terminal.question("another file (empty: give up): ")).trim();
      if (path === "") return undefined;
      try {
        await writeFile(path, content);
        return path;
      } catch (next) {
        if (!(next instanceof FileError)) throw next;
        message = next.message;
      }
    }
  } catch {
    return undefined; // the end of the input, or Ctrl-C
  } finally {
    terminal.close();
  }
}

/** Writes a copy to the folder for temporary files. Returns what has become of the result. */
async function rescue(path: string, content: Uint8Array): Promise<string> {
  try {
    const copy = join(makeTemporaryFolder(), basename(path));
    await writeFile(copy, content);
    return `it is in ${copy}`;
  } catch {
    return `${tmpdir()} cannot be written either, so it is lost`;
  }
}
