// Trainer beside the training loop written out in full: what is drawn when, what is recorded when,
// to the bit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DivergenceError, ShapeError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { toyData } from "../../lib/data/toy.ts";
import { configure } from "../../lib/kernels/configuration.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { PARAM_NAMES } from "../../lib/net/params.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { adam } from "../../lib/training/optimizer.ts";
import type { Progress } from "../../lib/training/train-options.ts";
import { Trainer, train } from "../../lib/training/trainer.ts";
import { reference } from "../helpers/fixtures.ts";
import { leavesUnchanged } from "../helpers/matrices.ts";
import { assertSameParams, copyOf, randomProblem } from "../helpers/nets.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

const DECAY = 0.9;
const REG = 0.01;

/**
 * The definition: every batch taken from the data, every epoch judged, by the public methods of the
 * net alone.
 */
function oracle(
  net: TwoLayerNet,
  X: Matrix,
  y: Int32Array,
  sampling: "shuffle" | "replacement",
  batchSize: number,
  iterations: number,
  random: Random,
): Progress[] {
  const N = X.rows;
  const perEpoch =
    sampling === "shuffle" ? Math.ceil(N / batchSize) : Math.max(Math.floor(N / batchSize), 1);
  let learningRate = 0.2;
  let order: number[] = [];
  const progress: Progress[] = [];
  for (let it = 0; it < iterations; it++) {
    let rows: number[];
    if (sampling === "replacement") rows = [...random.integers(batchSize, N)];
    else {
      if (order.length === 0) order = [...random.permutation(N)];
      rows = order.splice(0, batchSize);
    }
    const { loss, grads } = net.loss(
      X.takeRows(rows),
      rows.map((row) => y[row]),
      { reg: REG },
    );
    net.step(grads, learningRate);
    const entry: Progress = { iteration: it, epoch: Math.floor(it / perEpoch), loss, learningRate };
    const epochEnds = sampling === "replacement" ? it % perEpoch === 0 : (it + 1) % perEpoch === 0;
    if (epochEnds) {
      entry.trainAccuracy = net.accuracy(X, y);
      entry.valAccuracy = net.accuracy(X.sliceRows(0, 3), y.slice(0, 3));
      learningRate *= DECAY;
    }
    progress.push(entry);
  }
  return progress;
}

for (const sampling of ["shuffle", "replacement"] as const) {
  for (const [N, batchSize, iterations] of [
    [12, 4, 9],
    [13, 4, 11],
    [13, 13, 3],
    [5, 200, 4],
    [7, 1, 16],
    [11, 6, 7],
  ]) {
    test(`Trainer (${sampling}, ${N} rows by ${batchSize}) has the bits of the plain loop`, () => {
      const { net, X, y } = randomProblem(N, N, 3, 5, 3);
      const expectedNet = new TwoLayerNet(copyOf(net.params));
      const random = new Random(42);
      const expected = oracle(expectedNet, X, y, sampling, batchSize, iterations, random);
      const ownRandom = new Random(42);
      const epochs: Progress[] = [];
      let progress: Progress[] = [];
      leavesUnchanged([X], () => {
        progress = [
          ...new Trainer(
            net,
            { X, y },
            {
              learningRate: 0.2,
              learningRateDecay: DECAY,
              reg: REG,
              batchSize,
              iterations,
              sampling,
              random: ownRandom,
              validation: { X: X.sliceRows(0, 3), y: y.slice(0, 3) },
              onEpoch: (epoch) => epochs.push(epoch),
            },
          ),
        ];
      });
      assert.deepEqual(progress, expected);
      assert.deepEqual(
        epochs,
        expected.filter((entry) => entry.trainAccuracy !== undefined),
      );
      assertSameParams(net.params, expectedNet.params, "trained");
      assert.deepEqual(ownRandom.state, random.state);
    });
  }
}

