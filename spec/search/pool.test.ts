import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Worker, type WorkerOptions } from "node:worker_threads";
import { Random } from "../../lib/base/random.ts";
import { configuration } from "../../lib/kernels/configuration.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { jobOf, runCandidate, type SearchTask } from "../../lib/search/candidate.ts";
import { SearchPool, threadsPerCandidate } from "../../lib/search/pool.ts";
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
const jobs = candidates.map((candidate) => jobOf(task, candidate));

test("start gives no pool when no workers are wanted or one would do", async () => {
  assert.equal(await SearchPool.start(task, jobs, 0), undefined);
  assert.equal(await SearchPool.start(task, jobs.slice(0, 1)), undefined);
  assert.equal(await SearchPool.start(task, [], 2), undefined);
});

test("Outcomes are those of runCandidate, and end leaves no worker", async () => {
  const impossible = { ...jobs[0], hiddenSize: -1 };
  const pool = await SearchPool.start(task, [...jobs, impossible], 2);
  assert.ok(pool !== undefined);
  try {
    for (const [index, job] of jobs.entries())
      assert.deepEqual(await pool.outcome(index), runCandidate(task, job));
    await assert.rejects(pool.outcome(3), {
      message:
        "search: candidate 3 failed in its worker: TwoLayerNet.create: hiddenSize expected an " +
        "integer >= 1, got -1",
    });
  } finally {
    await pool.end();
  }
});

test("Cores are divided among the candidates that are left", () => {
  const rows = [
    { cores: 16, left: 4, workers: 4, threads: 4 },
    { cores: 16, left: 5, workers: 5, threads: 3 },
    { cores: 16, left: 2, workers: 16, threads: 8 },
    { cores: 16, left: 16, workers: 16, threads: 1 },
    { cores: 16, left: 100, workers: 16, threads: 1 },
    { cores: 16, left: 9, workers: 9, threads: 1 },
    { cores: 16, left: 100, workers: 3, threads: 5 }, // the others could not be had
    { cores: 2, left: 3, workers: 2, threads: 1 },
    { cores: 1, left: 1, workers: 1, threads: 1 },
    { cores: 2, left: 0, workers: 0, threads: 2 },
  ];
  for (const { cores, left, workers, threads } of rows)
    assert.equal(
      threadsPerCandidate(cores, left, workers),
      threads,
      `${cores} cores, ${left} candidates, ${workers} workers`,
    );
});

const TASKS = "/proc/self/task"; // a folder for each thread of this process, on Linux
const threadCount = (): number => readdirSync(TASKS).length;

test("Workers that share their products among threads give the same outcomes, and all end", {
  skip: (!existsSync(TASKS) || !configuration().supported.threads) && "threads cannot be counted",
}, async () => {
  const wide = Matrix.randomNormal(128, 200, new Random(1));
  const labels = Int32Array.from({ length: 128 }, (_, i) => i % 2);
  const [rows, validation] = [
    { X: wide, y: labels },
    { X: wide, y: labels },
  ];
  const large: SearchTask = { ...task, data: rows, validation, options: { iterations: 30 } };
  const two = [0.01, 0.02].map((learningRate) => {
    return jobOf(large, { ...candidates[0], learningRate, hiddenSize: 64, batchSize: 100 });
  });
  const before = threadCount();
  const pool = await SearchPool.start(large, two, 6);
  assert.ok(pool !== undefined);
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, threadCount())), 5);
  try {
    for (const [index, job] of two.entries())
      assert.deepEqual(await pool.outcome(index), runCandidate(large, job));
  } finally {
    clearInterval(timer);
    await pool.end();
  }
  assert.ok(most >= before + 6, `${most} threads at most, ${before} before`);
  for (let turn = 0; turn < 400 && threadCount() > before; turn++) await pause(10);
  assert.equal(threadCount(), before);
});

const LIMITS = { milliseconds: 20, start: 10, step: 10, end: 10 };
type Stub = { fails?: string; text?: string };

/**
 * Runs `use` while every new worker is what `stubs` say of it in turn: one that its constructor
 * refuses, one that runs another text, or (undefined) a real one. Every worker must end.
 */
async function withWorkers(
  stubs: readonly (Stub | undefined)[],
  use: () => Promise<void>,
): Promise<void> {
  const { getBuiltinModule } = process;
  const ended: Promise<unknown>[] = [];
  let made = 0;
  class StubWorker extends Worker {
    constructor(filename: string | URL, options: WorkerOptions) {
      const stub = stubs[made++];
      if (stub?.fails !== undefined) throw new Error(stub.fails);
      if (stub?.text === undefined) super(filename, options);
      else super(stub.text, { ...options, eval: true });
      ended.push(new Promise((resolve) => this.on("exit", resolve)));
      this.on("error", () => {});
    }
  }
  process.getBuiltinModule = ((id: string) =>
    id === "node:worker_threads"
      ? { ...getBuiltinModule("node:worker_threads"), Worker: StubWorker }
      : getBuiltinModule(id)) as typeof getBuiltinModule;
  try {
    await use();
  } finally {
    process.getBuiltinModule = getBuiltinModule;
  }
  await Promise.all(ended);
}

