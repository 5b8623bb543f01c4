import assert from "node:assert/strict";
import { test } from "node:test";
import { Arguments, UsageError } from "../../lib/cli/arguments.ts";
import { readGivenOptions } from "../../lib/cli/training-options.ts";
import { assertThrows } from "../helpers/throws.ts";

const args = (options: Record<string, string | true> = {}): Arguments =>
  new Arguments("train", [], new Map(Object.entries(options)));

test("readGivenOptions names what the arguments ask for and nothing else", () => {
  const given = (options: Record<string, string> = {}): object =>
    Object.fromEntries(
      Object.entries(readGivenOptions(args(options))).filter(([, value]) => value !== undefined),
    );
  assert.deepEqual(given(), {
    optimizer: { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  });
  assert.deepEqual(
    given({ optimizer: "momentum", momentum: "0.5", decay: "0.9", iterations: "7" }),
    {
      optimizer: { name: "momentum", momentum: 0.5 },
      learningRateDecay: 0.9,
      iterations: 7,
    },
  );
  assertThrows(
    () => readGivenOptions(args({ momentum: "1" })),
    UsageError,
    "--momentum expected a number below 1, got 1",
  );
  assertThrows(
    () => readGivenOptions(args({ iterations: "1", epochs: "2" })),
    UsageError,
    "expected --iterations or --epochs, got both",
  );
});

test("--momentum is refused for an optimizer without momentum", () => {
  assertThrows(
    () => readGivenOptions(args({ momentum: "0.5" })),
    UsageError,
    "--momentum is for --optimizer momentum or nesterov, got adam",
  );
  assert.deepEqual(readGivenOptions(args({ optimizer: "nesterov", momentum: "0.5" })).optimizer, {
    name: "nesterov",
    momentum: 0.5,
  });
});
