// Lost workers, and pools that leave no trace: the slower half of
// spec/kernels/threads/pool.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { gemm } from "../../lib/kernels/gemm/gemm.ts";
import { multiplyStaged } from "../../lib/kernels/gemm/staged.ts";
import { poolFor } from "../../lib/kernels/pool-in-force.ts";
import { PARALLEL_WORK } from "../../lib/kernels/sizes.ts";
import type { ThreadPool } from "../../lib/kernels/threads/pool.ts";
import { WorkerTimeout } from "../../lib/kernels/threads/worker-timeout.ts";
import { assertSameBits, nanFilled } from "../helpers/numbers.ts";
import { haveStarted, loseNextTicket, startedPool } from "../helpers/pools.ts";
import { product } from "../helpers/products.ts";
import { lib, runProgram } from "../kernels/processes.ts";

test("gemm computes a product again after losing a worker, and starts a new pool", async () => {
  configure({ threads: 2 });
  const p = product(128, 130, 130);
  const first = poolFor(PARALLEL_WORK) as ThreadPool;
  loseNextTicket(first);
  for (const turn of ["lost", "again"]) {
    const c = nanFilled(p.m * p.n);
    gemm({ transA: false, transB: false, m: p.m, n: p.n, k: p.k, a: p.a[0], b: p.b[0], c });
    assertSameBits(c, p.expected, turn);
  }
  const second = poolFor(PARALLEL_WORK);
  assert.notEqual(second, first);
  assert.equal(second?.closed, false);
  assert.deepEqual(configuration().notes, []);
  configure({ threads: 1 });
});

test("Workers killed at any moment leave no wrong result", async () => {
  const p = product(300, 200, 300);
  let killed = 0;
  for (let turn = 0; turn < 6; turn++) {
    const pool = await startedPool(3, 100);
    for (const worker of pool.workers) void worker?.terminate();
    const c = nanFilled(p.m * p.n);
    try {
      for (let i = 0; i <= turn; i++)
        multiplyStaged(pool, {
          transA: false,
          transB: false,
          m: p.m,
          n: p.n,
          k: p.k,
          a: p.a[0],
          b: p.b[0],
          c,
        });
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
  assert.ok(killed < 6, "a pool without workers still works");
});

test("A pool keeps no process alive and uses no time when idle", async () => {
  const source = `
    import { Worker, isMainThread, parentPort } from "node:worker_threads";
    import { setTimeout as pause } from "node:timers/promises";
    const { configure } = await import(${JSON.stringify(lib("kernels/configuration.ts"))});
    const { poolFor } = await import(${JSON.stringify(lib("kernels/pool-in-force.ts"))});
    const { gemm } = await import(${JSON.stringify(lib("kernels/gemm/gemm.ts"))});
    configure({ threads: 2 });
    const n = 200;
    const a = new Float64Array(n * n).fill(0.5);
    const c = new Float64Array(n * n);
    for (let turn = 0; turn < 1000; turn++) {
      gemm({ transA: false, transB: false, m: n, n, k: n, a, b: a, c });
      if (poolFor(1e9).tasksDone()[0] > 1) break; // the worker has computed something
      await pause(10);
    }
    const before = process.cpuUsage();
    await pause(500);
    const { user, system } = process.cpuUsage(before);
    const right = c.every((value) => value === n / 4);
    const helped = poolFor(1e9).tasksDone()[0] > 1;
    console.log(JSON.stringify({ right, helped, busy: (user + system) / 500_000 }));
  `;
  const address = `data:text/javascript,${encodeURIComponent(source)}`;
  const load = `tsx.register(); return import(${JSON.stringify(address)});`;
  const script = `import("tsx/esm/api").then((tsx) => { ${load} })`;
  const inside = `
    import { Worker } from "node:worker_threads";
    const worker = new Worker(${JSON.stringify(script)}, { eval: true });
    worker.on("error", (error) => { throw error; });
  `;
  for (const program of [source, inside]) {
    const { right, helped, busy } = JSON.parse(await runProgram(program));
    assert.deepEqual({ right, helped }, { right: true, helped: true });
    assert.ok(busy < 0.5, `idle, yet ${busy} of a processor`); // spinning would be 1
  }
});
