// What the package promises: nothing but itself to install, types that need nothing else, exactly
// the files it should ship, and a build that runs where there is no Node.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { builtPackage } from "./helpers/cli.ts";
import { ROOT } from "./helpers/sources.ts";

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
// the package as it will be published
const built = mkdtempSync(join(tmpdir(), "twolayer-package-"));
const modules = join(built, "node_modules", "twolayer");
after(() => rmSync(built, { recursive: true, force: true }));

/** Runs Node and returns what it printed; fails with that when it fails. */
function node(args: string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
  });
  assert.equal(status, 0, `node ${args.join(" ")}: ${error ?? ""}\n${stdout}\n${stderr}`);
  return stdout;
}

const tsc = (args: string[], cwd: string): string =>
  node([join(ROOT, "node_modules", "typescript", "bin", "tsc"), ...args], cwd);

/** The files below a folder, with forward slashes, sorted. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join("/"),
    )
    .sort();
}

/** The built package, next to the files that go with it. */
function installOnce(): void {
  if (existsSync(modules)) return;
  cpSync(builtPackage(), join(modules, "dist"), { recursive: true });
  mkdirSync(join(modules, "examples"), { recursive: true });
  for (const name of ["package.json", "README.md", "LICENSE", "examples/iris.csv"]) {
    // what is missing is missed by the test of what ships
    if (existsSync(join(ROOT, name))) copyFileSync(join(ROOT, name), join(modules, name));
  }
  writeFileSync(join(built, "package.json"), '{ "type": "module", "private": true }\n');
}

test("The package has no dependencies and exact versions of three development packages", () => {
  for (const key of [
    "dependencies",
    "peerDependencies",
    "optionalDependencies",
    "bundleDependencies",
    "bundledDependencies",
  ]) {
    assert.ok(!(key in manifest), `package.json has ${key}`);
  }
  assert.deepEqual(Object.keys(manifest.devDependencies).sort(), [
    "@types/node",
    "tsx",
    "typescript",
  ]);
  for (const version of Object.values(manifest.devDependencies))
    assert.match(version as string, /^\d+\.\d+\.\d+$/);
  for (const hook of ["preinstall", "install", "postinstall", "prepare"])
    assert.ok(!(hook in manifest.scripts), `package.json runs ${hook}`);
});

test("package.json says what tools read from it", () => {
  assert.equal(manifest.name, "twolayer");
  assert.match(manifest.version, /^\d+\.\d+\.\d+$/);
  assert.equal(manifest.type, "module");
  assert.equal(manifest.sideEffects, false);
  assert.equal(manifest.license, "MIT");
  assert.deepEqual(manifest.engines, { node: ">=20" });
  for (const door of Object.values(manifest.exports) as Record<string, object>[]) {
    for (const target of Object.values(door).filter((each) => typeof each === "object"))
      assert.equal(Object.keys(target)[0], "types", "types come first");
  }
  assert.equal(manifest.exports["."].import.types, manifest.types);
  // Parcel reads `alias` in the place of `exports`
  const { ".": _, "./package.json": __, ...subpaths } = manifest.exports;
  assert.deepEqual(
    manifest.alias,
    Object.fromEntries(
      Object.entries<any>(subpaths).map(([name, door]) => [name, door.import?.default ?? door]),
    ),
  );
  assert.deepEqual(
    Object.keys(manifest.scripts)
      .filter((name) => ["start", "test", "build", "bench", "typecheck"].includes(name))
      .sort(),
    ["bench", "build", "start", "test", "typecheck"],
  );
  assert.match(readFileSync(join(ROOT, "LICENSE"), "utf8"), /^MIT License\n/);
});

test("The lock file agrees with package.json and records no download addresses", () => {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  assert.equal(lock.version, manifest.version);
  assert.deepEqual(lock.packages[""].devDependencies, manifest.devDependencies);
  for (const [name, entry] of Object.entries(
    lock.packages as Record<string, Record<string, unknown>>,
  )) {
    assert.ok(!("resolved" in entry), `${name} has a download address`);
    if (name !== "") assert.equal(entry.dev, true, `${name} is not for development only`);
  }
});

