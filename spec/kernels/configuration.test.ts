import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { assertThrows } from "../helpers/throws.ts";
import { lib, runProgram } from "./processes.ts";

const { supported } = configuration();
const best = supported.simd ? "simd" : "reference";

afterEach(() => configure({ kernel: "auto", threads: 1 }));

test("configuration: by default the best exact kernel on one thread, with nothing to note", () => {
  assert.deepEqual(configuration(), { kernel: best, threads: 1, supported, notes: [] });
});

test("configure changes what is given and nothing else", () => {
  configure({ kernel: "reference" });
  assert.equal(configuration().kernel, "reference");
  configure({});
  configure({ kernel: undefined, threads: undefined });
  assert.equal(configuration().kernel, "reference");
  configure({ kernel: "auto" });
  assert.equal(configuration().kernel, best);
});

test("configure refuses what is no choice, and changes nothing then", () => {
  configure({ kernel: "reference" });
  const before = configuration();
  const refuse = (options: unknown, type: new (message: string) => Error, message: string) => {
    assertThrows(() => configure(options as {}), type, message);
    assert.deepEqual(configuration(), before);
  };
  refuse(undefined, TypeError, "configure: options expected an object, got undefined");
  refuse(
    { kernels: "simd" },
    TypeError,
    "configure: unknown option kernels; expected kernel, threads",
  );
  refuse(
    { kernel: "SIMD" },
    TypeError,
    'configure: kernel expected "auto" | "reference" | "simd" | "fma", got "SIMD"',
  );
  refuse(
    { kernel: null },
    TypeError,
    'configure: kernel expected "auto" | "reference" | "simd" | "fma", got null',
  );
  refuse(
    { kernel: "auto", threads: 0 },
    RangeError,
    "configure: threads expected an integer >= 1, got 0",
  );
  refuse(
    { kernel: "auto", threads: 1.5 },
    RangeError,
    "configure: threads expected an integer >= 1, got 1.5",
  );
  refuse(
    { kernel: "auto", threads: NaN },
    RangeError,
    "configure: threads expected an integer >= 1, got NaN",
  );
  refuse(
    { kernel: "auto", threads: "2" },
    TypeError,
    'configure: threads expected an integer >= 1, got "2"',
  );
  refuse(
    { kernel: "nosuch", threads: 3 },
    TypeError,
    'configure: kernel expected "auto" | "reference" | "simd" | "fma", got "nosuch"',
  );
});

test('configure takes "fma" where the engine has it, else it says what is missing', () => {
  if (supported.fma) {
    configure({ kernel: "fma" });
    assert.equal(configuration().kernel, "fma");
    return;
  }
  assertThrows(
    () => configure({ kernel: "fma", threads: 2 }),
    Error,
    "configure: kernel expected " +
      "one that can run " +
      'here, got "fma": this ' +
      "WebAssembly " +
      "engine " +
      "has no relaxed SIMD " +
      "(Node 22, Chromium 114 and later have it, Node 20 with --experimental-wasm-relaxed-simd)",
  );
  assert.deepEqual(configuration(), { kernel: best, threads: 1, supported, notes: [] });
});

test("configuration says how many threads are used, and why not more", () => {
  configure({ threads: 3 });
  assert.deepEqual(configuration(), { kernel: best, threads: 3, supported, notes: [] });
  configure({ threads: 1000 });
  assert.deepEqual(configuration(), {
    kernel: best,
    threads: 64,
    supported,
    notes: ["threads: no more than 64 are used"],
  });
  configure({ kernel: "reference" });
  assert.deepEqual(configuration(), {
    kernel: "reference",
    threads: 1,
    supported,
    notes: ["threads: only products in WebAssembly are shared"],
  });
});

