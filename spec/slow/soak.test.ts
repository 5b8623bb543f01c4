// Does it hold for hours? Training, prediction, products, files and thread pools of random shapes,
// one after the other, for a minute (SOAK=1: half an hour, SOAK=n: n seconds); memory must be flat
// after a third of it. The curve is printed.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { Random } from "../../lib/base/random.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { parseNpz, serializeNpz } from "../../lib/formats/npz.ts";
import { parseSafetensors, serializeSafetensors } from "../../lib/formats/safetensors.ts";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { netFromTensors, netToTensors } from "../../lib/model/net-tensors.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { search } from "../../lib/search/search.ts";
import { adam, momentum, sgd } from "../../lib/training/optimizer.ts";
import { Trainer } from "../../lib/training/trainer.ts";
import { assertSameBits } from "../helpers/numbers.ts";

const SOAK = Number(process.env.SOAK || 0);
const SECONDS = SOAK > 1 ? SOAK : SOAK === 1 ? 1800 : 60;
const POOLS = SOAK === 1 ? 10_000 : 200;
const MB = 2 ** 20;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/**
 * Memory of the process in MB, garbage left out: what a collection finds is freed beside it, a
 * little later.
 */
async function memory(): Promise<number> {
  for (let turn = 0; turn < 2; turn++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage.rss() / MB;
}

/** How much a straight line through the samples rises from the first to the last. */
function rise(samples: readonly number[]): number {
  const n = samples.length;
  const middle = (n - 1) / 2;
  const mean = samples.reduce((sum, y) => sum + y, 0) / n;
  const [over, under] = samples.reduce(
    ([a, b], y, i) => [a + (i - middle) * (y - mean), b + (i - middle) ** 2],
    [0, 0],
  );
  return (over / under) * (n - 1);
}

/** The samples in 20 groups: mean of each, as a bar. */
function curve(samples: readonly number[]): string {
  const groups = Array.from(
    { length: Math.min(20, samples.length) },
    (_, g, all = Math.min(20, samples.length)) =>
      samples.slice(
        Math.floor((g * samples.length) / all),
        Math.floor(((g + 1) * samples.length) / all),
      ),
  );
  const means = groups.map((group) => group.reduce((sum, y) => sum + y, 0) / group.length);
  const most = Math.max(...means);
  return means
    .map(
      (mean) => `${mean.toFixed(0).padStart(5)} MB ${"█".repeat(Math.round((30 * mean) / most))}`,
    )
    .join("\n");
}

function assertFlat(samples: readonly number[], where: string): void {
  const settled = samples.slice(Math.floor(samples.length / 3));
  const mean = settled.reduce((sum, y) => sum + y, 0) / settled.length;
  const grown = rise(settled);
  console.log(`${where}, memory over time:\n${curve(samples)}`);
  console.log(`rise after the first third: ${grown.toFixed(1)} MB of ${mean.toFixed(0)} MB`);
  assert.ok(grown <= Math.max(40, 0.2 * mean), `${where}: memory rose by ${grown.toFixed(1)} MB`);
}

/** Something a program might do, of a random size. */
async function something(random: Random): Promise<void> {
  const pick = (below: number): number => random.integers(1, below)[0];
  const [N, D, H, C] = [1 + pick(300), 1 + pick(200), 1 + pick(150), 1 + pick(10)];
  switch (pick(7)) {
    case 0: {
      const [A, B] = [Matrix.randomNormal(N, D, random), Matrix.randomNormal(D, H, random)];
      assertSameBits(
        A.transpose().matmul(B.transpose(), { transA: true, transB: true }).data,
        A.matmul(B).data,
        "product",
      );
      break;
    }
    case 1: {
      // large enough for threads
      const A = Matrix.randomNormal(200 + pick(200), 200 + pick(200), random);
      assert.equal(A.matmul(A, { transB: true }).rows, A.rows);
      break;
    }
    case 2: {
      const net = TwoLayerNet.create({ inputSize: D, hiddenSize: H, outputSize: C }, { random });
      const data = { X: Matrix.randomNormal(N, D, random), y: random.integers(N, C) };
      const optimizer = [sgd(), momentum(), adam()][pick(3)];
      const trainer = new Trainer(net, data, {
        random,
        iterations: 20,
        batchSize: 1 + pick(64),
        learningRate: 1e-3,
        optimizer,
        validation: data,
      });
      for (const { loss } of trainer) assert.ok(Number.isFinite(loss));
      break;
    }
    case 3: {
      const net = TwoLayerNet.create({ inputSize: D, hiddenSize: H, outputSize: C }, { random });
      const X = Matrix.randomNormal(10 * N, D, random);
      assert.equal(net.predict(X).length, net.predictProba(X).rows);
      break;
    }
    case 4: {
      const net = TwoLayerNet.create({ inputSize: D, hiddenSize: H, outputSize: C }, { random });
      assertSameBits(
        netFromTensors(parseSafetensors(serializeSafetensors(netToTensors(net))).tensors).params.W1
          .data,
        net.params.W1.data,
        "safetensors",
      );
      assertSameBits(
        netFromTensors(
          parseNpz(serializeNpz(netToTensors(net), { deflate: deflateRawSync }), {
            inflate: inflateRawSync,
          }),
        ).params.W1.data,
        net.params.W1.data,
        "npz",
      );
      break;
    }
    case 5: {
      const table = parseCsv(
        `a,b,c\n${Array.from({ length: 3 * N }, (_, i) => `${i},x${i % D},${i / 7}`).join("\n")}\n`,
      );
      assert.equal(table.rowCount, 3 * N);
      assert.throws(() => parseCsv(`a,b\n${"1,2\n".repeat(N)}1\n`));
      break;
    }
    case 6: {
      if (pick(20) > 0) break; // starts threads: seldom
      const data = { X: Matrix.randomNormal(N, D, random), y: random.integers(N, C + 1) };
      for await (const { status } of search(data, {
        validation: data,
        space: { hiddenSize: [2, 5], learningRate: [1e-3, 1e-2] },
        iterations: 5,
        outputSize: C + 1,
        workers: 2,
      }))
        assert.ok(status);
      break;
    }
  }
}

test(`${SECONDS} seconds of all functions leave memory as it was after a third`, async (t) => {
  const random = new Random(1);
  const samples: number[] = [];
  const start = performance.now();
  let turns = 0;
  for (let next = 0; performance.now() - start < 1000 * SECONDS; turns++) {
    if (turns % 100 === 0) configure({ threads: 1 + ((turns / 100) % 3) });
    await something(random);
    if (performance.now() < next) continue;
    samples.push(await memory());
    next = performance.now() + (1000 * SECONDS) / 200;
  }
  configure({ threads: 1 });
  t.diagnostic(`${turns} turns`);
  assertFlat(samples, `${turns} turns of everything`);
});

test(`${POOLS} starts and stops of a pool leave no thread and no memory behind`, async () => {
  const threads = (): number =>
    existsSync("/proc/self/task") ? readdirSync("/proc/self/task").length : 0;
  const A = Matrix.randomNormal(160, 160, new Random(2));
  const expected = A.matmul(A);
  const before = threads();
  const samples: number[] = [];
  for (let i = 0; i < POOLS; i++) {
    configure({ threads: 2 + (i % 2) });
    assertSameBits(A.matmul(A).data, expected.data, `pool ${i}`);
    // some are stopped while they start
    if (i % 2 === 1) await new Promise((resolve) => setTimeout(resolve, 2));
    configure({ threads: 1 });
    if (i % 10 === 9) await ended();
    if (i % Math.ceil(POOLS / 100) === 0) samples.push(await memory());
  }
  await ended();
  assertFlat(samples, `${POOLS} pools`);
  assert.ok(threads() <= before + 1, `${threads()} threads, ${before} before`);
  assert.deepEqual(configuration().notes, []);

  /** Returns when no worker is left. */
  async function ended(): Promise<void> {
    for (
      let turn = 0;
      turn < 1000 &&
      process.getActiveResourcesInfo().some((name) => /worker|MessagePort/i.test(name));
      turn++
    )
      await new Promise((resolve) => setTimeout(resolve, 5));
  }
});
