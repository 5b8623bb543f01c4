// The shape of the sources: which folder may import which, no import cycles, no Node in the core, a
// test for every file, and limits for lines, functions and files.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { functionsOf } from "./helpers/functions.ts";
import { codeOf, importsOf, ROOT, resolveImport, sourceFiles } from "./helpers/sources.ts";

// A folder of lib and the other folders it may import. net, data, formats and report are siblings.
const FLOORS: Record<string, string[]> = {
  base: [],
  kernels: ["base"],
  matrix: ["base", "kernels"],
  net: ["base", "kernels", "matrix"],
  training: ["base", "kernels", "matrix", "net"],
  search: ["base", "kernels", "matrix", "net", "training"],
  data: ["base", "kernels", "matrix"],
  formats: ["base", "kernels", "matrix"],
  report: ["base"],
  model: ["base", "kernels", "matrix", "net", "training", "formats", "data"],
  cli: [
    "base",
    "kernels",
    "matrix",
    "net",
    "training",
    "search",
    "data",
    "formats",
    "report",
    "model",
  ],
};

// The same inside kernels: a folder, or a file of it, and what it may import of kernels. A column
// sum does not stand on the thread pool, and WebAssembly code not on products.
const KERNEL_FLOORS: Record<string, string[]> = {
  sizes: [],
  reference: [],
  transpose: [],
  softmax: [],
  functions: [],
  parts: ["sizes"],
  arithmetic: [],
  broadcast: [],
  wasm: ["sizes"],
  rows: ["sizes"],
  columns: [],
  moments: ["columns"],
  "in-parts": ["sizes", "wasm"],
  adam: ["sizes", "wasm", "in-parts"],
  elementwise: [],
  resident: ["sizes", "wasm", "in-parts", "arithmetic", "columns", "elementwise"],
  reductions: ["elementwise"],
  threads: ["sizes", "wasm"],
  "in-force": ["sizes", "wasm"],
  "pool-in-force": ["sizes", "wasm", "threads", "in-force"],
  gemm: ["sizes", "transpose", "wasm", "threads", "in-force", "pool-in-force"],
  configuration: ["wasm", "threads", "in-force", "pool-in-force", "gemm"],
};

