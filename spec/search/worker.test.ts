import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Random } from "../../lib/base/random.ts";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { jobOf, runCandidate } from "../../lib/search/candidate.ts";
import { workerScript } from "../../lib/search/worker-script.ts";
import { adam } from "../../lib/training/optimizer.ts";

/** A worker of a search, with what all its candidates have in common. */
function startWorker(workerData: object): Worker {
  const { filename, eval: isText } = workerScript();
  const steps = new Int32Array(new SharedArrayBuffer(4));
  return new Worker(filename, { eval: isText, workerData: { ...workerData, steps } });
}

test("The worker says that it is ready, then answers each candidate", async () => {
  const X = Matrix.randomNormal(20, 2, new Random(1));
  const data = { X, y: Int32Array.from({ length: 20 }, (_, i) => i % 2) };
  const task = {
    data,
    validation: data,
    outputSize: 2,
    std: "he" as const,
    seed: 4,
    options: { epochs: 2 },
  };
  const worker = startWorker({ ...task, kernel: "reference" });
  const heard = async (): Promise<unknown> => (await once(worker, "message"))[0];
  try {
    assert.deepEqual(await heard(), { kind: "ready" });
    const job = jobOf(task, {
      learningRate: 0.01,
      hiddenSize: 3,
      reg: 0,
      learningRateDecay: 1,
      batchSize: 5,
      optimizer: adam(),
    });
    worker.postMessage({ index: 7, job });
    const { kind, index, outcome } = (await heard()) as {
      kind: string;
      index: number;
      outcome: ReturnType<typeof runCandidate>;
    };
    const expected = runCandidate(task, job);
    assert.deepEqual([kind, index, outcome.history], ["outcome", 7, expected.history]);
    worker.postMessage({ index: 8, job: { ...job, hiddenSize: 0 } });
    assert.deepEqual(await heard(), {
      kind: "failed",
      index: 8,
      message: "TwoLayerNet.create: hiddenSize expected an integer >= 1, got 0",
    });
  } finally {
    await worker.terminate();
  }
});

const NO_FMA = !configuration().supported.fma;

test("The worker computes with the kernel it is told", {
  skip: NO_FMA && "no second kernel of other bits",
}, async () => {
  const X = Matrix.randomNormal(64, 40, new Random(2));
  const data = { X, y: Int32Array.from({ length: 64 }, (_, i) => i % 3) };
  const task = {
    data,
    validation: data,
    outputSize: 3,
    std: "he" as const,
    seed: 4,
    options: { iterations: 20 },
  };
  const job = jobOf(task, {
    learningRate: 0.05,
    hiddenSize: 32,
    reg: 0,
    learningRateDecay: 1,
    batchSize: 64,
    optimizer: adam(),
  });
  const losses: string[] = [];
  for (const kernel of ["simd", "fma"] as const) {
    const worker = startWorker({ ...task, kernel });
    try {
      await once(worker, "message");
      worker.postMessage({ index: 0, job });
      const [{ outcome }] = (await once(worker, "message")) as [
        { outcome: ReturnType<typeof runCandidate> },
      ];
      configure({ kernel });
      assert.deepEqual(outcome.history, runCandidate(task, job).history, kernel);
      losses.push(outcome.history.loss.join());
    } finally {
      configure({ kernel: "auto" });
      await worker.terminate();
    }
  }
  assert.notEqual(losses[0], losses[1], "the two kernels differ on this task");
});
