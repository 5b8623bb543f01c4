import assert from "node:assert/strict";
import { test } from "node:test";
import { Arguments, UsageError } from "../../lib/cli/arguments.ts";
import { readSearchSettings } from "../../lib/cli/search-options.ts";
import { assertThrows } from "../helpers/throws.ts";

const args = (options: Record<string, string> = {}): Arguments =>
  new Arguments("search", [], new Map(Object.entries(options)));

test("readSearchSettings reads lists, and ranges that are logarithmic over a factor of ten", () => {
  const { space, samples, shared, workers } = readSearchSettings(
    args({
      "learning-rate": "1e-3..1e-1",
      hidden: "8..16",
      reg: "0, 0.1",
      samples: "5",
      epochs: "2,5",
      workers: "3",
    }),
  );
  assert.deepEqual(space, {
    learningRate: { min: 1e-3, max: 1e-1, scale: "log" },
    hiddenSize: { min: 8, max: 16, scale: "linear" },
    reg: [0, 0.1],
    epochs: [2, 5],
    optimizer: [{ name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }],
  });
  assert.deepEqual(
    { samples, iterations: shared.iterations, workers },
    { samples: 5, iterations: undefined, workers: 3 },
  );
});

test("Without --learning-rate, rates around the default of each optimizer are tried", () => {
  const { space } = readSearchSettings(args({ optimizer: "sgd,adam" }));
  assert.deepEqual(space.learningRate, [0.001, 0.003, 0.009, 0.1, 0.3, 0.9]);
});

test("readSearchSettings refuses values that cannot be tried", () => {
  const cases: [Record<string, string>, string][] = [
    [{ hidden: "1.5" }, "--hidden expected integers, got 1.5"],
    [{ hidden: "8..8" }, '--hidden expected a range from less to more, as 0.001..0.1, got "8..8"'],
    [{ reg: "x" }, '--reg expected a number >= 0, got "x"'],
    [{ reg: "0..1" }, "a range expected --samples N, the number of draws from it"],
    [{ validation: "0" }, "--validation expected rows to compare candidates on, got 0"],
    [{ iterations: "1", epochs: "1" }, "expected --iterations or --epochs, got both"],
  ];
  for (const [options, message] of cases)
    assertThrows(() => readSearchSettings(args(options)), UsageError, message);
});
