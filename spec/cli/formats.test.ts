import assert from "node:assert/strict";
import { test } from "node:test";
import { Arguments, UsageError } from "../../lib/cli/arguments.ts";
import { formatOf } from "../../lib/cli/formats.ts";
import { assertThrows } from "../helpers/throws.ts";

const args = (options: Record<string, string> = {}): Arguments =>
  new Arguments("export", [], new Map(Object.entries(options)));

test("formatOf takes --format, else the ending in any case", () => {
  assert.equal(formatOf(args(), "a.onnx"), "onnx");
  assert.equal(formatOf(args(), "A.NPZ"), "npz");
  assert.equal(formatOf(args({ format: "safetensors" }), "a.onnx"), "safetensors");
});

test("formatOf refuses a file of no known format", () => {
  assertThrows(
    () => formatOf(args(), "a.bin"),
    UsageError,
    "expected a file ending in .safetensors, .npz or .onnx, or --format, got a.bin",
  );
});
