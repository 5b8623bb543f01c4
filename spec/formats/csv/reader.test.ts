import assert from "node:assert/strict";
import { test } from "node:test";
import { CsvReader } from "../../../lib/formats/csv/reader.ts";

test("CsvReader waits with the dialect until there is enough text or no more", () => {
  const reader = new CsvReader({ name: "a.csv" });
  reader.add("a,b\n1,2\n");
  reader.read(false);
  assert.ok(!reader.hasRows);
  assert.equal(reader.waiting, 8);
  reader.read(true);
  assert.ok(reader.hasRows);
  assert.deepEqual(reader.takeTable().toRows(), [["1", "2"]]);
});

test("CsvReader gives each table the rows and the remarks since the last one", () => {
  const reader = new CsvReader({ name: "a.csv" });
  const row = `1,${"x".repeat(1000)}\n`;
  reader.add(`a,a\n,\n${row.repeat(200)}1,`);
  reader.read(false);
  assert.equal(reader.nextLine, 203);
  const first = reader.takeTable();
  assert.equal(first.rowCount, 200);
  assert.equal(first.remarks.length, 2);
  reader.remark("something else");
  reader.add("2\n,\n");
  reader.read(true);
  const second = reader.takeTable();
  assert.deepEqual(second.columns, first.columns);
  assert.deepEqual(second.toRows(), [["1", "2"]]);
  assert.deepEqual(
    second.remarks.map(({ text }) => text),
    ["something else", "skipped 1 blank row"],
  );
});
