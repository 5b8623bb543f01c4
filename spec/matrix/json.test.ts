import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { matrixFromJson } from "../../lib/matrix/json.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

const special = Matrix.fromRows([
  [0, -0, NaN],
  [Infinity, -Infinity, 5e-324],
]);

test("A matrix goes through JSON without loss", () => {
  for (const matrix of [special, new Matrix(0, 3), new Matrix(2, 0)]) {
    const back = Matrix.fromJSON(JSON.parse(JSON.stringify(matrix)));
    assert.ok(back instanceof Matrix);
    assert.deepEqual(back.shape, matrix.shape);
    assertSameBits(back.data, matrix.data, "elements");
  }
});

test("JSON spells the numbers that it has no words for as strings", () => {
  assert.equal(
    JSON.stringify(special),
    '{"rows":2,"cols":3,"data":[0,"-0","NaN","Infinity","-Infinity",5e-324]}',
  );
});

test("JSON has every finite number but -0 as a number", () => {
  const values = [Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53, -1e21, 5e-324, -5e-324, 0.1];
  assert.deepEqual(Matrix.rowVector(values).toJSON().data, values);
});

test("A matrix goes through structuredClone, into elements of its own", () => {
  const copy = structuredClone(special);
  const back = Matrix.fromJSON(copy);
  assertSameBits(back.data, special.data, "elements");
  assert.notEqual(back.data, copy.data);
});

test("matrixFromJson refuses what describes no matrix", () => {
  const refused = (value: unknown, type: typeof TypeError, message: string): void =>
    void assertThrows(() => matrixFromJson("f", value), type, message);
  refused(null, TypeError, "f: expected a Matrix or { rows, cols, data }, got null");
  refused("x", TypeError, 'f: expected a Matrix or { rows, cols, data }, got "x"');
  refused({ rows: 1 }, TypeError, "f: expected a Matrix or { rows, cols, data }, got an Object");
  refused(
    { rows: "1", cols: 1, data: [1] },
    TypeError,
    'f: expected integers rows >= 0 and cols >= 0, got "1" and 1',
  );
  refused(
    { rows: 1, cols: 2, data: [1, null] },
    TypeError,
    'f: data[1] expected a number, "NaN", "Infinity", "-Infinity" or "-0", got null',
  );
  assertThrows(
    () => matrixFromJson("f", { rows: 2, cols: 2, data: [1] }),
    ShapeError,
    "f: expected 4 values for 2×2, got 1",
  );
  assertThrows(
    () => matrixFromJson("f", { rows: 2 ** 15, cols: 2 ** 15, data: [1] }),
    ShapeError,
    `f: expected ${2 ** 30} values for 32768×32768, got 1`,
  );
});