/** The default kernel, and the plain loops, which have no scratch memory. */
function onBothKernels(use: () => void): void {
  use();
  try {
    configure({ kernel: "reference" });
    use();
  } finally {
    configure({ kernel: "auto" });
  }
}

test("A step has the bits of net.loss and net.step whatever lies in its workspace", () => {
  // All of them; copies of W1 and b1 but not of W2; all but a copy of W1; neither the batch nor a
  // copy of W1.
  for (const [N, D, H, C] of [
    [31, 64, 100, 10],
    [60, 10, 300, 300],
    [100, 784, 128, 10],
    [20, 2500, 100, 10],
  ]) {
    const {
      net: { params },
      X,
      y,
    } = randomProblem(N, N + 7, D, H, C);
    const expectedNet = new TwoLayerNet(copyOf(params));
    const expected = oracle(expectedNet, X, y, "shuffle", N, 3, new Random(42));
    onBothKernels(() => {
      const net = new TwoLayerNet(copyOf(params));
      const history = train(
        net,
        { X, y },
        {
          learningRate: 0.2,
          learningRateDecay: DECAY,
          reg: REG,
          batchSize: N,
          iterations: 3,
          random: new Random(42),
        },
      );
      assert.deepEqual(
        history.loss,
        expected.map(({ loss }) => loss),
      );
      assertSameParams(net.params, expectedNet.params, `${D}-${H}-${C}`);
    });
  }
});

test("Parameters that share memory are updated one after the other on every kernel", () => {
  const {
    net: { params },
    X,
    y,
  } = randomProblem(1, 12, 20, 20, 20);
  const tied = (): TwoLayerNet => {
    const [W, b] = [params.W1.clone(), params.b1.clone()];
    return new TwoLayerNet({ W1: W, b1: b, W2: W, b2: b });
  };
  const expectedNet = tied();
  oracle(expectedNet, X, y, "shuffle", 5, 6, new Random(42));
  onBothKernels(() => {
    const net = tied();
    train(
      net,
      { X, y },
      {
        learningRate: 0.2,
        learningRateDecay: DECAY,
        reg: REG,
        batchSize: 5,
        iterations: 6,
        random: new Random(42),
      },
    );
    assertSameParams(net.params, expectedNet.params, "tied");
  });
});

test("A parameter exchanged between two steps is trained, and the old one left alone", () => {
  onBothKernels(() => {
    const { net, X, y } = randomProblem(1, 12, 20, 20, 20);
    const trainer = new Trainer(net, { X, y }, { learningRate: 0.2, batchSize: 5, iterations: 6 });
    trainer.step();
    const { W1, W2 } = net.params;
    const [before, start] = [W1.clone(), W2.clone()];
    net.params.W1 = W1.clone();
    trainer.step();
    assertSameBits(W1.data, before.data, "the old W1");
    assert.ok(!net.params.W1.equals(before), "the new W1");
    net.params.W2 = new Matrix(19, 20);
    const current = net.params.W1.clone();
    assertThrows(() => trainer.step(), ShapeError, "train: W2 expected 20×20, got 19×20");
    assertSameBits(net.params.W1.data, current.data, "W1 after a step that did not happen");
    assert.ok(!W2.equals(start));
  });
});

test("A learning rate that decay has made infinite is refused before anything changes", () => {
  const { net, X, y } = randomProblem(1, 5, 4, 5, 3);
  const trainer = new Trainer(
    net,
    { X, y },
    { learningRate: 0.1, learningRateDecay: 1e308, iterations: 3, epochs: undefined, batchSize: 5 },
  );
  trainer.step();
  trainer.step();
  const before = copyOf(net.params);
  assertThrows(
    () => trainer.step(),
    RangeError,
    "train: learningRate expected a finite number, got Infinity",
  );
  assertSameParams(net.params, before, "parameters");
  assert.equal(trainer.iteration, 2);
});

