// Arguments that are refused: class and whole text of the error, and that nothing has been changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { counting, leavesUnchanged } from "../helpers/matrices.ts";
import { assertThrows } from "../helpers/throws.ts";

const any = (value: unknown): never => value as never; // what a JavaScript caller may pass

test("new Matrix refuses sizes that are none and data of another length or type", () => {
  const sizes = "expected integers rows >= 0 and cols >= 0, got";
  for (const [rows, cols] of [
    [-1, 2],
    [2, -1],
    [1.5, 2],
    [2, NaN],
    [Infinity, 2],
    [2 ** 53, 0],
  ]) {
    assertThrows(() => new Matrix(rows, cols), ShapeError, `Matrix: ${sizes} ${rows} and ${cols}`);
    assertThrows(
      () => Matrix.filled(rows, cols, 0),
      ShapeError,
      `filled: ${sizes} ${rows} and ${cols}`,
    );
    assertThrows(
      () => Matrix.randomNormal(rows, cols, new Random()),
      ShapeError,
      `randomNormal: ${sizes} ${rows} and ${cols}`,
    );
  }
  assertThrows(() => Matrix.identity(-1), ShapeError, `identity: ${sizes} -1 and -1`);
  assertThrows(() => new Matrix(any("2"), 2), TypeError, `Matrix: ${sizes} "2" and 2`);
  assertThrows(() => new Matrix(2, any(undefined)), TypeError, `Matrix: ${sizes} 2 and undefined`);
  assertThrows(() => Matrix.identity(any(null)), TypeError, `identity: ${sizes} null and null`);
  assertThrows(
    () => new Matrix(2, 3, new Float64Array(5)),
    ShapeError,
    "Matrix: expected 6 values for 2×3, got 5",
  );
  assertThrows(
    () => new Matrix(0, 3, new Float64Array(1)),
    ShapeError,
    "Matrix: expected 0 values for 0×3, got 1",
  );
  assertThrows(
    () => new Matrix(1, 3, any([1, 2, 3])),
    TypeError,
    "Matrix: data expected a Float64Array, got an array of 3; Matrix.fromFlat copies other arrays",
  );
  assertThrows(
    () => new Matrix(1, 3, any(new Float32Array(3))),
    TypeError,
    "Matrix: data expected a Float64Array, got a Float32Array; Matrix.fromFlat copies other arrays",
  );
  assertThrows(
    () => new Matrix(1, 3, any(null)),
    TypeError,
    "Matrix: data expected a Float64Array, got null; Matrix.fromFlat copies other arrays",
  );
});

test("A shape of more than 2^31 - 1 elements is refused before anything is allocated", () => {
  const n = 2 ** 26;
  const message = ": expected at most 2147483647 elements, got 67108864×67108864";
  const random = new Random(3);
  assertThrows(() => new Matrix(n, n), RangeError, `Matrix${message}`);
  assertThrows(() => Matrix.identity(n), RangeError, `identity${message}`);
  assertThrows(() => Matrix.filled(n, n, 1), RangeError, `filled${message}`);
  assertThrows(() => Matrix.randomNormal(n, n, random), RangeError, `randomNormal${message}`);
  assert.deepEqual(random.state, { seed: 3, offset: 0 });
  assertThrows(() => new Matrix(n, 0).matmul(new Matrix(0, n)), RangeError, `Matrix${message}`);
  assert.equal(new Matrix(2 ** 31 - 1, 0).rows, 2 ** 31 - 1);
});

