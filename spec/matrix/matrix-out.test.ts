// Where results go: `out` in every allowed and every refused position, views and what they share.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import {
  assertSameMatrix,
  counting,
  leavesUnchanged,
  nanMatrix,
  specialMatrix,
} from "../helpers/matrices.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

type Call = (a: Matrix, b: Matrix, out?: Matrix) => Matrix;

// The methods that may write over an operand, with the operands they have.
const IN_PLACE: [string, Call, ("this" | "b")[]][] = [
  ["add", (a, b, out) => a.add(b, out), ["this", "b"]],
  ["sub", (a, b, out) => a.sub(b, out), ["this", "b"]],
  ["mul", (a, b, out) => a.mul(b, out), ["this", "b"]],
  ["addScaled", (a, b, out) => a.addScaled(b, -0.7, out), ["this", "b"]],
  ["scale", (a, _, out) => a.scale(3, out), ["this"]],
  ["relu", (a, _, out) => a.relu(out), ["this"]],
  ["reluMask", (a, _, out) => a.reluMask(out), ["this"]],
  ["map", (a, _, out) => a.map((value, i, j) => value + i - 2 * j, out), ["this"]],
];

for (const [name, call, operands] of IN_PLACE) {
  test(`${name} fills an out whatever was in it, returns it, and changes nothing else`, () => {
    for (const [rows, cols] of [
      [0, 0],
      [0, 3],
      [3, 0],
      [1, 1],
      [5, 7],
      [17, 3],
    ]) {
      const [a, b, out] = [
        specialMatrix(rows, cols, 1),
        specialMatrix(rows, cols, 2),
        nanMatrix(rows, cols),
      ];
      const expected = call(a, b);
      leavesUnchanged([a, b], () => assert.equal(call(a, b, out), out));
      assertSameMatrix(out, expected, `${name} ${rows}×${cols}`);
    }
  });

  test(`${name} may write over an operand or a matrix with exactly its memory`, () => {
    for (const operand of operands) {
      for (const view of [false, true]) {
        const [a, b] = [specialMatrix(5, 7, 1), specialMatrix(5, 7, 2)];
        const expected = call(a, b);
        const target = operand === "this" ? a : b;
        const other = operand === "this" ? b : a;
        const out = view ? target.sliceRows(0, 5) : target;
        leavesUnchanged([other], () => assert.equal(call(a, b, out), out));
        assertSameMatrix(target, expected, `${name} over ${operand}`);
      }
    }
    const a = specialMatrix(4, 4, 3);
    const expected = call(a, a);
    call(a, a, a);
    assertSameMatrix(a, expected, `${name} with all three the same`);
  });

  test(`${name} refuses an out that overlaps in part or has another shape, unchanged`, () => {
    for (const operand of operands) {
      for (const [from, to] of [
        [0, 1],
        [1, 0],
        [0, 3],
        [3, 0],
      ]) {
        const whole = specialMatrix(9, 3, 1);
        const [a, b] = [specialMatrix(5, 3, 2), specialMatrix(5, 3, 3)];
        const shifted = whole.sliceRows(from, from + 5);
        const out = whole.sliceRows(to, to + 5);
        leavesUnchanged([whole, a, b], () => {
          assertThrows(
            () => (operand === "this" ? call(shifted, b, out) : call(a, shifted, out)),
            RangeError,
            `${name}: expected an out that is ${operand} itself or apart from it, got one that ` +
              "overlaps it in part",
          );
        });
      }
    }
    const [a, b] = [specialMatrix(5, 3, 2), specialMatrix(5, 3, 3)];
    for (const [rows, cols] of [
      [3, 5],
      [5, 4],
      [4, 3],
      [15, 1],
      [0, 0],
    ]) {
      const out = nanMatrix(rows, cols);
      leavesUnchanged([a, b, out], () =>
        assertThrows(
          () => call(a, b, out),
          ShapeError,
          `${name}: out expected 5×3, got ${rows}×${cols}`,
        ),
      );
    }
    leavesUnchanged([a, b], () => {
      assertThrows(
        () => call(a, b, null as never),
        TypeError,
        `${name}: out expected a Matrix, got null`,
      );
      assertThrows(
        () => call(a, b, new Float64Array(15) as never),
        TypeError,
        `${name}: out expected a Matrix, got a Float64Array`,
      );
    });
  });
}

