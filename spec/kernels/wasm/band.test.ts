import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeTask, runEncodedTask, runRows, TASK_WORDS } from "../../../lib/kernels/wasm/band.ts";
import { PARAMETERS } from "../../../lib/kernels/wasm/emit-product.ts";
import type { ProductKernels } from "../../../lib/kernels/wasm/engine.ts";
import type { Task } from "../../../lib/kernels/wasm/executor.ts";

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

test("multiplyBand calls the layout's kernel with the task's numbers, A and C moved on to the band's first row", () => {
  for (const layout of ["rows", "columns", "panels"] as const) {
    const { kernels, calls } = noting();
    runRows(kernels, 4, task(layout), 24, 9);
    assert.deepEqual(calls, [
      [
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
      ],
    ]);
  }
});

test("multiplyBand leaves the last rows to lower tiles where those of six would hang far over", () => {
  for (const [layout, rows, tail] of [
    ["rows", 26, 8],
    ["columns", 28, 4],
    ["panels", 28, 0],
    ["rows", 29, 0],
  ] as const) {
    const { kernels, calls } = noting();
    runRows(kernels, 6, task(layout), 0, rows);
    assert.deepEqual([calls[0][1].rows, calls[0][1].tail], [rows - tail, tail]);
  }
});

test("multiplyWritten does for what writeBand wrote what multiplyBand does, at any place, and no word more is written", () => {
  for (const layout of ["rows", "columns", "panels"] as const) {
    for (const [mr, first, rows] of [
      [4, 0, 50],
      [6, 24, 24],
      [4, 48, 2],
      [6, 24, 20],
    ]) {
      const { kernels, calls } = noting();
      const words = new Int32Array(TASK_WORDS + 8).fill(-7);
      encodeTask(words, 5, mr, task(layout), first, rows);
      runEncodedTask(kernels, words, 5);
      runRows(kernels, mr, task(layout), first, rows);
      assert.deepEqual(calls[0], calls[1]);
      assert.ok([...words].every((word, i) => (word !== -7) === (i >= 5 && i < 5 + TASK_WORDS)));
    }
  }
});