test("Batches on the float32 toy data give the stored losses and accuracies", () => {
  const { batchCounts, lossHistory, accuracyHistory } =
    reference("toy-training").cpuGeneratorVariant;
  const { X, y, params } = toyData("float32");
  const net = new TwoLayerNet(params);
  let learningRate = 0.1;
  assert.equal(lossHistory.length, 200);
  for (let it = 0; it < 200; it++) {
    const rows = batchCounts[it].flatMap((count: number, row: number) =>
      new Array<number>(count).fill(row),
    );
    const { loss, grads } = net.loss(
      X.takeRows(rows),
      rows.map((row: number) => y[row]),
      { reg: 1e-6 },
    );
    net.step(grads, learningRate);
    assert.ok(Math.abs(loss - lossHistory[it]) <= 1e-12, `loss ${it}: ${loss}, ${lossHistory[it]}`);
    assert.equal(net.accuracy(X, y), accuracyHistory[it]);
    learningRate *= 0.95;
  }
});

test("The exercise's 200 iterations end at the stored scores and learning rate", () => {
  for (const [precision, key] of [
    ["float32", "fromFloat32ToyData"],
    ["float64", "fromFloat64ToyData"],
  ] as const) {
    const stored = reference("toy-training")[key];
    const { X, y, params } = toyData(precision);
    const net = new TwoLayerNet(params);
    const progress = [
      ...new Trainer(
        net,
        { X, y },
        {
          learningRate: 0.1,
          learningRateDecay: 0.95,
          reg: 1e-6,
          batchSize: 200,
          iterations: 200,
          sampling: "replacement",
          random: Random.fromState({ seed: 0, offset: 12 }),
        },
      ),
    ];
    const { scores } = net.forward(X);
    scores.data.forEach((score, i) =>
      assert.ok(Math.abs(score - stored.finalScores.data[i]) <= 1e-12 * 10, `score ${i}`),
    );
    assert.deepEqual([...net.predict(X)], stored.finalPredictions);
    assert.ok(
      Math.abs(progress[199].learningRate * 0.95 - stored.finalLearningRate) <=
        1e-12 * stored.finalLearningRate,
    );
    if (precision === "float32") assert.equal(net.accuracy(X, y), 1);
  }
});

test("Without validation data neither history nor progress has a validation accuracy", () => {
  const { net, X, y } = randomProblem(1, 6, 3, 4, 2);
  const trainer = new Trainer(net, { X, y }, { batchSize: 3, epochs: 2 });
  for (const progress of trainer) assert.ok(!("valAccuracy" in progress));
  assert.deepEqual(
    [
      trainer.history.loss.length,
      trainer.history.trainAccuracy.length,
      trainer.history.valAccuracy,
    ],
    [4, 2, []],
  );
});

test("Iterating goes on where step or an iterator stopped", () => {
  const { net, X, y } = randomProblem(2, 6, 3, 4, 2);
  const trainer = new Trainer(net, { X, y }, { batchSize: 2, epochs: 2 });
  assert.equal(trainer.done, false);
  assert.equal(trainer.step().iteration, 0);
  for (const { iteration } of trainer) if (iteration === 2) break;
  assert.deepEqual(
    [...trainer].map(({ iteration }) => iteration),
    [3, 4, 5],
  );
  assert.equal(trainer.done, true);
  assert.deepEqual([...trainer], []);
  assert.equal(trainer.history.loss.length, 6);
});

test("Training has the documented defaults", () => {
  const { net, X, y } = randomProblem(3, 230, 3, 4, 2);
  const other = new TwoLayerNet(copyOf(net.params));
  const history = train(net, { X, y });
  assert.equal(history.loss.length, 100);
  assert.deepEqual(
    train(
      other,
      { X, y },
      {
        learningRate: 1e-3,
        learningRateDecay: 0.95,
        reg: 5e-6,
        batchSize: 200,
        iterations: 100,
        sampling: "shuffle",
        random: new Random(0),
      },
    ),
    history,
  );
  assertSameParams(other.params, net.params, "trained");
});

