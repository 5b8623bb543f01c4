// Errors measured against exact arithmetic: the cases that reach the standard bounds, the worst
// ones a search of random cases has found, and a sample. spec/slow/exactness.test.ts measures many
// more and prints the table.
import assert from "node:assert/strict";
import { test } from "node:test";
import { exp, log } from "../../lib/base/elementary.ts";
import { sum, sumOfSquares } from "../../lib/kernels/elementwise.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { softmaxLoss } from "../../lib/net/softmax-loss.ts";
import {
  approximate,
  errorInUlps,
  exact,
  expOf,
  logOf,
  plus,
  times,
  total,
} from "../helpers/exact.ts";
import {
  measureElementary,
  measureProducts,
  measureSoftmax,
  measureSums,
  paths,
  Table,
} from "./properties/exactness.ts";

const U = 2 ** -53;

test("1 + u + u + … is wrong by the bound, (k − 1)/2 ulp, on every path", () => {
  for (const k of [2, 3, 64, 257, 1000]) {
    const a = new Float64Array(k).fill(U);
    a[0] = 1;
    const value = plus(exact(1), times(exact(U), exact(k - 1)));
    const expected = (k - 1) / 2;
    assert.equal(errorInUlps(new Matrix(1, k, a).rowSum().get(0, 0), value), expected, "rowSum");
    assert.equal(
      errorInUlps(new Matrix(k, 1, a).columnSum().get(0, 0), value),
      expected,
      "columnSum",
    );
    const rows = 30; // enough work for every path
    for (const [path, gemm] of Object.entries(paths())) {
      const c = new Float64Array(rows);
      const many = new Float64Array(rows * k);
      for (let i = 0; i < rows; i++) many.set(a, i * k);
      gemm(false, false, rows, 1, k, many, new Float64Array(k).fill(1), c);
      for (const computed of c)
        assert.equal(errorInUlps(computed, value), expected, `matmul, ${path}, k = ${k}`);
    }
    // In four sums at a time there are a fourth of the additions.
    const lane = Math.ceil(k / 4);
    const one = errorInUlps(sum(a), value);
    assert.ok(one >= (lane - 1) / 2 && one <= (lane + 1) / 2, `sum ${one}, k = ${k}`);
    const roots = a.map(Math.sqrt);
    const squares = errorInUlps(
      sumOfSquares(roots),
      total(Array.from(roots, (x) => times(exact(x), exact(x)))),
    );
    assert.ok(
      squares > 0.45 * (lane - 1) && squares <= lane + 2,
      `sumOfSquares ${squares}, k = ${k}`,
    );
  }
});

test("Products that underflow lose no more than half of the smallest number each", () => {
  for (const k of [1, 5, 40]) {
    const a = Float64Array.from(
      { length: k },
      (_, i) => (i + 1) * 1e-162 * (i % 2 === 0 ? 1 : -0.7),
    );
    const value = total(Array.from(a, (x) => times(exact(x), exact(1.1e-162))));
    for (const [path, gemm] of Object.entries(paths())) {
      const c = new Float64Array(1);
      gemm(false, false, 1, 1, k, a, new Float64Array(k).fill(1.1e-162), c);
      assert.ok(errorInUlps(c[0], value) <= k / 2, `${path}, k = ${k}`);
    }
  }
});

