import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DivergenceError, ShapeError } from "../../lib/base/errors.ts";
import { SLICE_MS } from "../../lib/base/event-loop.ts";
import { Random } from "../../lib/base/random.ts";
import { toyData } from "../../lib/data/toy.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { PARAM_NAMES, type Params } from "../../lib/net/params.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { recommendedOptions } from "../../lib/training/defaults.ts";
import { adam, momentum } from "../../lib/training/optimizer.ts";
import { cosine } from "../../lib/training/schedule.ts";
import type { Progress, TrainOptions } from "../../lib/training/train-options.ts";
import { Trainer, train } from "../../lib/training/trainer.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

type Run = { lossHistory: number[]; accuracyHistory: number[]; finalLearningRate: number } & Record<
  keyof Params,
  { data: number[] }
>;
const toyTraining: { fromFloat32ToyData: Run; fromFloat64ToyData: Run } = JSON.parse(
  readFileSync(new URL("../fixtures/reference/toy-training.json", import.meta.url), "utf8"),
);

for (const [precision, expected] of [
  ["float32", toyTraining.fromFloat32ToyData],
  ["float64", toyTraining.fromFloat64ToyData],
] as const) {
  test(`train reproduces the exercise on the ${precision} toy data to 1e-12`, () => {
    const { X, y, params } = toyData(precision);
    const net = new TwoLayerNet(params);
    const history = train(
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
        validation: { X, y },
      },
    );
    assert.equal(history.loss.length, 200);
    for (const [t, loss] of history.loss.entries())
      assert.ok(Math.abs(loss - expected.lossHistory[t]) <= 1e-12, `loss ${t}`);
    assert.deepEqual(history.trainAccuracy, expected.accuracyHistory);
    assert.deepEqual(history.valAccuracy, expected.accuracyHistory);
    for (const name of PARAM_NAMES) {
      const largest = Math.max(...expected[name].data.map(Math.abs));
      for (const [i, value] of net.params[name].data.entries())
        assert.ok(Math.abs(value - expected[name].data[i]) <= 1e-12 * largest, `${name} ${i}`);
    }
  });
}

const X = Matrix.randomNormal(40, 3, new Random(1));
const y = Array.from({ length: 40 }, (_, i) => (X.get(i, 0) > 0 ? 1 : 0));
const net = (seed = 2): TwoLayerNet =>
  TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 }, { random: new Random(seed) });

test("train, iterating over a Trainer and calling step by hand give the same bits", () => {
  const options = (): TrainOptions => ({
    learningRate: 0.1,
    batchSize: 7,
    epochs: 3,
    random: new Random(4),
    validation: { X, y },
  });
  const nets = [net(), net(), net()];
  const history = train(nets[0], { X, y }, options());
  const iterated = new Trainer(nets[1], { X, y }, options());
  const progress = [...iterated];
  const stepped = new Trainer(nets[2], { X, y }, options());
  while (!stepped.done) stepped.step();
  for (const name of PARAM_NAMES) {
    assertSameBits(nets[1].params[name].data, nets[0].params[name].data, name);
    assertSameBits(nets[2].params[name].data, nets[0].params[name].data, name);
  }
  assert.deepEqual(iterated.history, history);
  assert.deepEqual(stepped.history, history);
  assert.deepEqual(
    progress.map(({ loss }) => loss),
    history.loss,
  );
  assert.equal(history.loss.length, 18);
  assert.equal(history.trainAccuracy.length, 3);
});

