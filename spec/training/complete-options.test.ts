import assert from "node:assert/strict";
import { test } from "node:test";
import { twoMoons } from "../../lib/data/synthetic.ts";
import { completeOptions } from "../../lib/training/complete-options.ts";
import { recommendedOptions } from "../../lib/training/defaults.ts";
import { momentum } from "../../lib/training/optimizer.ts";

test("completeOptions without choices are the recommended ones", () => {
  assert.deepEqual(completeOptions(120, {}), recommendedOptions(120));
});

test("completeOptions keeps and calibrates the best epoch where rows are held back", () => {
  const validation = twoMoons();
  assert.deepEqual(completeOptions(120, {}, validation), {
    ...recommendedOptions(120),
    validation,
    keepBest: true,
    calibrate: true,
  });
  const { keepBest, calibrate } = completeOptions(120, { patience: 3 }, validation);
  assert.deepEqual({ keepBest, calibrate }, { keepBest: false, calibrate: true });
  assert.equal(completeOptions(120, { calibrate: false }, validation).calibrate, false);
});

test("completeOptions fits what is not chosen to what is", () => {
  assert.deepEqual(completeOptions(120, { optimizer: momentum(0.5), batchSize: 60 }), {
    ...recommendedOptions(120, momentum(0.5)),
    batchSize: 60,
    epochs: 1000, // 2000 steps
  });
});

test("completeOptions leaves out what the choices exclude", () => {
  const { epochs: _, schedule: __, ...rest } = recommendedOptions(120);
  assert.deepEqual(completeOptions(120, { iterations: 7, learningRateDecay: 0.9 }), {
    ...rest,
    iterations: 7,
    learningRateDecay: 0.9,
  });
  assert.deepEqual(completeOptions(120, { reg: undefined }), recommendedOptions(120));
});
