import assert from "node:assert/strict";
import { test } from "node:test";
import { countCells, countNumbers, scanColumn } from "../../lib/data/column-scan.ts";
import { missingTest } from "../../lib/data/missing.ts";
import { allRows } from "../../lib/data/rows.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";

const rows = allRows(5);
const table = parseCsv('a,b\n1,x\n"2,000",y\nNA,-\n007,x\n-3,+\n', { header: true });

test("scanColumn counts missing cells, numbers and texts in one pass", () => {
  const a = scanColumn(table, 0, missingTest(), rows);
  assert.equal(a.rows, 5);
  assert.equal(a.missing, 1);
  assert.equal(a.numbers, 3);
  assert.equal(a.unusual, "2,000");
  assert.equal(a.min, -3);
  assert.equal(a.max, 2000);
  assert.ok(a.integers);
  assert.ok(!a.increasing);
  assert.deepEqual([...a.texts], [["007", { count: 1, row: 3 }]]);
});

test("scanColumn takes a minus for a text beside a plus, and for a missing cell elsewhere", () => {
  const beside = scanColumn(table, 1, missingTest(), rows);
  assert.equal(beside.missing, 0);
  assert.equal(beside.texts.get("-")?.count, 1);
  const alone = scanColumn(parseCsv("a\n-\nx\n"), 0, missingTest(), allRows(2));
  assert.equal(alone.missing, 1);
  assert.ok(!alone.texts.has("-"));
});

test("countCells counts the different cells, of some rows when they are given", () => {
  assert.deepEqual(
    [...countCells(table, 1, missingTest(), rows)],
    [
      ["x", 2],
      ["y", 1],
      ["+", 1],
    ],
  );
  assert.deepEqual(
    [...countCells(table, 1, missingTest(), Int32Array.of(0, 1))],
    [
      ["x", 1],
      ["y", 1],
    ],
  );
});

test("countNumbers counts different numbers, those of one unit", () => {
  assert.equal(countNumbers(table, 0, undefined, rows), 4);
  const sizes = parseCsv("a\n1 cm\n1\n2 cm\n2 cm\n3 in\n", { delimiter: "," });
  assert.equal(countNumbers(sizes, 0, "cm", allRows(5)), 2);
});

test("scanColumn reads numbers that share one unit, and keeps other texts", () => {
  const cells = [...Array.from({ length: 20 }, (_, i) => `${i + 1} cm`), "tall"];
  const scan = scanColumn(
    parseCsv(`a\n${cells.join("\n")}\n`, { delimiter: "," }),
    0,
    missingTest(),
    allRows(21),
  );
  assert.equal(scan.unit, "cm");
  assert.equal(scan.unusual, "1 cm");
  assert.equal(scan.numbers, 20);
  assert.equal(scan.max, 20);
  assert.deepEqual([...scan.texts.keys()], ["tall"]);
});

test("scanColumn scans the rows given only", () => {
  const scan = scanColumn(table, 0, missingTest(), Int32Array.of(0, 1));
  assert.equal(scan.rows, 2);
  assert.equal(scan.missing, 0);
  assert.equal(scan.min, 1);
});