test("Progress counts from 0, decays the rate and has accuracies after each epoch", () => {
  const seen: Progress[] = [];
  const trainer = new Trainer(
    net(),
    { X, y },
    {
      learningRate: 0.1,
      learningRateDecay: 0.5,
      batchSize: 20,
      epochs: 3,
      validation: { X, y },
      onEpoch: (p) => seen.push(p),
    },
  );
  const progress = [...trainer];
  assert.deepEqual(
    progress.map(({ iteration }) => iteration),
    [0, 1, 2, 3, 4, 5],
  );
  assert.deepEqual(
    progress.map(({ epoch }) => epoch),
    [0, 0, 1, 1, 2, 2],
  );
  assert.deepEqual(
    progress.map(({ learningRate }) => learningRate),
    [0.1, 0.1, 0.05, 0.05, 0.025, 0.025],
  );
  assert.deepEqual(
    progress.map(({ trainAccuracy }) => trainAccuracy !== undefined),
    [false, true, false, true, false, true],
  );
  assert.deepEqual(
    seen,
    progress.filter(({ valAccuracy }) => valAccuracy !== undefined),
  );
});

test("A Trainer for whose batches there is no room says so", () => {
  const { X, y, params } = toyData();
  assertThrows(
    () =>
      new Trainer(
        new TwoLayerNet(params),
        { X, y },
        { sampling: "replacement", batchSize: 2 ** 40 },
      ),
    RangeError,
    "train: no room for batches of 1099511627776 rows",
  );
});

test("step refuses to go on when all iterations are done", () => {
  const trainer = new Trainer(net(), { X, y }, { iterations: 1 });
  trainer.step();
  assert.equal(trainer.done, true);
  assert.throws(() => trainer.step(), {
    name: "RangeError",
    message: "train: all 1 iterations are done",
  });
});

test("A diverging training throws and leaves the parameters of the step before", () => {
  const diverging = net();
  const trainer = new Trainer(
    diverging,
    { X, y },
    { learningRate: 1e200, learningRateDecay: 1, iterations: 50, batchSize: 40 },
  );
  let before = diverging.params.W1.clone();
  const error = (() => {
    try {
      for (;;) {
        before = diverging.params.W1.clone();
        trainer.step();
      }
    } catch (caught) {
      return caught;
    }
  })();
  assert.ok(error instanceof DivergenceError);
  assert.equal(error.iteration, trainer.history.loss.length);
  assertSameBits(diverging.params.W1.data, before.data, "W1");
  assert.ok(diverging.params.W1.data.every(Number.isFinite));
  assert.equal(
    error.message,
    "train: expected a finite loss and finite gradients, got loss NaN at iteration 1 with " +
      "learningRate 1e+200; try a smaller one, such as 1e+199",
  );
});

test("After a divergence every step and the state throw it again", () => {
  for (const sampling of ["shuffle", "replacement"] as const) {
    const trainer = new Trainer(
      net(),
      { X, y },
      { learningRate: 1e200, batchSize: 40, iterations: 3, sampling, random: new Random(4) },
    );
    trainer.step();
    let divergence: unknown;
    assert.throws(
      () => trainer.step(),
      (error) => (divergence = error) instanceof DivergenceError,
    );
    assert.throws(
      () => trainer.step(),
      (error) => error === divergence,
    );
    assert.throws(
      () => trainer.state,
      (error) => error === divergence,
    );
    assert.equal(trainer.iteration, 1);
    assert.equal(trainer.history.loss.length, 1);
  }
});

test("patience stops after as many epochs without a better accuracy and restores the best", () => {
  // Labels that are the opposite in validation: the better the fit, the worse the accuracy there,
  // so the first epoch is best.
  const opposite = { X, y: y.map((label) => 1 - label) };
  const snapshots: Matrix[] = [];
  const trained = net();
  const trainer = new Trainer(
    trained,
    { X, y },
    {
      learningRate: 0.5,
      batchSize: 10,
      epochs: 50,
      validation: opposite,
      patience: 3,
      onEpoch: () => snapshots.push(trained.params.W1.clone()),
    },
  );
  while (!trainer.done) trainer.step();
  const { valAccuracy } = trainer.history;
  const best = valAccuracy.indexOf(Math.max(...valAccuracy));
  assert.equal(valAccuracy.length, best + 1 + 3);
  assert.deepEqual(trainer.best, {
    iteration: 4 * best + 3,
    epoch: best,
    valAccuracy: valAccuracy[best],
  });
  assert.equal(trained.accuracy(opposite.X, opposite.y), valAccuracy[best]);
  assertSameBits(trained.params.W1.data, snapshots[best].data, "W1 of the best epoch");
  assert.throws(() => trainer.step(), {
    message:
      `train: patience ended the training after ${4 * (best + 4)} of ${trainer.iterations} ` +
      "iterations",
  });
});

