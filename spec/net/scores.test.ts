import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { logLoss, rocAuc } from "../../lib/net/scores.ts";

const two = (...p: number[]): Matrix => Matrix.fromRows(p.map((value) => [1 - value, value]));

test("logLoss is the mean of -log p of the rows' own classes", () => {
  assert.ok(Math.abs(logLoss(two(0.5, 0.8), [1, 1]) - (Math.LN2 - Math.log(0.8)) / 2) < 1e-15);
  assert.ok(Math.abs(logLoss(two(0, 1), [1, 1]) - (52 * Math.LN2) / 2) < 1e-12);
  assert.ok(Number.isNaN(logLoss(new Matrix(0, 2), [])));
  assert.throws(() => logLoss(two(0.5), [2]), {
    message: "logLoss: label 2 at row 0 is outside 0..1",
  });
});

test("rocAuc is 1 for a right order, 0 for a reversed one and a half for none", () => {
  assert.equal(rocAuc(two(0.1, 0.2, 0.3, 0.4), [0, 0, 1, 1]), 1);
  assert.equal(rocAuc(two(0.4, 0.3, 0.2, 0.1), [0, 0, 1, 1]), 0);
  assert.equal(rocAuc(two(0.5, 0.5, 0.5, 0.5), [0, 0, 1, 1]), 0.5);
  assert.equal(rocAuc(two(0.1, 0.4, 0.35, 0.8), [0, 0, 1, 1]), 0.75);
  assert.ok(Number.isNaN(rocAuc(two(0.1, 0.2), [1, 1])));
});

test("rocAuc counts pairs, ties half, as a mean over the classes that have rows", () => {
  const random = new Random(5);
  const P = Matrix.fromRows(
    Array.from({ length: 60 }, () => [...random.integers(4, 5)].map((v) => v / 4)),
  );
  const y = random.integers(60, 3);
  const areas = [0, 1, 2].map((c) => {
    let sum = 0;
    let pairs = 0;
    for (let i = 0; i < 60; i++) {
      for (let j = 0; j < 60; j++) {
        if (y[i] !== c || y[j] === c) continue;
        pairs++;
        sum += P.get(i, c) > P.get(j, c) ? 1 : P.get(i, c) === P.get(j, c) ? 0.5 : 0;
      }
    }
    return sum / pairs;
  });
  const mean = (areas[0] + areas[1] + areas[2]) / 3;
  assert.ok(Math.abs(rocAuc(P, y) - mean) < 1e-12);
});
