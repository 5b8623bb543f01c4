import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ArgumentRangeError,
  ArgumentTypeError,
  DivergenceError,
  FormatError,
  isArgumentError,
  ShapeError,
} from "../../lib/base/errors.ts";

test("ShapeError is a RangeError with a name of its own", () => {
  const error = new ShapeError("matmul: inner sizes differ, (3×4)·(5×2)");
  assert.ok(error instanceof RangeError);
  assert.ok(error instanceof ShapeError);
  assert.ok(!(new RangeError("") instanceof ShapeError));
  assert.equal(String(error), "ShapeError: matmul: inner sizes differ, (3×4)·(5×2)");
  assert.match(String(error.stack), /errors\.test/);
});

test("FormatError builds its message from the reason and the byte offset", () => {
  const error = new FormatError("npy", "expected 96 bytes, got 88", { offset: 128 });
  assert.ok(
    error instanceof Error && !(error instanceof RangeError) && !(error instanceof TypeError),
  );
  const { format, source, reason, offset, line, column } = error;
  assert.deepEqual(
    { format, source, reason, offset, line, column },
    {
      format: "npy",
      source: "npy",
      reason: "expected 96 bytes, got 88",
      offset: 128,
      line: undefined,
      column: undefined,
    },
  );
  assert.equal(String(error), "FormatError: npy: expected 96 bytes, got 88 (byte 128)");
});

test("FormatError names line and column where they are given, and then not the offset", () => {
  const place = { source: "data.csv", line: 3, column: 2, offset: 9 };
  const error = new FormatError("csv", "expected a number, got x", place);
  assert.equal(error.message, "data.csv:3:2: expected a number, got x");
  assert.equal(error.line, 3);
  assert.equal(error.column, 2);
  assert.equal(error.offset, 9);
});

test("FormatError about the whole input has offset 0 and names no byte", () => {
  const error = new FormatError("model", "expected a checkpoint, got a finished model");
  assert.equal(error.message, "model: expected a checkpoint, got a finished model");
  assert.equal(error.offset, 0);
});

test("FormatError.inFile puts the path before the message and keeps the place", () => {
  const error = new FormatError("idx", "expected 4 bytes, got 2", { offset: 0 }).inFile("a.idx");
  assert.equal(error.message, "a.idx: idx: expected 4 bytes, got 2 (byte 0)");
  assert.equal(error.reason, "expected 4 bytes, got 2");
  assert.equal(error.format, "idx");
  const whole = new FormatError("model", "expected a model").inFile("a.model");
  assert.equal(whole.message, "a.model: model: expected a model");
});

test("isArgumentError tells refused arguments from the engine's own errors", () => {
  assert.ok(isArgumentError(new ArgumentTypeError("sum: …")));
  assert.ok(isArgumentError(new ArgumentRangeError("get: …")));
  assert.ok(isArgumentError(new ShapeError("add: …")));
  assert.ok(!isArgumentError(new TypeError("x is not a function")));
  assert.ok(!isArgumentError(new RangeError("Invalid array length")));
  assert.equal(String(new ArgumentTypeError("sum: …")), "TypeError: sum: …");
});

test("DivergenceError carries the iteration and the loss", () => {
  const error = new DivergenceError("train: the loss is not finite", 7, Infinity);
  assert.ok(error instanceof Error && !(error instanceof RangeError));
  assert.deepEqual([error.iteration, error.loss, error.name], [7, Infinity, "DivergenceError"]);
  assert.equal(String(error), "DivergenceError: train: the loss is not finite");
});
