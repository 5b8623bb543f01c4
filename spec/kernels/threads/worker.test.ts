import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { ThreadPool } from "../../../lib/kernels/threads/pool.ts";
import { failure, isDone } from "../../../lib/kernels/threads/protocol.ts";
import { help, startedPool, wordsOf } from "../../helpers/pools.ts";

/** Publishes tasks that each write the sum of squares of four numbers; returns the last ticket. */
function publishSquares(pool: ThreadPool, at: number, tasks: number): number {
  pool.begin();
  let ticket = 0;
  for (let t = 0; t < tasks; t++) {
    pool.doubles.fill(t, at / 8 + 8 * t, at / 8 + 8 * t + 4);
    pool.doubles.fill(0, at / 8 + 8 * t + 4, at / 8 + 8 * t + 8);
    pool.call("squares", at + 64 * t, 32, at + 64 * t + 32);
    ticket = pool.endTask();
  }
  pool.publish();
  return ticket;
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000 && !holds(); turn++) await pause(10);
  assert.ok(holds(), "nothing happened in 20 s");
}

test("A worker computes published tasks by itself, sleeps, and wakes for the next", async () => {
  const pool = await startedPool(2);
  const at = pool.allocate(100)!;
  for (let turn = 1; turn <= 3; turn++) {
    const last = publishSquares(pool, at, 5);
    await until(() => isDone(wordsOf(pool), last)); // the main thread does nothing
    for (let t = 0; t < 5; t++) assert.equal(pool.doubles[at / 8 + 8 * t + 7], t * t);
    assert.equal(help(pool), 5 * turn);
    await pause(20);
  }
  pool.close();
});

test("A worker that meets an exception says so and calls the task done", async () => {
  const pool = await startedPool(2);
  pool.begin();
  pool.call("squares", 2 ** 31 - 64, 32, 0);
  const bad = pool.endTask();
  pool.publish();
  await until(() => isDone(wordsOf(pool), bad));
  assert.match(failure(wordsOf(pool)) ?? "", /^RuntimeError: /);
  assert.throws(
    () => pool.begin(), // waits for the tasks before
    /^Error: threads: a worker failed with RuntimeError: /,
  );
  pool.close();
});
