// What is published: its files and sizes, and what the checkers of packages and registries say.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { archive, here, kB, manifest, project, root, run, tarball } from "../packed.ts";

const installed = project("archive");

test("The archive holds the build, the iris data, licence, readme and manifest", (t) => {
  const outside = archive.files.map(({ path }) => path).filter((path) => !/^dist\//.test(path));
  assert.deepEqual(outside.sort(), ["LICENSE", "README.md", "examples/iris.csv", "package.json"]);
  for (const { path } of archive.files)
    if (path.startsWith("dist/")) assert.match(path, /\.(c?js|d\.c?ts)$/);
  const sizeOf = (pattern: RegExp): string => {
    const files = archive.files.filter(({ path }) => pattern.test(path));
    return kB(files.reduce((sum, { size }) => sum + size, 0));
  };
  t.diagnostic(
    `${archive.files.length} files, ${kB(archive.size)} packed, ${kB(archive.unpackedSize)} ` +
      `installed: ES modules ${sizeOf(/^dist\/\w+\.js$/)}, CommonJS ${sizeOf(/\.cjs$/)}, ` +
      `command line ${sizeOf(/^dist\/cli\//)}, types ${sizeOf(/\.d\.c?ts$/)}`,
  );
});

test("The installed package depends on nothing", () => {
  const path = join(installed, "node_modules/twolayer/package.json");
  assert.deepEqual(Object.keys(JSON.parse(readFileSync(path, "utf8")).dependencies ?? {}), []);
});

test("publint has nothing to say", async () => {
  const { publint } = await import("publint");
  const pkgDir = join(installed, "node_modules/twolayer");
  const { messages } = await publint({ pkgDir, strict: true });
  assert.deepEqual(messages, []);
});

test("Every entry has types that are right, whoever resolves it", () => {
  const attw = join(here, "node_modules/@arethetypeswrong/cli/dist/index.js");
  const options = ["--no-color", "--exclude-entrypoints", "iris.csv"];
  const table = run(process.execPath, [attw, tarball, ...options], { cwd: here });
  assert.match(table, /No problems found/);
});

test("npm would publish it", () => {
  assert.ok(process.env.npm_execpath, "start this as npm --prefix spec/packaging test");
  const args = [process.env.npm_execpath, "publish", "--dry-run", "--ignore-scripts", tarball];
  assert.match(run(process.execPath, args, { cwd: root, chatty: true }), /twolayer@/);
});

const deno = join(root, "spec/runtimes/node_modules/deno/deno");
const skip = !existsSync(deno) && "Deno comes with npm ci in spec/runtimes";

test("JSR would publish the sources", { skip: process.env.CI ? false : skip }, () => {
  const lib = join(root, "lib");
  const jsr = JSON.parse(readFileSync(join(lib, "jsr.json"), "utf8"));
  const subpaths = Object.keys(manifest.exports).filter((entry) => !/\.\w+$/.test(entry));
  assert.deepEqual(Object.keys(jsr.exports), subpaths);
  assert.equal(jsr.version, manifest.version);
  const args = ["publish", "--dry-run", "--allow-dirty", "--no-check=remote"];
  const { status, stderr } = spawnSync(deno, args, { cwd: lib, encoding: "utf8" });
  assert.equal(status, 0, stderr);
});