test("A loss that is not finite throws and leaves the parameters of the step before", () => {
  const { net, X, y } = randomProblem(4, 8, 3, 4, 2);
  X.set(5, 1, 1e308);
  X.set(5, 2, 1e308);
  net.params.W1.data.fill(10); // the hidden units of row 5 overflow
  const trainer = new Trainer(net, { X, y }, { learningRate: 0.25, batchSize: 8, iterations: 3 });
  leavesUnchanged(
    PARAM_NAMES.map((name) => net.params[name]),
    () => {
      const error = assertThrows(
        () => trainer.step(),
        DivergenceError,
        "train: expected a finite loss and finite gradients, got loss NaN at iteration 0 with " +
          "learningRate 0.25; try a smaller one, such as 0.025",
      );
      assert.deepEqual([error.iteration, error.loss], [0, NaN]);
    },
  );
  assert.deepEqual(trainer.history, { loss: [], trainAccuracy: [], valAccuracy: [] });
  assert.equal(trainer.done, false);
});

test("A gradient that is not finite beside a finite loss throws a DivergenceError as well", () => {
  // One hidden unit, huge inputs that only count through the gradient of W1: dW1 = Σ x·dhidden
  // overflows.
  const net = new TwoLayerNet({
    W1: Matrix.fromRows([[1e-300]]),
    b1: Matrix.fromRows([[1]]),
    W2: Matrix.fromRows([[100, -100]]),
    b2: new Matrix(1, 2),
  });
  const X = Matrix.fromRows([[1.7e308], [1.7e308]]);
  const data = { X: Matrix.fromRows([[1.7e308], [1.7e308], [1.7e308]]), y: [1, 1, 1] };
  const { loss, grads } = net.loss(X, [1, 1]);
  assert.ok(
    Number.isFinite(loss) && !grads.W1.data.every(Number.isFinite),
    "the case is what it is meant to be",
  );
  const trainer = new Trainer(net, data, { learningRate: 1e-3, batchSize: 3, iterations: 3 });
  leavesUnchanged(
    PARAM_NAMES.map((name) => net.params[name]),
    () => {
      const error = assertThrows(
        () => trainer.step(),
        DivergenceError,
        "train: expected a finite loss and finite gradients, got loss " +
          `${net.loss(data.X, data.y, { reg: 5e-6 }).loss} and a gradient of W1 that is not at ` +
          "iteration 0 with learningRate 0.001; try a smaller one, such as 0.0001",
      );
      assert.ok(Number.isFinite(error.loss));
    },
  );
});

test("A DivergenceError of train or of a loop names its iteration", () => {
  for (const run of [
    (net: TwoLayerNet, data: { X: Matrix; y: Int32Array }) =>
      train(net, data, { learningRate: 1e300, batchSize: 4, iterations: 9 }),
    (net: TwoLayerNet, data: { X: Matrix; y: Int32Array }) => {
      for (const _ of new Trainer(net, data, { learningRate: 1e300, batchSize: 4, iterations: 9 }));
    },
  ]) {
    const { net, X, y } = randomProblem(5, 8, 3, 4, 2);
    assert.throws(
      () => run(net, { X, y }),
      (error) =>
        error instanceof DivergenceError &&
        error.iteration >= 1 &&
        !Number.isFinite(error.loss) &&
        new RegExp(
          "^train: expected a finite loss and finite gradients, got loss (NaN|Infinity) " +
            String.raw`at iteration \d+ with learningRate 1e\+300; ` +
            String.raw`try a smaller one, such as 1e\+299$`,
        ).test(error.message),
    );
  }
});

