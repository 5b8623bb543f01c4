// Trainings whose steps are shared by threads have the bits of those on one thread.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { poolFor } from "../../lib/kernels/in-force.ts";
import { PARALLEL_WORK } from "../../lib/kernels/sizes.ts";
import type { Dataset } from "../../lib/matrix/dataset.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { adam, momentum, nesterov, sgd } from "../../lib/training/optimizer.ts";
import type { TrainOptions } from "../../lib/training/train-options.ts";
import { Trainer } from "../../lib/training/trainer.ts";
import { assertSameParams } from "../helpers/nets.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { haveStarted, help } from "../helpers/pools.ts";

const [D, H, C, N] = [180, 101, 7, 64]; // 1.16 million multiplications in the first product
const ROWS = 5 * N - 9; // the last batch of an epoch is short

const dataOf = (random: Random): Dataset => ({
  X: Matrix.randomNormal(ROWS, D, random),
  y: random.integers(ROWS, C),
});

function begin(options: TrainOptions): Trainer {
  const random = new Random(1);
  const data = dataOf(random);
  const sizes = { inputSize: D, hiddenSize: H, outputSize: C };
  const net = TwoLayerNet.create(sizes, { random });
  return new Trainer(net, data, { batchSize: N, iterations: 8, reg: 1e-3, ...options });
}

/** Trains to the end; from the second step on, all workers are there. */
async function finish(trainer: Trainer): Promise<Trainer> {
  trainer.step();
  const pool = poolFor(PARALLEL_WORK);
  if (pool !== undefined) await haveStarted(pool);
  while (!trainer.done) trainer.step();
  return trainer;
}

function assertSame(actual: Trainer, expected: Trainer, where: string): void {
  assertSameBits(actual.history.loss, expected.history.loss, `${where}: losses`);
  assertSameParams(actual.net.params, expected.net.params, where);
}

afterEach(() => configure({ threads: 1 }));

const OPTIONS: { [name: string]: TrainOptions } = {
  "sgd, clipped": { clipNorm: 0.5, learningRate: 1 },
  sgd: { optimizer: sgd(), learningRate: 0.1 },
  "sgd, clipped, with replacement": { clipNorm: 0.5, learningRate: 1, sampling: "replacement" },
  momentum: { optimizer: momentum(), learningRate: 0.02 },
  nesterov: { optimizer: nesterov(), learningRate: 0.02 },
  adam: { optimizer: adam(), learningRate: 0.003 },
};

for (const [name, options] of Object.entries(OPTIONS)) {
  const counts = name === "sgd" ? [2, 3, 5, 8, 16] : [3];
  test(`A training by ${name} has the same bits on 1, ${counts.join(", ")} threads`, async () => {
    const expected = await finish(begin(options));
    for (const threads of counts) {
      configure({ threads });
      assertSame(await finish(begin(options)), expected, `${threads} threads`);
      assert.deepEqual(configuration().notes, []);
    }
  });
}

test("Workers take part in a step", async () => {
  configure({ threads: 2 });
  const trainer = await finish(begin({}));
  for (let turn = 0; turn < 100 && help(poolFor(PARALLEL_WORK)!) === 0; turn++)
    await finish(trainer.continueWith(dataOf(new Random(1)), { iterations: 5 }));
  assert.ok(help(poolFor(PARALLEL_WORK)!) > 0, "no worker computed anything");
});

test("A training goes on to the same bits from a state taken on other threads", async () => {
  const expected = await finish(begin({ optimizer: adam(), learningRate: 0.003 }));
  for (const [before, after] of [
    [1, 3],
    [3, 1],
    [2, 5],
  ]) {
    configure({ threads: before });
    const first = begin({ optimizer: adam(), learningRate: 0.003 });
    for (let i = 0; i < 4; i++) first.step();
    configure({ threads: after });
    const resumed = Trainer.fromState(first.state, dataOf(new Random(1)));
    assertSame(await finish(resumed), expected, `${before} to ${after} threads`);
  }
});

test("A training obeys another kernel or number of threads from the next step on", async () => {
  const expected = await finish(begin({}));
  const trainer = begin({});
  for (const options of [
    { threads: 2 },
    { threads: 3 },
    { kernel: "reference" },
    { kernel: "simd" },
    { kernel: "auto", threads: 1 },
  ] as const) {
    configure(options);
    trainer.step();
  }
  assertSame(await finish(trainer), expected, "changed on the way");
});

test("Parameters that are changed between two steps are those of the next step", async () => {
  const change = (trainer: Trainer): Trainer => {
    for (let i = 0; i < 3; i++) trainer.step();
    trainer.net.params.W1.scale(0.5, trainer.net.params.W1);
    trainer.net.params.b2.data.fill(0.25);
    return trainer;
  };
  const expected = await finish(change(begin({})));
  configure({ threads: 2 });
  assertSame(await finish(change(begin({}))), expected, "changed");
});
