import assert from "node:assert/strict";
import { test } from "node:test";
import { exp } from "../../lib/base/elementary.ts";
import { ShapeError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { softmaxInPlace, softmaxLoss } from "../../lib/net/softmax-loss.ts";
import { assertSameMatrix, leavesUnchanged } from "../helpers/matrices.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

const any = (value: unknown): never => value as never;

/**
 * Asserts what holds for all finite scores: rows of probabilities sum to 1, rows of the gradient to
 * 0, all finite.
 */
function assertInvariants(scores: Matrix, y: ArrayLike<number>): number {
  const { loss, dscores, probabilities } = softmaxLoss(scores, y);
  assert.ok(loss >= 0, `loss ${loss}`);
  assert.ok(
    probabilities.data.every((p) => p >= 0 && p <= 1),
    "probabilities in 0..1",
  );
  for (const sum of probabilities.rowSum().data)
    assert.ok(Math.abs(sum - 1) <= scores.cols * 2 ** -52, `probabilities sum to ${sum}`);
  for (const sum of dscores.rowSum().data)
    assert.ok(Math.abs(sum) <= scores.cols * 2 ** -52, `gradient sums to ${sum}`);
  for (let i = 0; i < scores.rows; i++) {
    for (let j = 0; j < scores.cols; j++) {
      const p = probabilities.get(i, j);
      assert.ok(
        Object.is(dscores.get(i, j), (j === y[i] ? p - 1 : p) / scores.rows),
        `dscores at ${i}, ${j}`,
      );
    }
  }
  return loss;
}

test("softmaxLoss of two scores is what is worked out by hand", () => {
  const { loss, dscores, probabilities } = softmaxLoss(
    Matrix.fromRows([
      [0, 0],
      [0, Math.log(3)],
    ]),
    [0, 0],
  );
  assert.ok(Math.abs(loss - (Math.log(2) + Math.log(4)) / 2) < 1e-15);
  assert.ok(
    probabilities.equals(
      Matrix.fromRows([
        [0.5, 0.5],
        [0.25, 0.75],
      ]),
      1e-15,
    ),
  );
  assert.ok(
    dscores.equals(
      Matrix.fromRows([
        [-0.25, 0.25],
        [-0.375, 0.375],
      ]),
      1e-15,
    ),
  );
});

test("softmaxLoss of equal scores is the logarithm of the number of classes", () => {
  for (const C of [1, 2, 3, 10, 1000]) {
    for (const score of [0, -3, 1e300]) {
      const { loss } = softmaxLoss(Matrix.filled(4, C, score), [0, C - 1, 0, C >> 1]);
      assert.ok(
        Math.abs(loss - Math.log(C)) <= 1e-15 * Math.max(1, Math.log(C)),
        `${C} classes: ${loss}`,
      );
    }
  }
});

test("softmaxLoss keeps its invariants for random scores of any size", () => {
  for (let round = 0; round < 100; round++) {
    const random = new Random(round);
    const [N, C] = random.integers(2, 12).map((n) => n + 1);
    const scores = Matrix.randomNormal(N, C, random, { std: 10 ** (round % 20) });
    const y = random.integers(N, C);
    leavesUnchanged([scores], () => assert.ok(Number.isFinite(assertInvariants(scores, y))));
  }
});

test("softmaxLoss is the same when a constant is added to a row of integers", () => {
  const scores = Matrix.fromRows([
    [1, 5, -3],
    [0, 2, 2],
  ]);
  const y = [2, 0];
  const expected = softmaxLoss(scores, y);
  for (const constant of [1, -100, 2 ** 40]) {
    const shifted = softmaxLoss(scores.addRow(Matrix.filled(1, 3, constant)), y);
    assertSameBits([shifted.loss], [expected.loss], `plus ${constant}`);
    assertSameMatrix(shifted.dscores, expected.dscores, `plus ${constant}`);
  }
});

test("softmaxLoss survives scores of ±1000, where a bare exp does not", () => {
  assert.equal(assertInvariants(Matrix.fromRows([[1000, 0, -1000]]), [0]), 0);
  assert.equal(assertInvariants(Matrix.fromRows([[1000, 0, -1000]]), [2]), 2000);
  assert.equal(assertInvariants(Matrix.fromRows([[-1000, -1000]]), [1]), Math.LN2);
  assert.equal(
    assertInvariants(
      Matrix.fromRows([
        [1000, -1000],
        [-1000, 1000],
      ]),
      [1, 1],
    ),
    1000,
  );
});

test("softmaxLoss is finite for scores up to the largest double unless the mean is not", () => {
  const max = Number.MAX_VALUE;
  assert.equal(assertInvariants(Matrix.fromRows([[1e308, 1e308]]), [0]), Math.LN2);
  assert.equal(assertInvariants(Matrix.fromRows([[0, -1e308]]), [1]), 1e308);
  // the sum overflows, the mean does not
  assert.equal(
    assertInvariants(
      Matrix.fromRows([
        [max, 0],
        [max, 0],
      ]),
      [1, 1],
    ),
    max,
  );
  // so does the difference in the first row
  assert.equal(
    assertInvariants(
      Matrix.fromRows([
        [max, -max],
        [0, 0],
      ]),
      [1, 0],
    ),
    max,
  );
  assert.equal(assertInvariants(Matrix.fromRows([[1e308, -1e308]]), [1]), Infinity);
  assert.equal(assertInvariants(Matrix.fromRows([[1e308, -1e308]]), [0]), 0);
});

test("softmaxLoss keeps what is small: confident and right is e^-margin, not 0", () => {
  assert.equal(
    softmaxLoss(Matrix.fromRows([[30, 0]]), [0]).probabilities.get(0, 1),
    exp(-30) / (1 + exp(-30)),
  );
  assert.ok(softmaxLoss(Matrix.fromRows([[-745, 0]]), [1]).probabilities.get(0, 0) > 0);
});

test("softmaxLoss gives NaN, not a number, for scores that are none", () => {
  for (const row of [
    [NaN, 0, 1],
    [0, NaN, 1],
    [0, 1, NaN],
    [Infinity, 0, 1],
    [-Infinity, -Infinity, -Infinity],
  ]) {
    const { loss, probabilities, dscores } = softmaxLoss(Matrix.fromRows([[1, 2, 3], row]), [0, 0]);
    assert.ok(Number.isNaN(loss), `${row}`);
    assert.ok(
      probabilities.row(1).every(Number.isNaN) && dscores.row(1).every(Number.isNaN),
      `${row}`,
    );
    assert.ok(probabilities.row(0).every(Number.isFinite));
  }
  const masked = softmaxLoss(Matrix.fromRows([[0, -Infinity]]), [0]);
  assert.equal(masked.loss, 0);
  assertSameBits(masked.probabilities.data, [1, 0], "a score of -∞ is a class that cannot be");
  assert.equal(softmaxLoss(Matrix.fromRows([[0, -Infinity]]), [1]).loss, Infinity);
});

test("softmaxInPlace gives the probabilities of softmaxLoss to the bit", () => {
  const scores = Matrix.randomNormal(7, 5, new Random(1), { std: 30 });
  const { probabilities } = softmaxLoss(scores, [0, 1, 2, 3, 4, 0, 1]);
  softmaxInPlace(scores);
  assertSameMatrix(scores, probabilities, "softmaxInPlace");
});

test("softmaxLoss refuses empty scores and wrong labels", () => {
  const scores = Matrix.fromRows([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  leavesUnchanged([scores], () => {
    assertThrows(
      () => softmaxLoss(new Matrix(0, 3), []),
      ShapeError,
      "softmaxLoss: expected at least one row, got 0×3",
    );
    assertThrows(
      () => softmaxLoss(new Matrix(3, 0), [0, 0, 0]),
      ShapeError,
      "softmaxLoss: expected at least one column, got 3×0",
    );
    assertThrows(
      () => softmaxLoss(any([[1, 2]]), [0]),
      TypeError,
      "softmaxLoss: scores expected a Matrix, got an array of 1",
    );
    assertThrows(
      () => softmaxLoss(scores, [0]),
      ShapeError,
      "softmaxLoss: expected 2 labels for 2 rows, got 1",
    );
    assertThrows(
      () => softmaxLoss(scores, [0, 1, 2]),
      ShapeError,
      "softmaxLoss: expected 2 labels for 2 rows, got 3",
    );
    assertThrows(
      () => softmaxLoss(scores, [0, 3]),
      RangeError,
      "softmaxLoss: label 3 at row 1 is outside 0..2",
    );
    assertThrows(
      () => softmaxLoss(scores, [-1, 0]),
      TypeError,
      "softmaxLoss: y[0] expected an integer label, 0 or more, got -1; encodeLabels turns " +
        "names into labels",
    );
    assertThrows(
      () => softmaxLoss(scores, [0, 1.5]),
      TypeError,
      "softmaxLoss: y[1] expected an integer label, 0 or more, got 1.5; encodeLabels turns " +
        "names into labels",
    );
    assertThrows(
      () => softmaxLoss(scores, any(null)),
      TypeError,
      "softmaxLoss: y expected an array of integer labels, got null",
    );
  });
});

test("softmaxLoss keeps what a class that is nearly certain leaves to the others", () => {
  const loss = (...scores: number[]): number => softmaxLoss(Matrix.rowVector(scores), [0]).loss;
  const near = (actual: number, expected: number): void =>
    assert.ok(Math.abs(actual / expected - 1) < 1e-15, `${actual}, expected ${expected}`);
  near(loss(37, 0), 8.533047625744065e-17);
  near(loss(37, 0, 0), 2 * 8.533047625744065e-17);
  near(loss(700, 0), 9.859676543759771e-305);
  near(loss(5, 0), Math.log1p(Math.exp(-5)));
  near(loss(1, 0), Math.log1p(Math.exp(-1)));
  near(loss(0, 37), 37);
  near(loss(0, 0), Math.LN2);
});
