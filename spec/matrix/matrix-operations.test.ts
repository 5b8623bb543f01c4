// What the methods of Matrix do around their kernels: shapes, `out`, views and copies. What the
// kernels compute is tested in spec/kernels; NumPy's answers are in the fixture.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { assertSameBits, specialValues } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

const SIZES = [0, 1, 2, 3, 7];
const filled = (rows: number, cols: number, seed = 0): Matrix =>
  new Matrix(rows, cols, specialValues(rows * cols, rows + cols + seed));

type Operation = (a: Matrix, out?: Matrix) => Matrix;
const rowOf = (a: Matrix): Matrix => filled(1, a.cols, 1);
const columnOf = (a: Matrix): Matrix => filled(a.rows, 1, 2);
const otherOf = (a: Matrix): Matrix => filled(a.rows, a.cols, 3);
const firstOf = (a: Matrix): number[] => new Array(a.rows).fill(0);

/** Methods whose `out` may be the matrix itself. */
const ELEMENTWISE: Record<string, Operation> = {
  add: (a, out) => a.add(otherOf(a), out),
  sub: (a, out) => a.sub(otherOf(a), out),
  mul: (a, out) => a.mul(otherOf(a), out),
  div: (a, out) => a.div(otherOf(a), out),
  "div by a number": (a, out) => a.div(3, out),
  scale: (a, out) => a.scale(3, out),
  addScalar: (a, out) => a.addScalar(3, out),
  addScaled: (a, out) => a.addScaled(otherOf(a), 3, out),
  addRow: (a, out) => a.addRow(rowOf(a), out),
  subRow: (a, out) => a.subRow(rowOf(a), out),
  mulRow: (a, out) => a.mulRow(rowOf(a), out),
  divRow: (a, out) => a.divRow(rowOf(a), out),
  addColumn: (a, out) => a.addColumn(columnOf(a), out),
  subColumn: (a, out) => a.subColumn(columnOf(a), out),
  mulColumn: (a, out) => a.mulColumn(columnOf(a), out),
  divColumn: (a, out) => a.divColumn(columnOf(a), out),
  relu: (a, out) => a.relu(out),
  reluMask: (a, out) => a.reluMask(out),
  exp: (a, out) => a.exp(out),
  log: (a, out) => a.log(out),
  sqrt: (a, out) => a.sqrt(out),
  abs: (a, out) => a.abs(out),
  square: (a, out) => a.square(out),
  sign: (a, out) => a.sign(out),
  clip: (a, out) => a.clip(-1, 1, out),
  map: (a, out) => a.map((value) => 2 * value, out),
  addAt: (a, out) => (a.cols === 0 ? a.clone() : a.addAt(firstOf(a), 5, out)),
};

/** Methods whose `out` shares no memory with the matrix, and the shape of their result. */
const APART: Record<string, [operation: Operation, rows: (a: Matrix) => [number, number]]> = {
  transpose: [(a, out) => a.transpose(out), (a) => [a.cols, a.rows]],
  matmul: [(a, out) => a.matmul(a, { transB: true, out }), (a) => [a.rows, a.rows]],
  takeRows: [
    (a, out) => a.takeRows(a.rows === 0 ? [] : [0], out),
    (a) => [Math.min(a.rows, 1), a.cols],
  ],
  takeColumns: [
    (a, out) => a.takeColumns(a.cols === 0 ? [] : [0], out),
    (a) => [a.rows, Math.min(a.cols, 1)],
  ],
  sliceColumns: [(a, out) => a.sliceColumns(0, a.cols, out), (a) => [a.rows, a.cols]],
  rowSum: [(a, out) => a.rowSum(out), (a) => [a.rows, 1]],
  rowMean: [(a, out) => a.rowMean(out), (a) => [a.rows, 1]],
  columnSum: [(a, out) => a.columnSum(out), (a) => [1, a.cols]],
  columnMean: [(a, out) => a.columnMean(out), (a) => [1, a.cols]],
  columnStd: [(a, out) => a.columnStd(out), (a) => [1, a.cols]],
};

