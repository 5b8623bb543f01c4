// Which engines the built package is run in, and how each is started.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, findChromium } from "./chromium.ts";
import type { Report } from "./program.js";

export type Answer = Report & { version: string };
export type Engine = {
  name: string;
  /** Why it cannot be started here, or "". */
  missing(): string;
  run(): Promise<Answer>;
  /** Its output for `twolayer --help`; undefined in an engine that has no command line. */
  help?(): Promise<string>;
};

export const here = dirname(fileURLToPath(import.meta.url));
export const root = dirname(dirname(here));
const CLI = "dist/cli/main.js";
const TIME_LIMIT = 240_000; // ms; the slowest, without compiler, takes a twentieth of it

/** An engine with a command line: `command` and `options` before the file it is to run. */
function program(name: string, command: string, options: readonly string[] = []): Engine {
  return {
    name,
    missing: () => (existsSync(command) ? "" : `no ${command}`),
    run: async () => JSON.parse(await output(command, [...options, "spec/runtimes/host.js"])),
    help: () => output(command, [...options, CLI, "--help"]),
  };
}

const installed = (path: string): string =>
  fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));
const exe = process.platform === "win32" ? ".exe" : "";
const node26 = installed(`node26/bin/node${exe}`);
const workerd = installed("workerd/bin/workerd");
const deno = installed(`deno/deno${exe}`);

export const engines: readonly Engine[] = [
  program("Node 20", installed(`node20/bin/node${exe}`)),
  program("Node 22", installed(`node22/bin/node${exe}`)),
  program("Node 24", installed(`node24/bin/node${exe}`)),
  program("Node 26", node26),
  program("Node --jitless", node26, ["--jitless"]), // an interpreter without WebAssembly
  program("Deno", deno, ["run", "--no-prompt", "--no-config", "--no-lock", "--allow-all"]),
  program("Deno, reading only", deno, [
    "run",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    `--allow-read=${root}`,
  ]),
  program("Bun", installed("bun/bin/bun.exe")), // of this name on every system
  ...["2023-01-01", "2026-11-01"].map(workerdOf),
  { name: "Chromium", missing: missingChromium, run: () => chromium(findChromium()!, root) },
  {
    name: "Chromium, no Wasm",
    missing: missingChromium,
    run: () => chromium(findChromium()!, root, "script-src 'self'"),
  },
];

/**
 * workerd, the edge runtime of Cloudflare, as it was on a day: it keeps what workers have been
 * written for. It compiles no WebAssembly from bytes.
 */
function workerdOf(date: string): Engine {
  return {
    name: `workerd of ${date.slice(0, 4)}`,
    missing: () => (existsSync(workerd) ? "" : `no ${workerd}`),
    run: async () => {
      const config = "spec/runtimes/workerd.capnp";
      const report = await output(workerd, ["test", config, `of-${date}`], /^.*debug: \[.*\n/gm);
      const version = (await output(workerd, ["--version"])).trim().split(" ")[1];
      return { version, ...JSON.parse(report) };
    },
  };
}

function missingChromium(): string {
  return findChromium()
    ? ""
    : "no chromium on the PATH, nor one named by the environment variable CHROMIUM";
}

/**
 * What the command prints. Throws when it fails, takes too long, or has anything to complain about
 * but `chatter`.
 */
function output(command: string, args: readonly string[], chatter = /^$/): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIME_LIMIT,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0 && stderr.replace(chatter, "") === "") resolve(stdout);
      else reject(new Error(`${args.join(" ")}: ${signal ?? `exit code ${code}`}\n${stderr}`));
    });
  });
}
