// Values and shapes of every Matrix method but matmul (matrix-matmul.test.ts); `out` and memory are
// in matrix-out.test.ts, refused arguments in matrix-errors.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { matrix, numbers, reference } from "../helpers/fixtures.ts";
import { assertSameMatrix, counting, leavesUnchanged, specialMatrix } from "../helpers/matrices.ts";
import { assertSameBits, SPECIAL } from "../helpers/numbers.ts";

const SHAPES = [
  ...[0, 1, 2, 3, 4, 5].flatMap((rows) => [0, 1, 2, 3, 4, 5].map((cols) => [rows, cols])),
  [1, 100],
  [100, 1],
  [17, 33],
  [40, 3],
];

test("new Matrix is zeros, or adopts the data it is given", () => {
  assertSameBits(new Matrix(2, 3).data, [0, 0, 0, 0, 0, 0], "zeros");
  const data = Float64Array.of(1, 2, 3, 4, 5, 6);
  const adopted = new Matrix(3, 2, data);
  assert.equal(adopted.data, data);
  assert.deepEqual({ rows: adopted.rows, cols: adopted.cols }, { rows: 3, cols: 2 });
  for (const [rows, cols] of [
    [0, 0],
    [0, 4],
    [4, 0],
  ])
    assert.equal(new Matrix(rows, cols).data.length, 0);
});

test("Matrix.fromRows copies arrays, typed arrays and array-likes", () => {
  const source = [
    [1, 2],
    Float32Array.of(3, 4),
    { length: 2, 0: -0, 1: NaN },
    new Int8Array([7, 8]),
  ];
  const result = Matrix.fromRows(source);
  assertSameMatrix(
    result,
    new Matrix(4, 2, Float64Array.of(1, 2, 3, 4, -0, NaN, 7, 8)),
    "fromRows",
  );
  (source[0] as number[])[0] = 99;
  assert.equal(result.get(0, 0), 1);
  assertSameMatrix(Matrix.fromRows([]), new Matrix(0, 0), "no rows");
  assertSameMatrix(Matrix.fromRows([[], [], []]), new Matrix(3, 0), "empty rows");
});