test("addRow writes over this, but not over the row, nor over a shifted this", () => {
  const [a, row] = [specialMatrix(5, 3, 1), specialMatrix(1, 3, 2)];
  const expected = a.addRow(row);
  const out = nanMatrix(5, 3);
  leavesUnchanged([a, row], () => assert.equal(a.addRow(row, out), out));
  assertSameMatrix(out, expected, "addRow into an out");
  leavesUnchanged([row], () => assert.equal(a.addRow(row, a), a));
  assertSameMatrix(a, expected, "addRow over this");

  const whole = specialMatrix(6, 3, 3);
  const shared =
    "addRow: expected an out with memory of its own, got one that shares memory with row";
  leavesUnchanged([whole], () => {
    assertThrows(() => whole.addRow(whole.sliceRows(2, 3), whole), RangeError, shared);
    const single = whole.sliceRows(0, 1);
    assertThrows(() => single.addRow(single, single), RangeError, shared);
    assertThrows(
      () => whole.sliceRows(0, 5).addRow(row, whole.sliceRows(1, 6)),
      RangeError,
      "addRow: expected an out that is this itself or apart from it, got one that overlaps it " +
        "in part",
    );
    assertThrows(
      () => whole.addRow(row, nanMatrix(3, 6)),
      ShapeError,
      "addRow: out expected 6×3, got 3×6",
    );
  });
  const first = whole.sliceRows(0, 1).clone();
  assertSameMatrix(
    whole.addRow(whole.sliceRows(0, 1)),
    whole.addRow(first),
    "without an out the row may be one of the matrix",
  );
});

test("matmul, transpose and takeRows refuse an out that shares any memory with an operand", () => {
  const whole = specialMatrix(12, 4, 1);
  const [top, middle] = [whole.sliceRows(0, 4), whole.sliceRows(3, 7)];
  const other = specialMatrix(4, 4, 2);
  const shared = (where: string, name: string): string =>
    `${where}: expected an out with memory of its own, got one that shares memory with ${name}`;
  leavesUnchanged([whole, other], () => {
    for (const out of [top, whole.sliceRows(0, 4), middle]) {
      for (const transA of [false, true]) {
        assertThrows(
          () => top.matmul(other, { transA, out }),
          RangeError,
          shared("matmul", "this"),
        );
        assertThrows(
          () => other.matmul(top, { transB: transA, out }),
          RangeError,
          shared("matmul", "b"),
        );
      }
      assertThrows(() => top.transpose(out), RangeError, shared("transpose", "this"));
      assertThrows(() => top.takeRows([0, 1, 2, 3], out), RangeError, shared("takeRows", "this"));
    }
    assertThrows(
      () => top.matmul(other, { out: nanMatrix(4, 5) }),
      ShapeError,
      "matmul: out expected 4×4, got 4×5",
    );
    assertThrows(
      () => whole.matmul(other, { out: nanMatrix(4, 12) }),
      ShapeError,
      "matmul: out expected 12×4, got 4×12",
    );
    assertThrows(
      () => whole.transpose(nanMatrix(12, 4)),
      ShapeError,
      "transpose: out expected 4×12, got 12×4",
    );
    assertThrows(
      () => whole.takeRows([1, 2], nanMatrix(3, 4)),
      ShapeError,
      "takeRows: out expected 2×4, got 3×4",
    );
    assertThrows(
      () => whole.takeRows([1, 2], {} as never),
      TypeError,
      "takeRows: out expected a Matrix, got an Object",
    );
    assertThrows(
      () => top.matmul(other, { out: null as never }),
      TypeError,
      "matmul: out expected a Matrix, got null",
    );
  });
});

test("matmul, transpose and takeRows fill an out whatever was in it, and return it", () => {
  const [a, b] = [specialMatrix(4, 3, 1), specialMatrix(3, 5, 2)];
  leavesUnchanged([a, b], () => {
    const cases: [(out?: Matrix) => Matrix, number, number][] = [
      [(out) => a.matmul(b, out && { out }), 4, 5],
      [(out) => a.transpose(out), 3, 4],
      [(out) => a.takeRows([3, 0, 3, 1, 1], out), 5, 3],
    ];
    for (const [call, rows, cols] of cases) {
      const out = nanMatrix(rows, cols);
      assert.equal(call(out), out);
      assertSameMatrix(out, call(), `${call}`);
    }
  });
});

