// Threads among threads, and workers that are killed for real.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Random } from "../../lib/base/random.ts";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import * as reference from "../../lib/kernels/reference.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { type Work, work } from "./concurrent-worker.ts";

const { supported } = configuration();

/**
 * The answer of a thread that runs concurrent-worker.ts; TypeScript's loader is not handed on to
 * threads by Node 20.
 */
function inThread(data: Work): Promise<ReturnType<typeof work>> {
  const [loader, script] = [
    import.meta.resolve("tsx/esm/api"),
    new URL("./concurrent-worker.ts", import.meta.url).href,
  ];
  const code = `import(${JSON.stringify(loader)}).then((tsx) => {
    tsx.register();
    return import(${JSON.stringify(script)});
  })`;
  return new Promise((resolve, reject) =>
    new Worker(code, { eval: true, workerData: data })
      .once("message", resolve)
      .once("error", reject),
  );
}

test("The library gives the same bits to several threads that use it at once", async () => {
  const expected = work({ threads: 1, turns: 2 });
  const answers = await Promise.all(
    [1, 2, 3, 2]
      .map((threads) => inThread({ threads, turns: 2 }))
      .concat(Promise.resolve(work({ threads: 2, turns: 2 }))),
  );
  for (const { sums, notes } of answers) {
    assertSameBits(sums, expected.sums, "sums");
    assert.deepEqual(notes, supported.simd ? [] : notes);
  }
});

test("Products stay right when workers are killed, and later products have workers again", {
  skip: !(supported.simd && supported.threads) && "no threads",
}, async () => {
  const threads = createRequire(import.meta.url)("node:worker_threads") as {
    Worker: typeof Worker;
  };
  const original = threads.Worker;
  const alive = new Set<Worker>();
  let started = 0;
  threads.Worker = class extends original {
    constructor(...parameters: ConstructorParameters<typeof Worker>) {
      super(...parameters);
      started++;
      alive.add(this);
      this.on("exit", () => alive.delete(this));
    }
  };
  try {
    configure({ threads: 3 });
    const random = new Random(8);
    const [A, B] = [Matrix.randomNormal(200, 300, random), Matrix.randomNormal(300, 150, random)];
    const expected = new Float64Array(200 * 150);
    reference.matmul(false, false, 200, 150, 300, A.data, B.data, expected);
    for (let round = 0; round < 8; round++) {
      assertSameBits(A.matmul(B).data, expected, `round ${round}, before`);
      // let workers start, some of them
      if (round > 0) await new Promise((resolve) => setTimeout(resolve, 30 * round));
      // takes effect while the next product runs
      for (const worker of alive) if (random.uniform(1)[0] < 0.7) void worker.terminate();
      assertSameBits(A.matmul(B).data, expected, `round ${round}, while workers die`);
      assertSameBits(A.matmul(B).data, expected, `round ${round}, after`);
    }
    assert.ok(started > 2, `only ${started} workers were ever started`);
    assert.deepEqual(configuration().notes, []);
  } finally {
    configure({ threads: 1 });
    threads.Worker = original;
  }
  // configure ends them all; one that stayed would hang this test
  await Promise.all(
    [...alive].map((worker) => new Promise((resolve) => worker.once("exit", resolve))),
  );
});
