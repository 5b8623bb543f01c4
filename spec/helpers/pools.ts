// A pool whose workers have started, what they have done, and how to lose one.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { ThreadPool } from "../../lib/kernels/threads/pool.ts";
import { controlWords } from "../../lib/kernels/threads/protocol.ts";

/** Returns when all workers have started. */
export async function haveStarted(pool: ThreadPool): Promise<void> {
  for (let turn = 0; turn < 2000 && pool.tasksDone().includes(0); turn++) {
    assert.equal(pool.startError, "");
    await pause(10);
  }
  assert.ok(!pool.tasksDone().includes(0), "workers did not start in 20 s");
}

/** A pool with its workers. The test closes it. */
export async function startedPool(threads: number, patience?: number): Promise<ThreadPool> {
  const pool = new ThreadPool("simd", threads, patience);
  await haveStarted(pool);
  return pool;
}

/** Tasks that workers have computed. */
export const help = (pool: ThreadPool): number =>
  pool.tasksDone().reduce((sum, share) => sum + share - 1, 0);

/** The words of the protocol. */
export const wordsOf = (pool: ThreadPool): Int32Array<SharedArrayBuffer> =>
  controlWords({ buffer: pool.doubles.buffer } as WebAssembly.Memory);

/** As if a worker had taken the next ticket and died. */
export function loseNextTicket(pool: ThreadPool): void {
  Atomics.add(wordsOf(pool), 16, 1); // NEXT
}
