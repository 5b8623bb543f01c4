import assert from "node:assert/strict";
import { test } from "node:test";
import { Random, Trainer, TwoLayerNet } from "../../lib/core.ts";
import { twoMoons } from "../../lib/data/synthetic.ts";
import { checkDataset, type Dataset } from "../../lib/matrix/dataset.ts";
import { limitAfter, measureLogLoss } from "../../lib/training/best-epoch.ts";
import { assertThrows } from "../helpers/throws.ts";

const data = twoMoons({ count: 60, noise: 0.6 });
const validation = twoMoons({ count: 300, noise: 0.6, random: new Random(9) });

function newNet(): TwoLayerNet {
  const sizes = { inputSize: 2, hiddenSize: 40, outputSize: 2 };
  return TwoLayerNet.create(sizes, { random: new Random(1) });
}

test("measureLogLoss is the mean of the rows' losses and its standard error", () => {
  const net = newNet();
  const { mean, error } = measureLogLoss(net, checkDataset("test", validation));
  const p = net.predictProba(validation.X);
  const losses = Array.from(validation.y, (label, i) => -Math.log(p.get(i, label)));
  const expected = losses.reduce((a, b) => a + b) / 300;
  const variance = losses.reduce((sum, loss) => sum + (loss - expected) ** 2, 0) / 300;
  assert.ok(Math.abs(mean - expected) < 1e-12);
  assert.ok(Math.abs(error - Math.sqrt(variance / 300)) < 1e-12);
});

test("measureLogLoss of rows with integer weights has the mean of repeated rows", () => {
  const net = newNet();
  const sampleWeights = Array.from(validation.y, (_, i) => i % 3);
  const rows = Int32Array.from(sampleWeights.flatMap((weight, i) => Array(weight).fill(i)));
  const repeated = {
    X: validation.X.takeRows(rows),
    y: rows.map((row) => validation.y[row]),
  };
  const of = (each: Dataset): number => measureLogLoss(net, checkDataset("test", each)).mean;
  assert.ok(Math.abs(of({ ...validation, sampleWeights }) - of(repeated)) < 1e-12);
});

test("limitAfter keeps a lower loss and one within the limit, and no other", () => {
  const net = newNet();
  const rows = checkDataset("test", validation);
  const { mean, error } = measureLogLoss(net, rows);
  const first = { lowest: mean, limit: mean + error };
  assert.deepEqual(limitAfter(net, rows, undefined), first);
  assert.deepEqual(limitAfter(net, rows, { lowest: mean + 1, limit: mean + 2 }), first);
  const near = { lowest: mean - 0.1, limit: mean };
  assert.deepEqual(limitAfter(net, rows, near), near);
  assert.equal(limitAfter(net, rows, { lowest: mean - 0.2, limit: mean - 0.1 }), undefined);
});

test("keepBest ends with the latest epoch within one standard error of the lowest log loss", () => {
  const options = { epochs: 120, batchSize: 10, learningRate: 1, learningRateDecay: 1, validation };
  const net = newNet();
  const seen: { mean: number; error: number; net: TwoLayerNet }[] = [];
  const rows = checkDataset("test", validation);
  const onEpoch = (): void => void seen.push({ ...measureLogLoss(net, rows), net: net.clone() });
  const trainer = new Trainer(net, data, { ...options, onEpoch });
  for (const _ of trainer);
  const lowest = seen.reduce((a, b) => (b.mean < a.mean ? b : a));
  const latest = seen.findLastIndex(({ mean }) => mean <= lowest.mean + lowest.error);
  assert.ok(seen.indexOf(lowest) < latest && latest < 119, "the case tells the rules apart");
  const kept = new Trainer(newNet(), data, { ...options, keepBest: true });
  for (let i = 0; i < 300; i++) kept.step();
  const resumed = Trainer.fromState(JSON.parse(JSON.stringify(kept.state)), data, { validation });
  for (const each of [kept, resumed]) {
    while (!each.done) each.step();
    assert.equal(each.history.valAccuracy.length, 120);
    assert.equal(each.best?.epoch, latest);
    assert.deepEqual(each.net.params, seen[latest].net.params);
  }
});

test("keepBest is refused without validation rows and beside patience", () => {
  assertThrows(
    () => new Trainer(newNet(), data, { keepBest: true }),
    TypeError,
    "train: keepBest expected validation data to measure on, got none",
  );
  assertThrows(
    () => new Trainer(newNet(), data, { keepBest: true, patience: 1, validation }),
    TypeError,
    "train: expected patience or keepBest, got both (1 and true)",
  );
});
