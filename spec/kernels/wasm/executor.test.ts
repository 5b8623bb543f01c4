import assert from "node:assert/strict";
import { test } from "node:test";
import { PARAMETERS } from "../../../lib/kernels/wasm/emit-product.ts";
import type { ProductKernels } from "../../../lib/kernels/wasm/engine.ts";
import {
  createInlineExecutor,
  encodeTask,
  inlineExecutor,
  runEncodedTask,
  TASK_WORDS,
  type Task,
} from "../../../lib/kernels/wasm/executor.ts";

/** Kernels that only note how they were called. */
function noting(): { kernels: ProductKernels; calls: [string, Record<string, number>][] } {
  const calls: [string, Record<string, number>][] = [];
  const note =
    (layout: string) =>
    (...values: number[]) => {
      assert.equal(values.length, PARAMETERS.length);
      calls.push([layout, Object.fromEntries(PARAMETERS.map((name, i) => [name, values[i]]))]);
    };
  return {
    kernels: {
      rows: note("rows"),
      columns: note("columns"),
      panels: note("panels"),
    } as unknown as ProductKernels,
    calls,
  };
}

const task = (layout: Task["layout"]): Task => ({
  layout,
  a: 10_000,
  aStride: 80,
  aPanel: 320,
  b: 20_000,
  bStride: 32,
  bPanel: 640,
  c: 30_000,
  cStride: 96,
  rows: 50,
  columns: 11,
  depth: 20,
  resume: 256,
});

/** How the kernels are called for some rows of a task. */
function callOf(mr: number, of: Task, rows: { first: number; rows: number }) {
  const { kernels, calls } = noting();
  const words = new Int32Array(TASK_WORDS + 8).fill(-7);
  encodeTask(words, 5, mr, of, rows);
  runEncodedTask(kernels, words, 5);
  assert.ok([...words].every((word, i) => (word !== -7) === (i >= 5 && i < 5 + TASK_WORDS)));
  assert.equal(calls.length, 1);
  return calls[0];
}

test("An encoded task calls its layout's kernel with A and C moved on to its first row", () => {
  for (const layout of ["rows", "columns", "panels"] as const) {
    assert.deepEqual(callOf(4, task(layout), { first: 24, rows: 9 }), [
      layout,
      {
        a: 10_000 + 6 * 320,
        aStride: 80,
        aPanel: 320,
        b: 20_000,
        bStride: 32,
        bPanel: 640,
        c: 30_000 + 24 * 96,
        cStride: 96,
        rows: 9,
        tail: 0,
        columns: 11,
        depth: 20,
        resume: 256,
      },
    ]);
  }
});

test("An encoded task leaves its last rows to lower tiles where six would hang far over", () => {
  for (const [layout, rows, tail] of [
    ["rows", 26, 8],
    ["columns", 28, 4],
    ["panels", 28, 0],
    ["rows", 29, 0],
  ] as const) {
    const [, numbers] = callOf(6, task(layout), { first: 0, rows });
    assert.deepEqual([numbers.rows, numbers.tail], [rows - tail, tail]);
  }
});

test("inlineExecutor returns one executor for a kernel until another is asked for", () => {
  const first = inlineExecutor("simd");
  assert.equal(inlineExecutor("simd"), first);
  assert.equal(first?.kernel, "simd");
});

test("createInlineExecutor hands out the same buffers each time and runs tasks at once", () => {
  const executor = createInlineExecutor("simd");
  const [a, b] = [executor.nextABuffer(), executor.nextBBuffer()];
  assert.deepEqual([executor.nextABuffer(), executor.nextBBuffer()], [a, b]);
  assert.equal(executor.asynchronous, false);
  const at = (address: number) => address / 8;
  executor.doubles.set([1, 2, 3, 4, 5, 6], at(a)); // A (3, 2)
  executor.doubles.set([10, 20, 30, 0, 40, 50, 60, 0], at(b)); // B (2, 3) in a panel
  executor.doubles.fill(NaN, at(executor.map.c), at(executor.map.c) + 16);
  const task = {
    layout: "rows" as const,
    a,
    aStride: 16,
    aPanel: 64,
    b,
    bStride: 32,
    bPanel: 64,
    c: executor.map.c,
    cStride: 32,
    rows: 3,
    columns: 3,
    depth: 2,
    resume: 0,
  };
  const ticket = executor.run(task, undefined);
  executor.wait(ticket, 3);
  const row = (i: number) => [
    ...executor.doubles.subarray(at(executor.map.c) + 4 * i, at(executor.map.c) + 4 * i + 3),
  ];
  assert.deepEqual([0, 1, 2].map(row), [
    [90, 120, 150],
    [190, 260, 330],
    [290, 400, 510],
  ]);
  executor.run({ ...task, resume: 2 }, ticket); // goes on from what C holds
  assert.deepEqual(row(0), [180, 240, 300]);
});
