// The product: stored answers, exact bounds, all transpositions, all small sizes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import * as kernels from "../../lib/kernels/reference.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { matrix, numbers, reference, type Stored } from "../helpers/fixtures.ts";
import {
  assertSameMatrix,
  leavesUnchanged,
  nanMatrix,
  specialMatrix,
} from "../helpers/matrices.ts";
import { assertSameBits, normals } from "../helpers/numbers.ts";

const { cases } = reference("matmul-cases");
const FLAGS = [false, true].flatMap((transA) =>
  [false, true].map((transB) => ({ transA, transB })),
);

/** op(A)·op(B) by matmul, from operands stored so that the flags turn them into A and B. */
function product(
  A: Matrix,
  B: Matrix,
  { transA, transB }: { transA: boolean; transB: boolean },
  out?: Matrix,
): Matrix {
  return (transA ? A.transpose() : A).matmul(transB ? B.transpose() : B, {
    transA,
    transB,
    ...(out && { out }),
  });
}

test("matmul has the bits of the stored products in all four transpositions", () => {
  assert.equal(cases.length, 21);
  let bounded = 0;
  for (const { name, m, k, n, A, B, sequential, exact, absDot } of cases) {
    const expected = numbers(sequential);
    for (const flags of FLAGS) {
      const C = product(matrix(A), matrix(B), flags);
      assert.deepEqual([C.rows, C.cols], [m, n], name);
      // 0 and −0 are equal here
      assertSameBits(
        C.data.map((value) => value + 0),
        expected.map((value) => value + 0),
        name,
      );
    }
    const exactly = numbers(exact === "same as sequential" ? sequential : (exact as Stored));
    const sizes = numbers(absDot);
    expected.forEach((value, i) => {
      if (![value, exactly[i], sizes[i]].every(Number.isFinite)) return;
      const bound =
        ((k * 2 ** -53) / (1 - k * 2 ** -53)) * sizes[i] +
        2 ** -53 * Math.abs(exactly[i]) +
        k * 5e-324;
      assert.ok(Math.abs(value - exactly[i]) <= bound, `${name}, element ${i}`);
      bounded++;
    });
  }
  assert.ok(bounded > 1500, `${bounded} elements compared with exact ones`);
});

test("matmul has the plain loop's bits at every small size and transposition", () => {
  const sizes = [0, 1, 2, 3, 4, 5, 8, 9];
  for (const m of sizes) {
    for (const n of sizes) {
      for (const k of sizes) {
        for (const flags of FLAGS) {
          const A = flags.transA ? specialMatrix(k, m, 1) : specialMatrix(m, k, 1);
          const B = flags.transB ? specialMatrix(n, k, 2) : specialMatrix(k, n, 2);
          const expected = nanMatrix(m, n);
          kernels.matmul(flags.transA, flags.transB, m, n, k, A.data, B.data, expected.data);
          const out = nanMatrix(m, n);
          leavesUnchanged([A, B], () => assert.equal(A.matmul(B, { ...flags, out }), out));
          assertSameMatrix(out, expected, `${m}·${k}·${n} ${JSON.stringify(flags)}`);
        }
      }
    }
  }
});

test("matmul has the plain loop's bits at larger odd sizes", () => {
  for (const [m, k, n] of [
    [1, 300, 1],
    [33, 65, 17],
    [64, 64, 64],
    [100, 37, 10],
    [5, 600, 7],
    [130, 3, 129],
  ]) {
    const A = new Matrix(m, k, normals(m * k, 1));
    const B = new Matrix(k, n, normals(k * n, 2));
    const expected = nanMatrix(m, n);
    kernels.matmul(false, false, m, n, k, A.data, B.data, expected.data);
    for (const flags of FLAGS)
      assertSameMatrix(product(A, B, flags, nanMatrix(m, n)), expected, `${m}·${k}·${n}`);
  }
});

