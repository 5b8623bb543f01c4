import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { poolFor } from "../../lib/kernels/pool-in-force.ts";
import { PARALLEL_WORK, WORKSPACE_SIZE } from "../../lib/kernels/sizes.ts";
import { createBuffers, lossAndGrads } from "../../lib/net/backprop.ts";
import { lossAndNewGrads } from "../../lib/net/new-grads.ts";
import { PARAM_NAMES, type Params } from "../../lib/net/params.ts";
import { assertSameParams, randomProblem } from "../helpers/nets.ts";
import { haveStarted, help, loseNextTicket } from "../helpers/pools.ts";

const { supported } = configuration();
const skip = !(supported.simd && supported.threads) && "no threads";

afterEach(() => configure({ kernel: "auto", threads: 1 }));

type Problem = ReturnType<typeof randomProblem>;
type Answer = { loss: number; grads: Params };

/** The same in buffers of ordinary matrices. */
function inMatrices({ net, X, y }: Problem, reg: number): Answer {
  const buffers = createBuffers(net.params, X.rows);
  return { loss: lossAndGrads(net.params, X, y, reg, buffers), grads: buffers.grads };
}

const inMemory = ({ net, X, y }: Problem, reg: number): Answer =>
  lossAndNewGrads(net.params, X, y, reg);

function assertSame(actual: Answer, expected: Answer, where: string): void {
  assert.equal(actual.loss, expected.loss, `${where}: loss`);
  assertSameParams(actual.grads, expected.grads, where);
}

// Several nets in turn: each finds what the one before left in the memory.
const PROBLEMS = [
  randomProblem(1, 5, 4, 10, 3),
  randomProblem(2, 100, 784, 128, 10), // fits the least memory
  randomProblem(3, 100, 900, 150, 10), // does not
  randomProblem(4, 37, 900, 150, 10), // fewer rows of the same net
  randomProblem(5, 200, 900, 150, 10),
  randomProblem(6, 5, 4, 10, 3),
];

test("The nets of these tests are on both sides of the least size of a memory", () => {
  const sizes = PROBLEMS.map(({ net }) => 2 * net.params.W1.data.length);
  assert.ok(sizes[0] < WORKSPACE_SIZE && sizes[2] > WORKSPACE_SIZE);
});

for (const kernel of ["auto", "reference"] as const) {
  test(`lossAndNewGrads has the bits of lossAndGrads in matrices, kernel ${kernel}`, () => {
    configure({ kernel });
    for (const [i, problem] of PROBLEMS.entries())
      for (const reg of [0, 0.01])
        assertSame(inMemory(problem, reg), inMatrices(problem, reg), `problem ${i}, reg ${reg}`);
  });
}

test("Gradients stay what they are when the memory is used again", () => {
  for (const problem of PROBLEMS) {
    const first = inMemory(problem, 0.01);
    const copies = PARAM_NAMES.map((name) => first.grads[name].data.slice());
    for (const other of PROBLEMS) inMemory(other, 0);
    for (const [i, name] of PARAM_NAMES.entries())
      assert.deepEqual(first.grads[name].data, copies[i], name);
  }
});

test("lossAndNewGrads has the same bits on several threads, and workers take part", {
  skip,
}, async () => {
  const expected = PROBLEMS.map((problem) => inMemory(problem, 0.01));
  for (const threads of [2, 3]) {
    configure({ threads });
    const pool = poolFor(PARALLEL_WORK)!;
    await haveStarted(pool);
    for (let turn = 0; turn < 100 && help(pool) === 0; turn++)
      for (const [i, problem] of PROBLEMS.entries())
        assertSame(inMemory(problem, 0.01), expected[i], `problem ${i}, ${threads} threads`);
    assert.ok(help(pool) > 0, "no worker computed anything");
  }
});

test("Losses of several nets in turn take one memory", {
  skip: !supported.simd && "no WebAssembly",
}, () => {
  const problems = [randomProblem(1, 400, 784, 60, 9), randomProblem(2, 400, 700, 60, 9)];
  for (const problem of problems) inMemory(problem, 0);
  const { Memory } = WebAssembly;
  let made = 0;
  try {
    WebAssembly.Memory = class extends Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        super(descriptor);
        made++;
      }
    };
    for (let turn = 0; turn < 5; turn++) for (const problem of problems) inMemory(problem, 0);
  } finally {
    WebAssembly.Memory = Memory;
  }
  assert.equal(made, 0);
});

test("Losses of several nets in turn take the threads' memory of one", { skip }, () => {
  configure({ threads: 2 });
  const [first, second] = [randomProblem(1, 400, 784, 60, 9), randomProblem(2, 400, 700, 60, 9)];
  const bytes = (): number => poolFor(PARALLEL_WORK)!.doubles.byteLength;
  for (const problem of [first, second]) inMemory(problem, 0);
  const before = bytes();
  for (let turn = 0; turn < 10; turn++) for (const problem of [first, second]) inMemory(problem, 0);
  assert.equal(bytes(), before);
});

test("A loss that loses a worker is computed again", { skip }, async () => {
  const expected = inMemory(PROBLEMS[2], 0.01);
  configure({ threads: 2 });
  const pool = poolFor(PARALLEL_WORK)!;
  await haveStarted(pool);
  pool.timeout = 30;
  loseNextTicket(pool);
  assertSame(inMemory(PROBLEMS[2], 0.01), expected, "after the loss");
  assert.equal(pool.closed, true);
});
