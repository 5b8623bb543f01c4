import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { cosine } from "../../lib/training/schedule.ts";
import { checkTrainOptions, type TrainOptions } from "../../lib/training/train-options.ts";
import { Trainer } from "../../lib/training/trainer.ts";

const data = { X: new Matrix(6, 3), y: [0, 1, 0, 1, 0, 1] };
const net = (): TwoLayerNet => TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 });

test("The defaults are the exercise's", () => {
  assert.deepEqual(checkTrainOptions("train", {}, 1000), {
    learningRate: 1e-3,
    learningRateDecay: 0.95,
    schedule: null,
    reg: 5e-6,
    batchSize: 200,
    iterations: 100,
    sampling: "shuffle",
    optimizer: { name: "sgd" },
    clipNorm: null,
    patience: null,
  });
});

test("Epochs become iterations, by the sampling's idea of an epoch", () => {
  assert.equal(checkTrainOptions("train", { epochs: 3, batchSize: 300 }, 1000).iterations, 12);
  assert.equal(
    checkTrainOptions("train", { epochs: 3, batchSize: 300, sampling: "replacement" }, 1000)
      .iterations,
    9,
  );
});

const REFUSED: [options: Record<string, unknown>, name: string, message: string][] = [
  [{ learningRate: 0 }, "RangeError", "learningRate expected a finite number > 0, got 0"],
  [{ learningRate: "1" }, "TypeError", 'learningRate expected a finite number > 0, got "1"'],
  [{ learningRateDecay: 0 }, "RangeError", "learningRateDecay expected a finite number > 0, got 0"],
  [
    { learningRateDecay: 0.9, schedule: cosine() },
    "TypeError",
    "expected learningRateDecay or schedule, got both (0.9 and an Object)",
  ],
  [
    { schedule: "cosine" },
    "TypeError",
    'schedule expected cosine() or a function of the iteration, got "cosine"',
  ],
  [{ reg: -1 }, "RangeError", "reg expected a finite number >= 0, got -1"],
  [{ batchSize: 0 }, "RangeError", "batchSize expected an integer >= 1, got 0"],
  [{ iterations: 1.5 }, "RangeError", "iterations expected an integer >= 1, got 1.5"],
  [{ epochs: 0 }, "RangeError", "epochs expected an integer >= 1, got 0"],
  [{ iterations: 1, epochs: 2 }, "TypeError", "expected iterations or epochs, got both (1 and 2)"],
  [
    { sampling: "random" },
    "TypeError",
    'sampling expected "shuffle" | "replacement", got "random"',
  ],
  [{ clipNorm: 0 }, "RangeError", "clipNorm expected a finite number > 0, got 0"],
  [{ patience: 0, validation: data }, "RangeError", "patience expected an integer >= 1, got 0"],
  [{ patience: 3 }, "TypeError", "patience expected validation data to measure on, got none"],
  [{ random: 7 }, "TypeError", "random expected a Random, got 7"],
  [{ onEpoch: true }, "TypeError", "onEpoch expected a function, got true"],
  [
    { lr: 1 },
    "TypeError",
    "unknown option lr; expected learningRate, learningRateDecay, schedule, reg, batchSize, " +
      "iterations, epochs, sampling, optimizer, clipNorm, patience, keepBest, " +
      "calibrate, trainAccuracy, " +
      "random, validation, onEpoch",
  ],
];

for (const [options, name, message] of REFUSED) {
  test(`Trainer refuses ${Object.keys(options).join(" and ")}: ${message.slice(0, 60)}`, () => {
    assert.throws(() => new Trainer(net(), data, options as TrainOptions), {
      name,
      message: `train: ${message}`,
    });
  });
}

test("Trainer refuses data that does not fit the net", () => {
  const refused = (bad: unknown, name: string, message: string): void =>
    assert.throws(() => new Trainer(net(), bad as never), { name, message });
  refused(undefined, "TypeError", "train: data expected { X, y }, got undefined");
  refused(
    { X: new Matrix(0, 3), y: [] },
    "ShapeError",
    "train: expected at least one row, got 0×3",
  );
  refused(
    { X: new Matrix(6, 2), y: data.y },
    "ShapeError",
    "train: expected X with 3 columns for a net of 3 inputs, got 6×2",
  );
  refused({ X: data.X, y: [0, 1] }, "ShapeError", "train: expected 6 labels for 6 rows, got 2");
  refused(
    { X: data.X, y: [0, 1, 0, 1, 0, 2] },
    "RangeError",
    "train: label 2 at row 5 is outside 0..1",
  );
  assert.throws(() => new Trainer(net(), data, { validation: { X: data.X, y: [0] } }), {
    name: "ShapeError",
    message: "train: validation: expected 6 labels for 6 rows, got 1",
  });
});