/** The same for methods that need an element in each row or column. */
const NEED_ELEMENTS: typeof APART = {
  rowMax: [(a, out) => a.rowMax(out), (a) => [a.rows, 1]],
  rowMin: [(a, out) => a.rowMin(out), (a) => [a.rows, 1]],
  columnMax: [(a, out) => a.columnMax(out), (a) => [1, a.cols]],
  columnMin: [(a, out) => a.columnMin(out), (a) => [1, a.cols]],
  pick: [(a, out) => a.pick(firstOf(a), out), (a) => [a.rows, 1]],
};

const OWN: Record<string, (a: Matrix) => unknown> = {
  clone: (a) => a.clone(),
  toRows: (a) => a.toRows(),
  row: (a) => a.row(0),
  column: (a) => a.column(0),
  reshape: (a) => a.reshape(a.cols, a.rows),
};
const VALUES = [
  ["get", "set", "setRow", "setColumn", "sliceRows", "diagonal", "dot", "equals"],
  ["sum", "mean", "max", "min", "argmax", "argmin", "norm", "trace"],
  ["rowArgmax", "rowArgmin", "columnArgmax", "columnArgmin", "toString", "toJSON"],
].flat();

test("Every method of Matrix stands in a table of this file or is tested by name", () => {
  const methods = Object.entries(Object.getOwnPropertyDescriptors(Matrix.prototype))
    .filter(([name, { value }]) => typeof value === "function" && name !== "constructor")
    .map(([name]) => name);
  const tables = [ELEMENTWISE, APART, NEED_ELEMENTS, OWN].flatMap((table) => Object.keys(table));
  const tested = new Set([...tables, ...VALUES].filter((name) => !name.includes(" ")));
  assert.deepEqual([...tested].sort(), methods.sort());
});

for (const [name, operation] of Object.entries(ELEMENTWISE)) {
  test(`${name} writes the same to a new matrix, to an out and in place`, () => {
    for (const rows of SIZES) {
      for (const cols of SIZES) {
        const a = filled(rows, cols);
        const before = a.clone();
        const fresh = operation(a);
        assert.deepEqual(fresh.shape, [rows, cols]);
        assertSameBits(a.data, before.data, `${name} leaves its matrix alone`);
        if (name === "addAt" && cols === 0) continue;
        const out = Matrix.filled(rows, cols, NaN);
        assert.equal(operation(a, out), out);
        assertSameBits(out.data, fresh.data, `${name} ${rows}×${cols} into out`);
        assert.equal(operation(a, a), a);
        assertSameBits(a.data, fresh.data, `${name} ${rows}×${cols} in place`);
      }
    }
  });

  test(`${name} refuses an out that overlaps its matrix in part, and one of another shape`, () => {
    const buffer = new Float64Array(8);
    const a = new Matrix(2, 3, buffer.subarray(0, 6));
    assertThrows(
      () => operation(a, new Matrix(2, 3, buffer.subarray(1, 7))),
      RangeError,
      `${name.split(" ")[0]}: expected an out that is this itself or apart from it, ` +
        "got one that overlaps it in part",
    );
    assertThrows(
      () => operation(a, new Matrix(3, 2)),
      ShapeError,
      `${name.split(" ")[0]}: out expected 2×3, got 3×2`,
    );
  });
}

for (const [name, [operation, shape]] of Object.entries({ ...APART, ...NEED_ELEMENTS })) {
  test(`${name} writes the same to a new matrix and to an out`, () => {
    for (const rows of SIZES) {
      for (const cols of SIZES) {
        if (name in NEED_ELEMENTS && rows * cols === 0) continue;
        const a = filled(rows, cols);
        const before = a.clone();
        const fresh = operation(a);
        assert.deepEqual(fresh.shape, shape(a), `${name} ${rows}×${cols}`);
        assertSameBits(a.data, before.data, `${name} leaves its matrix alone`);
        const out = Matrix.filled(fresh.rows, fresh.cols, NaN);
        assert.equal(operation(a, out), out);
        assertSameBits(out.data, fresh.data, `${name} ${rows}×${cols} into out`);
      }
    }
  });

  test(`${name} refuses an out that shares memory with its matrix`, () => {
    const a = filled(3, 3);
    const [rows, cols] = shape(a);
    assertThrows(
      () => operation(a, new Matrix(rows, cols, a.data.subarray(0, rows * cols))),
      RangeError,
      `${name}: expected an out with memory of its own, got one that shares memory with this`,
    );
  });
}

