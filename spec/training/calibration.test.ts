import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix, Random, Trainer, TwoLayerNet, train } from "../../lib/core.ts";
import { twoMoons } from "../../lib/data/synthetic.ts";
import { checkDataset } from "../../lib/matrix/dataset.ts";
import { logLoss } from "../../lib/net/scores.ts";
import { calibrate, temperatureOf } from "../../lib/training/calibration.ts";
import { assertThrows } from "../helpers/throws.ts";

/** Scores (N, 3), labels that agree with them in about half of the rows, and weights. */
function noisyScores(seed: number, N = 40) {
  const random = new Random(seed);
  const scores = Matrix.randomNormal(N, 3, random).map((value) => 6 * value);
  const best = scores.rowArgmax();
  const chance = random.uniform(N);
  const y = Int32Array.from(random.integers(N, 3), (label, i) =>
    chance[i] < 0.4 ? best[i] : label,
  );
  return { scores, y, weights: Float64Array.from(random.integers(N, 4), (weight) => weight + 0) };
}

/** The penalized loss that temperatureOf minimizes, from its definition. */
function penalized(scores: Matrix, y: Int32Array, T: number, weights?: Float64Array): number {
  let loss = 0;
  let total = 0;
  for (let i = 0; i < scores.rows; i++) {
    const e = Array.from(scores.row(i), (score) => Math.exp(score / T));
    const weight = weights?.[i] ?? 1;
    loss -= weight * Math.log(e[y[i]] / e.reduce((a, b) => a + b));
    total += weight;
  }
  return loss / total + Math.log(T) ** 2 / (2 * scores.rows);
}

test("temperatureOf finds the least penalized log loss, with weights too", () => {
  for (let seed = 0; seed < 5; seed++) {
    const { scores, y, weights } = noisyScores(seed);
    for (const given of [undefined, weights]) {
      const T = temperatureOf(scores, y, given);
      assert.ok(T > 1.5, `${T}`);
      const least = penalized(scores, y, T, given);
      for (const factor of [0.5, 0.9, 0.999, 1.001, 1.1, 2])
        assert.ok(penalized(scores, y, T * factor, given) > least, `${seed}: ${factor}`);
    }
  }
});

test("temperatureOf is 1 for a net that is not confident enough", () => {
  const { scores } = noisyScores(0);
  assert.equal(temperatureOf(scores, Int32Array.from(scores.rowArgmax())), 1);
});

test("temperatureOf stays moderate where a few rows are all wrong", () => {
  const T = temperatureOf(
    Matrix.fromRows([
      [50, 0],
      [40, 0],
    ]),
    Int32Array.of(1, 1),
  );
  assert.ok(T > 5 && T < 100, `${T}`);
});

test("calibrate divides W2 and b2 by the temperature and keeps the predictions", () => {
  const data = twoMoons({ noise: 0.4 });
  const other = twoMoons({ noise: 0.4, random: new Random(3) });
  const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 40, outputSize: 2 });
  train(net, data, { learningRate: 1, epochs: 300, batchSize: 20, learningRateDecay: 1 });
  const before = net.clone();
  const T = calibrate(net, checkDataset("test", other));
  assert.ok(T > 1.2, `${T}`);
  assert.deepEqual(
    net.params.W2,
    before.params.W2.map((value) => value / T),
  );
  assert.deepEqual(
    net.params.b2,
    before.params.b2.map((value) => value / T),
  );
  assert.deepEqual(net.params.W1, before.params.W1);
  assert.deepEqual(net.predict(other.X), before.predict(other.X));
  const loss = (each: TwoLayerNet): number => logLoss(each.predictProba(other.X), other.y);
  assert.ok(loss(net) < loss(before));
});

test("A training with calibrate ends with it, also when it is resumed", () => {
  const data = twoMoons({ noise: 0.4 });
  const validation = twoMoons({ noise: 0.4, random: new Random(3) });
  const options = { learningRate: 1, epochs: 200, batchSize: 20, learningRateDecay: 1, validation };
  const run = (more: object): Trainer => {
    const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 40, outputSize: 2 });
    return new Trainer(net, data, { ...options, ...more });
  };
  const [plain, calibrated] = [run({}), run({ calibrate: true })];
  for (let i = 0; i < 1000; i++) calibrated.step();
  const resumed = Trainer.fromState(JSON.parse(JSON.stringify(calibrated.state)), data, {
    validation,
  });
  for (const trainer of [plain, calibrated, resumed]) while (!trainer.done) trainer.step();
  const { temperature } = calibrated.history;
  assert.ok(temperature! > 1.2, `${temperature}`);
  assert.equal(plain.history.temperature, undefined);
  assert.deepEqual(
    calibrated.net.params.W2,
    plain.net.params.W2.map((value) => value / temperature!),
  );
  assert.deepEqual(resumed.net.params, calibrated.net.params);
  const again = Trainer.fromState(JSON.parse(JSON.stringify(calibrated.state)), data, {
    validation,
  });
  assert.equal(again.history.temperature, temperature);
});

test("The weights of the validation rows count for the temperature", () => {
  const data = twoMoons({ noise: 0.4 });
  const other = twoMoons({ noise: 0.4, random: new Random(3) });
  const temperature = (validation: Parameters<typeof checkDataset>[1]): number | undefined =>
    train(TwoLayerNet.create({ inputSize: 2, hiddenSize: 40, outputSize: 2 }), data, {
      learningRate: 1,
      epochs: 200,
      batchSize: 20,
      validation,
      calibrate: true,
    }).temperature;
  const ones = other.y.map(() => 1);
  assert.equal(temperature({ ...other, sampleWeights: ones }), temperature(other));
  const wrong = Array.from(other.y, (_, i) => (i % 3 === 0 ? 5 : 0));
  assert.notEqual(temperature({ ...other, sampleWeights: wrong }), temperature(other));
});

test("calibrate without validation rows, or that is no boolean, is refused", () => {
  const data = twoMoons();
  const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 4, outputSize: 2 });
  assertThrows(
    () => train(net, data, { calibrate: true }),
    TypeError,
    "train: calibrate expected validation data to measure on, got none",
  );
  assertThrows(
    () => train(net, data, { calibrate: 1 as never, validation: data }),
    TypeError,
    "train: calibrate expected true or false, got 1",
  );
});
