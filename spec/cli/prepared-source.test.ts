import assert from "node:assert/strict";
import { test } from "node:test";
import { Arguments, UsageError } from "../../lib/cli/arguments.ts";
import { labelNotes, readPrepared } from "../../lib/cli/prepared-source.ts";
import type { Source } from "../../lib/cli/source.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { shapesCsv } from "../helpers/cli.ts";
import { assertThrows } from "../helpers/throws.ts";

const args = (options: Record<string, string | true> = {}): Arguments =>
  new Arguments("train", [], new Map(Object.entries(options)));
const source: Source = {
  kind: "table",
  table: parseCsv(shapesCsv(60)),
  name: "shapes.csv",
  hash: "",
};

test("readPrepared requires a label of a CSV and refuses it for images", () => {
  assertThrows(
    () => readPrepared(args(), source),
    UsageError,
    'expected --label COLUMN, one of "id", "size", "color", "shape"',
  );
  const images: Source = {
    kind: "images",
    images: { shape: [2, 1], data: Uint8Array.of(1, 2) },
    y: Int32Array.of(0, 1),
    classes: [0, 1],
    name: "i",
    hash: "",
  };
  assertThrows(
    () => readPrepared(args({ label: "x" }), images),
    UsageError,
    "--label is for CSV, got images",
  );
  assertThrows(
    () => readPrepared(args({ label: "shape", validation: "1" }), source),
    UsageError,
    "--validation expected a share below 1, got 1",
  );
});

test("labelNotes says when labels are amounts, names of rows, or differ only in capitals", () => {
  const halves = Array.from({ length: 40 }, (_, i) => i / 2);
  const integers = Array.from({ length: 40 }, (_, i) => i);
  const names = integers.map((i) => `n${i}`);
  const amounts = "a net learns classes, not amounts; put the numbers into a few groups first";
  assert.deepEqual(labelNotes("y", halves, 1000), [
    `"y" has 40 different numbers in 1000 rows: ${amounts}`,
  ]);
  assert.deepEqual(labelNotes("y", integers, 60), [
    `"y" has 40 different numbers in 60 rows: ${amounts}`,
  ]);
  assert.deepEqual(labelNotes("y", integers, 1000), []);
  const few = "a column of classes has few values that many rows share";
  assert.deepEqual(labelNotes("y", names, 60), [`"y" has 40 different values in 60 rows; ${few}`]);
  assert.deepEqual(labelNotes("y", ["NO", "YES", "Yes"], 60), [
    'the classes "YES" and "Yes" differ only in capital letters',
  ]);
  assert.deepEqual(labelNotes("y", ["No", "Yes", "maybe", "no", "yes"], 60), [
    'the classes "No" and "no" differ only in capital letters',
    'the classes "Yes" and "yes" differ only in capital letters',
  ]);
  assert.deepEqual(labelNotes("y", ["no", "yes"], 60), []);
});
