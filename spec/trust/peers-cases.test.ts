// Kinds of products that users of other matrix packages have reported as wrong: vectors, empty and
// extreme shapes (vectorious#111 and #267, ts-matrix#7), an out that holds NaN, −0 and subnormal
// numbers (OpenBLAS#746 and #929), transposed operands and unusual buffers (burn#5304, tfjs#1632).
// The expected values are worked out by hand or follow from small whole numbers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "../../lib/index.ts";
import { integers } from "../helpers/products.ts";
import { paths } from "./properties/exactness.ts";

type Case = { name: string; a: number[][]; b: number[][]; product: number[][] };

const TINY = Number.MIN_VALUE;
const CASES: Case[] = [
  {
    name: "two squares",
    a: [
      [1, 2],
      [3, 4],
    ],
    b: [
      [5, 6],
      [7, 8],
    ],
    product: [
      [19, 22],
      [43, 50],
    ],
  },
  {
    name: "a wide and a tall matrix",
    a: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    b: [
      [7, 8],
      [9, 10],
      [11, 12],
    ],
    product: [
      [58, 64],
      [139, 154],
    ],
  },
  { name: "two single numbers", a: [[-3]], b: [[0.5]], product: [[-1.5]] },
  {
    name: "a matrix and a column",
    a: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    b: [[10], [1]],
    product: [[12], [34], [56]],
  },
  {
    name: "a row and a matrix",
    a: [[10, 1]],
    b: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    product: [[14, 25, 36]],
  },
  { name: "a row and a column", a: [[1, 2, 3]], b: [[4], [5], [6]], product: [[32]] },
  {
    name: "a column and a row",
    a: [[1], [2]],
    b: [[3, 4, 5]],
    product: [
      [3, 4, 5],
      [6, 8, 10],
    ],
  },
  { name: "negative zeros, which a sum from 0 turns into 0", a: [[-0]], b: [[1]], product: [[0]] },
  { name: "subnormal numbers, kept", a: [[TINY, TINY]], b: [[2], [3]], product: [[5 * TINY]] },
  { name: "an infinity", a: [[Infinity, 1]], b: [[2], [3]], product: [[Infinity]] },
  { name: "an infinity times 0", a: [[Infinity, 1]], b: [[0], [3]], product: [[NaN]] },
  { name: "a NaN times 0", a: [[NaN, 1]], b: [[0], [3]], product: [[NaN]] },
];

for (const [path, gemm] of Object.entries(paths())) {
  test(`The product of small matrices is right over an out full of NaN, ${path}`, () => {
    for (const { name, a, b, product } of CASES) {
      const [A, B, expected] = [a, b, product].map((rows) => Matrix.fromRows(rows));
      const [m, k, n] = [A.rows, A.cols, B.cols];
      for (const transA of [false, true]) {
        for (const transB of [false, true]) {
          const c = new Float64Array(m * n).fill(NaN);
          const stored = [transA ? A.transpose() : A, transB ? B.transpose() : B];
          gemm(transA, transB, m, n, k, stored[0].data, stored[1].data, c);
          assert.deepEqual(
            [...c],
            [...expected.data],
            `${name}, transA ${transA}, transB ${transB}`,
          );
        }
      }
    }
  });

  test(`A product over nothing is zeros, whatever the out held, ${path}`, () => {
    for (const [m, n] of [
      [1, 1],
      [3, 2],
      [40, 40],
    ]) {
      const c = new Float64Array(m * n).fill(NaN);
      gemm(false, false, m, n, 0, new Float64Array(0), new Float64Array(0), c);
      assert.deepEqual(c, new Float64Array(m * n));
    }
  });
}

test("Products of extreme shapes are right: 1×1e6·1e6×1, 1e6×1·1×1 and 1000×1·1×1000", () => {
  const [a, b] = [integers(1e6, 1), integers(1e6, 2)];
  const dot = a.reduce((sum, value, i) => sum + value * b[i], 0);
  assert.equal(new Matrix(1, 1e6, a).matmul(new Matrix(1e6, 1, b)).get(0, 0), dot);
  const tripled = new Matrix(1e6, 1, a).matmul(new Matrix(1, 1, Float64Array.of(3)));
  assert.deepEqual(
    tripled.data,
    a.map((value) => 3 * value + 0),
  );
  const [column, row] = [a.slice(0, 1000), b.slice(0, 1000)];
  const outer = new Matrix(1000, 1, column).matmul(new Matrix(1, 1000, row));
  for (let i = 0; i < 1000; i++) {
    const expected = row.map((value) => column[i] * value + 0);
    assert.deepEqual(outer.row(i), expected, `row ${i}`);
  }
});

test("A product of matrices without rows or columns has the right shape", () => {
  for (const [m, k, n] of [
    [0, 3, 2],
    [2, 3, 0],
    [0, 0, 0],
    [2, 0, 3],
  ]) {
    const { shape, data } = new Matrix(m, k).matmul(new Matrix(k, n));
    assert.deepEqual([...shape], [m, n]);
    assert.deepEqual(data, new Float64Array(m * n));
  }
});

const SIZE = 40;
const BYTES = SIZE * SIZE * 8;
// The types of the language level that is compiled for do not have resizable buffers.
const resizable = (): ArrayBuffer =>
  Reflect.construct(ArrayBuffer, [BYTES, { maxByteLength: 2 * BYTES }]);
const BUFFERS: Record<string, () => Float64Array> = {
  "a view at an offset": () => new Float64Array(new ArrayBuffer(BYTES + 24), 16, SIZE * SIZE),
  "shared memory": () => new Float64Array(new SharedArrayBuffer(BYTES)),
  "a resizable buffer": () => new Float64Array(resizable(), 0, SIZE * SIZE),
  "a view that tracks the length of its buffer": () => new Float64Array(resizable()),
  "memory of WebAssembly": () =>
    new Float64Array(new WebAssembly.Memory({ initial: 1 }).buffer, 8, SIZE * SIZE),
};

for (const [kind, make] of Object.entries(BUFFERS)) {
  test(`A product reads from and writes to ${kind}`, () => {
    const [a, b] = [integers(SIZE * SIZE, 3), integers(SIZE * SIZE, 4)];
    const expected = new Matrix(SIZE, SIZE, a).matmul(new Matrix(SIZE, SIZE, b));
    const [left, right, out] = [make(), make(), make().fill(NaN)];
    left.set(a);
    right.set(b);
    const [A, B, C] = [left, right, out].map((data) => new Matrix(SIZE, SIZE, data));
    A.matmul(B, { out: C });
    assert.deepEqual(Float64Array.from(C.data), expected.data);
  });
}
