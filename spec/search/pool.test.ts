import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { runCandidate, type SearchTask } from "../../lib/search/candidate.ts";
import { SearchPool } from "../../lib/search/pool.ts";
import type { Candidate } from "../../lib/search/space.ts";
import { sgd } from "../../lib/training/optimizer.ts";

const X = Matrix.randomNormal(20, 2, new Random(1));
const data = { X, y: Int32Array.from({ length: 20 }, (_, i) => i % 2) };
const task: SearchTask = {
  data,
  validation: data,
  outputSize: 2,
  std: "he",
  seed: 4,
  options: { epochs: 2 },
};
const candidates = [0.1, 0.2, 0.3].map(
  (learningRate): Candidate => ({
    learningRate,
    hiddenSize: 4,
    reg: 0,
    learningRateDecay: 1,
    batchSize: 10,
    optimizer: sgd(),
  }),
);

test("start gives no pool when no workers are wanted or one would do", async () => {
  assert.equal(await SearchPool.start(task, candidates, 0), undefined);
  assert.equal(await SearchPool.start(task, candidates.slice(0, 1)), undefined);
  assert.equal(await SearchPool.start(task, [], 2), undefined);
});

// Node 20 cannot run a TypeScript file in a worker, so that search works in its own thread there;
// the compiled files have workers in every version: spec/cli/commands/search.test.ts.
test("a pool's outcomes are those of runCandidate, a failing one rejects, and end leaves no worker", async () => {
  const impossible = { ...candidates[0], hiddenSize: -1 };
  const pool = await SearchPool.start(task, [...candidates, impossible], 2);
  if (pool === undefined) {
    assert.match(process.version, /^v20\./);
    return;
  }
  try {
    for (const [index, candidate] of candidates.entries())
      assert.deepEqual(await pool.outcome(index), runCandidate(task, candidate));
    await assert.rejects(pool.outcome(3), {
      message:
        "search: candidate 3 failed in its worker: TwoLayerNet.create: hiddenSize expected an " +
        "integer >= 1, got -1",
    });
  } finally {
    await pool.end();
  }
});
