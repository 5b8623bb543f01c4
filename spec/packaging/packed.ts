// The package as npm packs it, installed in an empty folder outside of the repository, and how the
// chapters run programs there.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

export const here = fileURLToPath(new URL(".", import.meta.url));
export const root = fileURLToPath(new URL("../../", import.meta.url));
export const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** What npm pack says of the archive. */
export type Archive = {
  filename: string;
  size: number;
  unpackedSize: number;
  files: { path: string; size: number }[];
};

/** A folder for everything, gone when the process ends. */
export const scratch = mkdtempSync(join(tmpdir(), "twolayer-packaging-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));

/** Builds and packs the package. Lifecycle scripts print before the JSON, some npms an object. */
function pack(): Archive {
  const printed = npm(root, "pack", "--json", "--pack-destination", scratch);
  const parsed = JSON.parse(printed.replace(/^[^[{]*(?=[[{]\s*["{])/, ""));
  return Object.values(parsed)[0] as Archive;
}

/** Where main.ts tells the chapters what it has packed. */
export const PACKED = "TWOLAYER_PACKED";

export const { archive, tarball }: { archive: Archive; tarball: string } = packOnce();

function packOnce(): { archive: Archive; tarball: string } {
  const packed = process.env[PACKED];
  if (packed !== undefined) return JSON.parse(packed);
  const fresh = pack();
  return { archive: fresh, tarball: join(scratch, fresh.filename) };
}

/**
 * A new project with the package installed, the files of consumers/ and those of `files`. `tools`
 * is a folder of spec/packaging whose packages the project has as well.
 */
export function project(
  name: string,
  { files = {}, tools, type = "module" }: ProjectOptions = {},
): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, type }));
  npm(folder, "install", "--offline", "--no-audit", "--no-fund", tarball);
  cpSync(join(here, "consumers"), folder, { recursive: true });
  if (tools !== undefined) linkPackages(join(here, tools, "node_modules"), folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

type ProjectOptions = {
  files?: { [path: string]: string };
  tools?: string;
  type?: "module" | "commonjs";
};

function linkPackages(from: string, folder: string): void {
  assert.ok(existsSync(from), `${from} is missing: run npm ci in ${join(from, "..")}`);
  for (const entry of readdirSync(from)) {
    const link = join(folder, "node_modules", entry);
    if (!entry.startsWith(".") && !existsSync(link)) symlinkSync(join(from, entry), link);
  }
}

/** Node 20, 22, 24 and 26 as spec/runtimes has installed them, or else this one. */
export function installedNodes(): { [major: string]: string } {
  const exe = process.platform === "win32" ? ".exe" : "";
  const found: { [major: string]: string } = {};
  for (const major of [20, 22, 24, 26]) {
    const path = join(root, `spec/runtimes/node_modules/node${major}/bin/node${exe}`);
    if (existsSync(path)) found[major] = path;
  }
  const count = Object.keys(found).length;
  if (process.env.CI) assert.equal(count, 4, "spec/runtimes is to be installed first");
  return count > 0 ? found : { [process.versions.node.split(".")[0]]: process.execPath };
}

export const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

function npm(cwd: string, ...args: string[]): string {
  assert.ok(process.env.npm_execpath, "start this as npm --prefix spec/packaging test");
  return run(process.execPath, [process.env.npm_execpath, ...args], { cwd, chatty: true });
}

export type RunOptions = {
  cwd: string;
  /** It may write to stderr. */
  chatty?: boolean;
  env?: { [name: string]: string };
  /** How long it may take (default: five minutes). */
  seconds?: number;
};

/** What a program prints. It must succeed in time, and complain about nothing. */
export function run(command: string, args: readonly string[], options: RunOptions): string {
  const { cwd, chatty = false, env = {}, seconds = 300 } = options;
  const { status, signal, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    timeout: 1000 * seconds,
    killSignal: "SIGKILL",
    env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", FORCE_COLOR: "0", ...env },
  });
  const name = [basename(command), ...args].join(" ");
  assert.equal(status, 0, `${name}: ${signal ?? status}\n${stdout}\n${stderr}`);
  if (!chatty) assert.equal(stderr, "", name);
  return stdout;
}
