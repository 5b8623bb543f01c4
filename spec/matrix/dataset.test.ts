import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { checkDataset, checkLabels } from "../../lib/matrix/dataset.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { assertThrows } from "../helpers/throws.ts";

const any = (value: unknown): never => value as never;

test("checkLabels returns an Int32Array: the given one, or a copy of another kind of array", () => {
  const y = Int32Array.of(0, 2, 1);
  assert.equal(checkLabels("f", y, 3, 3), y);
  for (const other of [
    [0, 2, 1],
    Float64Array.of(0, 2, 1),
    Uint8Array.of(0, 2, 1),
    { length: 3, 0: 0, 1: 2, 2: 1 },
    [-0, 2, 1],
  ]) {
    const checked = checkLabels("f", other, 3, 3);
    assert.ok(checked instanceof Int32Array);
    assert.deepEqual([...checked], [0, 2, 1]);
  }
  assert.equal(checkLabels("f", [], 0, 3).length, 0);
});

test("checkLabels refuses a label beyond the classes, and says at which row", () => {
  assertThrows(
    () => checkLabels("f", [0, 3, 1], 3, 3),
    RangeError,
    "f: label 3 at row 1 is outside 0..2",
  );
  assertThrows(
    () => checkLabels("f", Int32Array.of(0, 1, 9), 3, 3),
    RangeError,
    "f: label 9 at row 2 is outside 0..2",
  );
});

test("checkLabels refuses what is no label of any net, and names encodeLabels", () => {
  const bad = [0.5, NaN, Infinity, -1, 2 ** 31, 2 ** 33, "1", "cat", 1n, undefined, null, true];
  for (const label of bad) {
    const got = typeof label === "string" ? `"${label}"` : typeof label === "bigint" ? "1n" : label;
    const message =
      `f: y[1] expected an integer label, 0 or more, got ${got}; ` +
      "encodeLabels turns names into labels";
    assertThrows(() => checkLabels("f", any([0, label]), 2, 3), TypeError, message);
    assertThrows(() => checkLabels("f", any([0, label]), 2), TypeError, message);
  }
});

test("checkLabels takes any label of an Int32Array where the classes are not known", () => {
  assert.deepEqual([...checkLabels("f", [2 ** 31 - 1, 0], 2)], [2 ** 31 - 1, 0]);
});

test("checkLabels reads each label once, by its index: what it checked is what it returns", () => {
  let reads = 0;
  const shifty = {
    length: 2,
    0: 1,
    get 1() {
      return reads++ === 0 ? 2 : 99;
    },
    *[Symbol.iterator]() {
      yield* [7, 7, 7];
    },
  };
  assert.deepEqual([...checkLabels("f", shifty, 2, 3)], [1, 2]);
});

test("checkLabels wants one label a row", () => {
  assertThrows(
    () => checkLabels("f", [0, 1], 3, 3),
    ShapeError,
    "f: expected 3 labels for 3 rows, got 2",
  );
  assertThrows(
    () => checkLabels("f", [0, 1, 2, 0], 3, 3),
    ShapeError,
    "f: expected 3 labels for 3 rows, got 4",
  );
  assertThrows(
    () => checkLabels("f", any(undefined), 3, 3),
    TypeError,
    "f: y expected an array of integer labels, got undefined",
  );
  assertThrows(
    () => checkLabels("f", any("012"), 3, 3),
    TypeError,
    'f: y expected an array of integer labels, got "012"',
  );
  assertThrows(
    () => checkLabels("f", any(new Set([0, 1, 2])), 3, 3),
    TypeError,
    "f: y expected an array of integer labels, got a Set",
  );
});

test("checkDataset returns X and y as an Int32Array", () => {
  const X = new Matrix(2, 3);
  const checked = checkDataset("f", { X, y: [1, 0] });
  assert.equal(checked.X, X);
  assert.deepEqual(checked.y, Int32Array.of(1, 0));
  assert.equal(checkDataset("f", { X: new Matrix(0, 3), y: [] }).y.length, 0);
});

test("checkDataset refuses what is no { X, y }", () => {
  assertThrows(
    () => checkDataset("f", any(undefined)),
    TypeError,
    "f: data expected { X, y }, got undefined",
  );
  assertThrows(
    () => checkDataset("f", any({ X: [[1]], y: [0] })),
    TypeError,
    "f: X expected a Matrix, got an array of 1",
  );
  assertThrows(
    () => checkDataset("f", { X: new Matrix(2, 1), y: [0, 2] }, 2),
    RangeError,
    "f: label 2 at row 1 is outside 0..1",
  );
});
