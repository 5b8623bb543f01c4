import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { BAND } from "../../../lib/kernels/sizes.ts";
import type { ThreadPool } from "../../../lib/kernels/threads/pool.ts";
import { failure, isDone } from "../../../lib/kernels/threads/protocol.ts";
import type { Task } from "../../../lib/kernels/wasm/executor.ts";
import { help, startedPool, wordsOf } from "../../helpers/pools.ts";

/** A (rows, 1) times B (1, 1), each in memory. */
function column(pool: ThreadPool, rows: number): Task {
  const [a, b] = [pool.nextABuffer(), pool.nextBBuffer()];
  for (let i = 0; i < rows; i++) pool.doubles[a / 8 + i] = i;
  pool.doubles[b / 8] = 3;
  return {
    layout: "rows",
    a,
    aStride: 8,
    aPanel: 32,
    b,
    bStride: 32,
    bPanel: 32,
    c: pool.map.c,
    cStride: 32,
    rows,
    columns: 1,
    depth: 1,
    resume: 0,
  };
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000 && !holds(); turn++) await pause(10);
  assert.ok(holds(), "nothing happened in 20 s");
}

test("A worker computes every published task, sleeps, and wakes for the next", async () => {
  const pool = await startedPool(2);
  for (let turn = 1; turn <= 3; turn++) {
    const rows = 5 * BAND;
    const first = pool.run(column(pool, rows), undefined);
    await until(() => isDone(wordsOf(pool), first + 4)); // the main thread does nothing
    for (let i = 0; i < rows; i++) assert.equal(pool.doubles[pool.map.c / 8 + 4 * i], 3 * i);
    assert.equal(help(pool), 5 * turn);
    await pause(20);
  }
  pool.close();
});

test("A worker reports an exception and marks its task done", async () => {
  const pool = await startedPool(2);
  const bad = pool.run({ ...column(pool, 1), a: 2 ** 31 - 2 ** 16 }, undefined);
  await until(() => isDone(wordsOf(pool), bad));
  assert.match(failure(wordsOf(pool)) ?? "", /^RuntimeError: /);
  assert.throws(
    () => pool.run(column(pool, 1), undefined),
    /^Error: threads: a worker failed with RuntimeError: /,
  );
  pool.close();
});