test("Matrix.rowVector, identity and filled", () => {
  const values = Float64Array.of(1, -0, NaN);
  const vector = Matrix.rowVector(values);
  assertSameMatrix(vector, new Matrix(1, 3, values.slice()), "rowVector");
  assert.notEqual(vector.data.buffer, values.buffer);
  assertSameMatrix(Matrix.rowVector([]), new Matrix(1, 0), "empty rowVector");
  assertSameMatrix(
    Matrix.identity(3),
    Matrix.fromRows([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
    "identity",
  );
  assertSameMatrix(Matrix.identity(0), new Matrix(0, 0), "identity(0)");
  for (const value of SPECIAL)
    assertSameBits(Matrix.filled(2, 2, value).data, [value, value, value, value], "filled");
  assertSameMatrix(Matrix.filled(0, 2, 1), new Matrix(0, 2), "filled without rows");
});

test("Matrix.randomNormal is mean + std times one stream of the generator", () => {
  const random = new Random(4);
  const standard = Matrix.randomNormal(3, 5, random);
  assert.deepEqual(random.state, { seed: 4, offset: 4 });
  assertSameBits(standard.data, new Random(4).normal(15), "standard");
  assertSameBits(
    Matrix.randomNormal(5, 3, new Random(4)).data,
    standard.data,
    "in order, whatever the shape",
  );
  const scaled = Matrix.randomNormal(3, 5, new Random(4), { mean: 2, std: 0.5 });
  assertSameBits(
    scaled.data,
    new Random(4).normal(15).map((value) => 2 + 0.5 * value),
    "scaled",
  );
  assertSameBits(
    Matrix.randomNormal(2, 2, new Random(4), { mean: 3, std: 0 }).data,
    [3, 3, 3, 3],
    "no spread",
  );
  assertSameMatrix(Matrix.randomNormal(0, 5, random), new Matrix(0, 5), "no rows");
});

test("get and set address element (i, j) as data[i * cols + j]", () => {
  const m = counting(3, 4);
  for (let i = 0; i < 3; i++) for (let j = 0; j < 4; j++) assert.equal(m.get(i, j), 4 * i + j + 1);
  m.set(1, 2, -0);
  assert.ok(Object.is(m.data[6], -0));
  m.set(2, 3, NaN);
  assert.ok(Number.isNaN(m.get(2, 3)));
});

test("takeRows copies rows in the order asked for, repeats allowed", () => {
  const m = counting(4, 3);
  const expected = Matrix.fromRows([
    [10, 11, 12],
    [1, 2, 3],
    [10, 11, 12],
  ]);
  for (const indices of [[3, 0, 3], Int32Array.of(3, 0, 3), { length: 3, 0: 3, 1: 0, 2: 3 }])
    assertSameMatrix(m.takeRows(indices), expected, "takeRows");
  assertSameMatrix(m.takeRows([]), new Matrix(0, 3), "no indices");
  assertSameMatrix(new Matrix(3, 0).takeRows([2, 2]), new Matrix(2, 0), "no columns");
  assertSameMatrix(new Matrix(0, 3).takeRows([]), new Matrix(0, 3), "no rows");
});

test("clone and toRows are copies", () => {
  for (const [rows, cols] of SHAPES) {
    const m = specialMatrix(rows, cols);
    const copy = m.clone();
    assertSameMatrix(copy, m, "clone");
    assert.notEqual(copy.data.buffer, m.data.buffer);
    const arrays = m.toRows();
    assert.equal(arrays.length, rows);
    arrays.forEach((row, i) => {
      assert.ok(Array.isArray(row));
      assertSameBits(row, m.row(i), "toRows");
    });
  }
  const copy = counting(4, 2).sliceRows(1, 3).clone();
  assert.equal(copy.data.buffer.byteLength, 32);
});

// Each elementwise method beside its definition.
const ELEMENTWISE: [
  string,
  (a: Matrix, b: Matrix, s: number) => Matrix,
  (a: number, b: number, s: number) => number,
][] = [
  ["add", (a, b) => a.add(b), (a, b) => a + b],
  ["sub", (a, b) => a.sub(b), (a, b) => a - b],
  ["mul", (a, b) => a.mul(b), (a, b) => a * b],
  ["scale", (a, _, s) => a.scale(s), (a, _, s) => a * s],
  ["addScaled", (a, b, s) => a.addScaled(b, s), (a, b, s) => a + s * b],
  ["relu", (a) => a.relu(), (a) => (Number.isNaN(a) ? NaN : a > 0 ? a : 0)],
  ["reluMask", (a) => a.reluMask(), (a) => (a > 0 ? 1 : 0)],
  ["map", (a, _, s) => a.map((value) => value * 2 + s), (a, _, s) => a * 2 + s],
];

for (const [name, method, definition] of ELEMENTWISE) {
  test(`${name} is its definition for every element, shape and special value`, () => {
    for (const [rows, cols] of SHAPES) {
      for (const s of [2, -0.3, 0, -0, NaN, Infinity]) {
        const [a, b] = [specialMatrix(rows, cols, 1), specialMatrix(rows, cols, 2)];
        leavesUnchanged([a, b], () => {
          assertSameMatrix(
            method(a, b, s),
            new Matrix(
              rows,
              cols,
              a.data.map((value, i) => definition(value, b.data[i], s)),
            ),
            `${name} ${rows}×${cols}, s = ${s}`,
          );
        });
      }
    }
    // every special value against every other
    const n = SPECIAL.length;
    const [a, b] = [
      new Matrix(n, n).map((_, i) => SPECIAL[i]),
      new Matrix(n, n).map((_, __, j) => SPECIAL[j]),
    ];
    assertSameMatrix(
      method(a, b, 3),
      new Matrix(
        n,
        n,
        a.data.map((value, i) => definition(value, b.data[i], 3)),
      ),
      `${name} of special values`,
    );
  });
}

test("addRow adds the row to every row, at every shape", () => {
  for (const [rows, cols] of SHAPES) {
    const [a, row] = [specialMatrix(rows, cols, 1), specialMatrix(1, cols, 2)];
    leavesUnchanged([a, row], () => {
      assertSameMatrix(
        a.addRow(row),
        new Matrix(
          rows,
          cols,
          a.data.map((value, i) => value + row.data[i % cols]),
        ),
        `addRow ${rows}×${cols}`,
      );
    });
  }
});

test("map calls its function row by row with value, row and column", () => {
  const calls: number[][] = [];
  counting(2, 3).map((value, i, j) => calls.push([value, i, j]));
  assert.deepEqual(calls, [
    [1, 0, 0],
    [2, 0, 1],
    [3, 0, 2],
    [4, 1, 0],
    [5, 1, 1],
    [6, 1, 2],
  ]);
});

test("transpose swaps rows and columns, at every shape; twice is the matrix again", () => {
  for (const [rows, cols] of [...SHAPES, [31, 47], [64, 16]]) {
    const a = specialMatrix(rows, cols);
    const t = a.transpose();
    assert.deepEqual({ rows: t.rows, cols: t.cols }, { rows: cols, cols: rows });
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < cols; j++)
        assert.ok(Object.is(t.get(j, i), a.get(i, j)), `${rows}×${cols} at ${i}, ${j}`);
    assertSameMatrix(t.transpose(), a, "twice");
  }
});

test("rowSum and columnSum add in order from 0, sum in four lanes; empty sums are 0", () => {
  for (const [rows, cols] of SHAPES) {
    const a = specialMatrix(rows, cols);
    const inOrder = (values: Iterable<number>): number => {
      let total = 0;
      for (const value of values) total += value;
      return total;
    };
    assertSameMatrix(
      a.rowSum(),
      new Matrix(rows, 1, Float64Array.from(a.toRows(), inOrder)),
      `rowSum ${rows}×${cols}`,
    );
    const columns = Array.from({ length: cols }, (_, j) =>
      Array.from({ length: rows }, (_, i) => a.get(i, j)),
    );
    assertSameMatrix(
      a.columnSum(),
      new Matrix(1, cols, Float64Array.from(columns, inOrder)),
      `columnSum ${rows}×${cols}`,
    );
    const [p, q, r, s] = [0, 1, 2, 3].map((lane) =>
      inOrder(a.data.filter((_, i) => i % 4 === lane)),
    );
    assertSameBits([a.sum()], [p + q + (r + s)], `sum ${rows}×${cols}`);
  }
  assert.equal(counting(100, 100).sum(), 50_005_000);
});

test("columnSum, sum of squares, rowMax and rowArgmax give the stored answers of NumPy", () => {
  const { cases } = reference("reduction-cases");
  assert.equal(cases.length, 12);
  // zeros of both signs count as equal there
  const positiveZeros = (values: Float64Array): Float64Array => values.map((value) => value + 0);
  for (const {
    name,
    A,
    columnSumsSequential,
    columnSumsExact,
    sumOfSquaresExact,
    rowMax,
    rowArgmax,
  } of cases) {
    const a = matrix(A);
    assertSameBits(
      positiveZeros(a.columnSum().data),
      positiveZeros(numbers(columnSumsSequential)),
      `${name}: columnSum`,
    );
    assert.equal(
      columnSumsExact === null,
      ["infinities", "nan"].includes(name),
      `${name}: exact sums`,
    );
    if (columnSumsExact !== null) {
      const exact = numbers(columnSumsExact);
      const sizes = a.map(Math.abs).columnSum().data;
      a.columnSum().data.forEach((value, j) =>
        assert.ok(
          Math.abs(value - exact[j]) <= a.rows * 2 ** -53 * sizes[j],
          `${name}: column ${j}`,
        ),
      );
    }
    const squares = Number(sumOfSquaresExact);
    assert.ok(
      Object.is(a.mul(a).sum(), squares) ||
        Math.abs(a.mul(a).sum() - squares) <= a.data.length * 2 ** -53 * squares,
      `${name}: squares`,
    );
    assertSameBits(
      positiveZeros(a.rowMax().data),
      positiveZeros(numbers(rowMax)),
      `${name}: rowMax`,
    );
    assert.deepEqual([...a.rowArgmax()], rowArgmax, `${name}: rowArgmax`);
  }
});

test("rowMax and rowArgmax prefer NaN, and the first of equal elements", () => {
  const a = Matrix.fromRows([
    [1, 3, 3],
    [NaN, 5, NaN],
    [2, NaN, 9],
    [-Infinity, -Infinity, -Infinity],
    [-0, 0, -0],
  ]);
  assertSameMatrix(
    a.rowMax(),
    new Matrix(5, 1, Float64Array.of(3, NaN, NaN, -Infinity, -0)),
    "rowMax",
  );
  const places = a.rowArgmax();
  assert.ok(places instanceof Int32Array);
  assert.deepEqual([...places], [1, 0, 1, 0, 0]);
  assertSameMatrix(new Matrix(0, 3).rowMax(), new Matrix(0, 1), "no rows");
  assert.equal(new Matrix(0, 3).rowArgmax().length, 0);
});

test("equals compares shape and elements, with a tolerance where one is given", () => {
  const a = Matrix.fromRows([
    [1, 2],
    [3, Infinity],
  ]);
  assert.equal(a.equals(a.clone()), true);
  assert.equal(
    a.equals(
      Matrix.fromRows([
        [1, 2],
        [3, -Infinity],
      ]),
      1e300,
    ),
    false,
  );
  assert.equal(
    a.equals(
      Matrix.fromRows([
        [1, 2.5],
        [3, Infinity],
      ]),
    ),
    false,
  );
  assert.equal(
    a.equals(
      Matrix.fromRows([
        [1, 2.5],
        [3, Infinity],
      ]),
      0.5,
    ),
    true,
  );
  assert.equal(
    a.equals(
      Matrix.fromRows([
        [1, 2.5],
        [3, Infinity],
      ]),
      0.49,
    ),
    false,
  );
  assert.equal(a.equals(new Matrix(1, 4, a.data)), false);
  assert.equal(Matrix.filled(1, 1, 0).equals(Matrix.filled(1, 1, -0)), true);
  assert.equal(Matrix.filled(1, 1, NaN).equals(Matrix.filled(1, 1, NaN)), false);
  assert.equal(Matrix.filled(1, 1, NaN).equals(Matrix.filled(1, 1, NaN), Infinity), false);
  assert.equal(new Matrix(0, 2).equals(new Matrix(0, 2)), true);
  assert.equal(new Matrix(0, 2).equals(new Matrix(0, 3)), false);
});
