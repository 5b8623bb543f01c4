import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFeatures, encodeTable } from "../../lib/data/encode.ts";
import { fitEncoding } from "../../lib/data/fit.ts";
import { tableFromRecords } from "../../lib/data/records.ts";

test("Objects are encoded as the rows of a file are, whatever the order of their keys", () => {
  const table = tableFromRecords([
    { a: 1, color: "red", y: "no" },
    { y: "yes", color: "blue", a: "2.5" },
  ]);
  const encoding = fitEncoding(table, { label: "y", categorical: ["color"] });
  const { X, y } = encodeTable(table, encoding);
  assert.deepEqual(
    [X.toRows(), [...y]],
    [
      [
        [1, 0, 1],
        [2.5, 1, 0],
      ],
      [0, 1],
    ],
  );
  assert.deepEqual(
    encodeFeatures(tableFromRecords([{ color: "red", a: 3 }]), encoding).X.toRows(),
    [[3, 0, 1]],
  );
});

test('null, undefined, NaN, "" and a missing key are empty cells', () => {
  const table = tableFromRecords([
    { a: null },
    { a: undefined },
    { a: NaN },
    { a: "" },
    {},
    { a: "0x10" },
    { a: Infinity },
    { a: " no " },
  ]);
  for (let row = 0; row < table.rowCount; row++)
    assert.ok(Number.isNaN(table.number(row, 0)), `row ${row}`);
  assert.deepEqual(
    Array.from({ length: 8 }, (_, row) => table.text(row, 0)),
    ["", "", "", "", "", "0x10", "Infinity", "no"],
  );
  assert.deepEqual(
    [table.isNumber(4, 0), tableFromRecords([{ a: 5 }]).isNumber(0, 0)],
    [false, true],
  );
});

test("true and false are 1 and 0, dates are their ISO text", () => {
  const table = tableFromRecords([{ a: true, b: new Date(0) }, { a: false }]);
  assert.equal(table.number(0, 0), 1);
  assert.equal(table.text(0, 0), "true");
  assert.equal(table.number(1, 0), 0);
  assert.ok(!table.isNumber(1, 0));
  assert.equal(table.text(0, 1), "1970-01-01T00:00:00.000Z");
});

test("A BigInt is a number", () => {
  const table = tableFromRecords([
    { a: 3n, y: "no" },
    { a: -1152921504606846977n, y: "yes" },
  ]);
  assert.equal(table.number(0, 0), 3);
  assert.ok(table.isNumber(0, 0));
  assert.equal(table.text(1, 0), "-1152921504606846977"); // all digits, as of a key
  const { X } = encodeTable(table, fitEncoding(table, { label: "y" }));
  assert.deepEqual(X.toRows(), [[3], [-(2 ** 60)]]);
});

test("A cell that is an object, an array, a function or a symbol is refused by its name", () => {
  for (const [value, text] of [
    [{ b: 1 }, "an Object"],
    [[1, 2], "an array of 2"],
    [() => 1, "a function"],
    [Symbol("s"), "Symbol(s)"],
    [new Map(), "a Map"],
  ] as const) {
    const table = tableFromRecords([
      { a: 1, y: "no" },
      { a: value, y: "yes" },
    ]);
    const refusal = {
      name: "TypeError",
      message:
        "rows[1].a: expected a number, a string, true, false, null or a date, " + `got ${text}`,
    };
    assert.throws(() => table.text(1, 0), refusal);
    assert.throws(() => table.number(1, 0), refusal);
    assert.throws(() => fitEncoding(table, { label: "y" }), refusal);
  }
});

test("A cell of a column that nobody asked for may be anything", () => {
  const table = tableFromRecords([
    { a: 1, more: {}, y: "no" },
    { a: 2, more: [], y: "yes" },
  ]);
  const encoding = fitEncoding(table, { label: "y", ignore: ["more"] });
  assert.deepEqual(encodeTable(table, encoding).X.toRows(), [[1], [2]]);
});

test("Errors name the row and the key, or the keys there are", () => {
  const train = tableFromRecords([{ a: 1, b: 2, y: 0 }]);
  const encoding = fitEncoding(train, { label: "y", missing: "error" });
  const wrong = tableFromRecords([
    { b: 1, a: 2 },
    { b: 1, a: "n/a" },
  ]);
  assert.throws(() => encodeFeatures(wrong, encoding), {
    name: "RangeError",
    message: 'rows[1].a: expected a number, got "n/a"',
  });
  assert.throws(() => encodeFeatures(tableFromRecords([{ b: 1 }], "predict"), encoding), {
    name: "RangeError",
    message: 'predict: expected a column "a", got "b"',
  });
});

test("keys are the record's own: nothing is inherited", () => {
  const table = tableFromRecords([
    JSON.parse('{ "__proto__": 1, "a": 2 }'),
    Object.create({ a: 3 }),
  ]);
  assert.deepEqual(table.columns, ["__proto__", "a"]);
  assert.equal(table.number(0, 0), 1);
  assert.ok(Number.isNaN(table.number(1, 1)));
});

test("No records give no columns and encode to no rows; what is no object is refused", () => {
  const encoding = fitEncoding(tableFromRecords([{ a: 1, b: 2, y: 0 }]), { label: "y" });
  const { X } = encodeFeatures(tableFromRecords([]), encoding);
  assert.deepEqual([X.rows, X.cols], [0, 2]);
  assert.deepEqual([tableFromRecords([]).columns, tableFromRecords([]).rowCount], [[], 0]);
  assert.throws(() => tableFromRecords("x" as never), {
    name: "TypeError",
    message: 'rows: expected an array of objects, got "x"',
  });
  assert.throws(() => encodeFeatures(tableFromRecords([{}]), encoding), {
    name: "RangeError",
    message: 'rows: expected columns "a", "b", got none',
  });
  assert.throws(() => tableFromRecords([, { a: 1 }] as never), {
    name: "TypeError",
    message: "rows[0]: expected an object of column names and values, got undefined",
  });
  assert.throws(() => tableFromRecords([{}, [1]] as never), {
    name: "TypeError",
    message: "rows[1]: expected an object of column names and values, got an array of 1",
  });
});
