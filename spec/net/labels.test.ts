import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { checkLabels } from "../../lib/net/labels.ts";
import { assertThrows } from "../helpers/throws.ts";

const any = (value: unknown): never => value as never;

test("checkLabels gives an Int32Array: the very one it was given, or a copy of another kind of array", () => {
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

test("checkLabels refuses labels that are no integers in 0..classes-1, and says at which row", () => {
  assertThrows(
    () => checkLabels("f", [0, 3, 1], 3, 3),
    RangeError,
    "f: label 3 at row 1 is outside 0..2",
  );
  assertThrows(
    () => checkLabels("f", [0, 1, -1], 3, 3),
    RangeError,
    "f: label -1 at row 2 is outside 0..2",
  );
  assertThrows(
    () => checkLabels("f", Int32Array.of(0, 1, 9), 3, 3),
    RangeError,
    "f: label 9 at row 2 is outside 0..2",
  );
  for (const bad of [0.5, NaN, Infinity])
    assertThrows(
      () => checkLabels("f", [bad], 1, 3),
      RangeError,
      `f: label ${bad} at row 0 is no integer in 0..2`,
    );
  assertThrows(
    () => checkLabels("f", any([0, "1"]), 2, 3),
    TypeError,
    'f: label "1" at row 1 is no integer in 0..2',
  );
  assertThrows(
    () => checkLabels("f", any([0, undefined]), 2, 3),
    TypeError,
    "f: label undefined at row 1 is no integer in 0..2",
  );
  assertThrows(
    () => checkLabels("f", any([1n]), 1, 3),
    TypeError,
    "f: label 1n at row 0 is no integer in 0..2",
  );
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
    "f: labels expected an array of 3 integers, got undefined",
  );
  assertThrows(
    () => checkLabels("f", any("012"), 3, 3),
    TypeError,
    'f: labels expected an array of 3 integers, got "012"',
  );
  assertThrows(
    () => checkLabels("f", any(new Set([0, 1, 2])), 3, 3),
    TypeError,
    "f: labels expected an array of 3 integers, got a Set",
  );
});
