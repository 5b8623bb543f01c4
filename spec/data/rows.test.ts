import assert from "node:assert/strict";
import { test } from "node:test";
import { allRows, checkRows } from "../../lib/data/rows.ts";

test("checkRows gives the rows of an option, or all without it", () => {
  assert.deepEqual(allRows(3), Int32Array.of(0, 1, 2));
  assert.deepEqual(checkRows("f", undefined, 3), Int32Array.of(0, 1, 2));
  assert.deepEqual(checkRows("f", [2, 0, 2], 3), Int32Array.of(2, 0, 2));
  assert.deepEqual(checkRows("f", [], 0), new Int32Array(0));
});

test("checkRows refuses what is no array, and rows that are not there", () => {
  const cases: [unknown, number, string, string][] = [
    [5, 3, "TypeError", "f: rows expected an array of row numbers, got 5"],
    [null, 3, "TypeError", "f: rows expected an array of row numbers, got null"],
    [[0, 3], 3, "RangeError", "f: rows[1] expected an integer in 0..2, got 3"],
    [[-1], 3, "RangeError", "f: rows[0] expected an integer in 0..2, got -1"],
    [[0.5], 3, "RangeError", "f: rows[0] expected an integer in 0..2, got 0.5"],
    [["1"], 3, "TypeError", 'f: rows[0] expected an integer in 0..2, got "1"'],
    [[0], 0, "RangeError", "f: rows[0] expected an index, got 0 where there are none"],
    // a length that no memory holds
    [{ length: 2 ** 40 }, 3, "TypeError", "f: rows[0] expected an integer in 0..2, got undefined"],
  ];
  for (const [rows, count, name, message] of cases)
    assert.throws(() => checkRows("f", rows as number[], count), { name, message });
});
