import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { ThreadPool } from "../../../lib/kernels/threads/pool.ts";
import { TICKETS } from "../../../lib/kernels/threads/protocol.ts";
import { WorkerTimeout } from "../../../lib/kernels/threads/worker-timeout.ts";
import { assertSameBits } from "../../helpers/numbers.ts";
import { help, loseNextTicket, startedPool, wordsOf } from "../../helpers/pools.ts";

/** Writes a task that adds 4 to each of four numbers at an address; 3 lies at `map.scalars`. */
function addFour(pool: ThreadPool, at: number): number {
  pool.doubles[pool.map.scalars / 8] = 3;
  pool.call("addScaled", at, pool.map.scalars + 64, at, 32, pool.map.scalars);
  pool.call("addScaled", at, pool.map.scalars + 64, at, 32, pool.map.scalars + 64);
  return pool.endTask();
}

/** Four ones at `map.scalars` + 64, and zeros at `elements` doubles of the heap. */
function prepared(pool: ThreadPool, elements: number): number {
  const at = pool.allocate(elements)!;
  pool.doubles.fill(1, pool.map.scalars / 8 + 8, pool.map.scalars / 8 + 12);
  pool.doubles.fill(0, at / 8, at / 8 + elements);
  return at;
}

for (const threads of [1, 2, 3, 8]) {
  test(`A pool of ${threads} runs more tasks than there are tickets, each once`, async () => {
    const pool = await startedPool(threads, 60_000); // whatever else this machine is doing
    const tasks = 3 * TICKETS + 1;
    const at = prepared(pool, 4 * tasks);
    for (let turn = 1; turn <= 5; turn++) {
      pool.begin();
      for (let t = 0; t < tasks; t++) {
        addFour(pool, at + 32 * t);
        if (t % 7 === 0) pool.publish();
      }
      pool.finish();
      const sums = pool.doubles.slice(at / 8, at / 8 + 4 * tasks);
      assertSameBits(sums, new Array(4 * tasks).fill(4 * turn), `turn ${turn}`);
    }
    if (threads > 1) assert.ok(help(pool) > 0, "no worker computed anything");
    pool.close();
  });
}

test("waitUpTo returns when the tasks up to a ticket are done", async () => {
  const pool = await startedPool(2);
  const at = prepared(pool, 400);
  for (let turn = 1; turn <= 200; turn++) {
    pool.begin();
    const tickets = Array.from({ length: 20 }, (_, t) => addFour(pool, at + 32 * t));
    pool.waitUpTo(tickets[12]);
    const sums = pool.doubles.slice(at / 8, at / 8 + 52);
    assertSameBits(sums, new Array(52).fill(4 * turn), `turn ${turn}`);
    pool.finish();
  }
  pool.close();
});

test("A program that is longer than its memory runs in parts", async () => {
  const pool = await startedPool(1);
  const at = prepared(pool, 4);
  pool.begin();
  for (let t = 0; t < 40_000; t++) addFour(pool, at);
  pool.finish();
  assert.deepEqual([...pool.doubles.subarray(at / 8, at / 8 + 4)], new Array(4).fill(160_000));
  pool.close();
});

test("The heap grows with what is asked for, and arrays in it stay where they are", async () => {
  const pool = await startedPool(2);
  const first = pool.allocate(1000)!;
  const array = new Float64Array(pool.doubles.buffer, first, 4).fill(1);
  const second = pool.allocate(2 ** 22)!;
  assert.ok(pool.doubles.length > second / 8 + 2 ** 22 - 1);
  prepared(pool, 4);
  pool.begin();
  addFour(pool, first);
  pool.finish();
  assert.deepEqual([...array], [5, 5, 5, 5]);
  assert.equal(pool.isIdleAndLarge, false);
  assert.equal(pool.allocate(2 ** 28), undefined);
  pool.close();
});

test("An exception in a worker is thrown in the main thread", async () => {
  const pool = await startedPool(2);
  pool.begin();
  pool.call("addScaled", 2 ** 31 - 64, 0, 2 ** 31 - 64, 32, 0); // no such address
  const ticket = pool.endTask();
  pool.publish();
  const words = wordsOf(pool);
  // leave it to the worker
  for (let turn = 0; turn < 2000 && words[32] === 0; turn++) await pause(10);
  assert.throws(
    () => pool.waitUpTo(ticket),
    (error: Error) => {
      assert.match(error.message, /^threads: a worker failed with RuntimeError: .*memory.*$/);
      return !(error instanceof WorkerTimeout);
    },
  );
  pool.close();
});

test("A task that nobody finishes ends in WorkerTimeout, not in waiting forever", async () => {
  const pool = await startedPool(2, 50);
  const at = prepared(pool, 8);
  loseNextTicket(pool);
  pool.begin();
  addFour(pool, at);
  assert.throws(
    () => pool.finish(),
    new WorkerTimeout("threads: a worker did not finish in 50 ms"),
  );
  pool.close();
});
