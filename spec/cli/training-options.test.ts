import assert from "node:assert/strict";
import { test } from "node:test";
import { Arguments, UsageError } from "../../lib/cli/arguments.ts";
import { readTrainOptions } from "../../lib/cli/training-options.ts";
import { assertThrows } from "../helpers/throws.ts";

const args = (options: Record<string, string | true> = {}): Arguments =>
  new Arguments("train", [], new Map(Object.entries(options)));

test("readTrainOptions gives the recommended options where nothing is said", () => {
  assert.deepEqual(readTrainOptions(args(), 120), {
    optimizer: { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    learningRate: 0.003,
    schedule: { name: "cosine", final: 0 },
    reg: 0.003,
    batchSize: 32,
    epochs: 500,
    sampling: undefined,
    clipNorm: undefined,
    patience: undefined,
  });
});

test("readTrainOptions turns the arguments into options of train", () => {
  const { optimizer, learningRate, learningRateDecay, schedule, iterations, epochs } =
    readTrainOptions(
      args({ optimizer: "momentum", momentum: "0.5", decay: "0.9", iterations: "7" }),
      120,
    );
  assert.deepEqual(
    { optimizer, learningRate, learningRateDecay, schedule, iterations, epochs },
    {
      optimizer: { name: "momentum", momentum: 0.5 },
      learningRate: 0.03,
      learningRateDecay: 0.9,
      schedule: undefined,
      iterations: 7,
      epochs: undefined,
    },
  );
  assertThrows(
    () => readTrainOptions(args({ momentum: "1" }), 120),
    UsageError,
    "--momentum expected a number below 1, got 1",
  );
});

test("--momentum is refused for an optimizer without momentum", () => {
  assertThrows(
    () => readTrainOptions(args({ momentum: "0.5" }), 120),
    UsageError,
    "--momentum is for --optimizer momentum or nesterov, got adam",
  );
  assert.deepEqual(
    readTrainOptions(args({ optimizer: "nesterov", momentum: "0.5" }), 120).optimizer,
    { name: "nesterov", momentum: 0.5 },
  );
});
