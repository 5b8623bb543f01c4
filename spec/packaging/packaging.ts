// The package as strangers meet it: packed, installed in an empty folder, then imported, required,
// type-checked and bundled. Sizes and times are printed for the reader; only what a bundle may
// contain is asserted.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as twolayer from "../../lib/index.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Those that spec/runtimes has installed, or else this one. */
const exe = process.platform === "win32" ? ".exe" : "";
const installed = [20, 22, 24, 26]
  .map((major) => join(root, `spec/runtimes/node_modules/node${major}/bin/node${exe}`))
  .filter(existsSync);
if (process.env.CI) assert.equal(installed.length, 4, "spec/runtimes is to be installed first");
const nodes = installed.length > 0 ? installed : [process.execPath];

let folder = ""; // of the stranger
let packed: {
  size: number;
  unpackedSize: number;
  files: { path: string; size: number }[];
  filename: string;
};

before(() => {
  folder = mkdtempSync(join(tmpdir(), "twolayer-packaging-"));
  const printed = JSON.parse(
    npm(root, "pack", "--json", "--pack-destination", folder).replace(/^[^[{]*(?=[[{]\s*["{])/, ""),
  );
  packed = Object.values(printed)[0] as typeof packed;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  npm(folder, "install", "--offline", join(folder, packed.filename));
  cpSync(join(here, "consumers"), folder, { recursive: true });
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("The package holds the build, the licence, the readme and its manifest, and depends on nothing", (t) => {
  const outside = packed.files.map(({ path }) => path).filter((path) => !path.startsWith("dist/"));
  assert.deepEqual(outside.sort(), ["LICENSE", "README.md", "examples/iris.csv", "package.json"]);
  for (const { path } of packed.files) assert.match(path, /^dist\/.*\.(js|js\.map|d\.ts)$|^[^/]+$/);
  assert.deepEqual(Object.keys(installedManifest().dependencies ?? {}), []);
  const sizeOf = (end: string): string =>
    kB(
      packed.files
        .filter(({ path }) => path.endsWith(end))
        .reduce((sum, { size }) => sum + size, 0),
    );
  t.diagnostic(
    `${packed.files.length} files, ${kB(packed.size)} packed, ${kB(packed.unpackedSize)} installed: .js ${sizeOf(".js")}, .d.ts ${sizeOf(".d.ts")}, source maps ${sizeOf(".map")}`,
  );
});

for (const node of nodes) {
  const version = run(node, ["--version"], root).trim();
  test(`Node ${version} imports it`, () =>
    assert.equal(run(node, ["module.js"], folder), "1 simd\n"));
  test(`Node ${version} requires it`, () =>
    assert.equal(run(node, ["required.cjs"], folder), "1 simd\n"));
  test(`Node ${version} runs its command`, () => {
    const command = join("node_modules/twolayer", manifest.bin.twolayer);
    assert.match(run(node, [command, "--help"], folder), /usage/i);
  });
}

const compilers = {
  "TypeScript 7": join(root, "node_modules/typescript/bin/tsc"),
  "TypeScript 5": join(here, "node_modules/typescript5/bin/tsc"),
};
for (const [compiler, path] of Object.entries(compilers)) {
  for (const [module, moduleResolution] of [
    ["node16", "node16"],
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ]) {
    test(`${compiler} reads its types strictly, module resolution ${moduleResolution}, without the types of Node or the browser`, () => {
      writeFileSync(
        join(folder, "required.cts"),
        `import twolayer = require("twolayer");\nexport const one: twolayer.Matrix = twolayer.Matrix.identity(1);\n`,
      );
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({
          compilerOptions: {
            module,
            moduleResolution,
            target: "es2022",
            lib: ["ES2022"],
            types: [],
            noEmit: true,
            strict: true,
            skipLibCheck: false,
            exactOptionalPropertyTypes: true,
            noUncheckedIndexedAccess: true,
          },
          files: module === "nodenext" ? ["types.ts", "required.cts"] : ["types.ts"],
        }),
      );
      assert.equal(run(process.execPath, [path, "-p", "."], folder), "");
    });
  }
}

const FLOORS = {
  matrix: /^(base|kernels|matrix)\//,
  net: /^(base|kernels|matrix|net)\//,
  everything: /^(?!cli\/)/,
};
const ANSWERS = {
  matrix: [
    [19, 22],
    [43, 50],
  ],
  net: [0, 1, 1, 0],
  everything: Object.keys(twolayer).length,
};
for (const [entry, answer] of Object.entries(ANSWERS)) {
  const allowed = FLOORS[entry as keyof typeof FLOORS];
  test(`A bundle of ${entry}.js holds only what it uses, and runs where there is no Node`, async (t) => {
    const {
      outputFiles: [{ contents, text }],
      metafile,
      warnings,
    } = await bundle(`${entry}.js`, { format: "iife", platform: "browser", minify: true });
    assert.deepEqual(warnings, []);
    const inputs: [string, { bytesInOutput: number }][] = Object.entries(
      Object.values<any>(metafile.outputs)[0].inputs,
    );
    const modules = inputs
      .filter(([path, { bytesInOutput }]) => path.includes("twolayer/dist/") && bytesInOutput > 0)
      .map(([path]) => path.split("twolayer/dist/")[1])
      .filter((path) => path !== "index.js");
    assert.ok(modules.length > 10);
    for (const module of modules) assert.match(module, allowed);
    const browser: { [name: string]: unknown } = { console, crypto, TextDecoder, TextEncoder, URL };
    runInNewContext(text, browser);
    assert.deepEqual(JSON.parse(JSON.stringify(browser.answer)), answer);
    t.diagnostic(
      `${kB(contents.length)} minified, ${kB(gzipSync(contents, { level: 9 }).length)} with gzip, ${modules.length} modules`,
    );
  });
}

for (const format of ["esm", "cjs"]) {
  test(`A bundle for Node (${format}) computes in one thread: it does not start a stranger's worker.js`, async () => {
    const extension = format === "esm" ? "mjs" : "cjs";
    const {
      outputFiles: [{ text }],
    } = await bundle("threads.js", { format, platform: "node" });
    const out = join(folder, `bundle-${format}`);
    mkdirSync(out);
    writeFileSync(join(out, `main.${extension}`), text);
    for (const name of ["worker.js"])
      writeFileSync(join(out, name), `console.log("started ${name}")`);
    for (const node of nodes) {
      assert.deepEqual(JSON.parse(run(node, [`main.${extension}`], out)), {
        right: true,
        accuracy: 1,
        threads: 1,
        notes: [
          "threads: the package was bundled, and workers cannot find their file; mark it as external",
        ],
      });
    }
  });
}

test("A bundle for Node that leaves the package external has its threads", async () => {
  const {
    outputFiles: [{ text }],
  } = await bundle("threads.js", { format: "esm", platform: "node", external: ["twolayer"] });
  writeFileSync(join(folder, "external.mjs"), text);
  assert.deepEqual(JSON.parse(run(process.execPath, ["external.mjs"], folder)), {
    right: true,
    accuracy: 1,
    threads: 3,
    notes: [],
  });
});

test("How long an import takes: process starts with it and without", (t) => {
  writeFileSync(join(folder, "import.mjs"), `import "twolayer";`);
  writeFileSync(join(folder, "empty.mjs"), "");
  const times: { [script: string]: number[] } = { "import.mjs": [], "empty.mjs": [] };
  for (let i = 0; i < 20; i++) {
    for (const [script, taken] of Object.entries(times)) {
      const start = performance.now();
      run(process.execPath, [script], folder);
      taken.push(performance.now() - start);
    }
  }
  for (const [script, taken] of Object.entries(times)) {
    taken.sort((a, b) => a - b);
    t.diagnostic(
      `${script}: least ${taken[0].toFixed(0)} ms, median ${((taken[9] + taken[10]) / 2).toFixed(0)} ms of 20 process starts`,
    );
  }
});

function installedManifest(): { dependencies?: object } {
  return JSON.parse(readFileSync(join(folder, "node_modules/twolayer/package.json"), "utf8"));
}

function kB(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function bundle(entry: string, options: object): Promise<any> {
  return esbuild.build({
    entryPoints: [join(folder, entry)],
    absWorkingDir: folder,
    bundle: true,
    write: false,
    metafile: true,
    logLevel: "silent",
    ...options,
  });
}

function npm(cwd: string, ...args: string[]): string {
  assert.ok(process.env.npm_execpath, "start this as npm --prefix spec/packaging test");
  return run(process.execPath, [process.env.npm_execpath, ...args], cwd, true);
}

/** What a program prints. It must succeed, and complain about nothing; npm may, as it builds. */
function run(command: string, args: readonly string[], cwd: string, chatty = false): string {
  const { status, signal, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  assert.equal(status, 0, `${args.join(" ")}: ${signal ?? status}\n${stdout}\n${stderr}`);
  if (!chatty) assert.equal(stderr, "", args.join(" "));
  return stdout;
}
