import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { computeInPool } from "../../lib/kernels/in-force.ts";
import { poolFor } from "../../lib/kernels/pool-in-force.ts";
import { PARALLEL_WORK } from "../../lib/kernels/sizes.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { forEachChunk } from "../../lib/net/chunks.ts";
import { randomProblem } from "../helpers/nets.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { haveStarted, help, loseNextTicket } from "../helpers/pools.ts";

const { supported } = configuration();
const skip = !(supported.simd && supported.threads) && "no threads";

afterEach(() => configure({ threads: 1 }));

type Problem = ReturnType<typeof randomProblem>;

/** The scores of all rows, put together; every row must come once. */
function scoresOf({ net, X }: Problem): Matrix {
  const all = Matrix.filled(X.rows, net.outputSize, NaN);
  let seen = 0;
  forEachChunk(net.params, X, (scores, start) => {
    assert.equal(start, seen);
    all.data.set(scores.data, start * net.outputSize);
    seen += scores.rows;
  });
  assert.equal(seen, X.rows);
  return all;
}

test("forEachChunk gives the scores of forward, whatever the number of rows", () => {
  for (const rows of [0, 1, 5, 1023, 1024, 1025, 2049]) {
    const problem = randomProblem(rows, rows, 7, 5, 3);
    const { scores } = problem.net.forward(problem.X);
    assertSameBits(scoresOf(problem).data, scores.data, `${rows} rows`);
  }
});

test("computeInPool asks for the size of a workspace only where threads share the work", () => {
  const fail = (): never => assert.fail("called");
  for (const threads of [1, 2]) {
    configure({ threads });
    const isDone = computeInPool(PARALLEL_WORK - 1, fail, fail);
    assert.equal(isDone, false, `${threads} threads`);
  }
});

const SHAPES = [
  { rows: 1000, D: 300, H: 70, C: 7 }, // one chunk
  { rows: 1024, D: 120, H: 64, C: 10 },
  { rows: 2500, D: 90, H: 33, C: 3 }, // three chunks, the last one short
  { rows: 2049, D: 60, H: 20, C: 2 }, // a last chunk of one row
  { rows: 300, D: 4000, H: 16, C: 5 }, // chunks of 240 rows
  { rows: 21, D: 50_000, H: 1, C: 2 }, // products with a vector, which no threads share
];

test("forEachChunk gives the same bits on several threads", { skip }, async () => {
  const problems = SHAPES.map(({ rows, D, H, C }) => randomProblem(1, rows, D, H, C));
  const expected = problems.map((problem) => scoresOf(problem).data);
  for (const threads of [2, 3, 8]) {
    configure({ threads });
    const pool = poolFor(PARALLEL_WORK);
    assert.ok(pool !== undefined);
    await haveStarted(pool);
    for (const [i, problem] of problems.entries())
      assertSameBits(scoresOf(problem).data, expected[i], `${SHAPES[i].rows} rows, ${threads}`);
  }
  configure({ threads: 1 });
});

test("Workers take part in predictions, which give their memory back", { skip }, async () => {
  configure({ threads: 2 });
  const problem = randomProblem(2, 3000, 100, 60, 4);
  const pool = poolFor(PARALLEL_WORK)!;
  await haveStarted(pool);
  for (let turn = 0; turn < 100 && help(pool) === 0; turn++) scoresOf(problem);
  assert.ok(help(pool) > 0, "no worker computed anything");
  const size = pool.doubles.length;
  for (let turn = 0; turn < 20; turn++) scoresOf(problem);
  assert.equal(pool.doubles.length, size);
});

test("A prediction that loses a worker is made again", { skip }, async () => {
  const problem = randomProblem(3, 3000, 100, 60, 4);
  const expected = scoresOf(problem);
  configure({ threads: 2 });
  const pool = poolFor(PARALLEL_WORK)!;
  await haveStarted(pool);
  pool.timeout = 30;
  const all = Matrix.filled(3000, 4, NaN);
  let chunks = 0;
  forEachChunk(problem.net.params, problem.X, (scores, start) => {
    if (chunks++ === 1) loseNextTicket(pool);
    all.data.set(scores.data, 4 * start);
  });
  assertSameBits(all.data, expected.data, "scores");
  assert.equal(pool.closed, true);
  assert.ok(chunks > 3, "the chunks came once more");
});
