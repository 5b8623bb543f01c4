import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { mapParams, PARAM_NAMES, type Params } from "../../lib/net/params.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import {
  adam,
  clipGradients,
  momentum,
  nesterov,
  type Optimizer,
  sgd,
  Updates,
} from "../../lib/training/optimizer.ts";
import { cosine } from "../../lib/training/schedule.ts";
import type { TrainOptions } from "../../lib/training/train-options.ts";
import { Trainer } from "../../lib/training/trainer.ts";
import { restoreUpdates } from "../../lib/training/trainer-state.ts";

// 50 full-batch steps of PyTorch 1.13.0 in float64; spec/fixtures/reference says how they were
// computed.
type Stored = { shape: [number, number]; data: number[] };
type StoredParams = Record<keyof Params, Stored>;
const reference: {
  reg: number;
  X: Stored;
  y: number[];
  initial: StoredParams;
  cases: {
    name: string;
    settings: { learningRate: number };
    lossHistory: number[];
    final: StoredParams;
    gradientNorms?: number[];
  }[];
} = JSON.parse(
  readFileSync(new URL("../fixtures/reference/optimizers.json", import.meta.url), "utf8"),
);
const matrix = ({ shape, data }: Stored): Matrix =>
  new Matrix(shape[0], shape[1], Float64Array.from(data));
const net = (): TwoLayerNet => {
  const { W1, b1, W2, b2 } = reference.initial;
  return new TwoLayerNet({ W1: matrix(W1), b1: matrix(b1), W2: matrix(W2), b2: matrix(b2) });
};

const OPTIONS: Record<string, TrainOptions> = {
  sgd: { optimizer: sgd() },
  momentum: { optimizer: momentum(0.9) },
  nesterov: { optimizer: nesterov(0.9) },
  adam: { optimizer: adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }) },
  "sgd, cosine schedule": { schedule: cosine() },
  "sgd, clipped gradient norm": { clipNorm: 0.1 },
};

test("Every stored PyTorch trajectory has options here", () => {
  assert.deepEqual(
    reference.cases.map(({ name }) => name),
    Object.keys(OPTIONS),
  );
});

for (const { name, settings, lossHistory, final } of reference.cases) {
  test(`Trainer follows PyTorch's ${name} for 50 steps to 1e-10`, () => {
    const decay = OPTIONS[name].schedule === undefined ? { learningRateDecay: 1 } : {};
    const trainer = new Trainer(
      net(),
      { X: matrix(reference.X), y: reference.y },
      {
        ...OPTIONS[name],
        ...decay,
        learningRate: settings.learningRate,
        reg: reference.reg,
        batchSize: 12,
        iterations: 50,
      },
    );
    const losses = [...trainer].map(({ loss }) => loss);
    assert.equal(losses.length, lossHistory.length);
    for (const [t, loss] of losses.entries())
      assert.ok(Math.abs(loss - lossHistory[t]) <= 1e-10 * Math.abs(lossHistory[t]), `loss ${t}`);
    for (const param of PARAM_NAMES) {
      const expected = matrix(final[param]);
      const largest = Math.max(...expected.data.map(Math.abs));
      assert.ok(
        trainer.net.params[param].equals(expected, 1e-10 * largest),
        `${param} after 50 steps`,
      );
    }
  });
}

test("clipGradients returns the norm and scales the gradients when it exceeds clipNorm", () => {
  const grads = (): Params => ({
    W1: Matrix.filled(2, 2, 1),
    b1: Matrix.filled(1, 2, 2),
    W2: Matrix.filled(2, 1, -1),
    b2: Matrix.filled(1, 1, 1.5),
  });
  const norm = Math.sqrt(4 + 8 + 2 + 2.25);
  const kept = grads();
  assert.equal(clipGradients(kept, 5), norm);
  for (const name of PARAM_NAMES) assert.ok(kept[name].equals(grads()[name]), name);
  const clipped = grads();
  assert.equal(clipGradients(clipped, 1), norm);
  for (const name of PARAM_NAMES)
    assert.ok(clipped[name].equals(grads()[name].scale(1 / (norm + 1e-6))), name);
});

test("clipGradients clips finite gradients whose squares overflow", () => {
  const grads = {
    W1: Matrix.filled(2, 2, 1e200),
    b1: new Matrix(1, 2),
    W2: Matrix.filled(2, 1, -1e200),
    b2: new Matrix(1, 1),
  };
  const norm = clipGradients(grads, 1);
  assert.ok(Math.abs(norm / (Math.sqrt(6) * 1e200) - 1) < 1e-14);
  assert.ok(Math.abs(grads.W1.data[0] - 1 / Math.sqrt(6)) < 1e-14);
  assert.ok(Math.abs(grads.W2.data[0] + 1 / Math.sqrt(6)) < 1e-14);
});

test("Updates continues from what another remembers to the bits of an uninterrupted run", () => {
  for (const optimizer of [sgd(), momentum(), nesterov(0.5), adam()]) {
    const gradsAt = (t: number): Params =>
      mapParams(net().params, (param) =>
        param.map((value, i, j) => value * Math.sqrt(t + 1) - i + j),
      );
    const whole = net().params;
    const updates = new Updates(optimizer, whole);
    for (let t = 0; t < 6; t++) updates.apply(whole, gradsAt(t), 0.01);
    const parts = net().params;
    const first = new Updates(optimizer, parts);
    for (let t = 0; t < 3; t++) first.apply(parts, gradsAt(t), 0.01);
    const second = new Updates(optimizer, parts);
    restoreUpdates(second, first);
    for (let t = 3; t < 6; t++) second.apply(parts, gradsAt(t), 0.01);
    for (const name of PARAM_NAMES)
      assert.ok(parts[name].equals(whole[name]), `${optimizer.name} ${name}`);
  }
});

test("Optimizers refuse settings outside their range, with the whole story", () => {
  assert.throws(() => momentum(1), {
    name: "RangeError",
    message: "momentum: momentum expected a number in 0..1, 1 excluded, got 1",
  });
  assert.throws(() => nesterov("x" as never), {
    name: "TypeError",
    message: 'nesterov: momentum expected a number in 0..1, 1 excluded, got "x"',
  });
  assert.throws(() => adam({ beta2: -0.1 }), {
    name: "RangeError",
    message: "adam: beta2 expected a number in 0..1, 1 excluded, got -0.1",
  });
  assert.throws(() => adam({ epsilon: 0 }), {
    name: "RangeError",
    message: "adam: epsilon expected a finite number > 0, got 0",
  });
  assert.throws(() => adam({ beta: 1 } as never), {
    name: "TypeError",
    message: "adam: unknown option beta; expected beta1, beta2, epsilon",
  });
  const X = matrix(reference.X);
  const refused = (optimizer: unknown, message: string): void =>
    assert.throws(
      () => new Trainer(net(), { X, y: reference.y }, { optimizer: optimizer as Optimizer }),
      { name: "TypeError", message },
    );
  refused("adam", 'train: optimizer expected sgd(), momentum(), nesterov() or adam(), got "adam"');
  refused(
    { name: "rmsprop" },
    'train: optimizer expected sgd(), momentum(), nesterov() or adam(), got one named "rmsprop"',
  );
  refused(
    adam,
    "train: optimizer expected sgd(), momentum(), nesterov() or adam(), got a function",
  );
});
