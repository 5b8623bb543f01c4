// Runs scripts of the shell in which `twolayer` is the command line, as a user at a terminal does.
import { spawn, spawnSync } from "node:child_process";
import { command, type Finished } from "./cli.ts";

/** Whether there is a `bash`, which the scripts are for. */
export const HAS_BASH =
  process.platform !== "win32" && spawnSync("bash", ["-c", "true"]).status === 0;

/**
 * Runs a script of `bash`. It is in a group of processes of its own, which is killed at the limit,
 * so that a test ends even if the command hangs. In it, `twolayer` runs the command, and
 * `start … &` starts it as the process `$!`. `prefix` is a program that starts the shell.
 */
export async function runShell(
  folder: string,
  script: string,
  options: { limit?: number; prefix?: readonly string[] } = {},
): Promise<Finished & { timedOut: boolean }> {
  const call = `"${process.execPath}" "${command()}"`;
  const define = `twolayer() { ${call} "$@"; }; start() { exec ${call} "$@"; }; TMPDIR=$PWD\n`;
  const shell = ["bash", "-c", `${define}export TMPDIR\n${script}`];
  const [program, ...args] = [...(options.prefix ?? []), ...shell];
  const child = spawn(program, args, {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr, timedOut] = ["", "", false];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const killer = setTimeout(() => {
    timedOut = true;
    process.kill(-child.pid!, "SIGKILL");
  }, options.limit ?? 30_000);
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(killer);
  return { status, stdout, stderr, timedOut };
}
