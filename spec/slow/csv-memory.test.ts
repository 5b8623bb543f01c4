// A large table costs memory in proportion to what it holds: 8 bytes a cell, and each distinct
// string once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Random } from "../../lib/base/random.ts";
import { encodeTable } from "../../lib/data/encode.ts";
import { fitEncoding } from "../../lib/data/fit.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** 100 000 rows of 49 numbers and a label, as the bytes of a file. */
function file(rows: number): Uint8Array {
  const values = new Random(1).uniform(4900);
  const lines = Array.from({ length: 100 }, (_, i) =>
    Array.from(values.subarray(49 * i, 49 * i + 49), (value) => value.toFixed(6)).join(","),
  );
  const text = Array.from({ length: rows }, (_, i) => `${lines[i % 100]},class ${i % 3}\n`).join(
    "",
  );
  return new TextEncoder().encode(
    `${Array.from({ length: 49 }, (_, j) => `c${j}`).join(",")},label\n${text}`,
  );
}

test("A parsed CSV of 100 000 rows and 50 columns keeps 8 bytes a cell", () => {
  const rows = 100000;
  const bytes = file(rows);
  collectGarbage();
  const before = process.memoryUsage();
  const table = parseCsv(bytes);
  collectGarbage();
  const after = process.memoryUsage();
  const cells = 8 * rows * 50;
  const buffers = after.arrayBuffers - before.arrayBuffers;
  const heap = after.heapUsed - before.heapUsed;
  assert.ok(
    buffers >= cells && buffers < 1.15 * cells + 8 * rows,
    `${buffers} bytes in arrays for ${cells} in cells`,
  );
  assert.ok(heap < 4e6, `${heap} bytes in objects and strings`);
  const { X, y } = encodeTable(table, fitEncoding(table, { label: "label" }));
  assert.deepEqual([X.rows, X.cols, y[4], y[5]], [rows, 49, 1, 2]);
  assert.equal(X.get(rows - 1, 48), table.number(99, 48));
});