test("patience restores the earliest best epoch when the training runs to its end", () => {
  const trained = net();
  const options = { learningRate: 0.3, batchSize: 10, validation: { X, y }, patience: 1000 };
  const trainer = new Trainer(trained, { X, y }, { ...options, epochs: 40 });
  while (!trainer.done) trainer.step();
  const { valAccuracy } = trainer.history;
  assert.equal(valAccuracy.length, 40);
  assert.equal(trainer.best?.epoch, valAccuracy.indexOf(Math.max(...valAccuracy)));
  const again = net();
  train(again, { X, y }, { ...options, epochs: trainer.best!.epoch + 1, patience: undefined });
  assertSameBits(trained.params.W2.data, again.params.W2.data, "W2 of the best epoch");
});

test("patience keeps the last parameters of a training that ends within its first epoch", () => {
  const options = { learningRate: 0.3, batchSize: 10, validation: { X, y }, patience: 1000 };
  const short = net();
  const unfinished = new Trainer(short, { X, y }, { ...options, iterations: 2 });
  const before = short.params.W1.clone();
  while (!unfinished.done) unfinished.step();
  assert.equal(unfinished.best, undefined);
  assert.ok(!short.params.W1.equals(before));
});

test("clipNorm bounds how far a step can go", () => {
  const trained = net();
  const before = trained.params;
  const start = {
    W1: before.W1.clone(),
    b1: before.b1.clone(),
    W2: before.W2.clone(),
    b2: before.b2.clone(),
  };
  new Trainer(trained, { X, y }, { learningRate: 1, clipNorm: 0.01, iterations: 1 }).step();
  let moved = 0;
  for (const name of PARAM_NAMES)
    moved += trained.params[name].sub(start[name]).data.reduce((sum, d) => sum + d * d, 0);
  assert.ok(Math.sqrt(moved) > 0.0099 && Math.sqrt(moved) < 0.01);
});

for (const judge of [{ patience: 3 }, { keepBest: true }]) {
  const [name] = Object.keys(judge);
  test(`${name} restores the best epoch before a divergence is thrown`, () => {
    const trained = net();
    const snapshots: Matrix[] = [];
    const trainer = new Trainer(
      trained,
      { X, y },
      {
        schedule: (t) => (t < 8 ? 0.1 : 1e200),
        batchSize: 10,
        epochs: 50,
        validation: { X, y },
        ...judge,
        onEpoch: () => snapshots.push(trained.params.W1.clone()),
      },
    );
    assert.throws(() => {
      while (!trainer.done) trainer.step();
    }, DivergenceError);
    const { valAccuracy } = trainer.history;
    if (name === "patience")
      assert.equal(trainer.best?.epoch, valAccuracy.indexOf(Math.max(...valAccuracy)));
    assertSameBits(trained.params.W1.data, snapshots[trainer.best!.epoch].data, "W1");
    assert.ok(trained.params.W1.data.every(Number.isFinite));
  });
}

test("A schedule may be a function of the iteration", () => {
  const schedule = (t: number, iterations: number): number => 0.1 / (1 + t / iterations);
  const trainer = new Trainer(net(), { X, y }, { schedule, iterations: 4 });
  const rates = [...trainer].map(({ learningRate }) => learningRate);
  assert.deepEqual(
    rates,
    [0, 1, 2, 3].map((t) => schedule(t, 4)),
  );
});

test("A schedule that returns no rate is refused at its iteration", () => {
  const trainer = new Trainer(net(), { X, y }, { schedule: (t) => (t === 1 ? NaN : 0.1) });
  trainer.step();
  assertThrows(
    () => trainer.step(),
    RangeError,
    "train: schedule(1, 100) expected a finite number >= 0, got NaN",
  );
});

