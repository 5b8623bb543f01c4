import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../../lib/base/errors.ts";
import { CsvCells, type CsvPlaces, CsvTable } from "../../../lib/formats/csv/table.ts";
import { assertThrows } from "../../helpers/throws.ts";

const placesOf = (rows: number): CsvPlaces => ({
  lines: new Uint32Array(rows),
  offsets: new Float64Array(rows),
});

/** Adds a cell, and makes room for it first. */
function addTo(cells: CsvCells, cell: number | string): void {
  if (cells.isFull) cells.grow(2);
  if (typeof cell === "number") cells.addNumber(cell);
  else cells.addText(cell);
}

const READING = { decimal: ".", remarks: [] } as const;

/** A table of the given cells, rows one line each. */
function tableOf(columns: string[], rows: (number | string)[][]): CsvTable {
  const cells = new CsvCells();
  for (const cell of rows.flat()) addTo(cells, cell);
  const places = {
    lines: Uint32Array.from(rows, (_, i) => i + 2),
    offsets: Float64Array.from(rows, (_, i) => 10 * (i + 1)),
  };
  return new CsvTable("t.csv", columns, cells.finish(), places, READING);
}

test("Numbers keep every bit and texts every character, whatever their neighbours", () => {
  const numbers = [0, -0, 1.5, 5e-324, -1.7976931348623157e308, 2 ** 53 + 2, 0.1];
  const texts = ["", "NaN", "a", "\ud83d\ude00", "x".repeat(1000), "a", "__proto__"];
  const table = tableOf(
    ["n", "s"],
    numbers.map((value, i) => [value, texts[i]]),
  );
  numbers.forEach((value, i) => {
    assert.ok(Object.is(table.number(i, 0), value), `${value}`);
    assert.equal(table.text(i, 1), texts[i]);
    assert.deepEqual([table.isNumber(i, 0), table.isNumber(i, 1)], [true, false]);
  });
});

test("CsvTable.number reads a text that spells a number, and gives NaN for any other", () => {
  const table = tableOf(["a"], [["007"], ["12345678901234567890"], ["n/a"], [""], [" 8 "]]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((row) => table.number(row, 0)),
    [7, 12345678901234567890, NaN, NaN, 8],
  );
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((row) => table.isNumber(row, 0)),
    [false, false, false, false, false],
  );
});

test("A text is kept once however often it occurs, and growing keeps what is there", () => {
  const cells = new CsvCells();
  for (let i = 0; i < 5000; i++) addTo(cells, i % 3 === 0 ? i : `word ${i % 7}`);
  assert.equal(cells.length, 5000);
  const data = cells.finish();
  assert.equal(data.strings.length, 7);
  const table = new CsvTable("t.csv", ["a"], data, placesOf(5000), READING);
  for (let i = 0; i < 5000; i++)
    assert.equal(table.text(i, 0), i % 3 === 0 ? String(i) : `word ${i % 7}`);
});

test("CsvCells keeps texts beyond the 2^20th distinct one each time they occur", () => {
  const cells = new CsvCells();
  const count = 2 ** 20 + 10;
  for (let i = 0; i < count; i++) addTo(cells, String(i));
  const again = [0, 5, 2 ** 20 - 1, 2 ** 20, count - 1];
  for (const i of again) addTo(cells, String(i));
  const data = cells.finish();
  assert.equal(data.strings.length, count + 2); // the last two are kept again
  const table = new CsvTable("t.csv", ["a"], data, placesOf(count + again.length), READING);
  for (const [i, row] of again.entries())
    assert.deepEqual([table.text(row, 0), table.text(count + i, 0)], [String(row), String(row)]);
});

test("Cells are cut to size once more than an eighth is unused", () => {
  for (const used of [0, 5, 1800, 1830, 2048, 2049, 4000]) {
    const cells = new CsvCells();
    for (let i = 0; i < used; i++) addTo(cells, String(i));
    const data = cells.finish();
    assert.equal(data.cells.length, used);
    const bytes = data.cells.buffer.byteLength;
    assert.ok(bytes / 8 - used <= used / 8, `${used} cells hold ${bytes} bytes`);
    if (used > 0)
      assert.equal(
        new CsvTable("t", ["a"], data, placesOf(used), READING).text(used - 1, 0),
        String(used - 1),
      );
  }
});

test("Rows come as text, and a table of no rows has none", () => {
  assert.deepEqual(
    tableOf(
      ["a", "b"],
      [
        [1.5, "x"],
        [1e21, ""],
      ],
    ).toRows(),
    [
      ["1.5", "x"],
      ["1e+21", ""],
    ],
  );
  const empty = tableOf(["a", "b"], []);
  assert.deepEqual([empty.rowCount, empty.toRows(), empty.columns], [0, [], ["a", "b"]]);
});

test("CsvTable.error names the line a cell begins on", () => {
  const table = tableOf(
    ["a", "b", "c"],
    [
      ["x\ny", "p\r\nq\rr", 1],
      [1, 2, 3],
    ],
  );
  assert.deepEqual(
    [0, 1, 2].map((column) => table.error("m", 0, column).message),
    ["t.csv:2:1: m", "t.csv:3:2: m", "t.csv:5:3: m"],
  );
  const error = table.error("m", 1, 2);
  assert.ok(error instanceof FormatError);
  assert.deepEqual([error.message, error.format, error.offset], ["t.csv:3:3: m", "csv", 20]);
  assert.deepEqual([table.error("m").message, table.error("m").offset], ["t.csv: m", 0]);
});

test("A row or a column that is not there is refused, not answered", () => {
  const table = tableOf(
    ["a", "b"],
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  );
  for (const method of ["number", "text", "isNumber"] as const) {
    const cases: [unknown, unknown, RangeErrorConstructor | TypeErrorConstructor, string][] = [
      [-1, 0, RangeError, "row expected an integer in 0..2, got -1"],
      [3, 0, RangeError, "row expected an integer in 0..2, got 3"],
      [0.5, 0, RangeError, "row expected an integer in 0..2, got 0.5"],
      [NaN, 0, RangeError, "row expected an integer in 0..2, got NaN"],
      ["1", 0, TypeError, 'row expected an integer in 0..2, got "1"'],
      [0, 2, RangeError, "column expected an integer in 0..1, got 2"],
      [0, -1, RangeError, "column expected an integer in 0..1, got -1"],
      [0, undefined, TypeError, "column expected an integer in 0..1, got undefined"],
      [0, "b", TypeError, 'column expected an integer in 0..1, got "b"'],
    ];
    for (const [row, column, type, message] of cases) {
      assertThrows(
        () => table[method](row as number, column as number),
        type,
        `CsvTable.${method}: ${message}`,
      );
    }
    assertThrows(
      () => tableOf(["a"], [])[method](0, 0),
      RangeError,
      `CsvTable.${method}: row expected an index, got 0 where there are none`,
    );
  }
  assertThrows(
    () => table.error("m", 3, 0),
    RangeError,
    "CsvTable.error: row expected an integer in 0..2, got 3",
  );
});
