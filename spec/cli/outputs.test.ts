import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { Arguments, UsageError } from "../../lib/cli/arguments.ts";
import { checkOutputs } from "../../lib/cli/outputs.ts";
import { assertThrows } from "../helpers/throws.ts";

const args = (options: Record<string, string | true> = {}): Arguments =>
  new Arguments("train", [], new Map(Object.entries(options)));

test("checkOutputs refuses two outputs in one file and a file without a name", () => {
  assertThrows(
    () => checkOutputs(args({ out: "a", curves: "a" }), ["out", "curves"]),
    UsageError,
    "--out and --curves expected different files, got a for both",
  );
  assertThrows(
    () => checkOutputs(args({ out: "a", curves: "./b/../a" }), ["out", "curves"]),
    UsageError,
    "--out and --curves expected different files, got ./b/../a for both",
  );
  assertThrows(
    () => checkOutputs(args({ out: "-" }), ["out"]),
    UsageError,
    '--out expected a file\'s name, got "-"',
  );
});

test("checkOutputs refuses an output that is an input, except a resumed checkpoint", () => {
  const words = new Arguments("train", ["x.csv"], new Map([["out", "./x.csv"]]));
  assertThrows(
    () => checkOutputs(words, ["out"]),
    UsageError,
    "--out expected a file other than the input, got ./x.csv",
  );
  assertThrows(
    () => checkOutputs(args({ images: "i", checkpoint: "i" }), ["checkpoint"]),
    UsageError,
    "--checkpoint expected a file other than the input, got i",
  );
  assertThrows(
    () => checkOutputs(args({ resume: "r", out: "r" }), ["out"]),
    UsageError,
    "--out expected a file other than the input, got r",
  );
  checkOutputs(args({ resume: "r", checkpoint: "r", out: "m" }), ["out", "checkpoint"]);
  assert.ok(!existsSync("r") && !existsSync("m"));
});
