import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "../../lib/matrix/matrix.ts";
import {
  type Buffers,
  batchViews,
  createBuffers,
  forward,
  lossAndGrads,
} from "../../lib/net/backprop.ts";
import { PARAM_NAMES } from "../../lib/net/params.ts";
import { assertSameMatrix, leavesUnchanged } from "../helpers/matrices.ts";
import { assertSameParams, randomProblem } from "../helpers/nets.ts";
import { assertSameBits } from "../helpers/numbers.ts";

/**
 * Every buffer full of NaN, so that nothing read before it is written, and nothing left unwritten,
 * goes unseen.
 */
function poison(buffers: Buffers): Buffers {
  const { grads, hidden, scores, probabilities, dscores, dhidden } = buffers;
  const own = [hidden, scores, probabilities, dscores, dhidden];
  for (const buffer of [...own, ...Object.values(grads)]) buffer.data.fill(NaN);
  return buffers;
}

test("createBuffers has the shapes of a batch of N rows and of the parameters", () => {
  const { net } = randomProblem(1, 1, 4, 5, 3);
  const { grads, hidden, scores, probabilities, dscores, dhidden } = createBuffers(net.params, 7);
  const shapes = Object.fromEntries(
    Object.entries({ hidden, scores, probabilities, dscores, dhidden }).map(
      ([name, { rows, cols }]) => [name, [rows, cols]],
    ),
  );
  assert.deepEqual(shapes, {
    hidden: [7, 5],
    scores: [7, 3],
    probabilities: [7, 3],
    dscores: [7, 3],
    dhidden: [7, 5],
  });
  for (const name of PARAM_NAMES)
    assert.deepEqual(
      [grads[name].rows, grads[name].cols],
      [net.params[name].rows, net.params[name].cols],
    );
});

test("lossAndGrads in used buffers has the bits of net.loss in fresh ones", () => {
  for (const [N, D, H, C] of [
    [1, 1, 1, 1],
    [5, 4, 10, 3],
    [12, 17, 9, 5],
    [64, 32, 40, 10],
  ]) {
    for (const reg of [0, 0.03]) {
      const { net, X, y } = randomProblem(N, N, D, H, C);
      const buffers = poison(createBuffers(net.params, N));
      const expected = net.loss(X, y, { reg });
      leavesUnchanged([X, ...PARAM_NAMES.map((name) => net.params[name])], () => {
        for (let round = 0; round < 3; round++) {
          assertSameBits([lossAndGrads(net.params, X, y, reg, buffers)], [expected.loss], "loss");
          assertSameParams(buffers.grads, expected.grads, "grads");
        }
      });
    }
  }
});

test("batchViews gives a shorter batch the bits of buffers of its own", () => {
  const { net, X, y } = randomProblem(3, 9, 6, 7, 4);
  const buffers = createBuffers(net.params, 9);
  for (const N of [9, 4, 1]) {
    const shorter = batchViews(poison(buffers), N);
    const loss = lossAndGrads(net.params, X.sliceRows(0, N), y.subarray(0, N), 0.1, shorter);
    const expected = net.loss(X.sliceRows(0, N), y.subarray(0, N), { reg: 0.1 });
    assertSameBits([loss], [expected.loss], `${N} rows`);
    assert.equal(shorter.grads, buffers.grads);
    assertSameParams(buffers.grads, expected.grads, `${N} rows`);
    assert.ok(
      buffers.scores.data.subarray(N * 4).every(Number.isNaN),
      "rows beyond are left alone",
    );
  }
});

test("forward fills hidden and scores, of no rows too", () => {
  const { net, X } = randomProblem(4, 5, 6, 7, 3);
  const buffers = poison(createBuffers(net.params, 5));
  forward(net.params, X, buffers);
  const { hidden, scores } = net.forward(X);
  assertSameMatrix(buffers.hidden, hidden, "hidden");
  assertSameMatrix(buffers.scores, scores, "scores");
  forward(net.params, new Matrix(0, 6), { hidden: new Matrix(0, 7), scores: new Matrix(0, 3) });
});