test("Trainer names the first element of X that is not finite", () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const broken = X.clone();
    broken.set(7, 2, bad);
    assertThrows(
      () => new Trainer(net(), { X: broken, y }),
      RangeError,
      `train: X expected finite numbers, got ${bad} at row 7, column 2`,
    );
    assertThrows(
      () => new Trainer(net(), { X, y }, { validation: { X: broken, y } }),
      RangeError,
      `train: validation: X expected finite numbers, got ${bad} at row 7, column 2`,
    );
  }
});

test("for await trains to the same bits as for", async () => {
  const options = { learningRate: 0.1, iterations: 400, batchSize: 40 };
  const [plain, awaited] = [net(), net()];
  for (const _ of new Trainer(plain, { X, y }, options));
  let steps = 0;
  for await (const progress of new Trainer(awaited, { X, y }, options)) {
    assert.equal(progress.iteration, steps++);
  }
  assert.equal(steps, 400);
  assertSameBits(awaited.params.W1.data, plain.params.W1.data, "W1");
});

test("for await lets a timer that is due fire between steps that take long", async () => {
  let fired = false;
  const fill = (): void => {
    const start = performance.now();
    while (performance.now() - start <= 2 * SLICE_MS); // as a step of a large net does
  };
  for await (const { iteration } of new Trainer(net(), { X, y }, { iterations: 4 })) {
    if (iteration === 0) setTimeout(() => (fired = true), 1);
    fill();
    if (iteration === 0) assert.equal(fired, false); // nothing else runs in this turn
  }
  assert.equal(fired, true);
});

test("for await ends where its loop is left", async () => {
  const trainer = new Trainer(net(), { X, y }, { iterations: 100 });
  for await (const { iteration } of trainer) if (iteration === 4) break;
  assert.equal(trainer.iteration, 5);
});

test("continueWith trains the same net on other data with the optimizer's memory", () => {
  const [one, other] = [net(), net()];
  const options = { optimizer: adam(), learningRate: 0.01, batchSize: 40, iterations: 6 };
  const whole = new Trainer(one, { X, y }, { ...options, learningRateDecay: 1, iterations: 12 });
  while (!whole.done) whole.step();
  const first = new Trainer(other, { X, y }, { ...options, learningRateDecay: 1 });
  while (!first.done) first.step();
  const second = first.continueWith({ X, y });
  assert.equal(second.net, other);
  assert.equal(second.iterations, 6);
  while (!second.done) second.step();
  for (const name of PARAM_NAMES)
    assertSameBits(other.params[name].data, one.params[name].data, name);
});

test("continueWith takes the other options from its argument", () => {
  const first = new Trainer(net(), { X, y }, { iterations: 2, reg: 0.1, batchSize: 40 });
  while (!first.done) first.step();
  const few = { X: X.sliceRows(0, 10), y: y.slice(0, 10) };
  const second = first.continueWith(few, { epochs: 3, batchSize: 5, schedule: cosine() });
  assert.equal(second.iterations, 6);
  assert.equal(second.state.settings.reg, 0.1);
  assert.equal(second.state.settings.batchSize, 5);
  assert.deepEqual(second.state.settings.schedule, { name: "cosine", final: 0 });
});

test("An undefined option of continueWith leaves the option as it was", () => {
  const options = { learningRate: 0.5, learningRateDecay: 0.5, reg: 0.1, batchSize: 20 };
  const first = new Trainer(net(), { X, y }, { ...options, iterations: 4 });
  while (!first.done) first.step();
  const names = ["learningRate", "schedule", "learningRateDecay", "reg", "batchSize", "epochs"];
  const none = Object.fromEntries(names.map((name) => [name, undefined]));
  const { settings } = first.continueWith({ X, y }, none).state;
  assert.deepEqual(settings, first.continueWith({ X, y }).state.settings);
  assert.equal(settings.learningRateDecay, 0.5);
});

