import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { tellingInputs } from "../../lib/report/telling-inputs.ts";

test("tellingInputs puts the inputs that separate the classes first", () => {
  // input 0 is noise, input 1 constant, input 2 the class, input 3 the class with noise
  const rows = Array.from({ length: 8 }, (_, i) => [i % 4, 5, i >> 2, (i >> 2) + (i % 2) / 4]);
  const labels = rows.map((_, i) => i >> 2);
  assert.deepEqual(tellingInputs(Matrix.fromRows(rows), labels), [2, 3, 0, 1]);
});

test("tellingInputs depends neither on an input's scale nor on where its zero is", () => {
  const rows = [
    [1e9 + 1, 3],
    [1e9 + 1.1, 1],
    [1e9 + 2, 3],
    [1e9 + 2.1, 1],
  ];
  assert.deepEqual(tellingInputs(Matrix.fromRows(rows), [0, 0, 1, 1]), [0, 1]);
});

test("tellingInputs leaves out values that are not finite", () => {
  const rows = [
    [NaN, 1],
    [Infinity, 1.1],
    [3, 2],
    [4, 2.1],
  ];
  assert.deepEqual(tellingInputs(Matrix.fromRows(rows), [0, 0, 1, 1]), [1, 0]);
  assert.deepEqual(tellingInputs(new Matrix(0, 3), []), [0, 1, 2]);
});
