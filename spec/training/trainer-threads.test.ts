// Trainings whose steps are shared by threads have the bits of those on one thread. The rest of the
// optimizers and numbers of threads is in spec/slow/training-threads.test.ts.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { toyData } from "../../lib/data/toy.ts";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { poolFor } from "../../lib/kernels/pool-in-force.ts";
import { PARALLEL_ELEMENTS, PARALLEL_WORK } from "../../lib/kernels/sizes.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { adam } from "../../lib/training/optimizer.ts";
import { Trainer } from "../../lib/training/trainer.ts";
import { assertSameParams } from "../helpers/nets.ts";
import { help } from "../helpers/pools.ts";
import {
  assertSameTraining,
  begin,
  C,
  D,
  dataOf,
  finish,
  H,
  N,
  OPTIONS,
} from "../helpers/shared-trainings.ts";

afterEach(() => configure({ threads: 1 }));

for (const [name, options] of Object.entries(OPTIONS)) {
  test(`A training by ${name} has the same bits on 1 and 3 threads`, async () => {
    const expected = await finish(begin(options));
    configure({ threads: 3 });
    assertSameTraining(await finish(begin(options)), expected, "3 threads");
    assert.deepEqual(configuration().notes, []);
  });
}

test("The update of W1 is large enough to be shared", () => {
  assert.ok(D * H >= PARALLEL_ELEMENTS);
  assert.ok(N * D * H >= PARALLEL_WORK);
});

test("configuration says why threads do not share the steps of a training", () => {
  configure({ threads: 2 });
  const { params } = toyData();
  const small = new TwoLayerNet(params);
  const { X, y } = toyData();
  const own = (): string[] => configuration().notes;
  assert.deepEqual(own(), []);
  new Trainer(small, { X, y }, { batchSize: 5, iterations: 1 }).step();
  assert.deepEqual(own(), [
    "training: one thread, the largest product of a step takes 200 multiplications, of 1048576 " +
      "that several threads share",
  ]);
  begin({}).step();
  assert.deepEqual(own(), []);
  const W2 = new Matrix(D, D, new Float64Array(D * D));
  const tied = new TwoLayerNet({ W1: W2, b1: new Matrix(1, D), W2, b2: new Matrix(1, D) });
  new Trainer(tied, { X: new Matrix(2, D), y: [0, 1] }, { batchSize: 2, iterations: 1 }).step();
  const note = "training: two parameters share elements, each product copies";
  assert.deepEqual(own(), [note]);
  const wide = TwoLayerNet.create({ inputSize: 3000, hiddenSize: 60, outputSize: 2 });
  wide.loss(new Matrix(1, 3000), [0]); // is no training, and does not fit the memory of all
  assert.deepEqual(own(), [note]);
  configure({ threads: 1 });
  assert.deepEqual(own(), []);
});

test("A training that does not fit the threads' memory has the same bits, and a note", async () => {
  const options = { optimizer: adam(), learningRate: 0.003, clipNorm: 0.5 };
  const expected = await finish(begin(options));
  configure({ threads: 2 });
  const pool = poolFor(PARALLEL_WORK)!;
  const { allocate } = pool;
  pool.allocate = (elements) => (elements > 150_000 ? undefined : allocate.call(pool, elements));
  assertSameTraining(await finish(begin(options)), expected, "without room");
  const notes = ["training: no WebAssembly memory of 3 MiB, each product copies"];
  assert.deepEqual(configuration().notes, notes);
});

test("A training gives its memory back when it ends, and its optimizer keeps what it knows", () => {
  configure({ threads: 2 });
  const first = begin({ optimizer: adam(), iterations: 3 });
  const pool = poolFor(PARALLEL_WORK)!;
  const before = pool.allocate(1)!;
  pool.free(before);
  while (!first.done) first.step();
  const after = pool.allocate(1)!;
  pool.free(after);
  assert.ok(after < before, "the place of the training is not free");
  const { slots } = first.state;
  for (let i = 0; i < 3; i++) begin({ iterations: 1 }).step(); // where the first one was
  assertSameParams(first.state.slots[0], slots[0], "first mean");
  assertSameParams(first.state.slots[1], slots[1], "second mean");
});

test("A training that is configured again gives the memory back that it had", () => {
  configure({ threads: 2 });
  const trainer = begin({ optimizer: adam(), iterations: 30 });
  const bytes = (): number => poolFor(PARALLEL_WORK)!.doubles.byteLength;
  const sizes: number[] = [];
  for (; !trainer.done; configure({ threads: 2 })) {
    trainer.step();
    sizes.push(bytes());
  }
  assert.equal(sizes[29], sizes[2]);
});

test("Workers take part in a step", async () => {
  configure({ threads: 2 });
  const trainer = await finish(begin({}));
  for (let turn = 0; turn < 100 && help(poolFor(PARALLEL_WORK)!) === 0; turn++)
    await finish(trainer.continueWith(dataOf(new Random(1)), { iterations: 5 }));
  assert.ok(help(poolFor(PARALLEL_WORK)!) > 0, "no worker computed anything");
});

test("A training goes on to the same bits from a state of another number of threads", async () => {
  const options = { optimizer: adam(), learningRate: 0.003 };
  const expected = await finish(begin(options));
  configure({ threads: 3 });
  const first = begin(options);
  for (let i = 0; i < 4; i++) first.step();
  configure({ threads: 1 });
  const resumed = Trainer.fromState(first.state, dataOf(new Random(1)));
  assertSameTraining(await finish(resumed), expected, "3 to 1 threads");
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
  assertSameTraining(await finish(trainer), expected, "changed on the way");
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
  assertSameTraining(await finish(change(begin({}))), expected, "changed");
});

test("Labels that are changed together with rows between two steps stay with them", async () => {
  configure({ threads: 2 });
  const loss = (isChanged: boolean): number => {
    const data = dataOf(new Random(1));
    const net = TwoLayerNet.create({ inputSize: D, hiddenSize: H, outputSize: C });
    const trainer = new Trainer(net, data, { batchSize: N, iterations: 2, learningRate: 1e-9 });
    trainer.step();
    if (isChanged) {
      data.X.data.fill(0); // the second batch may have been gathered before
      (data.y as Int32Array).fill(0);
    }
    return trainer.step().loss;
  };
  const zeros = Math.log(C); // the loss of equal scores
  assert.ok([loss(false), zeros].some((one) => Math.abs(loss(true) - one) < 1e-6));
});