// Files of lib without a test of their own, and where they are tested instead.
const TESTED_ELSEWHERE: Record<string, string> = {
  "core.ts": "spec/surface.test.ts: a list of names",
  "data.ts": "spec/surface.test.ts: a list of names",
  "formats.ts": "spec/surface.test.ts: a list of names",
  "index.ts": "spec/surface.test.ts: a list of names",
  "model.ts": "spec/surface.test.ts: a list of names",
  "report.ts": "spec/surface.test.ts: a list of names",
  "search.ts": "spec/surface.test.ts: a list of names",
  "cli/progress-display.ts": "spec/cli/terminal.test.ts: progress on a terminal and elsewhere",
  "cli/arrays.ts": "spec/cli/source.test.ts: the sources that are arrays",
  "formats/csv/delimiter.ts": "spec/formats/csv/dialect.test.ts: a part of every dialect",
  "formats/csv/header-names.ts": "spec/formats/csv/reader.test.ts: the names in every header",
  "formats/csv/line-ends.ts": "spec/formats/csv/text-decoding.test.ts: the lines of errors",
  "formats/header-scanner.ts": "spec/formats/npy.test.ts, safetensors.test.ts: what headers hold",
  "formats/npy-header.ts": "spec/formats/npy.test.ts: the first part of every npy file",
  "formats/onnx/onnx-tensor.ts": "spec/formats/onnx/onnx.test.ts: the weights of every file",
  "formats/safetensors-header.ts": "spec/formats/safetensors.test.ts: the first part of every file",
  "data/column-decision.ts": "spec/data/columns.test.ts: types alone",
  "formats/zip-directory.ts": "spec/formats/npz.test.ts and zip.test.ts: a part of every archive",
  "kernels/in-parts.ts": "spec/kernels/adam.test.ts: a kernel on threads, around every limit",
  "kernels/threads/worker-timeout.ts": "spec/slow/threads.test.ts: an error of the pool",
  "kernels/wasm/training.ts": "spec/kernels/resident.test.ts: whatever a workspace computes",
  "kernels/wasm/emit-adam.ts": "spec/kernels/adam.test.ts: in a workspace",
  "model/analyze.ts": "spec/model/prepare.test.ts: what a test row has no influence on",
  "model/onnx/elementwise.ts": "spec/model/onnx/graph.test.ts: graphs that contain the operators",
  "model/onnx/layers.ts": "spec/model/onnx/graph.test.ts: graphs that contain the operators",
  "model/onnx/operation.ts": "spec/model/onnx/graph.test.ts: graphs that contain the operators",
  "model/onnx/results.ts": "spec/model/onnx/graph.test.ts: graphs that contain the operators",
  "model/onnx/shapes.ts": "spec/model/onnx/graph.test.ts: graphs that contain the operators",
  "model/onnx/values.ts": "spec/model/onnx/graph.test.ts: types",
  "base/arrays.ts": "spec/packaging/consumers/types.ts: types",
  "base/table.ts": "spec/data/table.test.ts: a type",
  "training/loop.ts": "spec/training/trainer.test.ts: the steps of a training",
  "training/state-checks.ts": "spec/training/trainer-state.test.ts: what fromState refuses",
  "training/training-data.ts": "spec/training/trainer.test.ts: what a training refuses",
  "search/search-options.ts": "spec/search/search.test.ts: what search refuses",
  "kernels/gemm/product.ts": "a type",
  "kernels/gemm/threaded.ts": "spec/kernels/gemm/gemm.test.ts: products on threads",
  "kernels/in-force.ts": "spec/kernels/configuration.test.ts: what configuration says",
  "kernels/pool-in-force.ts": "spec/kernels/configuration.test.ts: what configuration says",
  "kernels/threads/source-script.ts": "spec/kernels/threads/pool.test.ts: it starts the workers",
  "kernels/threads/worker-script.ts": "spec/kernels/threads/pool.test.ts: it starts the workers",
  "search/worker-script.ts": "spec/search/pool.test.ts: it starts the workers",
  "cli/search-results.ts": "spec/cli/commands/search.test.ts: the results as users see them",
  "report/heatmap.ts": "spec/report/search-heatmap.test.ts: types and small helpers",
  "report/heatmap-grid.ts": "spec/report/search-heatmap.test.ts: one layout of the heatmap",
  "report/heatmap-points.ts": "spec/report/search-heatmap.test.ts: the other layout",
  "report/line-panel.ts": "spec/report/line-chart.test.ts: the inside of the chart",
  "report/report-style.ts": "spec/report/report-page.test.ts: a style sheet",
  "report/series.ts": "spec/report/line-chart.test.ts: types, and the chart in words",
  "kernels/reference.ts":
    "all other kernels are compared with it; spec/matrix compares it with stored answers",
};

// The public surface: index.ts exports what the others export, each of them a subpath.
const ENTRIES = [
  "core.ts",
  "data.ts",
  "formats.ts",
  "index.ts",
  "model.ts",
  "report.ts",
  "search.ts",
];

const FILE_LINES = 300;
const WIDTH = 100;
const FUNCTION_LINES = 40;
const PARAMETERS = 6;

// What is longer, wider or has more parameters, and why it stays so.
const LONG_FILES: Record<string, string> = {
  "lib/matrix/matrix.ts": "one class, each of whose methods has its own example",
};
const LONG_FUNCTIONS: Record<string, string> = {
  "bench/kernels.ts rowCases": "a table of the kernels that are timed",
  "bench/parts.ts parts": "a table of the parts of a step",
  "bench/peers/steps.ts numpyStep": "one training step in the words of another library",
  "lib/formats/csv/decimal.ts scanDecimal": "one pass over the characters of a number",
  "lib/kernels/gemm/small.ts multiplySmall": "one register tile, whose variables stay in one loop",
  "lib/kernels/wasm/emit-pack.ts emitPackColumns": "the listing of one WebAssembly function",
};
const MANY_PARAMETERS: Record<string, string> = {
  "lib/base/random.ts philox4x32": "four words of the counter and two of the key, as published",
  "lib/kernels/reference.ts matmul": "the parameters of BLAS's dgemm",
};

