import assert from "node:assert/strict";
import { test } from "node:test";
import { CALL_WORDS, runCalls, writeCall } from "../../../lib/kernels/threads/program.ts";
import type { Kernels, TrainingKernels } from "../../../lib/kernels/wasm/engine.ts";
import { inThreadBuffer } from "../../../lib/kernels/wasm/executor.ts";

test("runCalls makes the calls that writeCall wrote, with addresses in the thread's buffer", () => {
  const calls: [string, number[]][] = [];
  const note =
    (name: string, count: number) =>
    (...parameters: number[]) =>
      calls.push([name, parameters.slice(0, count)]);
  const kernels = {
    product: note("product", 14),
    squares: note("squares", 3),
  } as unknown as Kernels & TrainingKernels;
  const words = new Int32Array(3 * CALL_WORDS);
  const numbers = Array.from({ length: 14 }, (_, i) => 100 * i);
  writeCall(words, CALL_WORDS, "product", numbers);
  writeCall(words, 2 * CALL_WORDS, "squares", [inThreadBuffer(0), 8, inThreadBuffer(64)]);
  runCalls(kernels, words, CALL_WORDS, 2, 5000);
  assert.deepEqual(calls, [
    ["product", numbers],
    ["squares", [5000, 8, 5064]],
  ]);
});