// What a minute's search over small cases found closest to the bounds. The figures are exact and
// the same in every engine.
const WORST: [
  measure: (table: Table) => void,
  what: string,
  numbers: string,
  ulp: number,
  share: number,
][] = [
  [(t) => measureProducts(t, 322, [3, 3, 2], 9), "matmul", "positive", 1.047, 0.776],
  [(t) => measureProducts(t, 322, [3, 3, 2], 9), "matmul", "normal", 2.183, 0.76],
  [(t) => measureProducts(t, 28, [3, 3, 2], 9), "matmul", "2^±100", 0.901, 0.845],
  [(t) => measureProducts(t, 448, [3, 3, 2], 9), "matmul", "cancelling", 1.183, 0.833],
  [(t) => measureSums(t, 88, 5, 2), "rowSum", "positive", 0.5, 1.0],
  [(t) => measureSums(t, 285, 2, 3), "columnSum", "positive", 0.5, 0.996],
  [(t) => measureSums(t, 151, 2, 4), "sum", "positive", 1.0, 0.657],
  [(t) => measureSums(t, 257, 2, 4), "sumOfSquares", "normal", 1.364, 0.577],
  [(t) => measureSoftmax(t, 254, 3, 4), "softmaxLoss", "scores ~ 30", 1.809, 0.188],
  [(t) => measureSoftmax(t, 409, 2, 3), "softmax", "scores ~ 30", 34.19, 0.442],
  [(t) => measureSoftmax(t, 427, 2, 5), "dscores", "scores ~ 300", 486.804, 0.483],
  [(t) => measureSoftmax(t, 215, 3, 5), "softmax", "scores ~ 300", 506.736, 0.487],
  [(t) => measureElementary(t, 400, 500), "exp", "-708..709", 0.789, 0.789],
  [(t) => measureElementary(t, 0, 500), "log", "2^±1000", 0.601, 0.601],
];

test("The largest errors found so far have not changed", () => {
  for (const [measure, what, numbers, ulp, share] of WORST) {
    const table = new Table();
    measure(table);
    const found = [...table.figures.values()].filter(
      (figure) => figure.what === what && figure.numbers === numbers && figure.path !== "fma",
    );
    assert.ok(found.length > 0);
    for (const figure of found) {
      assert.equal(
        figure.ulp.toFixed(3),
        ulp.toFixed(3),
        `${what}, ${figure.path}, ${numbers}: ulp`,
      );
      assert.equal(
        figure.share.toFixed(3),
        share.toFixed(3),
        `${what}, ${figure.path}, ${numbers}: share of the bound`,
      );
    }
  }
});

test("A sample of every quantity on every path stays within its bound", () => {
  const table = new Table();
  for (let seed = 1000; seed < 1006; seed++) {
    measureProducts(table, seed, [5, 6, 8 + 5 * (seed % 6)], 15);
    measureSums(table, seed, 12, 5);
    measureSoftmax(table, seed, 3, 2 + (seed % 6));
  }
  measureElementary(table, 1000, 300);
  for (const { what, path, numbers, share, shareSeed } of table.figures.values()) {
    assert.ok(share <= 1, `${what}, ${path}, ${numbers}: ${share} of the bound, seed ${shareSeed}`);
  }
  assert.deepEqual(
    new Set([...table.figures.values()].map(({ what }) => what)),
    new Set([
      "matmul",
      "sum",
      "sumOfSquares",
      "rowSum",
      "columnSum",
      "softmax",
      "dscores",
      "softmaxLoss",
      "exp",
      "log",
    ]),
  );
});

test("The loss of a certain, right prediction is accurate to the precision of 1 + x", () => {
  for (const margin of [1, 10, 20, 30, 36]) {
    const { loss } = softmaxLoss(Matrix.rowVector([margin, 0]), [0]);
    const value = logOf(plus(exact(1), expOf(exact(-margin))));
    // S = 1 + e^−margin is rounded to a multiple of 2u: that is an absolute error of u, whatever
    // the loss.
    assert.ok(Math.abs(loss - approximate(value)) <= 2 * U, `margin ${margin}: ${loss}`);
  }
});

test("exp and log are within an ulp at the ends of their range and around 1", () => {
  for (const x of [
    -745, -744.4400719213812, -708.3964185322641, -1e-300, 5e-324, 1e-17, 0.34657359027997264,
    709.782712893384,
  ]) {
    assert.ok(errorInUlps(exp(x), expOf(exact(x))) <= 1, `exp(${x})`);
  }
  for (const x of [5e-324, 2 ** -1022, 1 - U, 1 + 2 * U, Math.SQRT2, Math.E, Number.MAX_VALUE]) {
    assert.ok(errorInUlps(log(x), logOf(exact(x))) <= 1, `log(${x})`);
  }
});
