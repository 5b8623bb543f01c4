// Every optimizer on every number of threads, and trainings that lose workers: the slower part of
// spec/training/trainer-threads.test.ts.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { poolFor } from "../../lib/kernels/pool-in-force.ts";
import { PARALLEL_WORK } from "../../lib/kernels/sizes.ts";
import type { ThreadPool } from "../../lib/kernels/threads/pool.ts";
import { adam, nesterov } from "../../lib/training/optimizer.ts";
import { Trainer } from "../../lib/training/trainer.ts";
import { haveStarted, loseNextTicket } from "../helpers/pools.ts";
import { assertSameTraining, begin, dataOf, finish, OPTIONS } from "../helpers/shared-trainings.ts";

afterEach(() => configure({ threads: 1 }));

const COUNTS = [2, 5, 8, 16];

for (const [name, options] of Object.entries(OPTIONS)) {
  test(`A training by ${name} has the same bits on 1, ${COUNTS.join(", ")} threads`, async () => {
    const expected = await finish(begin(options));
    for (const threads of COUNTS) {
      configure({ threads });
      assertSameTraining(await finish(begin(options)), expected, `${threads} threads`);
      assert.deepEqual(configuration().notes, []);
    }
  });
}

for (const optimizer of [adam(), nesterov()]) {
  const { name } = optimizer;
  const options = { optimizer, clipNorm: 0.5, learningRate: 0.003 };
  test(`A training by ${name} goes on to the same bits from a state of other threads`, async () => {
    const expected = await finish(begin(options));
    for (const [before, after] of [
      [1, 3],
      [3, 1],
      [2, 5],
    ]) {
      configure({ threads: before });
      const first = begin(options);
      for (let i = 0; i < 4; i++) first.step();
      configure({ threads: after });
      const resumed = Trainer.fromState(first.state, dataOf(new Random(1)));
      assertSameTraining(await finish(resumed), expected, `${before} to ${after} threads`);
    }
  });
}

/** As if a worker had taken the task with this number in the program of a step, and hung. */
function loseTask(pool: ThreadPool, number: number): void {
  const { endTask } = pool;
  let ended = 0;
  pool.endTask = () => {
    if (ended++ === number) loseNextTicket(pool);
    return endTask.call(pool);
  };
}

for (const [name, options] of Object.entries(OPTIONS)) {
  test(`A step by ${name} that loses one of its tasks is made again`, async () => {
    const expected = await finish(begin(options));
    configure({ threads: 2 });
    const trainer = begin(options);
    let lost = 0;
    for (let number = 0; !trainer.done; number += 5) {
      trainer.step(); // starts a pool
      if (trainer.done) break;
      const pool = poolFor(PARALLEL_WORK)!;
      await haveStarted(pool);
      pool.timeout = 30;
      loseTask(pool, number);
      trainer.step();
      if (pool.closed) lost++;
    }
    assert.ok(lost >= 3, `only ${lost} steps lost a task`);
    assertSameTraining(trainer, expected, "after losses");
  });
}
