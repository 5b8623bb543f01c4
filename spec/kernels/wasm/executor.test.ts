import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "../../../lib/kernels/wasm/engine.ts";
import { inThreadBuffer, TASK_KERNELS } from "../../../lib/kernels/wasm/executor.ts";
import { trainingKernels } from "../../../lib/kernels/wasm/training.ts";

test("TASK_KERNELS are functions of the modules, each once", () => {
  const engine = createEngine("simd");
  const kernels = { ...engine.kernels, ...trainingKernels(engine) };
  for (const name of TASK_KERNELS) assert.equal(typeof kernels[name], "function", name);
  assert.equal(new Set(TASK_KERNELS).size, TASK_KERNELS.length);
});

test("inThreadBuffer gives numbers that are no addresses", () => {
  for (const offset of [0, 8, 2 ** 20]) assert.ok(inThreadBuffer(offset) < 0);
});
