import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { multiplyBlocked } from "../../../lib/kernels/gemm/blocked.ts";
import { BAND, C_SIZE, KC, MC, NC } from "../../../lib/kernels/sizes.ts";
import { type ThreadPool, WorkerTimeout } from "../../../lib/kernels/threads/pool.ts";
import { isDone, TICKETS } from "../../../lib/kernels/threads/protocol.ts";
import type { Task } from "../../../lib/kernels/wasm/executor.ts";
import { assertSameBits, nanFilled } from "../../helpers/numbers.ts";
import { help, loseNextTicket, startedPool, wordsOf } from "../../helpers/pools.ts";
import { fourWays, integers, type Product, product, type Shape } from "../../helpers/products.ts";

function assertExact(pool: ThreadPool, p: Product): void {
  fourWays(p, (transA, transB, a, b, where) => {
    const c = nanFilled(p.m * p.n);
    multiplyBlocked(pool, { transA, transB, m: p.m, n: p.n, k: p.k, a, b, c }, false);
    assertSameBits(c, p.expected, `${where} ${p.m}×${p.n}×${p.k}`);
  });
}

const SHAPES: Shape[] = [
  [1, 1, 1],
  [BAND + 1, 9, 30],
  [3 * BAND - 1, 65, KC + 3],
  [MC + 1, 40, 2 * KC + 1],
  [130, NC + 5, KC + 3],
  [C_SIZE / NC + 3, NC, 40],
  [(2 * C_SIZE) / NC + 30, 300, 20],
  [2500, 64, 9],
  [70, 2 * NC + 3, 20],
];

for (const threads of [1, 2, 3, 8]) {
  test(`A pool of ${threads} has the reference's bits at every number of blocks`, async () => {
    const pool = await startedPool(threads, 60_000); // whatever else this machine is doing
    for (const shape of SHAPES) assertExact(pool, product(...shape));
    // Again and again: a missing wait shows in some of many, not in all (without the one for
    // completion, in one of ten).
    const p = product(6 * BAND, 128, 600, integers);
    for (let turn = 0; turn < 40; turn++) {
      const c = nanFilled(p.m * p.n);
      multiplyBlocked(
        pool,
        {
          transA: false,
          transB: false,
          m: p.m,
          n: p.n,
          k: p.k,
          a: p.a[0],
          b: p.b[0],
          c,
          epilogue: { relu: true },
        },
        false,
      );
      assertSameBits(
        c,
        p.expected.map((value) => Math.max(value, 0)),
        `turn ${turn}`,
      );
    }
    if (threads > 1) assert.ok(help(pool) > 0, "no worker computed anything");
    pool.close();
  });
}

// Alone, the main thread computes a band only when it has to wait for one, so what it waits for can
// be seen.
test("Buffers, tickets and rows of C are reused only after their tasks are done", async () => {
  const pool = await startedPool(1);
  const task = (rows: number): Task => ({
    layout: "rows",
    a: pool.map.aBuffers[0],
    aStride: 8,
    aPanel: 32,
    b: pool.map.bBuffers[0],
    bStride: 32,
    bPanel: 32,
    c: pool.map.c,
    cStride: 32,
    rows,
    columns: 1,
    depth: 1,
    resume: 0,
  });
  const done = (ticket: number) => isDone(wordsOf(pool), ticket);

  assert.equal(new Set([pool.nextABuffer(), pool.nextABuffer(), pool.nextABuffer()]).size, 3);
  assert.equal(new Set([pool.nextBBuffer(), pool.nextBBuffer()]).size, 2);
  const first = pool.run(task(2 * BAND), undefined);
  pool.nextBBuffer();
  pool.nextABuffer();
  pool.nextABuffer();
  assert.deepEqual([done(first), done(first + 1)], [false, false]);
  pool.nextABuffer();
  assert.deepEqual([done(first), done(first + 1)], [true, true]);

  pool.nextBBuffer();
  const second = pool.run(task(2 * BAND), undefined);
  pool.nextBBuffer();
  assert.deepEqual([done(second), done(second + 1)], [false, false]);
  pool.nextBBuffer();
  assert.deepEqual([done(second), done(second + 1)], [true, true]);

  const third = pool.run(task(BAND), undefined);
  pool.run(task(BAND), undefined);
  assert.equal(done(third), false);
  const resumed = pool.run(task(BAND), third);
  assert.deepEqual([done(third), done(resumed)], [true, false]);
  pool.wait(resumed, BAND);
  assert.ok(done(resumed));

  const many = pool.run(task(TICKETS * BAND), undefined);
  assert.equal(done(many), false);
  pool.run(task(BAND), undefined);
  assert.equal(done(many), true);
  pool.close();
});

test("An exception in a worker is thrown in the main thread", async () => {
  const pool = await startedPool(2);
  const outside = 2 ** 31 - 2 ** 16; // no such address
  const task = {
    layout: "rows" as const,
    a: outside,
    aStride: 8,
    aPanel: 32,
    b: outside,
    bStride: 32,
    bPanel: 32,
    c: pool.map.c,
    cStride: 32,
    rows: 1,
    columns: 1,
    depth: 1,
    resume: 0,
  };
  pool.nextABuffer();
  pool.nextBBuffer();
  const ticket = pool.run(task, undefined);
  const words = wordsOf(pool);
  // leave it to the worker
  for (let turn = 0; turn < 2000 && words[32] === 0; turn++) await pause(10);
  assert.throws(
    () => pool.wait(ticket, 1),
    (error: Error) => {
      assert.match(error.message, /^threads: a worker failed with RuntimeError: .*memory.*$/);
      return !(error instanceof WorkerTimeout);
    },
  );
  pool.close();
});

test("A band that nobody finishes ends in WorkerTimeout, not in waiting forever", async () => {
  const pool = await startedPool(2, 50);
  loseNextTicket(pool);
  const p = product(100, 100, 100);
  assert.throws(
    () =>
      multiplyBlocked(
        pool,
        {
          transA: false,
          transB: false,
          m: 100,
          n: 100,
          k: 100,
          a: p.a[0],
          b: p.b[0],
          c: nanFilled(10_000),
        },
        false,
      ),
    new WorkerTimeout("threads: a worker did not finish in 50 ms"),
  );
  pool.close();
});
