import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import type { Dataset } from "../../lib/matrix/dataset.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { PARAM_NAMES } from "../../lib/net/params.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { adam, momentum, nesterov, sgd } from "../../lib/training/optimizer.ts";
import { cosine } from "../../lib/training/schedule.ts";
import type { TrainOptions } from "../../lib/training/train-options.ts";
import { Trainer } from "../../lib/training/trainer.ts";
import type { TrainerState } from "../../lib/training/trainer-state.ts";
import { assertSameBits } from "../helpers/numbers.ts";

function blobs(rows: number, seed: number): Dataset {
  const X = Matrix.randomNormal(rows, 3, new Random(seed));
  const y = Array.from({ length: rows }, (_, i) =>
    X.get(i, 0) + 0.5 * X.get(i, 1) > 0 ? 1 : X.get(i, 2) > 0 ? 2 : 0,
  );
  return { X, y };
}
const data = blobs(23, 1);
const validation = blobs(11, 2);

function start(options: TrainOptions): Trainer {
  const random = new Random(7);
  const net = TwoLayerNet.create({ inputSize: 3, hiddenSize: 5, outputSize: 3 }, { random });
  return new Trainer(net, data, {
    learningRate: 0.1,
    batchSize: 5,
    iterations: 17,
    validation,
    ...options,
    random,
  });
}

function assertSameTraining(actual: Trainer, expected: Trainer, where: string): void {
  for (const name of PARAM_NAMES)
    assertSameBits(
      actual.net.params[name].data,
      expected.net.params[name].data,
      `${where}: ${name}`,
    );
  assert.deepEqual(actual.history, expected.history, where);
  assert.deepEqual(actual.best, expected.best, where);
  assert.equal(actual.iteration, expected.iteration, where);
}

const RUNS: Record<string, TrainOptions> = {
  sgd: { optimizer: sgd() },
  momentum: { optimizer: momentum() },
  "nesterov, clipped": { optimizer: nesterov(), clipNorm: 0.3 },
  adam: { optimizer: adam() },
  cosine: { schedule: cosine() },
  "adam with patience": { optimizer: adam(), patience: 2, learningRate: 0.3 },
};

for (const [name, options] of Object.entries(RUNS)) {
  for (const sampling of ["shuffle", "replacement"] as const) {
    test(`A training (${name}, ${sampling}) resumes from any iteration to the same bits`, () => {
      const whole = start({ ...options, sampling });
      while (!whole.done) whole.step();
      const interrupted = start({ ...options, sampling });
      for (let done = 0; ; done++) {
        const { state } = interrupted;
        const before = structuredClone(state);
        const resumed = Trainer.fromState(state, data, { validation });
        while (!resumed.done) resumed.step();
        assertSameTraining(resumed, whole, `after ${done}`);
        assert.deepEqual(structuredClone(state), before, "the state itself is not touched");
        if (interrupted.done) break;
        interrupted.step();
      }
      assert.equal(interrupted.iteration, whole.iteration);
    });
  }
}

test("A state taken in onEpoch resumes to the same bits, also after the last step", () => {
  const states: TrainerState[] = [];
  const whole = start({ patience: 2, learningRate: 0.3, onEpoch: () => states.push(whole.state) });
  while (!whole.done) whole.step();
  assert.ok(states.length >= 3);
  for (const [i, state] of states.entries()) {
    const resumed = Trainer.fromState(state, data, { validation });
    while (!resumed.done) resumed.step();
    assertSameTraining(resumed, whole, `state of epoch ${i}`);
  }
});

test("fromState trains a net of its own", () => {
  const trainer = start({});
  trainer.step();
  const before = trainer.net.params.W1.clone();
  Trainer.fromState(trainer.state, data, { validation }).step();
  assert.ok(trainer.net.params.W1.equals(before));
});

test("fromState refuses other data than the interrupted training's", () => {
  const trainer = start({});
  trainer.step();
  const { state } = trainer;
  const where = "Trainer.fromState: expected 23 rows and 11 for validation, got";
  assert.throws(() => Trainer.fromState(state, data), {
    name: "RangeError",
    message: `${where} 23 and 0`,
  });
  assert.throws(() => Trainer.fromState(state, blobs(22, 1), { validation }), {
    name: "RangeError",
    message: `${where} 22 and 11`,
  });
  assert.throws(
    () => Trainer.fromState(state, { X: new Matrix(23, 2), y: data.y }, { validation }),
    {
      name: "ShapeError",
      message: "Trainer.fromState: expected X with 3 columns for a net of 3 inputs, got 23×2",
    },
  );
  assert.throws(() => Trainer.fromState(state, data, { validation, epochs: 3 } as never), {
    name: "TypeError",
    message: "Trainer.fromState: unknown option epochs; expected validation, onEpoch, schedule",
  });
});