for (const along of ["Row", "Column"] as const) {
  for (const operation of ["add", "sub", "mul", "div"] as const) {
    const name = `${operation}${along}` as const;
    const vectorOf = along === "Row" ? rowOf : columnOf;
    test(`${name} refuses an out that shares memory with its ${along.toLowerCase()}`, () => {
      const out = Matrix.zeros(3, 3);
      const [rows, cols] = along === "Row" ? [1, 3] : [3, 1];
      assertThrows(
        () => filled(3, 3)[name](new Matrix(rows, cols, out.data.subarray(3, 6)), out),
        RangeError,
        `${name}: expected an out with memory of its own, ` +
          `got one that shares memory with ${along.toLowerCase()}`,
      );
    });

    test(`${name} refuses a ${along.toLowerCase()} of another shape`, () => {
      const a = filled(2, 3);
      const wrong = vectorOf(a).transpose();
      const expected = along === "Row" ? "row expected 1×3" : "column expected 2×1";
      assertThrows(
        () => a[name](wrong),
        ShapeError,
        `${name}: ${expected}, got ${wrong.rows}×${wrong.cols}`,
      );
    });
  }
}

test("Reductions of no elements are as NumPy's: sums 0, means NaN, extremes refused", () => {
  assert.deepEqual(new Matrix(2, 0).rowSum().toRows(), [[0], [0]]);
  assert.deepEqual(new Matrix(2, 0).rowMean().toRows(), [[NaN], [NaN]]);
  assert.deepEqual(new Matrix(0, 2).columnMean().toRows(), [[NaN, NaN]]);
  assert.deepEqual(new Matrix(0, 2).columnStd().toRows(), [[NaN, NaN]]);
  assert.equal(new Matrix(0, 2).mean(), NaN);
  assert.equal(new Matrix(0, 2).norm(), 0);
  assert.equal(new Matrix(0, 2).trace(), 0);
  for (const name of ["rowMax", "rowMin", "rowArgmax", "rowArgmin"] as const)
    assertThrows(
      () => new Matrix(2, 0)[name](),
      ShapeError,
      `${name}: expected at least one column, got 2×0`,
    );
  for (const name of ["columnMax", "columnMin", "columnArgmax", "columnArgmin"] as const)
    assertThrows(
      () => new Matrix(0, 2)[name](),
      ShapeError,
      `${name}: expected at least one row, got 0×2`,
    );
  for (const name of ["max", "min", "argmax", "argmin"] as const)
    assertThrows(
      () => new Matrix(0, 2)[name](),
      ShapeError,
      `${name}: expected at least one element, got 0×2`,
    );
});

test("dot takes rows and columns of one length, and nothing else", () => {
  const [row, column] = [Matrix.rowVector([1, 2, 3]), Matrix.columnVector([4, 5, 6])];
  for (const [a, b] of [
    [row, column],
    [column, row],
    [row, row],
    [column, column],
  ])
    assert.equal(a.dot(b), a === b ? (a === row ? 14 : 77) : 32);
  assertThrows(
    () => row.dot(filled(3, 3)),
    ShapeError,
    "dot: expected two vectors of one length, got 1×3 and 3×3",
  );
  assertThrows(
    () => row.dot(Matrix.rowVector([1])),
    ShapeError,
    "dot: expected two vectors of one length, got 1×3 and 1×1",
  );
});

test("setRow and setColumn change that row or column, or nothing", () => {
  const a = Matrix.zeros(2, 3);
  a.setRow(1, [1, 2, 3]);
  a.setColumn(0, Float32Array.of(8, 9));
  assert.deepEqual(a.toRows(), [
    [8, 0, 0],
    [9, 2, 3],
  ]);
  a.setRow(0, a.row(1));
  assert.deepEqual(a.toRows(), [
    [9, 2, 3],
    [9, 2, 3],
  ]);
  const before = a.clone();
  assertThrows(
    () => a.setRow(0, [1, "2", 3] as never),
    TypeError,
    'setRow: expected a number at values[1], got "2"',
  );
  assertThrows(
    () => a.setColumn(0, [1]),
    ShapeError,
    "setColumn: expected 2 values for 2 rows, got 1",
  );
  assertThrows(
    () => a.setRow(2, [1, 2, 3]),
    RangeError,
    "setRow: row expected an integer in 0..1, got 2",
  );
  assertSameBits(a.data, before.data, "unchanged");
});

