// Programs run in processes of their own, for what cannot be tried in this one: other engines,
// flags and globals.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The address of a source file, to import from a program. */
export const lib = (file: string): string => pathToFileURL(join(root, "lib", file)).href;

/**
 * Runs an ES module under tsx; resolves to what it printed. Rejects when it fails or is still
 * running after `limit` ms.
 */
export function runProgram(source: string, flags: string[] = [], limit = 60_000): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "twolayer-"));
  const file = join(folder, "program.mts");
  writeFileSync(file, source);
  return new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      ["--import", "tsx", ...flags, file],
      { cwd: root, timeout: limit },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${error.message}\n${stderr}`));
        else resolve(stdout);
      },
    );
  }).finally(() => rmSync(folder, { recursive: true }));
}
