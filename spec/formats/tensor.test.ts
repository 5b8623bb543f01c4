import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import {
  checkBytes,
  checkTensor,
  checkTensors,
  elementCount,
  showShape,
  spellShape,
  toMatrix,
} from "../../lib/formats/tensor.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { assertThrows } from "../helpers/throws.ts";

test("spellShape prints a shape as Python does, showShape at most 16 sizes of it", () => {
  for (const spell of [spellShape, showShape]) {
    assert.deepEqual([[], [3], [3, 4], [0, 1, 2]].map(spell), [
      "()",
      "(3,)",
      "(3, 4)",
      "(0, 1, 2)",
    ]);
    assert.equal(spell(Array<number>(16).fill(1)), `(${"1, ".repeat(15)}1)`);
  }
  assert.equal(spellShape(Array<number>(17).fill(2)), `(${"2, ".repeat(16)}2)`);
  assert.equal(showShape(Array<number>(1e6).fill(2)), `(${"2, ".repeat(16)}… 1000000 dimensions)`);
});

test("elementCount is 1 for a single number and 0 as soon as a dimension is 0", () => {
  assert.deepEqual([[], [3], [3, 4], [2 ** 40, 2 ** 40, 0]].map(elementCount), [1, 3, 12, 0]);
  assert.equal(elementCount([2 ** 40, 2 ** 40]), 2 ** 80);
  assert.equal(elementCount(Array<number>(40).fill(2 ** 40)), Infinity);
});

test("checkTensors takes Maps and objects in order, without copying", () => {
  const matrix = new Matrix(2, 3);
  const tensor = { shape: [1, 1, 2], data: new Float64Array(2) };
  for (const input of [
    new Map<string, Matrix | typeof tensor>([
      ["b", matrix],
      ["a", tensor],
    ]),
    { b: matrix, a: tensor },
  ]) {
    const checked = checkTensors("f", input);
    assert.deepEqual(checked, [
      ["b", { shape: [2, 3], data: matrix.data }],
      ["a", tensor],
    ]);
    assert.equal(checked[0][1].data, matrix.data);
    assert.equal(checked[1][1].data, tensor.data);
  }
  assert.deepEqual(checkTensors("f", {}), []);
});

test("checkTensor and checkBytes name what is wrong", () => {
  const data = new Float64Array(2);
  assertThrows(
    () => checkTensors("f", 3 as never),
    TypeError,
    "f: tensors expected a Map or an object, got 3",
  );
  assertThrows(
    () => checkTensors("f", new Map([[1, data]]) as never),
    TypeError,
    "f: a tensor's name expected a string, got 1",
  );
  assertThrows(
    () => checkTensor("f", "x", { shape: [2], data: [1, 2] } as never),
    TypeError,
    "f: x expected a Matrix or { shape, data: typed array }, got an Object",
  );
  assertThrows(
    () => checkTensor("f", "x", { shape: "2", data } as never),
    TypeError,
    'f: x expected a shape of integers >= 0, got "2"',
  );
  assertThrows(
    () => checkTensor("f", "x", { shape: [1.5, NaN], data } as never),
    TypeError,
    "f: x expected a shape of integers >= 0, got (1.5, NaN)",
  );
  assertThrows(
    () => checkTensor("f", "x", { shape: [3, 4], data }),
    RangeError,
    "f: x expected 12 elements for shape (3, 4), got 2",
  );
  assertThrows(
    () => checkBytes("f", new ArrayBuffer(3) as never),
    TypeError,
    "f: bytes expected a Uint8Array, got an ArrayBuffer",
  );
});

test("toMatrix makes rows of one dimension and converts other types", () => {
  assert.deepEqual(toMatrix({ shape: [], data: Float32Array.of(7) }).toRows(), [[7]]);
  assert.deepEqual(toMatrix({ shape: [2], data: Int8Array.of(1, -2) }).toRows(), [[1, -2]]);
  const data = Float64Array.of(1, 2, 3);
  const matrix = toMatrix({ shape: [3, 1], data });
  assert.deepEqual(matrix.toRows(), [[1], [2], [3]]);
  assert.equal(matrix.data, data, "float64 is shared");
  assertThrows(
    () => toMatrix({ shape: [1, 1, 1], data: new Float64Array(1) }),
    ShapeError,
    "toMatrix: tensor expected at most 2 dimensions, got (1, 1, 1)",
  );
  assertThrows(
    () => toMatrix({ dtype: "text", shape: [1], data: ["a"] }),
    TypeError,
    "toMatrix: tensor expected numbers, got text",
  );
});