test("The package ships its build, the iris data, README, licence and package.json", () => {
  installOnce();
  // one command line, no user text in it: npm is a script that only a shell finds on Windows
  const { status, stdout, stderr } = spawnSync("npm pack --dry-run --json --ignore-scripts", {
    cwd: modules,
    encoding: "utf8",
    shell: true,
  });
  assert.equal(status, 0, stderr);
  const shipped: string[] = JSON.parse(stdout)[0]
    .files.map(({ path }: { path: string }) => path)
    .sort();
  const doors = ["core", "data", "formats", "index", "model", "report", "search"];
  const built = (file: string): boolean => /^dist\/cli\/[\w-]+\.js$/.test(file);
  assert.ok(shipped.includes("dist/cli/main.js"));
  assert.deepEqual(
    shipped.filter((file) => !built(file)),
    [
      ...doors.flatMap((door) =>
        ["cjs", "d.cts", "d.ts", "js"].map((end) => `dist/${door}.${end}`),
      ),
      "LICENSE",
      "README.md",
      "dist/search-worker.cjs",
      "dist/types.d.cts",
      "examples/iris.csv",
      "package.json",
    ].sort(),
  );
});

test("The build imports nothing but its own files, and names no source file", () => {
  installOnce();
  for (const file of filesBelow(join(modules, "dist")).filter((each) => /\.c?js$/.test(each))) {
    const text = readFileSync(join(modules, "dist", file), "utf8");
    const from = /(?:\bfrom |\bimport |\bimport\(|\brequire\()"([^"]+)"/g;
    for (const [, name] of text.matchAll(from)) {
      assert.match(name, /^\.{1,2}\/|^node:/, file);
      if (name.startsWith("node:")) assert.ok(file.startsWith("cli/"), `${file} imports ${name}`);
    }
    assert.doesNotMatch(text, /"\.[^"\n]*\.ts"|tsx\/esm/, file);
  }
});

test("A part exports what its source exports, and the index exports the same values", async () => {
  installOnce();
  const load = (file: string): Promise<Record<string, unknown>> =>
    import(pathToFileURL(join(modules, "dist", file)).href);
  const require = createRequire(join(modules, "package.json"));
  const index = await load("index.js");
  const indexTwin = require("./dist/index.cjs");
  const whole = Object.keys(await import("../lib/index.ts")).sort();
  const isPublic = (name: string): boolean => !name.startsWith("_");
  assert.deepEqual(Object.keys(index).filter(isPublic).sort(), whole);
  assert.deepEqual(Object.keys(indexTwin).sort(), whole);
  for (const part of ["core", "data", "formats", "model", "report", "search"]) {
    const source = await import(`../lib/${part}.ts`);
    const names = Object.keys(source).sort();
    const es = await load(`${part}.js`);
    const twin = require(`./dist/${part}.cjs`);
    assert.deepEqual(Object.keys(es).filter(isPublic).sort(), names, part);
    assert.deepEqual(Object.keys(twin).filter(isPublic).sort(), names, part);
    for (const name of names) {
      assert.equal(es[name], index[name], name);
      assert.equal(twin[name], indexTwin[name], name);
    }
  }
});

test("A class keeps its name, and is defined in one file", async () => {
  installOnce();
  const index = await import(pathToFileURL(join(modules, "dist", "index.js")).href);
  const classes = Object.keys(index).filter((name) => /^class\b/.test(String(index[name])));
  assert.ok(classes.includes("Matrix") && classes.includes("Classifier"));
  const twin = createRequire(join(modules, "package.json"))("./dist/index.cjs");
  for (const name of classes) {
    assert.equal(index[name].name, name);
    assert.equal(twin[name].name, name, "in CommonJS");
  }
  const dist = filesBelow(join(modules, "dist")).filter((file) => file.endsWith(".js"));
  for (const name of classes) {
    const defining = dist.filter((file) =>
      new RegExp(
        `^(var ${name} = (/\\* @__PURE__ \\*/ \\(\\(\\) => \\{ return )?class|class ${name}) `,
        "m",
      ).test(readFileSync(join(modules, "dist", file), "utf8")),
    );
    assert.equal(defining.length, 1, `${name} is defined in ${defining.join(", ")}`);
  }
});