test("setColumn takes the values of an overlapping row as they were", () => {
  const a = Matrix.fromRows([
    [1, 2],
    [3, 4],
  ]);
  a.setColumn(0, a.row(0));
  assert.deepEqual(a.toRows(), [
    [1, 2],
    [2, 4],
  ]);
});

test("pick and addAt are the notebook's scores[range(N), y] and p[range(N), y] -= 1", () => {
  const p = Matrix.fromRows([
    [0.1, 0.9],
    [0.6, 0.4],
    [0.5, 0.5],
  ]);
  const y = Int32Array.of(1, 0, 1);
  assert.deepEqual(p.pick(y).toRows(), [[0.9], [0.6], [0.5]]);
  assert.equal(p.addAt(y, -1, p), p);
  assert.deepEqual(p.toRows(), [
    [0.1, 0.9 - 1],
    [0.6 - 1, 0.4],
    [0.5, -0.5],
  ]);
  assertThrows(() => p.pick([0]), ShapeError, "pick: expected 3 indices for 3 rows, got 1");
  assertThrows(
    () => p.addAt([0, 1, 2], 1),
    RangeError,
    "addAt: index 2 expected an integer in 0..1, got 2",
  );
});

test("reshape and sliceRows are views, column and sliceColumns copies", () => {
  const a = Matrix.fromRows([
    [1, 2],
    [3, 4],
  ]);
  a.reshape(1, 4).set(0, 3, 9);
  assert.equal(a.get(1, 1), 9);
  a.sliceRows(0, 1).set(0, 0, 7);
  assert.equal(a.get(0, 0), 7);
  a.column(0)[0] = 100;
  a.sliceColumns(0, 1).set(0, 0, 100);
  assert.equal(a.get(0, 0), 7);
  assertThrows(
    () => a.reshape(3, 1),
    ShapeError,
    "reshape: expected a shape of 4 elements, got 3×1",
  );
});

test("concatRows and concatColumns put matrices together, also empty ones", () => {
  for (const rows of SIZES) {
    for (const cols of SIZES) {
      const [a, b] = [filled(rows, cols, 1), filled(2, cols, 2)];
      const below = Matrix.concatRows([a, b, a]);
      assert.deepEqual(below.shape, [2 * rows + 2, cols]);
      assertSameBits(below.data, [...a.data, ...b.data, ...a.data], `${rows}×${cols} rows`);
      const beside = Matrix.concatColumns([a, filled(rows, 3, 4), a]);
      const expected = Array.from({ length: rows }, (_, i) => [
        ...a.row(i),
        ...filled(rows, 3, 4).row(i),
        ...a.row(i),
      ]);
      assertSameBits(beside.data, expected.flat(), `${rows}×${cols} columns`);
      const out = Matrix.filled(below.rows, below.cols, NaN);
      assert.equal(Matrix.concatRows([a, b, a], out), out);
      assertSameBits(out.data, below.data, "into out");
    }
  }
});

test("concatRows and concatColumns refuse what does not fit", () => {
  const a = filled(2, 3);
  assertThrows(
    () => Matrix.concatRows([a, filled(2, 2)]),
    ShapeError,
    "concatRows: expected 3 columns in matrix 1 as in 0, got 2×2",
  );
  assertThrows(
    () => Matrix.concatColumns([a, filled(3, 3)]),
    ShapeError,
    "concatColumns: expected 2 rows in matrix 1 as in 0, got 3×3",
  );
  assertThrows(
    () => Matrix.concatRows([]),
    RangeError,
    "concatRows: matrices expected at least one, got none",
  );
  assertThrows(
    () => Matrix.concatRows([a], a),
    RangeError,
    "concatRows: expected an out with memory of its own, got one that shares memory with matrix 0",
  );
});

test("fromFlat copies any array of numbers", () => {
  for (const values of [[1, 2, 3, 4], Float32Array.of(1, 2, 3, 4), Uint8Array.of(1, 2, 3, 4)])
    assert.deepEqual(Matrix.fromFlat(2, 2, values).toRows(), [
      [1, 2],
      [3, 4],
    ]);
  assertThrows(
    () => Matrix.fromFlat(2, 2, [1]),
    ShapeError,
    "fromFlat: expected 4 values for 2×2, got 1",
  );
  assertThrows(
    () => Matrix.fromFlat(1, 1, ["1"] as never),
    TypeError,
    'fromFlat: expected a number at values[0], got "1"',
  );
});