// Engines that lack something, in processes of their own. Each prints its configuration and whether
// a product of every size class is still the reference's to the bit.
// The modules are loaded before anything is taken away, because tsx reads them with WebAssembly.
const program = (before: string): string => `
  const configurationUrl = ${JSON.stringify(lib("kernels/configuration.ts"))};
  const { configure, configuration } = await import(configurationUrl);
  const { gemm } = await import(${JSON.stringify(lib("kernels/gemm/gemm.ts"))});
  const { matmul } = await import(${JSON.stringify(lib("kernels/reference.ts"))});
  ${before}
  configure({ threads: 2 });
  let same = true;
  for (const n of [3, 20, 70, 130]) {
    const a = Float64Array.from({ length: n * n }, (_, i) => Math.sqrt(i + 1));
    const c = new Float64Array(n * n).fill(NaN);
    const expected = new Float64Array(n * n);
    gemm({ transA: false, transB: true, m: n, n, k: n, a, b: a, c });
    matmul(false, true, n, n, n, a, a, expected);
    same &&= c.every((value, i) => Object.is(value, expected[i]));
  }
  const state = configuration();
  let simd = "";
  try { configure({ kernel: "simd" }); } catch (error) { simd = error.message; }
  console.log(JSON.stringify({ same, simd, ...state }));
`;
const lacking = async (before: string, flags?: string[]) =>
  JSON.parse(await runProgram(program(before), flags));
const reference = (reason: string) => ({
  same: true,
  simd: `configure: kernel expected one that can run here, got "simd": ${reason}`,
  kernel: "reference",
  threads: 1,
  notes: [`kernel: ${reason}`, "threads: only products in WebAssembly are shared"],
});

test("Without WebAssembly plain TypeScript computes, and configuration says so", async () => {
  assert.deepEqual(await lacking("delete globalThis.WebAssembly;"), {
    ...reference("this engine has no WebAssembly"),
    supported: { simd: false, fma: false, threads: true },
  });
});

test("Where compiling WebAssembly is forbidden, plain TypeScript computes products", async () => {
  const forbid =
    "WebAssembly.Module = function () { throw new WebAssembly.CompileError('blocked by " +
    "policy'); };";
  assert.deepEqual(await lacking(forbid), {
    ...reference("compiling WebAssembly is not allowed here (blocked by policy)"),
    supported: { simd: false, fma: false, threads: true },
  });
});

test("Where WebAssembly gets no memory, likewise; asking for it again is no mistake", async () => {
  assert.deepEqual(
    await lacking("WebAssembly.Memory = function () { throw new RangeError('out of memory'); };"),
    {
      ...reference("no WebAssembly memory (out of memory)"),
      simd: "",
      supported: { ...supported, threads: true },
    },
  );
});

test("One thread computes where shared memory or worker threads are not available", async () => {
  const before = {
    "this engine has no SharedArrayBuffer": "delete globalThis.SharedArrayBuffer;",
    "this engine has no node:worker_threads": "process.getBuiltinModule = undefined;",
    "this thread is not allowed to wait for others":
      "Atomics.wait = () => { throw new TypeError('not here'); };",
    "not allowed":
      "process.getBuiltinModule('node:worker_threads').Worker = class { constructor() { " +
      "throw new Error('not allowed'); } };",
  };
  await Promise.all(
    Object.entries(before).map(async ([reason, lines]) => {
      const { same, kernel, threads, notes } = await lacking(lines);
      assert.deepEqual(
        { same, kernel, threads, notes },
        { same: true, kernel: best, threads: 1, notes: [`threads: ${reason}`] },
      );
    }),
  );
});

test("workers that could not start are tried again after the next configure", async () => {
  const out = await runProgram(`
    const configurationUrl = ${JSON.stringify(lib("kernels/configuration.ts"))};
  const { configure, configuration } = await import(configurationUrl);
    const { gemm } = await import(${JSON.stringify(lib("kernels/gemm/gemm.ts"))});
    const threads = process.getBuiltinModule("node:worker_threads");
    const { Worker } = threads;
    threads.Worker = class extends Worker {
      constructor() {
        super("throw new Error('not today')", { eval: true });
      }
    };
    const n = 130;
    const a = new Float64Array(n * n);
    const notes = async () => {
      for (let turn = 0; turn < 1000 && configuration().notes.length === 0; turn++) {
        gemm({ transA: false, transB: false, m: n, n, k: n, a, b: a, c: new Float64Array(n * n) });
        await new Promise((resolve) => setTimeout(resolve, turn));
        if (threads.Worker === Worker && turn === 10) break;
      }
      return configuration();
    };
    configure({ threads: 2 });
    const before = await notes();
    threads.Worker = Worker;
    configure({ threads: 2 });
    const after = (await notes()).threads;
    console.log(JSON.stringify([before.threads, before.notes, after, configuration().notes]));
  `);
  assert.deepEqual(JSON.parse(out), [1, ["threads: a worker could not start (not today)"], 2, []]);
});
