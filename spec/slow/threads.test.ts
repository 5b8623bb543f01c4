// What a crew survives, and that it leaves no trace: the slower half of
// spec/kernels/threads/pool.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { configuration, configure, executorFor } from "../../lib/kernels/configuration.ts";
import { multiplyBlocked } from "../../lib/kernels/gemm/blocked.ts";
import { gemm } from "../../lib/kernels/gemm/gemm.ts";
import { PARALLEL_WORK } from "../../lib/kernels/sizes.ts";
import { type Pool, WorkerTimeout } from "../../lib/kernels/threads/pool.ts";
import { assertSameBits, nanFilled } from "../helpers/numbers.ts";
import { haveStarted, loseNextTicket, startedPool } from "../helpers/pools.ts";
import { product } from "../helpers/products.ts";
import { lib, runProgram } from "../kernels/processes.ts";

test("gemm computes again what a lost worker left, and goes on with a new crew", async () => {
  configure({ threads: 2 });
  const p = product(128, 130, 130);
  const first = executorFor(PARALLEL_WORK) as Pool;
  loseNextTicket(first);
  for (const turn of ["lost", "again"]) {
    const c = nanFilled(p.m * p.n);
    gemm(false, false, p.m, p.n, p.k, p.a[0], p.b[0], c);
    assertSameBits(c, p.expected, turn);
  }
  const second = executorFor(PARALLEL_WORK);
  assert.notEqual(second, first);
  assert.equal(second?.asynchronous, true);
  assert.deepEqual(configuration().notes, []);
  configure({ threads: 1 });
});

test("workers killed at any moment do no harm", async () => {
  const p = product(300, 200, 300);
  let killed = 0;
  for (let turn = 0; turn < 6; turn++) {
    const pool = await startedPool(3, 100);
    for (const worker of pool.workers) void worker?.terminate();
    const c = nanFilled(p.m * p.n);
    try {
      for (let i = 0; i <= turn; i++)
        multiplyBlocked(pool, false, false, p.m, p.n, p.k, p.a[0], p.b[0], c, undefined);
      assertSameBits(c, p.expected, `turn ${turn}`);
    } catch (error) {
      assert.ok(error instanceof WorkerTimeout);
      killed++;
    }
    await pause(50);
    assert.deepEqual(pool.workers, [undefined, undefined]);
    pool.startWorkers(); // new workers over the same memory
    await haveStarted(pool);
    pool.close();
  }
  assert.ok(killed < 6, "a crew without workers still works");
});

test("a pool keeps no process alive and uses no time when idle; inside a worker it works as outside", async () => {
  const source = `
    import { Worker, isMainThread, parentPort } from "node:worker_threads";
    import { setTimeout as pause } from "node:timers/promises";
    const { configure } = await import(${JSON.stringify(lib("kernels/configuration.ts"))});
    const { crewFor } = await import(${JSON.stringify(lib("kernels/configuration.ts"))});
    const { gemm } = await import(${JSON.stringify(lib("kernels/gemm/gemm.ts"))});
    configure({ threads: 2 });
    const n = 200;
    const a = new Float64Array(n * n).fill(0.5);
    const c = new Float64Array(n * n);
    for (let turn = 0; turn < 1000; turn++) {
      gemm(false, false, n, n, n, a, a, c);
      if (crewFor(1e9).shares()[0] > 1) break; // the worker has computed something
      await pause(10);
    }
    const before = process.cpuUsage();
    await pause(500);
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ right: c.every((value) => value === n / 4), helped: crewFor(1e9).shares()[0] > 1, busy: (user + system) / 500_000 }));
  `;
  const inside = `
    import { Worker } from "node:worker_threads";
    const worker = new Worker(${JSON.stringify(`import("tsx/esm/api").then((tsx) => { tsx.register(); return import("data:text/javascript,${encodeURIComponent(source)}"); })`)}, { eval: true });
    worker.on("error", (error) => { throw error; });
  `;
  for (const program of [source, inside]) {
    const { right, helped, busy } = JSON.parse(await runProgram(program));
    assert.deepEqual({ right, helped }, { right: true, helped: true });
    assert.ok(busy < 0.5, `idle, yet ${busy} of a processor`); // spinning would be 1
  }
});
