import assert from "node:assert/strict";
import { test } from "node:test";
import { classTable, columnTable, htmlTable } from "../../lib/report/report-tables.ts";

/** The texts of the cells, row by row. */
const cells = (html: string): string[][] =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, text]) => text),
  );

test("htmlTable escapes every cell", () => {
  assert.deepEqual(cells(htmlTable("x", ["<a>"], [["b & c"]], [true])), [
    ["&lt;a&gt;"],
    ["b &amp; c"],
  ]);
});

test("classTable shows the scores of each class, a dash for those that are no number", () => {
  const counts = [
    [2, 0, 0],
    [1, 1, 0],
    [0, 0, 0],
  ];
  assert.deepEqual(cells(classTable(counts, ["a", "b", "c"])), [
    ["class", "rows", "precision", "recall", "F1"],
    ["a", "2", "0.667", "1.000", "0.800"],
    ["b", "2", "1.000", "0.500", "0.667"],
    ["c", "0", "–", "–", "–"],
  ]);
});

test("columnTable shows what was decided about columns", () => {
  const note = { column: "id", kind: "identifier", missing: 0, done: "left out" };
  assert.deepEqual(cells(columnTable([note]))[1], ["id", "identifier", "0", "left out"]);
});
