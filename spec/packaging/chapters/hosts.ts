// Hosts that lack what Node and browsers have, or forbid some of it: the package loads and computes
// the same bits, or says in an error of its own what is missing. Each is a process that must end.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { installedNodes, project, run } from "../packed.ts";

type Answer = {
  parts: { [part: string]: unknown };
  kernel: string;
  threads: number;
  notes: string[];
};

const folder = project("hosts");
const dist = join(folder, "node_modules/twolayer/dist");
const nodes = installedNodes();
const ENTRIES = { "ES module": "twolayer", CommonJS: join(dist, "index.cjs") };

const answerOf = (args: readonly string[], node = process.execPath): Answer =>
  JSON.parse(run(node, ["--no-warnings", ...args], { cwd: folder, seconds: 60 }));
const everything = answerOf(["host.mjs", "twolayer"]);

test("A host that lacks nothing has threads and workers", () => {
  const { parts, ...inForce } = everything;
  assert.deepEqual(inForce, { kernel: "simd", threads: 2, notes: [] });
  for (const answer of Object.values(parts)) assert.notEqual(typeof answer, "string");
});

const NO_WORKERS = "search: 0 of 2 worker threads (this engine has none)";
const REFERENCE = "threads: only products in WebAssembly are shared";
const NO_TEXT = "Error: text: expected an engine with TextEncoder and TextDecoder, got neither";

/** What is missing, and what is then noted, or else computed by plain TypeScript. */
const MISSING: { [names: string]: { notes?: string[]; parts?: object; kernel?: string } } = {
  "structuredClone,queueMicrotask,crypto,navigator,URL,Intl,Buffer,WeakRef": {},
  "TextEncoder,TextDecoder": {},
  "performance,btoa,AbortController,AbortSignal,DOMException": {},
  "setImmediate,MessageChannel": {},
  "Array.prototype.toSorted,Array.prototype.toReversed,Array.prototype.with": {},
  "Array.prototype.findLast,Array.prototype.findLastIndex,Array.prototype.toSpliced": {},
  "Worker,console,fetch": {},
  Atomics: { notes: ["threads: this engine has no Atomics", NO_WORKERS] },
  SharedArrayBuffer: { notes: ["threads: this engine has no SharedArrayBuffer", NO_WORKERS] },
  FinalizationRegistry: { notes: ["threads: this engine has no FinalizationRegistry"] },
  WebAssembly: {
    kernel: "reference",
    notes: ["kernel: this engine has no WebAssembly", REFERENCE],
  },
  process: { notes: ["threads: this engine has no node:worker_threads", NO_WORKERS] },
  "process.getBuiltinModule": {
    notes: ["threads: this engine has no node:worker_threads", NO_WORKERS],
  },
  // as in the edge runtime of Next
  "setImmediate!,MessageChannel!": {},
  "process.getBuiltinModule!": {
    notes: ["threads: this engine has no node:worker_threads", NO_WORKERS],
  },
  "process,TextEncoder,TextDecoder": {
    parts: { files: NO_TEXT },
    notes: ["threads: this engine has no node:worker_threads", NO_WORKERS],
  },
};

for (const [kind, entry] of Object.entries(ENTRIES)) {
  for (const [names, { notes = [], parts = {}, kernel = "simd" }] of Object.entries(MISSING)) {
    test(`${kind} without ${names}`, () => {
      const threads = notes.some((note) => note.startsWith("threads")) ? 1 : 2;
      const expected = { parts: { ...everything.parts, ...parts }, kernel, threads, notes };
      assert.deepEqual(answerOf(["host.mjs", entry, names]), expected);
    });
  }

  test(`${kind}, every intrinsic frozen`, () =>
    assert.deepEqual(answerOf(["frozen.mjs", entry]), everything));

  for (const option of [
    "--frozen-intrinsics",
    "--disallow-code-generation-from-strings",
    "--no-addons",
    "--disable-proto=throw",
    "--max-old-space-size=64",
  ])
    test(`${kind}, node ${option}`, () => {
      assert.deepEqual(answerOf([option, "host.mjs", entry]), everything);
    });
}

for (const [major, node] of Object.entries(nodes)) {
  test(`Node ${major}, in a worker of a worker`, () =>
    assert.deepEqual(answerOf(["nested.mjs"], node), everything));

  if (Number(major) >= 24)
    test(`Node ${major} --permission: one thread, and with --allow-worker two`, () => {
      const rights = ["--permission", `--allow-fs-read=${folder}*`];
      const { parts, threads } = answerOf([...rights, "host.mjs", "twolayer"], node);
      assert.deepEqual({ parts, threads }, { parts: everything.parts, threads: 1 });
      const more = answerOf([...rights, "--allow-worker", "host.mjs", "twolayer"], node);
      assert.deepEqual(more, everything);
    });
}

/** The CommonJS files in a context that has the language and these globals, and nothing else. */
async function answerInContext(
  globals: object,
  { wasm = true, prepare = "" } = {},
): Promise<Answer> {
  const context = createContext(globals, { codeGeneration: { strings: false, wasm } });
  runInContext(prepare, context);
  const loaded = new Map<string, { exports: any }>();
  const load = (file: string, text = readFileSync(file, "utf8")): any => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as any };
    loaded.set(file, module);
    const code = `(function (exports, require, module, __filename, __dirname) {${text}\n})`;
    const require = (name: string): unknown => load(join(dirname(file), name));
    runInContext(code, context, { filename: file })(
      module.exports,
      require,
      module,
      file,
      dirname(file),
    );
    return module.exports;
  };
  const program = join(folder, "hosts.js");
  const text = readFileSync(program, "utf8").replace("export async function", "async function");
  const { answer } = load(program, `${text}\nexports.answer = answer;`);
  return JSON.parse(JSON.stringify(await answer(load(join(dist, "index.cjs")))));
}

test("A plain engine, with the language and no timers", async () => {
  const { parts, kernel, threads } = await answerInContext({});
  assert.deepEqual(parts, { ...everything.parts, files: NO_TEXT });
  assert.deepEqual({ kernel, threads }, { kernel: "simd", threads: 1 });
});

test("An edge runtime: no compilation at run time, no workers", async () => {
  const { setTimeout, TextDecoder, TextEncoder } = globalThis;
  const host = { setTimeout, TextDecoder, TextEncoder };
  const { parts, kernel, threads, notes } = await answerInContext(host, { wasm: false });
  assert.deepEqual(parts, everything.parts);
  assert.deepEqual({ kernel, threads }, { kernel: "reference", threads: 1 });
  assert.match(notes[0], /^kernel: compiling WebAssembly is not allowed here/);
});

test("A renderer of Electron: a window beside Node, whose main thread must not wait", async () => {
  const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
  const host = {
    ...{ setTimeout, clearTimeout, setInterval, clearInterval, window: {}, document: {} },
    process: { ...process, versions: { ...process.versions, electron: "40.0.0" } },
  };
  const prepare = `Atomics.wait = () => { throw new TypeError("Atomics.wait cannot be called"); };`;
  const { parts, threads, notes } = await answerInContext(host, { prepare });
  assert.deepEqual(parts, everything.parts);
  const note = "threads: this thread is not allowed to wait for others";
  assert.deepEqual({ threads, notes }, { threads: 1, notes: [note] });
});
