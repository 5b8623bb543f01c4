import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  Matrix,
  Random,
  recommendedOptions,
  TwoLayerNet,
  train as trainNet,
} from "../../lib/core.ts";
import { splitRows } from "../../lib/data/split.ts";
import { columnStatistics, standardize } from "../../lib/data/standardize.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { crossValidate } from "../../lib/model/cross-validate.ts";
import { prepareTable } from "../../lib/model/prepare.ts";
import { logLoss } from "../../lib/net/scores.ts";

const iris = parseCsv(readFileSync(new URL("../fixtures/data/iris.csv", import.meta.url)));

test("crossValidate tests every row once and gives means and deviations", async () => {
  const options = { label: "label", folds: 3, train: { epochs: 20, learningRate: 0.1 } };
  const { folds, accuracy, logLoss } = await crossValidate(iris, options);
  assert.equal(folds.length, 3);
  const mean = (folds[0].accuracy + folds[1].accuracy + folds[2].accuracy) / 3;
  assert.ok(Math.abs(accuracy.mean - mean) < 1e-15);
  assert.ok(accuracy.mean > 0.85 && accuracy.std < 0.1, JSON.stringify(accuracy));
  assert.ok(logLoss.mean > 0);
  assert.deepEqual(await crossValidate(iris, options), { folds, accuracy, logLoss });
});

test("crossValidate takes undefined for every option that has a default", async () => {
  const given = { label: "label", train: { epochs: 1 } };
  const none = { folds: undefined, seed: undefined, signal: undefined, hiddenSize: undefined };
  assert.deepEqual(
    await crossValidate(iris, { ...given, ...none }),
    await crossValidate(iris, given),
  );
});

test("crossValidate refuses more folds than rows and ends with its signal", async () => {
  await assert.rejects(crossValidate(iris, { label: "label", folds: 151 }), {
    name: "RangeError",
    message: "crossValidate: folds expected an integer in 2..150, got 151",
  });
  const reason = new Error("enough");
  await assert.rejects(
    crossValidate(iris, { label: "label", signal: AbortSignal.abort(reason) }),
    reason,
  );
});

test("crossValidate takes in place of the usual options those that exclude them", async () => {
  const options = { label: "label", folds: 2, hiddenSize: 4 };
  for (const train of [
    { iterations: 5 },
    { epochs: 3, patience: 1 },
    { epochs: 2, learningRateDecay: 0.9 },
  ]) {
    const { folds } = await crossValidate(iris, { ...options, train });
    assert.equal(folds.length, 2);
  }
});

test("crossValidate tests each fold as prepareTable and train do by themselves", async () => {
  const rows = Array.from({ length: 90 }, (_, i) => ({
    a: (i * 37) % 90,
    b: (i * 53) % 90,
    kind: (i * 37) % 90 > 40 ? "high" : "low",
  }));
  const { folds } = await crossValidate(rows, { label: "kind", folds: 3, seed: 5 });
  // the folds by their definition: class by class, in the order of a seeded permutation
  const { y } = prepareTable(rows, { label: "kind", validation: 0 }).data;
  const order = Array.from(new Random(5).permutation(90)).sort((i, j) => y[i] - y[j]);
  for (let fold = 0; fold < 3; fold++) {
    const inFold = (place: number): boolean => place % 3 === fold;
    const part = (test: boolean): number[] =>
      order.filter((_, place) => inFold(place) === test).sort((i, j) => i - j);
    const rest = part(false);
    const labels = rest.map((i) => y[i]);
    const held = splitRows(labels, { validation: 0.2, random: new Random(5) });
    const matrix = (indices: ArrayLike<number>): Matrix =>
      Matrix.fromRows(Array.from(indices, (i) => [rows[i].a, rows[i].b]));
    const labelsOf = (indices: ArrayLike<number>): Int32Array =>
      Int32Array.from(indices, (i) => y[i]);
    const [train, validation] = [held.train, held.validation].map((each) =>
      Array.from(each, (i) => rest[i]),
    );
    const statistics = columnStatistics(matrix(train));
    const X = (indices: ArrayLike<number>): Matrix => standardize(matrix(indices), statistics);
    const random = new Random(5 + fold);
    const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 100, outputSize: 2 }, { random });
    trainNet(
      net,
      { X: X(train), y: labelsOf(train) },
      {
        ...recommendedOptions(train.length),
        validation: { X: X(validation), y: labelsOf(validation) },
        keepBest: true,
        calibrate: true,
        random,
      },
    );
    const test = part(true);
    assert.equal(folds[fold].accuracy, net.accuracy(X(test), labelsOf(test)));
    assert.equal(folds[fold].logLoss, logLoss(net.predictProba(X(test)), labelsOf(test)));
  }
});