const searchNotes = (): string[] =>
  configuration().notes.filter((note) => note.startsWith("search: "));
const expected = jobs.map((job) => runCandidate(task, job));
const outcomesOf = async (pool: SearchPool | undefined): Promise<unknown[]> => {
  try {
    return await Promise.all(jobs.map((_, index) => pool?.outcome(index)));
  } finally {
    await pool?.end();
  }
};

test("There is no pool where no worker can be had, and configuration says why", async () => {
  await withWorkers([{ fails: "EAGAIN" }], async () => {
    assert.equal(await SearchPool.start(task, jobs, 2), undefined);
    assert.deepEqual(searchNotes(), ["search: 0 of 2 worker threads (EAGAIN)"]);
  });
  await withWorkers(
    [{ text: "process.exit(3)" }, { text: "throw new Error('no luck')" }],
    async () => {
      assert.equal(await SearchPool.start(task, jobs, 2), undefined);
      assert.match(
        searchNotes()[0],
        /^search: 0 of 2 worker threads \((it ended with code 3|no luck)\)$/,
      );
    },
  );
});

test("A pool does with the workers that start, and says how many", async () => {
  await withWorkers([undefined, undefined, { fails: "EAGAIN" }], async () => {
    const pool = await SearchPool.start(task, jobs, 3);
    assert.deepEqual(searchNotes(), ["search: 2 of 3 worker threads (EAGAIN)"]);
    assert.deepEqual(await outcomesOf(pool), expected);
  });
  await withWorkers([{ text: "setInterval(() => {}, 1000)" }, undefined], async () => {
    const pool = await SearchPool.start(task, jobs, 2);
    assert.deepEqual(await outcomesOf(pool), expected);
  });
  await withWorkers([undefined, undefined], async () => {
    assert.deepEqual(await outcomesOf(await SearchPool.start(task, jobs, 2)), expected);
    assert.deepEqual(searchNotes(), [], "the next search clears the note");
  });
});

test("A worker that does not start in time is ended", async () => {
  const hanging = { text: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)" };
  await withWorkers([hanging, hanging], async () => {
    assert.equal(await SearchPool.start(task, jobs, 2, LIMITS), undefined);
    assert.deepEqual(searchNotes(), [
      "search: 0 of 2 worker threads (it did not start within 0.2 s)",
    ]);
  });
});

/** A worker that starts, and does `work` with each candidate it gets. */
const workerThat = (work: string): Stub => ({
  text: `
    const { parentPort } = require("node:worker_threads");
    parentPort.on("message", ({ index }) => { ${work} });
    parentPort.postMessage({ kind: "ready" });
  `,
});

test("A candidate fails with its worker, and the caller trains the rest", async () => {
  await withWorkers([workerThat("process.exit(5)")], async () => {
    const pool = await SearchPool.start(task, jobs, 1);
    assert.ok(pool !== undefined);
    const message = "search: candidate 0 failed in its worker: it ended with code 5";
    await assert.rejects(pool.outcome(0), { message });
    assert.equal(await pool.outcome(1), undefined);
    assert.equal(await pool.outcome(2), undefined);
    assert.deepEqual(searchNotes(), ["search: 0 of 1 worker threads (it ended with code 5)"]);
    await pool.end();
  });
});

test("A worker that makes no step in time is ended, and its candidate fails", async () => {
  await withWorkers([workerThat("for (;;);")], async () => {
    const limits = { ...LIMITS, start: 1500 }; // a loaded machine takes its time
    const pool = await SearchPool.start(task, jobs.slice(0, 1), 1, limits);
    assert.ok(pool !== undefined);
    const message = "search: candidate 0 failed in its worker: it made no step within 0.2 s";
    await assert.rejects(pool.outcome(0), { message });
    await pool.end();
  });
});

test("A reply that cannot be read fails its candidate, and nothing waits for ever", async () => {
  const confused = 'parentPort.postMessage({ kind: "outcome", index, outcome: { params: {} } })';
  await withWorkers([workerThat(confused)], async () => {
    const pool = await SearchPool.start(task, jobs.slice(0, 1), 1);
    await assert.rejects(pool!.outcome(0), /search: candidate 0 failed in its worker: /);
    await pool!.end();
  });
});