test("randomUniform draws from min to max, the stream of Random.uniform", () => {
  const u = Matrix.randomUniform(3, 4, new Random(5), { min: -2, max: 3 });
  const expected = new Random(5).uniform(12).map((value) => -2 + 5 * value);
  assertSameBits(u.data, expected, "randomUniform");
  assertThrows(
    () => Matrix.randomUniform(1, 1, new Random(), { min: 1, max: 0 }),
    RangeError,
    "randomUniform: max expected a finite number >= 1, got 0",
  );
});

test("A matrix is iterable by rows, as views", () => {
  const a = Matrix.fromRows([
    [1, 2],
    [3, 4],
  ]);
  const rows = [...a];
  assert.deepEqual(rows, [Float64Array.of(1, 2), Float64Array.of(3, 4)]);
  rows[1][0] = 9;
  assert.equal(a.get(1, 0), 9);
  assert.deepEqual([...new Matrix(0, 3)], []);
});

test("Matrices work behind a proxy, as in the reactive state of Vue or MobX", () => {
  const handler: ProxyHandler<Matrix> = {
    get: (target, key, receiver) => Reflect.get(target, key, receiver),
  };
  const proxied = (matrix: Matrix): Matrix => new Proxy(matrix, handler);
  const a = filled(3, 3);
  for (const [name, operation] of Object.entries(ELEMENTWISE))
    assertSameBits(operation(proxied(a)).data, operation(a).data, name);
  for (const [name, [operation]] of Object.entries({ ...APART, ...NEED_ELEMENTS }))
    assertSameBits(operation(proxied(a)).data, operation(a).data, name);
  for (const call of Object.values(OWN)) assert.deepEqual(call(proxied(a)), call(a));
  const out = Matrix.zeros(3, 3);
  proxied(a).matmul(proxied(a), { out: proxied(out) });
  assertSameBits(out.data, a.matmul(a).data, "matmul");
  assert.equal(proxied(a).toString(), a.toString());
  assert.deepEqual([...proxied(a)], [...a]);
});

test("A subclass's static factories and methods return matrices", () => {
  class Special extends Matrix {}
  assert.equal(Special.zeros(1, 1).constructor, Matrix);
  assert.equal(new Special(1, 1).add(new Matrix(1, 1)).constructor, Matrix);
});

type Answer = { operation: string; value: (number | string)[] };
const fixture: { a: (number | string)[]; rows: number; cols: number; answers: Answer[] } =
  JSON.parse(
    readFileSync(new URL("../fixtures/matrix-operations/answers.json", import.meta.url), "utf8"),
  );

for (const { operation, value } of fixture.answers) {
  test(`${operation} gives NumPy's answer`, () => {
    const a = Matrix.fromFlat(fixture.rows, fixture.cols, fixture.a.map(Number));
    const call = new Function("a", "Matrix", `return a.${operation}`);
    const result: unknown = call(a, Matrix);
    const actual =
      typeof result === "number" ? [result] : result instanceof Matrix ? [...result.data] : result;
    const expected = value.map(Number);
    const values = Array.from(actual as ArrayLike<number>);
    assert.equal(values.length, expected.length);
    for (const [i, number] of values.entries()) {
      const close = Math.abs(number - expected[i]) <= 4e-16 * Math.abs(expected[i]);
      assert.ok(Object.is(number, expected[i]) || close, `${i}: ${number}, NumPy ${expected[i]}`);
    }
  });
}

test("An out that shares memory with the indices is refused", () => {
  const a = filled(2, 2);
  const indices = Float64Array.of(1, 0, 1, 1);
  const calls: Record<string, () => unknown> = {
    takeRows: () => a.takeRows(indices.subarray(0, 2), new Matrix(2, 2, indices)),
    takeColumns: () => a.takeColumns(indices.subarray(0, 2), new Matrix(2, 2, indices)),
    pick: () => a.pick(indices.subarray(0, 2), new Matrix(2, 1, indices.subarray(0, 2))),
    addAt: () => a.addAt(indices.subarray(0, 2), 1, new Matrix(2, 2, indices)),
  };
  for (const [name, call] of Object.entries(calls))
    assertThrows(
      call,
      RangeError,
      `${name}: expected an out with memory of its own, got one that shares memory with indices`,
    );
});