test("matmul is exact, associative and distributive on small integers", () => {
  const random = new Random(7);
  const integers = (rows: number, cols: number): Matrix =>
    new Matrix(
      rows,
      cols,
      Float64Array.from(random.integers(rows * cols, 201), (value) => value - 100),
    );
  for (let round = 0; round < 50; round++) {
    const [m, k, l, n] = random.integers(4, 12);
    const [A, B, B2, C] = [integers(m, k), integers(k, l), integers(k, l), integers(l, n)];
    assert.ok(
      A.matmul(B)
        .matmul(C)
        .equals(A.matmul(B.matmul(C))),
      `(AB)C, ${m}·${k}·${l}·${n}`,
    );
    assert.ok(
      A.matmul(B.add(B2)).equals(A.matmul(B).add(A.matmul(B2))),
      `A(B + B'), ${m}·${k}·${l}`,
    );
    assert.ok(
      A.matmul(B).transpose().equals(B.transpose().matmul(A.transpose())),
      `(AB)ᵀ, ${m}·${k}·${l}`,
    );
    assert.ok(
      A.matmul(Matrix.identity(k)).equals(A) && Matrix.identity(m).matmul(A).equals(A),
      `AI, ${m}·${k}`,
    );
  }
});

test("(AB)ᵀ has the bits of BᵀAᵀ, since every element is summed in the order of k", () => {
  for (const [m, k, n] of [
    [3, 4, 5],
    [20, 33, 9],
    [40, 70, 50],
  ]) {
    const [A, B] = [new Matrix(m, k, normals(m * k, 3)), new Matrix(k, n, normals(k * n, 4))];
    assertSameMatrix(
      A.matmul(B).transpose(),
      B.matmul(A, { transA: true, transB: true }),
      `${m}·${k}·${n}`,
    );
  }
});

test("NaN and infinities reach the product, also through a multiplication by zero", () => {
  for (const n of [2, 40]) {
    for (const [value, expected] of [
      [NaN, NaN],
      [Infinity, NaN],
      [-Infinity, NaN],
    ]) {
      const A = new Matrix(n, n);
      A.set(n - 1, 0, value);
      const C = A.matmul(new Matrix(n, n));
      assertSameBits(C.row(n - 1), new Float64Array(n).fill(expected), `${value} times zeros`);
      assertSameBits(C.row(0), new Float64Array(n), "a row without it");
      const D = new Matrix(n, n).matmul(A);
      assert.ok(
        D.toRows().every(
          (row) => Number.isNaN(row[0]) && row.slice(1).every((element) => element === 0),
        ),
        `zeros times ${value}`,
      );
    }
  }
});

test("matmul works with no rows, no columns and nothing between", () => {
  assertSameMatrix(new Matrix(3, 0).matmul(new Matrix(0, 2)), new Matrix(3, 2), "(3×0)·(0×2)");
  assertSameMatrix(
    new Matrix(3, 0).matmul(new Matrix(0, 2), { out: nanMatrix(3, 2) }),
    new Matrix(3, 2),
    "(3×0)·(0×2) over an out",
  );
  assertSameMatrix(new Matrix(0, 3).matmul(new Matrix(3, 2)), new Matrix(0, 2), "(0×3)·(3×2)");
  assertSameMatrix(new Matrix(2, 3).matmul(new Matrix(3, 0)), new Matrix(2, 0), "(2×3)·(3×0)");
  assertSameMatrix(
    new Matrix(0, 3).matmul(new Matrix(0, 2), { transA: true }),
    new Matrix(3, 2),
    "(0×3)ᵀ·(0×2)",
  );
  assertSameMatrix(new Matrix(0, 0).matmul(new Matrix(0, 0)), new Matrix(0, 0), "(0×0)·(0×0)");
});

test("A matrix can be multiplied by itself, by its transpose and by views of one buffer", () => {
  const whole = new Matrix(9, 3, normals(27));
  const [top, bottom] = [whole.sliceRows(0, 3), whole.sliceRows(6, 9)];
  assertSameMatrix(top.matmul(top), top.clone().matmul(top.clone()), "squared");
  assertSameMatrix(whole.matmul(whole, { transA: true }), whole.transpose().matmul(whole), "XᵀX");
  const expected = top.clone().matmul(bottom.clone());
  assertSameMatrix(
    top.matmul(bottom, { out: whole.sliceRows(3, 6) }),
    expected,
    "three views of one buffer",
  );
  assertSameMatrix(whole.sliceRows(3, 6), expected, "out is a view");
});