const ALL_SOURCES = ["lib", "spec", "bench", "examples", "docs"].flatMap((folder) =>
  sourceFiles(folder, /\.(?:ts|js|cjs|css|html|py|sh)$/).map((file) => `${folder}/${file}`),
);
const FUNCTIONS = ["lib", "bench", "examples", "docs"].flatMap((folder) =>
  sourceFiles(folder).flatMap((file) =>
    functionsOf(readFileSync(join(ROOT, folder, file), "utf8")).map((size) => ({
      path: `${folder}/${file}`,
      ...size,
    })),
  ),
);
const nameOf = ({ path, name }: { path: string; name: string }): string => `${path} ${name}`;
const linesOf = (path: string): string[] =>
  readFileSync(join(ROOT, path), "utf8").trimEnd().split("\n");

// lib/build makes the package and is no part of it: the rules below are for what is published.
const BUILD = /^build\//;
const files = sourceFiles("lib").filter((file) => !BUILD.test(file));
const folderOf = (file: string): string => (file.includes("/") ? file.split("/")[0] : "");
const imports = new Map(files.map((file) => [file, importsOf(`lib/${file}`)]));

test("lib has the floors that are listed here, and index.ts beside them", () => {
  assert.ok(files.length > 30, `only ${files.length} files found`);
  assert.deepEqual(
    files.filter((file) => folderOf(file) === ""),
    ENTRIES,
  );
  for (const folder of new Set(files.map(folderOf)))
    assert.ok(folder === "" || folder in FLOORS, `lib/${folder} has no floor`);
});

test("Imports are read from the sources, whatever their form", () => {
  const all = [...imports.values()].flat();
  assert.ok(
    all.length > files.length &&
      all.some(({ typeOnly }) => typeOnly) &&
      all.some(({ typeOnly }) => !typeOnly),
  );
  assert.deepEqual(imports.get("base/random.ts"), [
    { from: "./arrays.ts", typeOnly: true },
    { from: "./checks.ts", typeOnly: false },
    { from: "./elementary.ts", typeOnly: false },
    { from: "./errors.ts", typeOnly: false },
  ]);
  assert.deepEqual(imports.get("kernels/rows.ts"), [{ from: "./sizes.ts", typeOnly: false }]);
});

test("Every import names a file that exists, by its whole name", () => {
  for (const [file, list] of imports) {
    for (const { from } of list) {
      if (from.startsWith("node:")) continue;
      assert.match(
        from,
        /^\.{1,2}\/.*\.ts$/,
        `lib/${file}: ${from} is neither a file of lib nor one of Node's own modules`,
      );
      assert.ok(files.includes(resolveImport(file, from)), `lib/${file}: ${from} does not exist`);
    }
  }
});

test("No folder imports one of a higher floor or beside it, and none the entry files", () => {
  for (const [file, list] of imports) {
    for (const { from } of list) {
      if (from.startsWith("node:")) continue;
      const target = resolveImport(file, from);
      const [here, there] = [folderOf(file), folderOf(target)];
      if (here !== "") assert.ok(!ENTRIES.includes(target), `lib/${file} imports ${target}`);
      if (here === "") assert.notEqual(there, "cli", `lib/${file} imports ${target}`);
      else
        assert.ok(
          here === there || FLOORS[here].includes(there),
          `lib/${file}: ${here} must not import ${there} (${from})`,
        );
    }
  }
});