test("An out without elements shares none, even inside an operand's buffer", () => {
  const whole = counting(5, 3);
  leavesUnchanged([whole], () => {
    assertSameMatrix(
      whole.sliceRows(1, 1).matmul(Matrix.identity(3), { out: whole.sliceRows(2, 2) }),
      new Matrix(0, 3),
      "matmul",
    );
    assertSameMatrix(whole.takeRows([], whole.sliceRows(2, 2)), new Matrix(0, 3), "takeRows");
    assertSameMatrix(whole.sliceRows(1, 1).relu(whole.sliceRows(4, 4)), new Matrix(0, 3), "relu");
  });
});

test("Without out, results have memory of their own", () => {
  const a = specialMatrix(4, 4, 1);
  const results = [
    a.add(a),
    a.sub(a),
    a.mul(a),
    a.scale(1),
    a.addScaled(a, 0),
    a.addRow(new Matrix(1, 4)),
    a.relu(),
    a.reluMask(),
    a.map((value) => value),
    a.matmul(a),
    a.transpose(),
    a.takeRows([0, 1, 2, 3]),
    a.clone(),
    a.rowMax(),
    a.rowSum(),
    a.columnSum(),
  ];
  leavesUnchanged([a], () => results.forEach(({ data }, i) => data.fill(i)));
  for (const [i, { data }] of results.entries())
    assert.ok(
      data.every((value) => value === i),
      `result ${i} was overwritten`,
    );
});

test("row and sliceRows are views: what is written through one is seen by all", () => {
  const m = counting(4, 3);
  const slice = m.sliceRows(1, 3);
  assert.deepEqual({ rows: slice.rows, cols: slice.cols }, { rows: 2, cols: 3 });
  assertSameBits(slice.data, [4, 5, 6, 7, 8, 9], "slice");
  m.row(1)[2] = -6;
  assert.equal(slice.get(0, 2), -6);
  slice.set(1, 0, -7);
  assert.equal(m.get(2, 0), -7);
  slice.sliceRows(1, 2).row(0).fill(0);
  assertSameBits(m.data, [1, 2, 3, 4, 5, -6, 0, 0, 0, 10, 11, 12], "the whole");
  assert.equal(m.row(3).buffer, m.data.buffer);
  assertSameMatrix(m.sliceRows(0, 4), m, "all rows");
  for (let i = 0; i <= 4; i++) assertSameMatrix(m.sliceRows(i, i), new Matrix(0, 3), "no rows");
  assert.equal(new Matrix(3, 0).row(1).length, 0);
});

test("A matrix may lie anywhere in a buffer, and a method writes only to its out", () => {
  const buffer = new Float64Array(100).fill(NaN);
  const at = (offset: number, rows: number, cols: number): Matrix =>
    new Matrix(rows, cols, buffer.subarray(offset, offset + rows * cols));
  const [a, b, out] = [at(3, 4, 5), at(31, 5, 6), at(67, 4, 6)];
  a.data.set(specialMatrix(4, 5, 1).data);
  b.data.set(specialMatrix(5, 6, 2).data);
  a.matmul(b, { out });
  assertSameMatrix(out, specialMatrix(4, 5, 1).matmul(specialMatrix(5, 6, 2)), "product");
  for (const [start, end] of [
    [0, 3],
    [23, 31],
    [61, 67],
    [91, 100],
  ]) {
    assert.ok(
      buffer.subarray(start, end).every(Number.isNaN),
      `written between ${start} and ${end}`,
    );
  }
});

test("Matrices over a SharedArrayBuffer work as others do", () => {
  const shared = new Matrix(3, 4, new Float64Array(new SharedArrayBuffer(96)));
  shared.data.set(counting(3, 4).data);
  const out = new Matrix(3, 3, new Float64Array(new SharedArrayBuffer(72)));
  shared.matmul(shared, { transB: true, out });
  assertSameMatrix(out, counting(3, 4).matmul(counting(3, 4), { transB: true }), "product");
  assertSameMatrix(
    shared.transpose().add(shared.transpose()),
    counting(3, 4).transpose().scale(2),
    "elementwise",
  );
});

test("map leaves out as it was when its function throws or returns no number", () => {
  const a = counting(3, 3);
  const out = nanMatrix(3, 3);
  leavesUnchanged([a, out], () => {
    const stop = new Error("stop");
    for (const target of [a, out]) {
      assert.throws(
        () =>
          a.map((value) => {
            if (value === 5) throw stop;
            return -value;
          }, target),
        stop,
      );
      assertThrows(
        () => a.map((value) => (value === 6 ? undefined : -value) as number, target),
        TypeError,
        "map: f expected to return a number at (1, 2), got undefined",
      );
    }
  });
});
