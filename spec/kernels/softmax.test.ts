import assert from "node:assert/strict";
import { test } from "node:test";
import { exp } from "../../lib/base/elementary.ts";
import { Random } from "../../lib/base/random.ts";
import * as reference from "../../lib/kernels/reference.ts";
import { softmax, softmaxLoss } from "../../lib/kernels/softmax.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../helpers/numbers.ts";

type Loss = typeof softmaxLoss;

/** One call with poisoned outputs: loss, probabilities and gradient. */
function run(kernel: Loss, classes: number, scores: Float64Array, y: Int32Array) {
  const probabilities = nanFilled(scores.length);
  const dscores = nanFilled(scores.length);
  return {
    loss: kernel(y.length, classes, scores, y, probabilities, dscores),
    probabilities,
    dscores,
  };
}

test("softmaxLoss and softmax have the reference's bits at every small size", () => {
  for (const n of [1, 2, 3, 7, 32]) {
    for (const classes of [1, 2, 3, 4, 5, 9, 10, 100]) {
      const y = new Random(n).integers(n, classes);
      for (const scores of [
        normals(n * classes, 1),
        normals(n * classes, 2).map((s) => 300 * s),
        specialValues(n * classes, 3),
      ]) {
        const expected = run(reference.softmaxLoss, classes, scores, y);
        const actual = run(softmaxLoss, classes, scores, y);
        assertSameBits([actual.loss], [expected.loss], `loss of ${n}×${classes}`);
        assertSameBits(
          actual.probabilities,
          expected.probabilities,
          `probabilities of ${n}×${classes}`,
        );
        assertSameBits(actual.dscores, expected.dscores, `dscores of ${n}×${classes}`);
        const alone = nanFilled(n * classes);
        softmax(n, classes, scores, alone);
        assertSameBits(alone, expected.probabilities, `softmax of ${n}×${classes}`);
      }
    }
  }
});

test("softmaxLoss and softmax may write over the scores", () => {
  const y = new Random(4).integers(8, 5);
  const scores = normals(40, 4);
  const expected = run(softmaxLoss, 5, scores, y);
  const [overProbabilities, overDscores, over] = [scores.slice(), scores.slice(), scores.slice()];
  assert.equal(
    softmaxLoss(8, 5, overProbabilities, y, overProbabilities, nanFilled(40)),
    expected.loss,
  );
  assertSameBits(overProbabilities, expected.probabilities, "probabilities");
  assert.equal(softmaxLoss(8, 5, overDscores, y, nanFilled(40), overDscores), expected.loss);
  assertSameBits(overDscores, expected.dscores, "dscores");
  softmax(8, 5, over, over);
  assertSameBits(over, expected.probabilities, "softmax");
});

test("softmaxLoss of equal scores is ln C, whatever their common value", () => {
  for (const value of [0, 1, -1e308, 1e308, 5e-324]) {
    for (const classes of [1, 2, 3, 10, 1000]) {
      const { loss, probabilities } = run(
        softmaxLoss,
        classes,
        new Float64Array(3 * classes).fill(value),
        new Int32Array(3),
      );
      assert.ok(
        Math.abs(loss - Math.log(classes)) <= 2e-15 * Math.log(classes),
        `${loss} for ${classes}`,
      );
      assertSameBits(
        probabilities,
        new Float64Array(3 * classes).fill(1 / classes),
        `${classes} classes`,
      );
    }
  }
});

test("softmaxLoss agrees with the formula, and each row of the gradient sums to zero", () => {
  const [n, classes] = [20, 7];
  const y = new Random(5).integers(n, classes);
  const scores = normals(n * classes, 5);
  const { loss, probabilities, dscores } = run(softmaxLoss, classes, scores, y);
  let expected = 0;
  for (let i = 0; i < n; i++) {
    const row = scores.subarray(i * classes, (i + 1) * classes);
    const sum = row.reduce((total, s) => total + exp(s), 0);
    expected += (Math.log(sum) - row[y[i]]) / n;
    let [ones, zeros] = [0, 0];
    for (let j = 0; j < classes; j++) {
      const p = probabilities[i * classes + j];
      const d = dscores[i * classes + j];
      assert.ok(Math.abs(p - exp(row[j]) / sum) < 1e-15, `probability ${p}`);
      assert.ok(Math.abs(d - (p - (j === y[i] ? 1 : 0)) / n) < 1e-16, `gradient ${d}`);
      ones += p;
      zeros += d;
    }
    assert.ok(Math.abs(ones - 1) < 1e-15 && Math.abs(zeros) < 1e-16);
  }
  assert.ok(Math.abs(loss - expected) < 1e-14, `${loss}, expected ${expected}`);
});

test("softmaxLoss stays finite and right for scores up to ±1e308", () => {
  const scores = Float64Array.of(1000, -1000, 1e308, -1e308, -1e308, 1e308);
  const right = run(softmaxLoss, 2, scores, Int32Array.of(0, 0, 1));
  assertSameBits([right.loss], [0], "loss");
  assertSameBits(right.probabilities, [1, 0, 1, 0, 0, 1], "probabilities");
  assertSameBits(right.dscores, [0, 0, 0, 0, 0, 0], "dscores");

  // differences of 2000, 2e308, 2e308: their mean is a double
  const wrong = run(softmaxLoss, 2, scores, Int32Array.of(1, 1, 0));
  assert.ok(Math.abs(wrong.loss - 1e308 * (4 / 3)) < 1e293, `${wrong.loss}`);
  assertSameBits(wrong.probabilities, [1, 0, 1, 0, 0, 1], "probabilities");
  assertSameBits(wrong.dscores, [1 / 3, -1 / 3, 1 / 3, -1 / 3, -1 / 3, 1 / 3], "dscores");

  // 2e308 is no double
  assert.equal(
    run(softmaxLoss, 2, Float64Array.of(1e308, -1e308), Int32Array.of(1)).loss,
    Infinity,
  );
});

test("softmaxLoss lets a NaN or infinite score reach the loss and its own row only", () => {
  for (const bad of [NaN, Infinity]) {
    const { loss, dscores } = run(
      softmaxLoss,
      3,
      Float64Array.of(0, 0, 0, 1, bad, 2, 0, 0, 0),
      Int32Array.of(0, 0, 0),
    );
    assertSameBits([loss], [NaN], "loss");
    assertSameBits(
      Array.from(dscores, Number.isNaN).map(Number),
      [0, 0, 0, 1, 1, 1, 0, 0, 0],
      `where dscores is NaN for ${bad}`,
    );
  }
  const impossible = run(softmaxLoss, 2, Float64Array.of(0, -Infinity), Int32Array.of(1));
  assert.equal(impossible.loss, Infinity);
  assertSameBits(impossible.dscores, [1, -1], "dscores");
});