test("Imports inside kernels point down: sizes, wasm, threads, configuration, gemm", () => {
  const roomOf = (file: string): string => file.split("/")[1].replace(/\.ts$/, "");
  for (const [file, list] of imports) {
    if (folderOf(file) !== "kernels") continue;
    assert.ok(roomOf(file) in KERNEL_FLOORS, `lib/${file} has no floor`);
    for (const { from } of list) {
      if (from.startsWith("node:")) continue;
      const target = resolveImport(file, from);
      if (folderOf(target) !== "kernels") continue;
      const [here, there] = [roomOf(file), roomOf(target)];
      assert.ok(
        here === there || KERNEL_FLOORS[here].includes(there),
        `lib/${file}: ${here} must not import ${there} (${from})`,
      );
    }
  }
});

test("No file imports itself by a detour, not even for a type", () => {
  const state = new Map<string, "open" | "done">();
  const visit = (file: string, path: string[]): void => {
    if (state.get(file) === "done") return;
    assert.notEqual(
      state.get(file),
      "open",
      `cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`,
    );
    state.set(file, "open");
    for (const { from } of imports.get(file) ?? []) {
      // A worker's URL back to a file is a new thread, not an import.
      const starts = codeOf(`lib/${file}`).includes(`new URL("${from.slice(0, -3)}`);
      if (!starts && !from.startsWith("node:")) visit(resolveImport(file, from), [...path, file]);
    }
    state.set(file, "done");
  };
  for (const file of files) visit(file, []);
  assert.equal(state.size, files.length);
});

