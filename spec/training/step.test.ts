import assert from "node:assert/strict";
import { test } from "node:test";
import { DivergenceError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { PARAM_NAMES } from "../../lib/net/params.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { MinibatchStep } from "../../lib/training/step.ts";
import { checkTrainOptions } from "../../lib/training/train-options.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

const X = Matrix.randomNormal(9, 3, new Random(1));
const y = Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1, 1);
const net = (): TwoLayerNet =>
  TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 }, { random: new Random(2) });

test("take makes the step that net.loss and net.step make on the same batch", () => {
  const settings = checkTrainOptions("f", { batchSize: 4, reg: 0.01 }, X.rows);
  const [one, other] = [net(), net()];
  const step = new MinibatchStep(one, { X, y }, settings, new Random(3));
  const order = new Random(3).permutation(9);
  for (const [i, end] of [4, 8, 9].entries()) {
    const rows = order.subarray(4 * i, end);
    const { loss, grads } = other.loss(
      X.takeRows(rows),
      rows.map((row) => y[row]),
      { reg: 0.01 },
    );
    other.step(grads, 0.1);
    assert.equal(step.take(i, 0.1), loss);
    for (const name of PARAM_NAMES)
      assertSameBits(one.params[name].data, other.params[name].data, `${name} after batch ${i}`);
  }
});

test("take leaves the parameters alone when the loss is not finite", () => {
  const settings = checkTrainOptions("f", { batchSize: 9 }, X.rows);
  const diverging = net();
  diverging.params.W1.data.fill(1e308);
  diverging.params.W2.data.fill(1e308);
  const before = diverging.clone();
  const step = new MinibatchStep(diverging, { X, y }, settings, new Random(3));
  assert.throws(() => step.take(0, 0.1), DivergenceError);
  for (const name of PARAM_NAMES)
    assertSameBits(diverging.params[name].data, before.params[name].data, name);
});

test("A batch that no memory holds is refused before the training", () => {
  const settings = checkTrainOptions("f", { batchSize: 2 ** 40, sampling: "replacement" }, 9);
  assertThrows(
    () => new MinibatchStep(net(), { X, y }, settings, new Random(3)),
    RangeError,
    `train: no room for batches of ${2 ** 40} rows`,
  );
});
