import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFeatures, encodeLabelColumn, encodeTable } from "../../lib/data/encode.ts";
import { fitEncoding } from "../../lib/data/fit.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";

const train = parseCsv("a,c,y\n1,u,p\n2,v,q\n4,u,q\n");
const encoding = fitEncoding(train, { label: "y" });

test("encodeLabelColumn gives -1 for a missing label", () => {
  const table = parseCsv("a,c,y\n1,u,q\n2,v,NA\n3,v,\n4,u,p\n");
  assert.deepEqual([...encodeLabelColumn(table, encoding)], [1, -1, -1, 0]);
  assert.deepEqual([...encodeTable(table, encoding).rows], [0, 3]);
});

test("encodeTable takes a class for a label even when its name means nothing elsewhere", () => {
  const table = parseCsv("a,y\n1,+\n2,-\n3,+\n");
  const plus = fitEncoding(table, { label: "y" });
  assert.deepEqual(plus.classes, ["+", "-"]);
  assert.deepEqual([...encodeTable(table, plus).y], [0, 1, 0]);
});

test("encodeFeatures reads numbers that are written in another way", () => {
  const table = parseCsv('c,a\nu,"1,234"\nv,TRUE\nu,007\n');
  const { X, cells } = encodeFeatures(table, encoding);
  assert.deepEqual(X.toRows(), [
    [1234, 1, 0],
    [1, 0, 1],
    [7, 1, 0],
  ]);
  assert.deepEqual(cells, []);
});

test("encodeFeatures counts every cell it could not use, also of rows that are dropped", () => {
  const table = parseCsv("a,c\nx,u\n,w\nx,?\n3,v\n");
  const dropping = { ...encoding, missing: "drop" as const };
  const { rows, cells } = encodeFeatures(table, dropping);
  assert.deepEqual([...rows], [3]);
  assert.deepEqual(cells, [
    { column: "a", missing: 1, notNumbers: 2, unknown: 0, example: "x" },
    { column: "c", missing: 1, notNumbers: 0, unknown: 1, example: "w" },
  ]);
});