test("The package loads by its name, also without process and SharedArrayBuffer", () => {
  installOnce();
  mkdirSync(join(built, "app"), { recursive: true });
  const program = `
    import { Matrix, TwoLayerNet, Random, train, toyData } from "twolayer";
    const { X, y, params } = toyData();
    const net = new TwoLayerNet(params);
    const batches = { batchSize: 200, sampling: "replacement" };
    const random = Random.fromState({ seed: 0, offset: 12 });
    train(net, { X, y }, { learningRate: 0.1, iterations: 200, ...batches, random });
    const a = Matrix.randomNormal(150, 160, random);
    const large = a.matmul(Matrix.randomNormal(160, 170, random));
    print(net.accuracy(X, y) + " " + large.sum());
  `;
  writeFileSync(join(built, "app", "node.js"), `const print = console.log;${program}`);
  writeFileSync(
    join(built, "app", "elsewhere.js"),
    `
    const print = console.log;
    for (const name of ["process", "Buffer", "SharedArrayBuffer", "global", "setImmediate"]) {
      delete globalThis[name];
      if (name in globalThis) throw new Error(name + " is still there");
    }
    (await import("./rest.js")).run(print);`,
  );
  writeFileSync(
    join(built, "app", "rest.js"),
    program.replace("const { X", "export function run(print) { const { X") + "}",
  );
  const output = node([join(built, "app", "node.js")], built);
  assert.match(output, /^1 -?\d+\.\d+\n$/);
  assert.equal(node([join(built, "app", "elsewhere.js")], built), output);
});

test("A strict program compiles against the types without the types of Node", () => {
  installOnce();
  writeFileSync(
    join(built, "app.ts"),
    `
    import { Matrix, Trainer, TwoLayerNet } from "twolayer";
    import type { Dataset, Progress } from "twolayer";
    const X: Matrix = Matrix.fromRows([[1, 2], [3, 4]]);
    const data: Dataset = { X, y: [0, 1] };
    const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
    for (const progress of new Trainer(net, data, { iterations: 3 })) {
      const { loss }: Progress = progress;
      loss.toFixed(3);
    }
    // @ts-expect-error a string is no number
    Matrix.filled(1, 1, "1");
    // @ts-expect-error no such option
    X.matmul(X, { transpose: true });
    // @ts-expect-error sizes cannot be changed
    X.rows = 3;
  `,
  );
  tsc(
    [
      "--noEmit",
      "--strict",
      "--exactOptionalPropertyTypes",
      "--skipLibCheck",
      "false",
      "--types",
      "",
      "--target",
      "es2022",
      "--lib",
      "es2022,dom",
      "--module",
      "nodenext",
      "--moduleResolution",
      "nodenext",
      join(built, "app.ts"),
    ],
    built,
  );
});

test("No tracked file names a machine's path or a package registry's host", () => {
  const files = trackedFiles();
  assert.ok(files.length > 60, `only ${files.length} files`);
  // In pieces, so that this file does not contain what it looks for.
  const forbidden = [
    ["/wo", "rk/"],
    ["/opt/", "nodes"],
    ["/ho", "me/"],
    ["/ro", "ot/"],
    ["/Use", "rs/"],
    ["C:\\\\", "Users"],
    ["/tm", "p/"],
    ["registry", ".npm"],
    ["npm", "js.org"],
    ["regis", "try.yarn"],
    ["pypi", ".org"],
    ["_auth", "Token"],
  ].map((pieces) => pieces.join(""));
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), "latin1");
    for (const pattern of forbidden) {
      const at = text.indexOf(pattern);
      assert.equal(at, -1, `${file}, line ${text.slice(0, at).split("\n").length}: ${pattern}`);
    }
  }
});

/** What git tracks; in a copy without its history, everything but what .gitignore names. */
function trackedFiles(): string[] {
  const { status, stdout } = spawnSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" });
  const files = status === 0 ? stdout.split("\0").filter((file) => file !== "") : filesBelow(ROOT);
  const ignored =
    /(^|\/)(node_modules|dist|\.git|out)\/|\.(tgz|log)$|^(training-curves\.svg|report\.html)$/;
  return files.filter((file) => !ignored.test(file) && existsSync(join(ROOT, file)));
}