test("Matrix.fromRows refuses ragged rows and anything but numbers", () => {
  assertThrows(
    () =>
      Matrix.fromRows([
        [1, 2, 3],
        [4, 5],
      ]),
    ShapeError,
    "fromRows: expected 3 values in row 1 as in row 0, got 2",
  );
  assertThrows(
    () => Matrix.fromRows([[], [1]]),
    ShapeError,
    "fromRows: expected 0 values in row 1 as in row 0, got 1",
  );
  assertThrows(
    () =>
      Matrix.fromRows([
        [1, 2],
        [3, any("4")],
      ]),
    TypeError,
    'fromRows: expected a number at (1, 1), got "4"',
  );
  assertThrows(
    () => Matrix.fromRows([[1, any(null)]]),
    TypeError,
    "fromRows: expected a number at (0, 1), got null",
  );
  assertThrows(
    () => Matrix.fromRows([[1, any(2n)]]),
    TypeError,
    "fromRows: expected a number at (0, 1), got 2n",
  );
  assertThrows(
    () => Matrix.fromRows([[1, , 3] as number[]]),
    TypeError,
    "fromRows: expected a number at (0, 1), got undefined",
  );
  assertThrows(
    () => Matrix.fromRows(any([1, 2, 3])),
    TypeError,
    "fromRows: row 0 expected an array, got 1",
  );
  assertThrows(
    () => Matrix.fromRows(any([[1], "2"])),
    TypeError,
    'fromRows: row 1 expected an array, got "2"',
  );
  assertThrows(
    () => Matrix.fromRows(any([[1], new Set([1])])),
    TypeError,
    "fromRows: row 1 expected an array, got a Set",
  );
  assertThrows(
    () => Matrix.fromRows(any(undefined)),
    TypeError,
    "fromRows: rows expected an array, got undefined",
  );
  assertThrows(
    () => Matrix.fromRows(any("12")),
    TypeError,
    'fromRows: rows expected an array, got "12"',
  );
  assertThrows(
    () => Matrix.rowVector(any(3)),
    TypeError,
    "rowVector: values expected an array, got 3",
  );
  assertThrows(
    () => Matrix.rowVector([1, any(undefined)]),
    TypeError,
    "rowVector: expected a number at values[1], got undefined",
  );
  assertThrows(
    () => Matrix.rowVector(any({ length: -1 })),
    TypeError,
    "rowVector: values expected an array, got an Object",
  );
});

test("Matrix.filled and Matrix.randomNormal refuse what they cannot fill with", () => {
  const random = new Random(1);
  assertThrows(
    () => Matrix.filled(2, 2, any("0")),
    TypeError,
    'filled: value expected a number, got "0"',
  );
  assertThrows(
    () => Matrix.randomNormal(2, 2, any(undefined)),
    TypeError,
    "randomNormal: random expected a Random, got undefined",
  );
  assertThrows(
    () => Matrix.randomNormal(2, 2, any(Math.random)),
    TypeError,
    "randomNormal: random expected a Random, got a function",
  );
  assertThrows(
    () => Matrix.randomNormal(2, 2, random, { std: -1 }),
    RangeError,
    "randomNormal: std expected a finite number >= 0, got -1",
  );
  assertThrows(
    () => Matrix.randomNormal(2, 2, random, { mean: NaN }),
    RangeError,
    "randomNormal: mean expected a finite number, got NaN",
  );
  assertThrows(
    () => Matrix.randomNormal(2, 2, random, any({ sd: 1 })),
    TypeError,
    "randomNormal: unknown option sd; expected mean, std",
  );
  assertThrows(
    () => Matrix.randomNormal(2, 2, random, any(null)),
    TypeError,
    "randomNormal: options expected an object, got null",
  );
  assert.deepEqual(random.state, { seed: 1, offset: 0 });
});

test("get, set, row, sliceRows and takeRows refuse indices outside the matrix", () => {
  const m = counting(3, 4);
  const out = counting(2, 4);
  leavesUnchanged([m, out], () => {
    for (const bad of [-1, 3, 0.5, NaN, Infinity]) {
      assertThrows(
        () => m.get(bad, 0),
        RangeError,
        `get: row expected an integer in 0..2, got ${bad}`,
      );
      assertThrows(
        () => m.set(bad, 0, 1),
        RangeError,
        `set: row expected an integer in 0..2, got ${bad}`,
      );
      assertThrows(
        () => m.row(bad),
        RangeError,
        `row: row expected an integer in 0..2, got ${bad}`,
      );
      assertThrows(
        () => m.takeRows([0, bad], out),
        RangeError,
        `takeRows: index 1 expected an integer in 0..2, got ${bad}`,
      );
    }
    assertThrows(() => m.get(0, 4), RangeError, "get: column expected an integer in 0..3, got 4");
    assertThrows(
      () => m.set(0, -1, 1),
      RangeError,
      "set: column expected an integer in 0..3, got -1",
    );
    assertThrows(
      () => m.get(any("0"), 0),
      TypeError,
      'get: row expected an integer in 0..2, got "0"',
    );
    assertThrows(
      () => m.get(0, any(undefined)),
      TypeError,
      "get: column expected an integer in 0..3, got undefined",
    );
    assertThrows(() => m.set(0, 0, any("1")), TypeError, 'set: value expected a number, got "1"');
    assertThrows(
      () => m.set(0, 0, any(undefined)),
      TypeError,
      "set: value expected a number, got undefined",
    );
    assertThrows(() => m.takeRows(any(1)), TypeError, "takeRows: indices expected an array, got 1");
    assertThrows(
      () => m.takeRows([0, any("1")], out),
      TypeError,
      'takeRows: index 1 expected an integer in 0..2, got "1"',
    );
    for (const [start, end] of [
      [-1, 2],
      [2, 1],
      [0, 4],
      [4, 4],
      [0.5, 2],
      [0, NaN],
    ]) {
      assertThrows(
        () => m.sliceRows(start, end),
        RangeError,
        `sliceRows: expected integers 0 <= start <= end <= 3, got ${start} and ${end}`,
      );
    }
    assertThrows(
      () => m.sliceRows(1, any(undefined)),
      TypeError,
      "sliceRows: expected integers 0 <= start <= end <= 3, got 1 and undefined",
    );
  });
  assertThrows(
    () => new Matrix(0, 3).row(0),
    RangeError,
    "row: row expected an index, got 0 where there are none",
  );
  assertThrows(
    () => new Matrix(3, 0).get(1, 0),
    RangeError,
    "get: column expected an index, got 0 where there are none",
  );
  assertThrows(
    () => new Matrix(0, 3).takeRows([0]),
    RangeError,
    "takeRows: index 0 expected an index, got 0 where there are none",
  );
});

