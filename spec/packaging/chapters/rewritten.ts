// What tools make of the package's code: counters of coverage, compilers for old engines,
// minifiers. The bits are the same. The programs of the workers are strings, which no tool
// rewrites, and so threads and workers stay.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { assertThreadsAlone } from "../answers.ts";
import { here, project, run } from "../packed.ts";

const require = createRequire(join(here, "package.json"));
const { createInstrumenter } = require("istanbul-lib-instrument");
const babel = require("@babel/core");
const esbuild = require("esbuild");

const folder = project("rewritten");
const bundled = project("rewritten-bundled");
const dist = join(folder, "node_modules/twolayer/dist");
const isScript = (file: string): boolean => /\.c?js$/.test(file);
const original = Object.fromEntries(
  readdirSync(dist)
    .filter(isScript)
    .map((file) => [file, readFileSync(join(dist, file), "utf8")]),
);

/** The answers of one copy; `counted` says whether its code counts for Istanbul. */
function answers(entry: string): { parts: object; counted: boolean } {
  const printed = run(process.execPath, ["--no-warnings", "counted.mjs", entry], { cwd: folder });
  return JSON.parse(printed);
}

writeFileSync(
  join(folder, "counted.mjs"),
  `
    import { createRequire } from "node:module";
    import { answer } from "./hosts.js";
    const [, , entry] = process.argv;
    const require = createRequire(import.meta.url);
    const answers = await answer(entry.endsWith(".cjs") ? require(entry) : await import(entry));
    const counted = globalThis.__coverage__ !== undefined;
    console.log(JSON.stringify({ ...answers, counted }));
  `,
);
const everything = answers("twolayer");

type Rewrite = (text: string, file: string) => string;
const formatOf = (file: string): string => (file.endsWith(".cjs") ? "cjs" : "esm");

const instrumented: Rewrite = (text, file) => {
  const esModules = formatOf(file) === "esm";
  return createInstrumenter({ esModules, compact: false }).instrumentSync(text, join(dist, file));
};

/** As @babel/preset-env does for engines before Chrome 84, Safari 15 and Node 14.6. */
const withoutPrivateMethods: Rewrite = (text, file) =>
  babel.transformSync(text, {
    configFile: false,
    babelrc: false,
    compact: false,
    sourceType: formatOf(file) === "esm" ? "module" : "script",
    plugins: [
      require("@babel/plugin-transform-class-static-block"),
      require("@babel/plugin-transform-class-properties"),
      require("@babel/plugin-transform-private-methods"),
    ],
  }).code;

const minifiedForOld: Rewrite = (text, file) =>
  esbuild.transformSync(text, { format: formatOf(file), minify: true, target: "es2017" }).code;

const REWRITES: { [name: string]: Rewrite } = {
  "instrumented by Istanbul": instrumented,
  "compiled by Babel for engines without private methods": withoutPrivateMethods,
  "minified by esbuild for ES2017": minifiedForOld,
};

for (const [name, rewrite] of Object.entries(REWRITES)) {
  test(`Code ${name} has the bits, the threads and the workers of the package`, () => {
    for (const [file, text] of Object.entries(original))
      writeFileSync(join(dist, file), rewrite(text, file));
    const expected = { ...everything, counted: rewrite === instrumented };
    for (const entry of ["twolayer", join(dist, "index.cjs")])
      assert.deepEqual(answers(entry), expected, entry);
  });
}

test("No text of the CommonJS files goes on in the next line, which tools may indent", () => {
  for (const [file, text] of Object.entries(original))
    if (formatOf(file) === "cjs") assert.doesNotMatch(text, /(?<!\\)(?:\\\\)*\\\n/, file);
});

test("An ES module made of the CommonJS files has threads, and notes that it lacks workers", () => {
  const outfile = join(bundled, "main.mjs");
  const alias = { twolayer: join(bundled, "node_modules/twolayer/dist/index.cjs") };
  const entryPoints = [join(bundled, "node.js")];
  const options = { bundle: true, format: "esm", logLevel: "silent", platform: "node" };
  const { warnings } = esbuild.buildSync({ ...options, alias, entryPoints, outfile });
  assert.deepEqual(warnings, []);
  assertThreadsAlone(JSON.parse(run(process.execPath, [outfile], { cwd: bundled })));
});
