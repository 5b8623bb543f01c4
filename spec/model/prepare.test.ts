import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { columnStatistics } from "../../lib/data/standardize.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { prepareImages, prepareTable } from "../../lib/model/prepare.ts";
import { assertThrows } from "../helpers/throws.ts";

const ROWS = Array.from({ length: 50 }, (_, i) => [
  i,
  i === 3 ? "" : (i * 7) % 11,
  5,
  i % 2 === 0 ? "even" : "odd",
]);
const table = parseCsv(
  [["a", "b", "c", "label"], ...ROWS].map((row) => `${row.join()}\n`).join(""),
);

test("prepareTable takes means and deviations from the training rows alone", () => {
  const { classifier, data, validation, rows } = prepareTable(table, {
    label: "label",
    features: ["a", "b", "c"],
    hiddenSize: 4,
    random: new Random(5),
  });
  assert.deepEqual([data.X.rows, data.X.cols, validation!.X.rows], [40, 3, 10]);
  assert.deepEqual(
    [...rows.train, ...rows.validation].sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, i) => i),
  );
  assert.equal(validation!.y.filter((label) => label === 0).length, 5);
  const means = [0, 1].map((j) => {
    const values = Array.from(rows.train, (row) => table.number(row, j)).filter(
      (value) => !Number.isNaN(value),
    );
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  assert.deepEqual(
    classifier.encoding.features.slice(0, 2).map((feature) => "mean" in feature && feature.mean),
    means,
  );
  const { mean, std } = columnStatistics(data.X);
  for (let j = 0; j < 3; j++) {
    assert.ok(Math.abs(mean.data[j]) < 1e-12);
    assert.ok(Math.abs(std.data[j] - 1) < 1e-12);
  }
  for (const [i, row] of rows.validation.entries()) {
    assert.equal(validation!.X.get(i, 0), (row - classifier.mean.data[0]) / classifier.std.data[0]);
    assert.equal(validation!.X.get(i, 2), 0);
    assert.equal(classifier.classes[validation!.y[i]], table.text(row, 3));
  }
});

test("prepareTable can hold nothing back and leave columns as they are", () => {
  const { classifier, data, validation } = prepareTable(table, {
    label: "label",
    features: ["a"],
    validation: 0,
    standardize: "none",
  });
  assert.equal(validation, undefined);
  assert.deepEqual(
    Array.from(data.X.data),
    Array.from({ length: 50 }, (_, i) => i),
  );
  assert.equal(classifier.net.hiddenSize, 100);
});

test("prepareTable holds out a test set that nothing depends on", () => {
  const options = { label: "label", features: ["a", "b"], validation: 0.2, test: 0.2 };
  const { classifier, data, test: held, rows } = prepareTable(table, options);
  assert.equal(data.X.rows, 30);
  assert.equal(held!.X.rows, 10);
  const changed = parseCsv(
    `a,b,label\n${Array.from({ length: 50 }, (_, i) =>
      rows.test.includes(i)
        ? `${i + 1000},7,${table.text(i, 3)}`
        : `${table.text(i, 0)},${table.text(i, 1)},${table.text(i, 3)}`,
    ).join("\n")}`,
  );
  const again = prepareTable(changed, options);
  assert.deepEqual(again.rows, rows);
  assert.ok(again.data.X.equals(data.X));
  assert.ok(again.classifier.mean.equals(classifier.mean));
});

test("prepareTable takes an array of objects as it takes a table", () => {
  const records = Array.from({ length: table.rowCount }, (_, i) =>
    Object.fromEntries(
      table.columns.map((name, j) => [
        name,
        table.isNumber(i, j) ? table.number(i, j) : table.text(i, j),
      ]),
    ),
  );
  const fromTable = prepareTable(table, { label: "label", hiddenSize: 4 });
  const fromRecords = prepareTable(records, { label: "label", hiddenSize: 4 });
  assert.ok(fromRecords.data.X.equals(fromTable.data.X));
  assert.deepEqual(fromRecords.data.y, fromTable.data.y);
  assert.deepEqual(fromRecords.classifier.encoding, fromTable.classifier.encoding);
  assert.throws(() => prepareTable(5 as never, { label: "y" }), {
    name: "TypeError",
    message: "prepareTable: rows expected an array of objects or a table, got 5",
  });
});

