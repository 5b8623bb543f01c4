import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import {
  checkDisjoint,
  checkHasColumns,
  checkHasRows,
  checkIndex,
  checkInPlace,
  checkMatrix,
  checkOut,
  checkRow,
  checkSameShape,
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

test("checkSameShape, checkRow and checkOut name both shapes", () => {
  const a = new Matrix(3, 4);
  checkSameShape("f", a, new Matrix(3, 4));
  checkRow("f", a, new Matrix(1, 4));
  checkOut("f", a, 3, 4);
  assertThrows(
    () => checkSameShape("f", a, new Matrix(4, 3)),
    ShapeError,
    "f: shapes differ, 3×4 and 4×3",
  );
  assertThrows(
    () => checkRow("f", a, new Matrix(1, 5)),
    ShapeError,
    "f: expected a 1×4 row for a 3×4 matrix, got 1×5",
  );
  assertThrows(
    () => checkRow("f", a, new Matrix(4, 1)),
    ShapeError,
    "f: expected a 1×4 row for a 3×4 matrix, got 4×1",
  );
  assertThrows(() => checkOut("f", a, 4, 3), ShapeError, "f: expected an out of 4×3, got 3×4");
  assertThrows(
    () => checkSameShape("f", a, [] as never),
    TypeError,
    "f: b expected a Matrix, got an array of 0",
  );
  assertThrows(
    () => checkRow("f", a, [1, 2, 3, 4] as never),
    TypeError,
    "f: row expected a Matrix, got an array of 4",
  );
  assertThrows(
    () => checkOut("f", null as never, 3, 4),
    TypeError,
    "f: out expected a Matrix, got null",
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
  checkDisjoint("f", top, bottom, "a");
  checkInPlace("f", top, bottom, "a");
  checkInPlace("f", top, top, "a");
  checkInPlace("f", whole.sliceRows(0, 3), top, "a");
  assertThrows(() => checkDisjoint("f", top, top, "a"), RangeError, shared);
  for (const [x, y] of [
    [top, middle],
    [middle, top],
    [middle, bottom],
  ]) {
    assertThrows(() => checkDisjoint("f", x, y, "a"), RangeError, shared);
    assertThrows(() => checkInPlace("f", x, y, "a"), RangeError, shifted);
  }
  assertThrows(() => checkDisjoint("f", whole, middle, "a"), RangeError, shared);
});

test("A view without elements shares none, wherever it lies", () => {
  const whole = new Matrix(4, 3);
  for (let i = 0; i <= 4; i++) {
    checkDisjoint("f", whole.sliceRows(i, i), whole, "a");
    checkDisjoint("f", whole, whole.sliceRows(i, i), "a");
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

test("checkHasRows and checkHasColumns ask for one", () => {
  checkHasRows("f", new Matrix(1, 0));
  checkHasColumns("f", new Matrix(0, 1));
  assertThrows(
    () => checkHasRows("f", new Matrix(0, 3)),
    ShapeError,
    "f: expected at least one row, got 0×3",
  );
  assertThrows(
    () => checkHasColumns("f", new Matrix(3, 0)),
    ShapeError,
    "f: expected at least one column, got 3×0",
  );
});
