import assert from "node:assert/strict";
import { test } from "node:test";
import { recommendedOptions } from "../../lib/training/defaults.ts";
import { momentum, nesterov, sgd } from "../../lib/training/optimizer.ts";
import { assertThrows } from "../helpers/throws.ts";

test("recommendedOptions makes about 2000 steps, ten epochs at least", () => {
  for (const rows of [1, 30, 120, 1437, 2000, 19999, 60000, 1e6]) {
    const { batchSize, epochs } = recommendedOptions(rows);
    const perEpoch = Math.ceil(rows / batchSize);
    const steps = epochs * perEpoch;
    assert.ok(epochs >= 10, `${rows} rows: ${epochs} epochs`);
    assert.ok(steps >= 2000, `${rows} rows: ${steps} steps`);
    assert.ok(epochs === 10 || steps < 2000 + perEpoch, `${rows} rows: ${steps} steps`);
  }
});

test("recommendedOptions are those of Adam with a cosine", () => {
  assert.deepEqual(recommendedOptions(120), {
    optimizer: { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    learningRate: 0.003,
    schedule: { name: "cosine", final: 0 },
    reg: 0.001,
    batchSize: 32,
    epochs: 500,
  });
});

test("recommendedOptions has a learning rate for each optimizer", () => {
  assert.equal(recommendedOptions(120, sgd()).learningRate, 0.3);
  assert.equal(recommendedOptions(120, momentum()).learningRate, 0.03);
  assert.equal(recommendedOptions(120, nesterov()).learningRate, 0.03);
});

test("recommendedOptions refuses wrong rows and optimizers", () => {
  assertThrows(
    () => recommendedOptions(0),
    RangeError,
    "recommendedOptions: rows expected an integer >= 1, got 0",
  );
  assertThrows(
    () => recommendedOptions(5, "adam" as never),
    TypeError,
    'recommendedOptions: optimizer expected sgd(), momentum(), nesterov() or adam(), got "adam"',
  );
});
