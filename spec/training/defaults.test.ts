import assert from "node:assert/strict";
import { test } from "node:test";
import { recommendedOptions, recommendedValidation } from "../../lib/training/defaults.ts";
import { momentum, nesterov, sgd } from "../../lib/training/optimizer.ts";
import { assertThrows } from "../helpers/throws.ts";

test("recommendedOptions makes 2000 steps at least and 25 000 at most, but ten epochs", () => {
  for (const rows of [1, 30, 120, 640, 1437, 2000, 19999, 60000, 1e6]) {
    const { batchSize, epochs } = recommendedOptions(rows);
    const perEpoch = Math.ceil(rows / batchSize);
    const steps = epochs * perEpoch;
    assert.ok(epochs >= 10, `${rows} rows: ${epochs} epochs`);
    assert.ok(steps >= 2000, `${rows} rows: ${steps} steps`);
    assert.ok(epochs === 10 || steps < 25_000 + perEpoch, `${rows} rows: ${steps} steps`);
  }
});

test("recommendedOptions change smoothly with the number of rows", () => {
  const of = (rows: number): { reg: number; batchSize: number; steps: number } => {
    const { reg, batchSize, epochs } = recommendedOptions(rows);
    return { reg, batchSize, steps: epochs * Math.ceil(rows / batchSize) };
  };
  let before = of(30);
  for (let rows = 31; rows < 200_000; rows = Math.ceil(rows * 1.03)) {
    const now = of(rows);
    for (const name of ["reg", "batchSize", "steps"] as const) {
      const ratio = now[name] / before[name];
      assert.ok(
        ratio > 0.85 && ratio < 1.15,
        `${name} at ${rows}: ${before[name]} to ${now[name]}`,
      );
    }
    before = now;
  }
});

test("The recommended penalty is 0.001 up to 2000 rows and then falls as rows^-1.5", () => {
  assert.deepEqual(
    [1, 1999, 2000, 8000, 200_000].map((rows) => recommendedOptions(rows).reg),
    [1e-3, 1e-3, 1e-3, 1e-3 / 8, 1e-6],
  );
});

test("recommendedValidation is a fifth, at most 400 rows, and a tenth at least", () => {
  assert.deepEqual(
    [1, 5, 2000, 2500, 4000, 1e6].map(recommendedValidation),
    [0.2, 0.2, 0.2, 0.16, 0.1, 0.1],
  );
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
