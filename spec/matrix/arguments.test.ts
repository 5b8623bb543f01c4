import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import {
  checkArrayLike,
  checkBoolean,
  checkCount,
  checkIndices,
  checkNumber,
  checkNumbers,
} from "../../lib/matrix/arguments.ts";
import { assertThrows } from "../helpers/throws.ts";

test("checkArrayLike returns the length of arrays and typed arrays", () => {
  assert.equal(checkArrayLike("f", "values", [1, 2]), 2);
  assert.equal(checkArrayLike("f", "values", new Uint8Array(3)), 3);
  assert.equal(checkArrayLike("f", "values", { length: 1, 0: 5 }), 1);
});

test("checkArrayLike refuses what is no array", () => {
  for (const [value, got] of [
    ["12", '"12"'],
    [new Set([1]), "a Set"],
    [null, "null"],
    [{ length: -1 }, "an Object"],
    [() => 1, "a function"],
  ] as const)
    assertThrows(
      () => checkArrayLike("f", "values", value as never),
      TypeError,
      `f: values expected an array, got ${got}`,
    );
});

test("checkCount refuses another number of values", () => {
  checkCount("f", "values", 2, 2, "rows");
  assertThrows(
    () => checkCount("f", "values", 2, 3, "rows"),
    ShapeError,
    "f: expected 3 values for 3 rows, got 2",
  );
});

test("checkNumbers names the first value that is no number", () => {
  assert.equal(checkNumbers("f", [1, NaN, -Infinity]), 3);
  assertThrows(
    () => checkNumbers("f", [1, 2n, "3"]),
    TypeError,
    "f: expected a number at values[1], got 2n",
  );
  assertThrows(
    () => checkNumbers("f", [1, "3"], (j) => `(2, ${j})`),
    TypeError,
    'f: expected a number at (2, 1), got "3"',
  );
});

test("checkIndices names the first index that is none", () => {
  assert.equal(checkIndices("f", [0, 2, 2], 3), 3);
  assertThrows(
    () => checkIndices("f", [0, 3], 3),
    RangeError,
    "f: index 1 expected an integer in 0..2, got 3",
  );
  assertThrows(
    () => checkIndices("f", ["0"] as never, 3),
    TypeError,
    'f: index 0 expected an integer in 0..2, got "0"',
  );
});

test("checkNumber and checkBoolean take their own type alone", () => {
  checkNumber("f", "s", NaN);
  checkBoolean("f", "transA", false);
  assertThrows(() => checkNumber("f", "s", "1"), TypeError, 'f: s expected a number, got "1"');
  assertThrows(
    () => checkBoolean("f", "transA", 1),
    TypeError,
    "f: transA expected true or false, got 1",
  );
});