test("What a Trainer refuses leaves net, data and generator as they were", () => {
  const { net, X, y } = randomProblem(6, 8, 3, 4, 2);
  const random = new Random(5);
  leavesUnchanged([X, ...PARAM_NAMES.map((name) => net.params[name])], () => {
    assertThrows(
      () => train({ ...net } as never, { X, y }, { random }),
      TypeError,
      "train: net expected a TwoLayerNet, got an Object",
    );
    assertThrows(
      () => train(undefined as never, { X, y }, { random }),
      TypeError,
      "train: net expected a TwoLayerNet, got undefined",
    );
    assertThrows(
      () => train(net, { X, y }, { batchSize: 0, random }),
      RangeError,
      "train: batchSize expected an integer >= 1, got 0",
    );
    assertThrows(
      () => train(net, { X, y }, { iterations: 10, epochs: 2, random }),
      TypeError,
      "train: expected iterations or epochs, got both (10 and 2)",
    );
    assertThrows(
      () => train(net, { X, y: [0, 1, 0, 1, 0, 1, 0, 2] }, { random }),
      RangeError,
      "train: label 2 at row 7 is outside 0..1",
    );
    assertThrows(
      () => train(net, { X, y }, { learning_rate: 1, random } as never),
      TypeError,
      "train: unknown option learning_rate; expected learningRate, learningRateDecay, " +
        "schedule, reg, batchSize, iterations, epochs, sampling, optimizer, clipNorm, patience, " +
        "keepBest, calibrate, trainAccuracy, " +
        "random, validation, onEpoch",
    );
  });
  assert.deepEqual(random.state, { seed: 5, offset: 0 });
});

test("Two trainers with one seed give the same bits whatever runs between their steps", () => {
  const runs = [false, true].map((disturbed) => {
    const { net, X, y } = randomProblem(7, 20, 4, 6, 3);
    const trainer = new Trainer(
      net,
      { X, y },
      { learningRate: 0.1, batchSize: 6, epochs: 3, random: new Random(9) },
    );
    while (!trainer.done) {
      trainer.step();
      if (disturbed) {
        net.loss(X.sliceRows(0, 5), y.subarray(0, 5));
        Matrix.randomNormal(40, 40, new Random(1)).matmul(Matrix.identity(40));
        net.predict(Matrix.randomNormal(1100, 4, new Random(2)));
      }
    }
    return { net, history: trainer.history };
  });
  assertSameParams(runs[0].net.params, runs[1].net.params, "trained");
  assertSameBits(runs[0].history.loss, runs[1].history.loss, "losses");
});

test("A training with integer weights is that on repeated rows, in batches of all rows", () => {
  const { net, X, y } = randomProblem(14, 9, 4, 5, 3);
  const sampleWeights = Array.from({ length: 9 }, (_, i) => (i % 3) + 1);
  const repeated = Int32Array.from(sampleWeights.flatMap((weight, i) => Array(weight).fill(i)));
  const other = net.clone();
  const options = { learningRate: 0.1, reg: 0.01, iterations: 20, optimizer: adam() };
  train(net, { X, y, sampleWeights }, { ...options, batchSize: 9 });
  const rows = { X: X.takeRows(repeated), y: repeated.map((i) => y[i]) };
  train(other, rows, { ...options, batchSize: repeated.length });
  for (const name of PARAM_NAMES)
    assert.ok(
      net.params[name].data.every(
        (value, i) => Math.abs(value - other.params[name].data[i]) < 1e-9,
      ),
      name,
    );
});

test("A batch whose rows all have weight 0 changes nothing", () => {
  const { net, X, y } = randomProblem(15, 4, 3, 5, 3);
  const before = net.clone();
  const options = { learningRate: 0.1, batchSize: 1, iterations: 1, random: new Random(0) };
  const [row] = new Random(0).permutation(4);
  const sampleWeights = [1, 1, 1, 1].map((weight, i) => (i === row ? 0 : weight));
  const { loss } = train(net, { X, y, sampleWeights }, options);
  const penalty =
    5e-6 *
    PARAM_NAMES.filter((name) => name.startsWith("W")).reduce(
      (sum, name) => sum + before.params[name].data.reduce((s, w) => s + w * w, 0),
      0,
    );
  assert.ok(Math.abs(loss[0] - penalty) < 1e-15);
  for (const name of ["b1", "b2"] as const) assert.deepEqual(net.params[name], before.params[name]);
});
