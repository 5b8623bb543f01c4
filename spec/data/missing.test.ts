import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyNumbers, MISSING_TEXTS, missingTest } from "../../lib/data/missing.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";

test("missingTest takes empty cells and the usual texts for missing", () => {
  const isMissing = missingTest();
  for (const text of ["", ...MISSING_TEXTS]) assert.ok(isMissing(text), text);
  for (const text of ["0", "none", "no", "N", "unknown", "nan1"]) assert.ok(!isMissing(text), text);
});

test("missingTest takes other texts when they are given, and empty cells in any case", () => {
  const isMissing = missingTest([" -999 ", "x"]);
  for (const text of ["", "-999", "x"]) assert.ok(isMissing(text), text);
  assert.ok(!isMissing("NA"));
});

test("emptyNumbers empties the cells with a number that na names", () => {
  const table = parseCsv("a,b\n-999,1\n-999.0,x\n5,-9\n");
  const emptied = emptyNumbers(table, ["-999", "x"]);
  const texts = [0, 1, 2].map((row) => [emptied.text(row, 0), emptied.text(row, 1)]);
  assert.deepEqual(texts, [
    ["", "1"],
    ["", "x"],
    ["5", "-9"],
  ]);
  assert.deepEqual([emptied.number(0, 0), emptied.isNumber(0, 0)], [NaN, false]);
  assert.deepEqual([emptied.number(2, 0), emptied.isNumber(2, 0)], [5, true]);
  assert.equal(emptied.error("wrong", 1, 0).message, "csv:3:1: wrong");
});

test("emptyNumbers returns the table itself when na names no number", () => {
  const table = parseCsv("a,b\n1,2\n");
  assert.equal(emptyNumbers(table, ["x", "-"]), table);
  assert.equal(emptyNumbers(table), table);
});