test("fromState refuses a state that contradicts itself", () => {
  const trainer = start({ optimizer: adam(), patience: 3 });
  for (let i = 0; i < 7; i++) trainer.step();
  const { state } = trainer;
  const where = "Trainer.fromState: ";
  const cases: [Partial<Record<keyof TrainerState, unknown>>, string, string][] = [
    [{ iteration: 18 }, "RangeError", "iteration expected an integer in 0..17, got 18"],
    [{ iteration: 6 }, "RangeError", "history.loss expected 6 losses, one an iteration, got 7"],
    [
      { rows: 22 },
      "RangeError",
      "permutation expected an order of 22 rows or none, got an array of 23",
    ],
    [
      { permutation: new Int32Array(23) },
      "RangeError",
      "permutation expected an order of 23 rows or none, got an Int32Array",
    ],
    [{ position: 24 }, "RangeError", "position expected an integer in 0..23, got 24"],
    [{ slots: state.slots.slice(1) }, "RangeError", "slots expected 2 for adam, got 1"],
    [{ learningRate: NaN }, "RangeError", "learningRate expected a finite number >= 0, got NaN"],
    [{ epochsSinceBest: -1 }, "RangeError", "epochsSinceBest expected an integer >= 0, got -1"],
    [
      { history: { ...state.history, loss: [NaN] } },
      "RangeError",
      "history.loss[0] expected a finite number, got NaN",
    ],
    [
      { settings: { ...state.settings, batchSize: 0 } },
      "RangeError",
      "batchSize expected an integer >= 1, got 0",
    ],
    [
      { settings: { ...state.settings, patience: 0 } },
      "RangeError",
      "patience expected an integer >= 1, got 0",
    ],
    [
      { best: { ...state.best, iteration: 7 } },
      "RangeError",
      "best.iteration expected an integer in 0..6, got 7",
    ],
    [{ settings: null }, "TypeError", "settings expected an object, got null"],
  ];
  for (const [change, name, message] of cases) {
    assert.throws(
      () => Trainer.fromState({ ...state, ...change } as TrainerState, data, { validation }),
      { name, message: where + message },
    );
  }
  assert.throws(
    () => Trainer.fromState({ ...state, random: { seed: 0, offset: 3 } }, data, { validation }),
    {
      name: "RangeError",
      message: "Random.fromState: offset expected a multiple of 4, got 3",
    },
  );
  assert.throws(() => Trainer.fromState(undefined as never, data), {
    name: "TypeError",
    message: "Trainer.fromState: state expected a TrainerState, got undefined",
  });
});

test("fromState gives an optimizer without a setting that setting's default", () => {
  const { momentum: lost, ...bare } = momentum() as { name: "momentum"; momentum: number };
  assert.equal(lost, 0.9);
  for (const [whole, stored] of [
    [momentum(), bare],
    [adam(), { name: "adam" }],
  ] as const) {
    const trainer = start({ optimizer: whole });
    for (let i = 0; i < 4; i++) trainer.step();
    const state: TrainerState = {
      ...trainer.state,
      settings: { ...trainer.state.settings, optimizer: stored as typeof whole },
    };
    const resumed = Trainer.fromState(state, data, { validation });
    while (!trainer.done) trainer.step();
    while (!resumed.done) resumed.step();
    assertSameTraining(resumed, trainer, stored.name);
  }
});

const revivals: [name: string, revive: (state: TrainerState) => TrainerState][] = [
  ["JSON", (state) => JSON.parse(JSON.stringify(state))],
  ["structuredClone", (state) => structuredClone(state)],
];
for (const [name, revive] of revivals) {
  test(`A state goes through ${name} and resumes to the same bits`, () => {
    for (const optimizer of [sgd(), adam()]) {
      const trainer = start({ optimizer, patience: 3 });
      for (let i = 0; i < 7; i++) trainer.step();
      const resumed = Trainer.fromState(revive(trainer.state), data, { validation });
      while (!trainer.done) trainer.step();
      while (!resumed.done) resumed.step();
      assert.deepEqual(resumed.history, trainer.history);
      for (const param of PARAM_NAMES)
        assertSameBits(resumed.net.params[param].data, trainer.net.params[param].data, param);
    }
  });
}

test("A state of version 1.0.0, without powers of Adam's betas, resumes to the same bits", () => {
  const trainer = start({ optimizer: adam() });
  for (let i = 0; i < 7; i++) trainer.step();
  const { betaPowers, ...older } = trainer.state;
  assert.equal(betaPowers?.length, 2);
  const resumed = Trainer.fromState(older, data, { validation });
  assert.equal(resumed.step().loss, trainer.step().loss);
  assertSameBits(resumed.net.params.W1.data, trainer.net.params.W1.data, "W1");
});

test("fromState gives a stored cosine without its final rate the default", () => {
  const whole = start({ schedule: cosine() });
  const { settings, ...rest } = whole.state;
  const bare = { ...settings, schedule: { name: "cosine" } } as typeof settings;
  const resumed = Trainer.fromState({ ...rest, settings: bare }, data, { validation });
  for (let i = 0; i < 3; i++) assert.deepEqual(resumed.step(), whole.step());
});

test("fromState needs the schedule again when it is a function", () => {
  const schedule = (t: number): number => 0.1 / (1 + t);
  const trainer = start({ schedule });
  for (let i = 0; i < 3; i++) trainer.step();
  const { state } = trainer;
  assert.deepEqual(state.settings.schedule, { name: "function" });
  const resumed = Trainer.fromState(state, data, { validation, schedule });
  assert.equal(resumed.step().learningRate, schedule(3));
  assert.throws(() => Trainer.fromState(state, data, { validation }), {
    name: "TypeError",
    message:
      "Trainer.fromState: schedule expected the function of the interrupted training, " +
      "got undefined",
  });
});

test("fromState refuses a schedule that the state already has", () => {
  const trainer = start({});
  trainer.step();
  assert.throws(() => Trainer.fromState(trainer.state, data, { validation, schedule: cosine() }), {
    name: "TypeError",
    message: "Trainer.fromState: schedule expected nothing, since the state has it, got an Object",
  });
});
