import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import {
  checkDisjoint,
  checkHas,
  checkIndex,
  checkInPlace,
  checkMatrix,
  checkMatrixOf,
  checkShape,
  checkSizes,
  shapeOf,
} from "../../lib/matrix/shape.ts";
import { assertThrows } from "../helpers/throws.ts";

test("shapeOf writes rows and columns with a multiplication sign", () => {
  assert.equal(shapeOf({ rows: 3, cols: 4 }), "3×4");
  assert.equal(shapeOf(new Matrix(0, 12)), "0×12");
});

test("checkShape builds its message only when it throws", () => {
  let built = 0;
  checkShape(true, () => `message ${++built}`);
  assert.equal(built, 0);
  assertThrows(
    () => checkShape(false, () => "f: expected 1×2, got 2×1"),
    ShapeError,
    "f: expected 1×2, got 2×1",
  );
});

test("checkSizes takes integers from 0 on, of at most 2^31 - 1 elements", () => {
  for (const [rows, cols] of [
    [0, 0],
    [0, 5],
    [3, 0],
    [2 ** 53 - 1, 0],
    [2 ** 31 - 1, 1],
  ])
    checkSizes("f", rows, cols);
  assertThrows(
    () => checkSizes("f", 2 ** 16, 2 ** 15),
    RangeError,
    "f: expected at most 2147483647 elements, got 65536×32768",
  );
  for (const bad of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(
      () => checkSizes("f", bad, 1),
      ShapeError,
      `f: expected integers rows >= 0 and cols >= 0, got ${bad} and 1`,
    );
    assertThrows(
      () => checkSizes("f", 1, bad),
      ShapeError,
      `f: expected integers rows >= 0 and cols >= 0, got 1 and ${bad}`,
    );
  }
  assertThrows(
    () => checkSizes("f", "2", 1),
    TypeError,
    'f: expected integers rows >= 0 and cols >= 0, got "2" and 1',
  );
  assertThrows(
    () => checkSizes("f", 1, undefined),
    TypeError,
    "f: expected integers rows >= 0 and cols >= 0, got 1 and undefined",
  );
});

test("checkMatrix takes matrices of any copy of the class and nothing that looks like one", () => {
  checkMatrix("f", "b", new Matrix(2, 3));
  checkMatrix("f", "b", { rows: 1, cols: 2, data: new Float64Array(2), matmul() {} });
  for (const [value, text] of [
    [undefined, "undefined"],
    [null, "null"],
    [3, "3"],
    ["x", '"x"'],
    [[[1, 2]], "an array of 1"],
    [new Float64Array(4), "a Float64Array"],
    [
      structuredClone(new Matrix(1, 2)),
      "an Object with rows, cols and data; Matrix.fromJSON makes a Matrix of it",
    ],
    [{ rows: 1, cols: 2, data: [1, 2], matmul() {} }, "an Object"],
    [{ rows: -1, cols: 2, data: new Float64Array(2), matmul() {} }, "an Object"],
    [{ rows: 1, data: new Float64Array(2), matmul() {} }, "an Object"],
  ] as const)
    assertThrows(
      () => checkMatrix("f", "b", value),
      TypeError,
      `f: b expected a Matrix, got ${text}`,
    );
});

test("checkMatrix notices elements that were transferred away", () => {
  const matrix = new Matrix(2, 3);
  structuredClone(matrix.data, { transfer: [matrix.data.buffer as ArrayBuffer] });
  assertThrows(
    () => checkMatrix("f", "b", matrix),
    ShapeError,
    "f: b expected 6 values for 2×3, got 0",
  );
});

test("checkMatrixOf names the shape that a matrix should have and the one it has", () => {
  checkMatrixOf("f", "b", new Matrix(3, 4), 3, 4);
  for (const [rows, cols] of [
    [4, 3],
    [3, 5],
    [2, 4],
  ]) {
    assertThrows(
      () => checkMatrixOf("f", "b", new Matrix(rows, cols), 3, 4),
      ShapeError,
      `f: b expected 3×4, got ${rows}×${cols}`,
    );
  }
  assertThrows(
    () => checkMatrixOf("f", "row", [1, 2, 3, 4] as never, 3, 4),
    TypeError,
    "f: row expected a Matrix, got an array of 4",
  );
});

test("checkDisjoint refuses any shared element, checkInPlace only a shifted one", () => {
  const whole = new Matrix(6, 2);
  const [top, middle, bottom] = [
    whole.sliceRows(0, 3),
    whole.sliceRows(2, 5),
    whole.sliceRows(3, 6),
  ];
  const shared = "f: expected an out with memory of its own, got one that shares memory with a";
  const shifted =
    "f: expected an out that is a itself or apart from it, got one that overlaps it in part";
  checkDisjoint("f", top, bottom.data, "a");
  checkInPlace("f", top, bottom, "a");
  checkInPlace("f", top, top, "a");
  checkInPlace("f", undefined, top, "a");
  checkDisjoint("f", undefined, top.data, "a");
  checkInPlace("f", whole.sliceRows(0, 3), top, "a");
  assertThrows(() => checkDisjoint("f", top, top.data, "a"), RangeError, shared);
  for (const [x, y] of [
    [top, middle],
    [middle, top],
    [middle, bottom],
  ]) {
    assertThrows(() => checkDisjoint("f", x, y.data, "a"), RangeError, shared);
    assertThrows(() => checkInPlace("f", x, y, "a"), RangeError, shifted);
  }
  assertThrows(() => checkDisjoint("f", whole, middle.data, "a"), RangeError, shared);
});

test("A view without elements shares none, wherever it lies", () => {
  const whole = new Matrix(4, 3);
  for (let i = 0; i <= 4; i++) {
    checkDisjoint("f", whole.sliceRows(i, i), whole.data, "a");
    checkDisjoint("f", whole, whole.sliceRows(i, i).data, "a");
    checkInPlace("f", whole.sliceRows(i, i), whole, "a");
  }
});

test("checkIndex takes 0..size-1", () => {
  checkIndex("f", "row", 0, 1);
  checkIndex("f", "row", 4, 5);
  for (const bad of [-1, 5, 1.5, NaN, Infinity]) {
    assertThrows(
      () => checkIndex("f", "row", bad, 5),
      RangeError,
      `f: row expected an integer in 0..4, got ${bad}`,
    );
  }
  assertThrows(
    () => checkIndex("f", "row", 0, 0),
    RangeError,
    "f: row expected an index, got 0 where there are none",
  );
  assertThrows(
    () => checkIndex("f", "row", "0" as never, 5),
    TypeError,
    'f: row expected an integer in 0..4, got "0"',
  );
});

test("checkHas asks for a row, a column or an element", () => {
  checkHas("f", "row", new Matrix(1, 0));
  checkHas("f", "column", new Matrix(0, 1));
  checkHas("f", "element", new Matrix(1, 1));
  for (const [what, rows, cols] of [
    ["row", 0, 3],
    ["column", 3, 0],
    ["element", 3, 0],
  ] as const) {
    assertThrows(
      () => checkHas("f", what, new Matrix(rows, cols)),
      ShapeError,
      `f: expected at least one ${what}, got ${rows}×${cols}`,
    );
  }
});
