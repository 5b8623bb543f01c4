// Runs the command line as a user does: a process of its own, in a folder of its own.
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./sources.ts";

const LOADER = pathToFileURL(join(ROOT, "node_modules", "tsx", "dist", "loader.mjs")).href;
const COMMAND = ["--import", LOADER, join(ROOT, "lib", "cli", "main.ts")];

/** A folder that `use` gets and that is gone afterwards. */
export async function inFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "twolayer-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

export type Finished = { status: number | null; stdout: string; stderr: string };

/** Runs `twolayer` with these words to its end. */
export function runCli(folder: string, words: readonly string[], options: { input?: string | Uint8Array; env?: Record<string, string> } = {}): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...COMMAND, ...words], {
    cwd: folder, input: options.input ?? "", encoding: "utf8", env: { ...process.env, ...options.env }, maxBuffer: 1 << 28, timeout: 120_000,
  });
  return { status, stdout, stderr };
}

/** Starts it, with pipes. */
export function startCli(folder: string, words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...COMMAND, ...words], { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
}