test("prepareTable leaves rows without a label out of every part", () => {
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${i % 7},${i === 5 ? "NA" : i % 2 ? "p" : "q"}`,
  );
  const { classifier, rows: parts } = prepareTable(parseCsv(`a,y\n${rows.join("\n")}`), {
    label: "y",
  });
  assert.equal(parts.train.length + parts.validation.length, 39);
  assert.ok(![...parts.train, ...parts.validation].includes(5));
  assert.deepEqual(classifier.encoding.decisions, [
    {
      column: "y",
      kind: "label",
      missing: 1,
      done: 'rows without a label, such as "NA", are left out',
      otherwise: { name: "na", value: "?" },
      confirm: [{ name: "missing", value: "mean" }],
    },
  ]);
});

test("Rows that are dropped are in no part", () => {
  const { rows, data } = prepareTable(table, { label: "label", missing: "drop" });
  assert.equal(rows.train.length + rows.validation.length, 49);
  assert.ok(!rows.train.includes(3) && !rows.validation.includes(3));
  assert.equal(data.X.rows, rows.train.length);
});

test("prepareTable refuses a single label, and what fitEncoding refuses", () => {
  const one = parseCsv("x,label\n1,a\n2,a\n", { name: "one.csv" });
  assert.throws(() => prepareTable(one, { label: "label" }), {
    name: "FormatError",
    message: 'one.csv: expected at least two different labels in "label", got one',
  });
  assert.throws(() => prepareTable(one, { label: "kind" }), {
    name: "FormatError",
    message: 'one.csv: expected a column "kind", got "x", "label"',
  });
  assert.throws(
    () => prepareTable(table, { label: "label", missing: "mean", standardize: "rows" as never }),
    {
      name: "TypeError",
      message: 'prepare: standardize expected "columns" | "common" | "none", got "rows"',
    },
  );
});

test("prepareImages subtracts each pixel's mean and divides by one deviation for all", () => {
  const N = 20;
  const images = {
    shape: [N, 2, 2],
    data: Uint8Array.from({ length: N * 4 }, (_, i) => (i % 4 === 3 ? 7 : (i * 37) % 256)),
  };
  const y = Int32Array.from({ length: N }, (_, i) => i % 2);
  const { classifier, data, validation, rows } = prepareImages(images, y, [0, 1], {
    hiddenSize: 3,
  });
  assert.deepEqual(classifier.columns, ["pixel_0", "pixel_1", "pixel_2", "pixel_3"]);
  assert.deepEqual([data.X.rows, validation!.X.rows], [16, 4]);
  assert.equal(new Set(classifier.std.data).size, 1);
  const squares = data.X.data.reduce((sum, value) => sum + value * value, 0);
  assert.ok(Math.abs(squares / data.X.data.length - 1) < 1e-12);
  for (let i = 0; i < 16; i++) assert.equal(data.X.get(i, 3), 0);
  const row = rows.validation[0];
  assert.equal(
    validation!.X.get(0, 1),
    (images.data[row * 4 + 1] - classifier.mean.data[1]) / classifier.std.data[1],
  );
});

test("prepareImages refuses labels and classes that do not fit the images", () => {
  const images = { shape: [4, 1, 2], data: Uint8Array.of(0, 255, 10, 200, 250, 3, 255, 0) };
  const y = Int32Array.of(0, 0, 1, 1);
  const of =
    (y: unknown, labels: unknown = ["dark", "light"], from: unknown = images) =>
    () =>
      prepareImages(from as typeof images, y as Int32Array, labels as string[], { hiddenSize: 2 });
  assertThrows(
    of(Int32Array.of(0, 0, 1)),
    ShapeError,
    "prepareImages: expected 4 labels for 4 rows, got 3",
  );
  // before 2^32 columns are named
  assertThrows(
    of(new Int32Array(0), undefined, { shape: [0, 65535, 65535], data: new Uint8Array(0) }),
    ShapeError,
    "prepareImages: expected at least one image, got none",
  );
  assertThrows(
    of(Int32Array.of(0, 0, 1, 1, 1)),
    ShapeError,
    "prepareImages: expected 4 labels for 4 rows, got 5",
  );
  assertThrows(
    of(Int32Array.of(0, 0, 1, 2)),
    RangeError,
    "prepareImages: label 2 at row 3 is outside 0..1",
  );
  assertThrows(
    of(Int32Array.of(0, -1, 1, 1)),
    TypeError,
    "prepareImages: y[1] expected an integer label, 0 or more, got -1; encodeLabels turns " +
      "names into labels",
  );
  assertThrows(
    of([0, 0, 1, 0.5]),
    TypeError,
    "prepareImages: y[3] expected an integer label, 0 or more, got 0.5; encodeLabels turns " +
      "names into labels",
  );
  assertThrows(
    of(undefined),
    TypeError,
    "prepareImages: y expected an array of integer labels, got undefined",
  );
  assertThrows(of(y, "ab"), TypeError, 'prepareImages: classes expected an array, got "ab"');
  assertThrows(of(y, []), RangeError, "prepareImages: classes expected at least one, got none");
  assertThrows(
    of(y, ["a", "a"]),
    RangeError,
    'prepareImages: classes expected names that differ, got "a" twice',
  );
  assertThrows(
    of(y, ["a", 1]),
    TypeError,
    "prepareImages: classes[1] expected a string as the first one, got 1",
  );
  assertThrows(
    of(y, ["a", "b"], null),
    TypeError,
    "prepareImages: images expected { shape, data }, such as parseIdx returns, got null",
  );
});

test('classWeights: "balanced" gives each class the same weight in all', () => {
  const rows = Array.from({ length: 50 }, (_, i) => `${(i * 7) % 11},${i < 40 ? "ok" : "fail"}`);
  const rare = parseCsv(`a,y\n${rows.join("\n")}\n`);
  const { data } = prepareTable(rare, { label: "y", validation: 0, classWeights: "balanced" });
  const sums = [0, 0];
  data.y.forEach((label, i) => (sums[label] += data.sampleWeights![i]));
  assert.ok(Math.abs(sums[0] - 25) < 1e-12);
  assert.ok(Math.abs(sums[1] - 25) < 1e-12);
  assert.equal(prepareTable(rare, { label: "y" }).data.sampleWeights, undefined);
});

test("No cell of a test row has an influence on what is learned", () => {
  const cell = (i: number): string => ["red", "green", "blue"][i % 3];
  const rows = Array.from({ length: 60 }, (_, i) => ({
    size: i * 1.5,
    color: cell(i),
    kind: i % 2 === 0 ? "even" : "odd",
  }));
  const options = { label: "kind", test: 0.25, hiddenSize: 4 };
  const first = prepareTable(rows, options);
  const isTest = new Set(first.rows.test);
  const changed = rows.map((row, i) =>
    isTest.has(i) ? { ...row, size: -1e6 * i, color: `other ${i}` } : row,
  );
  const second = prepareTable(changed, options);
  assert.equal(isTest.size, 15);
  assert.deepEqual(second.rows, first.rows);
  assert.deepEqual(second.classifier.encoding, first.classifier.encoding);
  assert.deepEqual(second.data, first.data);
  assert.deepEqual(second.validation, first.validation);
  assert.deepEqual(second.classifier.net.params, first.classifier.net.params);
});

test("A slip in a test row is named like any other", () => {
  const cells = Array.from({ length: 80 }, (_, i) => `${i * 1.5},${i % 2 ? "x" : "y"}\n`);
  const text = `a,kind\n${cells.join("")}`;
  const { rows } = prepareTable(parseCsv(text), { label: "kind", test: 0.25 });
  const lines = text.split("\n");
  lines[rows.test[3] + 1] = `1.2.3,${lines[rows.test[3] + 1].slice(-1)}`;
  assert.throws(() => prepareTable(parseCsv(lines.join("\n")), { label: "kind", test: 0.25 }), {
    message: new RegExp(`^csv:${rows.test[3] + 2}:1: expected a number as in the rest of "a"`),
  });
});
