import assert from "node:assert/strict";
import { test } from "node:test";
import { adam, cosine, Random, Trainer, TwoLayerNet, train } from "../../lib/core.ts";
import { twoMoons } from "../../lib/data/synthetic.ts";
import { decayNote } from "../../lib/training/decay-note.ts";

/** Losses of `epochs` epochs of `perEpoch` steps that depend on the sum of the rates so far. */
function lossesOf(
  decay: number,
  { epochs, perEpoch = 1 }: { epochs: number; perEpoch?: number },
  loss: (sum: number) => number,
): number[] {
  const total = perEpoch / (1 - decay);
  let sum = 0;
  return Array.from({ length: epochs * perEpoch }, (_, i) => {
    const now = loss(sum / total);
    sum += decay ** Math.floor(i / perEpoch);
    return now;
  });
}

test("decayNote speaks of a loss that falls in proportion to the sum of the rates", () => {
  for (const decay of [0.1, 0.5, 0.8, 0.95, 0.99])
    for (const perEpoch of [1, 3, 10]) {
      const epochs = 2 * Math.ceil(Math.log(1e-3) / Math.log(decay));
      const losses = lossesOf(decay, { epochs, perEpoch }, (sum) => 2 - sum);
      assert.match(decayNote(losses, decay, perEpoch)!, /while the loss still fell/, `${decay}`);
    }
});

test("decayNote speaks of a loss that comes down to e^-3 of its start, not to e^-7", () => {
  const losses = (power: number): number[] =>
    lossesOf(0.95, { epochs: 200 }, (sum) => Math.exp(-power * sum));
  assert.notEqual(decayNote(losses(3), 0.95, 1), undefined);
  assert.equal(decayNote(losses(7), 0.95, 1), undefined);
});

test("decayNote says nothing of a loss that varies by chance or rises", () => {
  const random = new Random(0);
  const noise = random.normal(20 * 200);
  const early = lossesOf(0.95, { epochs: 200, perEpoch: 20 }, (sum) => Math.exp(-20 * sum));
  const settled = early.map((loss, i) => loss + 0.5 + 0.1 * noise[i]);
  assert.equal(decayNote(settled, 0.95, 20), undefined);
  const rising = lossesOf(0.95, { epochs: 200 }, (sum) => 1 + sum);
  assert.equal(decayNote(rising, 0.95, 1), undefined);
});

test("decayNote says nothing of a loss that settled in the first epoch of a steep decay", () => {
  for (const decay of [0.03, 0.1, 0.2]) {
    const course = { epochs: 6, perEpoch: 600 };
    const settled = lossesOf(decay, course, (sum) => Math.exp(-30 * sum));
    assert.equal(decayNote(settled, decay, 600), undefined, `${decay}`);
  }
});

test("decayNote waits for the rate to be below a thousandth of its start", () => {
  // 0.95^134 = 0.00104, 0.95^135 = 0.00098
  const losses = lossesOf(0.95, { epochs: 135 }, (sum) => 2 - sum);
  assert.notEqual(decayNote(losses, 0.95, 1), undefined);
  assert.equal(decayNote(losses.slice(1), 0.95, 1), undefined);
});

test("decayNote says nothing where the rate does not decay", () => {
  const losses = Array.from({ length: 500 }, (_, i) => 1 / (i + 1));
  assert.equal(decayNote(losses, 1, 1), undefined);
  assert.equal(decayNote(losses, 1.01, 1), undefined);
});

test("decayNote names the epochs and a decay that lasts to the end", () => {
  const losses = lossesOf(0.95, { epochs: 500 }, (sum) => 2 - sum);
  assert.equal(
    decayNote(losses, 0.95, 1),
    "the learning rate decayed below a thousandth of its start in 135 of 500 epochs while the " +
      "loss still fell; a decay of 0.986, or a cosine, trains further",
  );
  assert.equal(0.986 ** 500 < 1e-3, true);
});

test("A training whose rate decays too fast ends with a note in its history", () => {
  const data = twoMoons();
  const net = (): TwoLayerNet =>
    TwoLayerNet.create({ inputSize: 2, hiddenSize: 8, outputSize: 2 }, { random: new Random(0) });
  const slow = { learningRate: 0.01, batchSize: 20, epochs: 150 };
  assert.match(train(net(), data, slow).note!, /135 of 150 epochs/);
  assert.equal(train(net(), data, { ...slow, epochs: 130 }).note, undefined);
  assert.equal(train(net(), data, { ...slow, schedule: cosine() }).note, undefined);
  const fast = { ...slow, learningRate: 0.03, reg: 0.1, optimizer: adam() };
  assert.equal(train(net(), data, fast).note, undefined);
});

test("The note is in the state of a finished training, and a resumed one comes to the same", () => {
  const data = twoMoons();
  const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 8, outputSize: 2 });
  const trainer = new Trainer(net, data, { learningRate: 0.01, batchSize: 50, epochs: 140 });
  for (let i = 0; i < 100; i++) trainer.step();
  assert.equal(trainer.history.note, undefined);
  const resumed = Trainer.fromState(JSON.parse(JSON.stringify(trainer.state)), data);
  for (const each of [trainer, resumed]) while (!each.done) each.step();
  assert.match(trainer.history.note!, /135 of 140/);
  assert.equal(resumed.history.note, trainer.history.note);
  const again = Trainer.fromState(JSON.parse(JSON.stringify(trainer.state)), data);
  assert.equal(again.history.note, trainer.history.note);
});
