import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { runCandidate } from "../../lib/net/candidate.ts";
import { adam } from "../../lib/net/optimizer.ts";

const NODE_20 = process.version.startsWith("v20.");

test("the worker says that it is ready, then answers each candidate", { skip: NODE_20 && "Node 20 cannot run TypeScript in a worker" }, async () => {
  const X = Matrix.randomNormal(20, 2, new Random(1));
  const data = { X, y: Int32Array.from({ length: 20 }, (_, i) => i % 2) };
  const task = { data, validation: data, outputSize: 2, std: "he" as const, seed: 4, options: { epochs: 2 } };
  const worker = new Worker(new URL("../../lib/net/search-worker.ts", import.meta.url), { workerData: { ...task, kernel: "reference" } });
  const heard = async (): Promise<unknown> => (await once(worker, "message"))[0];
  try {
    assert.deepEqual(await heard(), { kind: "ready" });
    const candidate = { learningRate: 0.01, hiddenSize: 3, reg: 0, learningRateDecay: 1, batchSize: 5, optimizer: adam() };
    worker.postMessage({ index: 7, candidate });
    const { kind, index, outcome } = (await heard()) as { kind: string; index: number; outcome: ReturnType<typeof runCandidate> };
    const expected = runCandidate(task, candidate);
    assert.deepEqual([kind, index, outcome.history], ["outcome", 7, expected.history]);
    worker.postMessage({ index: 8, candidate: { ...candidate, batchSize: 0 } });
    assert.deepEqual(await heard(), { kind: "failed", index: 8, message: "train: batchSize expected an integer >= 1, got 0" });
  } finally {
    await worker.terminate();
  }
});