test("matmul shows both shapes, transposed as they were asked for", () => {
  const [a, b] = [counting(3, 4), counting(5, 2)];
  leavesUnchanged([a, b], () => {
    assertThrows(() => a.matmul(b), ShapeError, "matmul: inner sizes differ, (3×4)·(5×2)");
    assertThrows(
      () => a.matmul(b, { transA: true }),
      ShapeError,
      "matmul: inner sizes differ, (3×4)ᵀ·(5×2)",
    );
    assertThrows(
      () => a.matmul(b, { transB: true }),
      ShapeError,
      "matmul: inner sizes differ, (3×4)·(5×2)ᵀ",
    );
    assertThrows(
      () => a.matmul(b, { transA: true, transB: true }),
      ShapeError,
      "matmul: inner sizes differ, (3×4)ᵀ·(5×2)ᵀ",
    );
    assertThrows(
      () => a.matmul(any(undefined)),
      TypeError,
      "matmul: b expected a Matrix, got undefined",
    );
    assertThrows(
      () => a.matmul(any([[1], [2], [3], [4]])),
      TypeError,
      "matmul: b expected a Matrix, got an array of 4",
    );
    assertThrows(
      () => a.matmul(a, any(null)),
      TypeError,
      "matmul: options expected an object, got null",
    );
    assertThrows(
      () => a.matmul(a, any({ transpose: true })),
      TypeError,
      "matmul: unknown option transpose; expected transA, transB, out",
    );
    assertThrows(
      () => a.matmul(a, any({ transA: 1 })),
      TypeError,
      "matmul: transA expected true or false, got 1",
    );
    assertThrows(
      () => a.matmul(a, any({ transB: "yes" })),
      TypeError,
      'matmul: transB expected true or false, got "yes"',
    );
  });
});

test("Elementwise methods refuse operands of another shape or type, before out is touched", () => {
  const [a, b, out] = [counting(2, 3), counting(3, 2), counting(2, 3)];
  leavesUnchanged([a, b, out], () => {
    const calls: [string, (other: Matrix) => Matrix][] = [
      ["add", (other) => a.add(other, out)],
      ["sub", (other) => a.sub(other, out)],
      ["mul", (other) => a.mul(other, out)],
      ["addScaled", (other) => a.addScaled(other, 2, out)],
    ];
    for (const [name, call] of calls) {
      assertThrows(() => call(b), ShapeError, `${name}: b expected 2×3, got 3×2`);
      assertThrows(() => call(any(2)), TypeError, `${name}: b expected a Matrix, got 2`);
      assertThrows(
        () => call(any(undefined)),
        TypeError,
        `${name}: b expected a Matrix, got undefined`,
      );
    }
    assertThrows(
      () => a.addRow(counting(1, 2), out),
      ShapeError,
      "addRow: row expected 1×3, got 1×2",
    );
    assertThrows(
      () => a.addRow(counting(2, 3), out),
      ShapeError,
      "addRow: row expected 1×3, got 2×3",
    );
    assertThrows(
      () => a.addRow(any([1, 2, 3]), out),
      TypeError,
      "addRow: row expected a Matrix, got an array of 3",
    );
    assertThrows(() => a.scale(any("2"), out), TypeError, 'scale: s expected a number, got "2"');
    assertThrows(
      () => a.addScaled(a, any(undefined), out),
      TypeError,
      "addScaled: s expected a number, got undefined",
    );
    assertThrows(() => a.map(any(2), out), TypeError, "map: f expected a function, got 2");
  });
});