test("Only the command line imports Node's modules, and three files of it the file system", () => {
  const withFileSystem = ["cli/files.ts", "cli/output-file.ts", "cli/temporary-file.ts"];
  for (const [file, list] of imports) {
    for (const { from, typeOnly } of list) {
      if (!from.startsWith("node:")) continue;
      assert.ok(typeOnly || folderOf(file) === "cli", `lib/${file} imports ${from}`);
      if (/^node:fs\b/.test(from))
        assert.ok(withFileSystem.includes(file), `lib/${file} imports ${from}`);
    }
    const code = codeOf(`lib/${file}`);
    assert.doesNotMatch(code, /\brequire\s*\(/, `lib/${file} calls require`);
    // a worker of Node's runs nowhere else; bundlers put a polyfill in the place of a bare process
    if (folderOf(file) === "cli" || file.endsWith("/worker.ts")) continue;
    assert.doesNotMatch(code, /(?<![.\w])process\b(?=\.| ===)/, `lib/${file} has a bare process`);
  }
});

test("Every file of lib has a test of the same path, or a reason why not", () => {
  const specs = new Set(sourceFiles("spec"));
  const missing = files.filter(
    (file) => !specs.has(file.replace(/\.ts$/, ".test.ts")) && !(file in TESTED_ELSEWHERE),
  );
  assert.deepEqual(missing, []);
  for (const file of Object.keys(TESTED_ELSEWHERE)) {
    assert.ok(
      files.includes(file) && !specs.has(file.replace(/\.ts$/, ".test.ts")),
      `the exception for ${file} is not needed any more`,
    );
  }
});

test("Every test of a file of lib has that file", () => {
  // matrix/matrix-out.test.ts is a part of the tests of matrix/matrix.ts
  const known = (spec: string): boolean =>
    files.some(
      (file) =>
        spec === file.replace(/\.ts$/, ".test.ts") || spec.startsWith(file.replace(/\.ts$/, "-")),
    );
  const orphans = sourceFiles("spec").filter(
    (spec) => spec.endsWith(".test.ts") && folderOf(spec) in FLOORS && !known(spec),
  );
  assert.deepEqual(orphans, []);
});

test("No file of lib is longer than 300 lines, except for one class or one table", () => {
  const long = files.filter((file) => linesOf(`lib/${file}`).length > FILE_LINES);
  compareWithExceptions(
    long.map((file) => `lib/${file}`),
    LONG_FILES,
  );
});

test("No line of lib, spec, bench, examples and docs is wider than 100 columns", () => {
  const wide = ALL_SOURCES.filter((path) => linesOf(path).some((line) => [...line].length > WIDTH));
  assert.deepEqual(wide, []);
});

test("Functions in lib, bench and examples have at most 40 lines", () => {
  const long = FUNCTIONS.filter(({ lines }) => lines > FUNCTION_LINES);
  compareWithExceptions(long.map(nameOf), LONG_FUNCTIONS);
});

test("Functions in lib, bench and examples have at most 6 positional parameters", () => {
  const many = FUNCTIONS.filter(({ parameters }) => parameters > PARAMETERS);
  compareWithExceptions(many.map(nameOf), MANY_PARAMETERS);
});

test("Every file of lib has a name in kebab-case and opens with the question it answers", () => {
  for (const file of files) {
    assert.match(file, /^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/, `lib/${file}`);
    const text = readFileSync(join(ROOT, "lib", file), "utf8");
    assert.match(text, /^(#!.*\n)?(\/\/ \S|\/\*\*?\n)/, `lib/${file} has no opening comment`);
    assert.doesNotMatch(text, /\b(TODO|FIXME|XXX)\b/, `lib/${file}`);
  }
});

test("No code is made from text", () => {
  for (const file of files)
    assert.doesNotMatch(
      codeOf(`lib/${file}`),
      /\beval\s*\(|\bFunction\s*\(|set(Timeout|Interval)\s*\(\s*["'`]/,
      `lib/${file}`,
    );
});

test("Functions that engines round differently reach no weights, losses or files", () => {
  for (const file of files) {
    if (["report", "cli"].includes(folderOf(file))) continue; // pixels and words
    assert.doesNotMatch(
      codeOf(`lib/${file}`),
      /\bMath\.(a?cosh?|a?sinh?|a?tanh?|atan2|cbrt|expm?1?|hypot|log(1p|2|10)?|pow)\b/,
      `lib/${file}`,
    );
  }
});

test("Chance comes from Random alone, and nothing depends on the time", () => {
  for (const file of files) {
    const code = codeOf(`lib/${file}`);
    assert.doesNotMatch(
      code,
      /\bMath\.random\b|\bgetRandomValues\b|\brandom(Bytes|Fill|Int|UUID)\b/,
      `lib/${file}`,
    );
    // the time says when others have their turn
    const isClock = file === "base/event-loop.ts" || file.startsWith("kernels/threads/");
    if (!["report", "cli"].includes(folderOf(file)) && !isClock)
      assert.doesNotMatch(code, /\bDate\b/, `lib/${file}`);
  }
});

test("Functions are found with their names, lines and parameters", () => {
  const source = [
    "function plain(a: number, b: Map<string, number>): { c: number } {",
    "  if (a / 2 > 1 && /[/]\\)/.test(`${a ? `}` : '{'}`)) return { c: 1 };",
    "}",
    "const arrow = async <T,>(",
    "  [first, second]: T[],",
    "): Promise<Map<string, T>> => {};",
    "class Box {",
    "  #inner(this: Box, f: (x: number, y: number) => void): (text: string) => void {",
    "    return (text) => f(1, 2);",
    "  }",
    "}",
  ].join("\n");
  assert.deepEqual(functionsOf(source), [
    { name: "plain", line: 1, lines: 3, parameters: 2 },
    { name: "arrow", line: 4, lines: 3, parameters: 1 },
    { name: "#inner", line: 8, lines: 3, parameters: 2 },
    { name: "f", line: 8, lines: 1, parameters: 2 },
    { name: "return", line: 9, lines: 1, parameters: 1 },
  ]);
});

/** Everything found has a reason, and every reason is for something found. */
function compareWithExceptions(found: string[], reasons: Record<string, string>): void {
  const excepted = Object.keys(reasons);
  assert.deepEqual(
    {
      withoutReason: found.filter((name) => !excepted.includes(name)),
      listedInVain: excepted.filter((name) => !found.includes(name)),
    },
    { withoutReason: [], listedInVain: [] },
  );
}
