import assert from "node:assert/strict";
import { test } from "node:test";
import { DivergenceError, FormatError, ShapeError } from "../../lib/base/errors.ts";

test("ShapeError is a RangeError with a name of its own", () => {
  const error = new ShapeError("matmul: inner sizes differ, (3×4)·(5×2)");
  assert.ok(error instanceof RangeError);
  assert.ok(error instanceof ShapeError);
  assert.ok(!(new RangeError("") instanceof ShapeError));
  assert.equal(String(error), "ShapeError: matmul: inner sizes differ, (3×4)·(5×2)");
  assert.match(String(error.stack), /errors\.test/);
});

test("FormatError carries the format's name and where the trouble is", () => {
  const error = new FormatError("npy", "npy: expected 96 bytes, got 88 (byte 128)", 128);
  assert.ok(
    error instanceof Error && !(error instanceof RangeError) && !(error instanceof TypeError),
  );
  assert.deepEqual(
    [error.format, error.offset, error.message, error.name],
    ["npy", 128, "npy: expected 96 bytes, got 88 (byte 128)", "FormatError"],
  );
  assert.equal(String(error), "FormatError: npy: expected 96 bytes, got 88 (byte 128)");
});

test("DivergenceError carries the iteration and the loss", () => {
  const error = new DivergenceError("train: the loss is not finite", 7, Infinity);
  assert.ok(error instanceof Error && !(error instanceof RangeError));
  assert.deepEqual([error.iteration, error.loss, error.name], [7, Infinity, "DivergenceError"]);
  assert.equal(String(error), "DivergenceError: train: the loss is not finite");
});