test("rowMax and rowArgmax refuse a matrix without columns, since nothing has no maximum", () => {
  assertThrows(
    () => new Matrix(3, 0).rowMax(),
    ShapeError,
    "rowMax: expected at least one column, got 3×0",
  );
  assertThrows(
    () => new Matrix(3, 0).rowArgmax(),
    ShapeError,
    "rowArgmax: expected at least one column, got 3×0",
  );
  assertThrows(
    () => new Matrix(0, 0).rowMax(),
    ShapeError,
    "rowMax: expected at least one column, got 0×0",
  );
});

test("equals refuses what is no matrix and tolerances that are none", () => {
  const a = counting(2, 2);
  assertThrows(
    () => a.equals(any([1, 2])),
    TypeError,
    "equals: b expected a Matrix, got an array of 2",
  );
  assertThrows(
    () => a.equals(a, -1),
    RangeError,
    "equals: tolerance expected a number >= 0, got -1",
  );
  assertThrows(
    () => a.equals(a, NaN),
    RangeError,
    "equals: tolerance expected a number >= 0, got NaN",
  );
  assertThrows(
    () => a.equals(a, any("1")),
    TypeError,
    'equals: tolerance expected a number, got "1"',
  );
});

test("An operand whose elements were transferred to another thread is refused", () => {
  const [a, gone] = [counting(2, 2), counting(2, 2)];
  structuredClone(gone.data, { transfer: [gone.data.buffer as ArrayBuffer] });
  assertThrows(() => a.matmul(gone), ShapeError, "matmul: b expected 4 values for 2×2, got 0");
  assertThrows(() => a.add(gone), ShapeError, "add: b expected 4 values for 2×2, got 0");
  assertThrows(() => a.relu(gone), ShapeError, "relu: out expected 4 values for 2×2, got 0");
});

test("Every method refuses a matrix whose elements were transferred to another thread", () => {
  const [a, gone] = [counting(2, 2), counting(2, 2)];
  structuredClone(gone.data, { transfer: [gone.data.buffer as ArrayBuffer] });
  const calls: { [method: string]: () => unknown } = {
    matmul: () => gone.matmul(a),
    transpose: () => gone.transpose(),
    takeRows: () => gone.takeRows([0]),
    add: () => gone.add(a),
    sub: () => gone.sub(a),
    mul: () => gone.mul(a),
    scale: () => gone.scale(2),
    addScaled: () => gone.addScaled(a, 2),
    addRow: () => gone.addRow(a.sliceRows(0, 1)),
    relu: () => gone.relu(),
    reluMask: () => gone.reluMask(),
    map: () => gone.map((value) => value),
    rowMax: () => gone.rowMax(),
    rowSum: () => gone.rowSum(),
    rowArgmax: () => gone.rowArgmax(),
    columnSum: () => gone.columnSum(),
    sum: () => gone.sum(),
    row: () => gone.row(0),
    sliceRows: () => gone.sliceRows(0, 1),
    clone: () => gone.clone(),
    toRows: () => gone.toRows(),
    equals: () => gone.equals(a),
    get: () => gone.get(0, 0),
    set: () => gone.set(0, 0, 1),
  };
  for (const [method, call] of Object.entries(calls))
    assertThrows(call, ShapeError, `${method}: this expected 4 values for 2×2, got 0`);
});

test("Reductions over all elements refuse an axis, and name the methods along one", () => {
  const matrix = Matrix.identity(2);
  for (const name of ["sum", "mean", "max", "min", "argmax", "argmin"] as const) {
    const capital = name[0].toUpperCase() + name.slice(1);
    assertThrows(
      () => (matrix[name] as (axis: number) => number).call(matrix, 0),
      TypeError,
      `${name}: expected no argument, got 1; row${capital} and column${capital} go along one axis`,
    );
  }
});

test("A matrix where a number is wanted is a TypeError, and a text in a template", () => {
  const matrix = Matrix.identity(1);
  const message =
    "Matrix: expected a number, got a Matrix; use methods such as add, scale or exp instead of " +
    "operators and Math";
  const number = matrix as unknown as number;
  for (const wrong of [() => 2 * number, () => number - 1, () => Math.exp(number), () => -number])
    assertThrows(wrong, TypeError, message);
  assert.equal(`${matrix}`, "Matrix 1×1\n  1");
  assert.equal("product: " + matrix, "product: Matrix 1×1\n  1");
});

test("An array of rows in place of sizes is told of fromRows", () => {
  assertThrows(
    () => new Matrix([[1, 2]] as unknown as number, undefined as unknown as number),
    TypeError,
    "Matrix: expected integers rows >= 0 and cols >= 0, got an array of 1 and undefined; " +
      "fromRows takes an array of rows",
  );
});