test("continueWith goes on with the decayed learning rate", () => {
  const first = new Trainer(
    net(),
    { X, y },
    { epochs: 3, learningRate: 1, learningRateDecay: 0.5 },
  );
  while (!first.done) first.step();
  assert.equal(first.continueWith({ X, y }).step().learningRate, 0.125);
});

test("continueWith takes the recommended options for the optimizer that it goes on with", () => {
  const first = new Trainer(net(), { X, y }, { iterations: 1, optimizer: adam() });
  const { settings } = first.continueWith({ X, y }, recommendedOptions(40)).state;
  assert.equal(settings.learningRate, 0.003);
  assert.deepEqual(settings.schedule, { name: "cosine", final: 0 });
  assert.equal(settings.iterations, 2000);
});

test("continueWith refuses another optimizer and data that do not fit", () => {
  const first = new Trainer(net(), { X, y }, { iterations: 1, optimizer: momentum(0.5) });
  assertThrows(
    () => first.continueWith({ X, y }, { optimizer: momentum() }),
    TypeError,
    'Trainer.continueWith: optimizer expected {"name":"momentum","momentum":0.5} as before, ' +
      'got {"name":"momentum","momentum":0.9}',
  );
  assertThrows(
    () => first.continueWith({ X, y: [0] }),
    ShapeError,
    "train: expected 40 labels for 40 rows, got 1",
  );
});

test("A training uses the loss of a subclass that overrides it", () => {
  class Scaled extends TwoLayerNet {
    override loss(...args: Parameters<TwoLayerNet["loss"]>): ReturnType<TwoLayerNet["loss"]> {
      const { loss, grads } = super.loss(...args);
      for (const name of PARAM_NAMES) grads[name].scale(2, grads[name]);
      return { loss: 2 * loss, grads };
    }
  }
  const options = { learningRate: 0.25, iterations: 5, batchSize: 7 };
  const plain = net();
  const scaled = new Scaled(net().params);
  const history = train(plain, { X, y }, { ...options, learningRate: 0.5, reg: 0 });
  const doubled = train(scaled, { X, y }, { ...options, reg: 0 });
  assert.deepEqual(
    doubled.loss,
    history.loss.map((loss) => 2 * loss),
  );
  for (const name of PARAM_NAMES)
    assertSameBits(scaled.params[name].data, plain.params[name].data, name);
});

test("trainAccuracy says on how many rows, evenly spaced, an epoch is measured", () => {
  const random = new Random(4);
  const data = { X: Matrix.randomNormal(2500, 3, random), y: random.integers(2500, 2) };
  const sizes = { inputSize: 3, hiddenSize: 4, outputSize: 2 };
  const measured = (rows: number[] | undefined, trainAccuracy?: number | "all"): void => {
    const net = TwoLayerNet.create(sizes, { random: new Random(5) });
    const trainer = new Trainer(net, data, { epochs: 1, learningRate: 0.1, trainAccuracy });
    while (!trainer.done) trainer.step();
    const { X, y } = data;
    const expected =
      rows === undefined
        ? net.accuracy(X, y)
        : net.accuracy(
            X.takeRows(rows),
            rows.map((row) => y[row]),
          );
    assert.deepEqual(trainer.history.trainAccuracy, [expected]);
  };
  const spaced = (count: number): number[] =>
    Array.from({ length: count }, (_, i) => Math.floor((i * 2500) / count));
  measured(spaced(1000));
  measured(spaced(7), 7);
  measured(undefined, 2500);
  measured(undefined, 10_000);
  measured(undefined, "all");
});

test("A state of a training that measures on all rows goes on measuring on all", () => {
  const random = new Random(4);
  const data = { X: Matrix.randomNormal(1200, 3, random), y: random.integers(1200, 2) };
  const net = TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 });
  const trainer = new Trainer(net, data, { epochs: 2, trainAccuracy: "all" });
  trainer.step();
  const resumed = Trainer.fromState(trainer.state, data);
  while (!resumed.done) resumed.step();
  while (!trainer.done) trainer.step();
  assert.deepEqual(resumed.history, trainer.history);
});
