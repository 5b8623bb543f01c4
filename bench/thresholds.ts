// Where one way to compute a product overtakes another: the tables behind lib/kernels/sizes.ts.
// Each row is a size on the way past a threshold, with the time of both ways and the one that
// sizes.ts chooses.

import { setTimeout as pause } from "node:timers/promises";
import { configuration } from "../lib/kernels/configuration.ts";
import { multiplyBlocked } from "../lib/kernels/gemm/blocked.ts";
import type { Product } from "../lib/kernels/gemm/product.ts";
import { isSingleBlock, multiplySingleBlock } from "../lib/kernels/gemm/single-block.ts";
import { gemv, multiplySmall } from "../lib/kernels/gemm/small.ts";
import { multiplyStaged } from "../lib/kernels/gemm/staged.ts";
import {
  GEMV_WORK,
  KC,
  MC,
  PACK_MIN_ELEMENTS,
  PACK_MIN_REUSE,
  PARALLEL_WORK,
  SMALL_WORK,
} from "../lib/kernels/sizes.ts";
import { ThreadPool } from "../lib/kernels/threads/pool.ts";
import { createEngine, type Engine } from "../lib/kernels/wasm/engine.ts";
import { race } from "./harness.ts";

/**
 * `ratio` is the time of the first way over that of the second; `chosen` is what the library does
 * at this size.
 */
export type ThresholdRow = {
  threshold: string;
  size: string;
  first: number;
  second: number;
  ratio: number;
  chosen: string;
};

type Way = { name: string; run: () => unknown };

function compare(
  threshold: string,
  size: string,
  first: Way,
  second: Way,
  takesSecond: boolean,
  seconds: number,
): ThresholdRow {
  const [one, two] = race([first, second], { seconds });
  return {
    threshold,
    size,
    first: one.median * 1e6,
    second: two.median * 1e6,
    ratio: one.median / two.median,
    chosen: (takesSecond ? second : first).name,
  };
}

const filled = (size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => Math.sqrt(i + 1));

/** An ordinary product of filled operands, or that of an operand A that is stored transposed. */
function productOf(m: number, n: number, k: number, transA = false): Product {
  const [a, b, c] = [filled(m * k), filled(k * n), new Float64Array(m * n)];
  return { transA, transB: false, m, n, k, a, b, c };
}

/** Times in microseconds. */
export async function* benchThresholds(seconds: number): AsyncGenerator<ThresholdRow> {
  const { kernel, supported } = configuration();
  if (kernel === "reference")
    throw new Error(
      "bench: thresholds lie between plain TypeScript and WebAssembly, which this engine lacks",
    );
  const engine = createEngine(kernel);
  yield* benchSmall(engine, seconds);
  yield* benchGemv(engine, seconds);
  yield* benchPacking(engine, seconds);
  if (supported.threads) yield* benchThreads(engine, seconds);
}

const wasm = (engine: Engine, product: Product) => () =>
  (isSingleBlock(product) ? multiplySingleBlock : multiplyBlocked)(engine, product, false);

function* benchSmall(engine: Engine, seconds: number): Generator<ThresholdRow> {
  for (const n of [2, 3, 4, 5, 6, 7, 8, 10, 12]) {
    const product = productOf(n, n, n);
    const small = { name: "small", run: () => multiplySmall(product) };
    const second = { name: "wasm", run: wasm(engine, product) };
    const [threshold, size] = [`SMALL_WORK ${SMALL_WORK}`, `${n}³ = ${n ** 3}`];
    yield compare(threshold, size, small, second, n ** 3 > SMALL_WORK, seconds);
  }
}

function* benchGemv(engine: Engine, seconds: number): Generator<ThresholdRow> {
  for (const n of [32, 64, 90, 128, 256, 512, 1024]) {
    const product = productOf(1, n, n);
    const first = { name: "wasm", run: wasm(engine, product) };
    const vector = { name: "gemv", run: () => gemv(product) };
    const [threshold, size] = [`GEMV_WORK ${GEMV_WORK}`, `1×${n}·${n}×${n}`];
    yield compare(threshold, size, first, vector, n * n > GEMV_WORK, seconds);
  }
}

const PACKED = [
  [32, 128, 784],
  [48, 512, 256],
  [64, 128, 784],
  [128, 32, 784],
  [256, 32, 256],
  [1000, 64, 1000],
  [1000, 128, 3072],
  [200, 200, 200],
  [256, 256, 256],
];

function* benchPacking(engine: Engine, seconds: number): Generator<ThresholdRow> {
  const threshold = `PACK_MIN_ELEMENTS ${PACK_MIN_ELEMENTS}, PACK_MIN_REUSE ${PACK_MIN_REUSE}`;
  for (const [m, n, k] of PACKED) {
    for (const transA of [false, true]) {
      const product = productOf(m, n, k, transA);
      const way = (name: string, minElements: number) => ({
        name,
        run: () => multiplyBlocked(engine, product, false, { minElements, minReuse: 1 }),
      });
      const depth = Math.min(k, KC);
      const packB = n * depth >= PACK_MIN_ELEMENTS && m >= PACK_MIN_REUSE;
      const packA = transA
        ? Math.min(m, MC) * depth >= PACK_MIN_ELEMENTS && n >= PACK_MIN_REUSE
        : packB;
      const size = `${m}×${k}${transA ? " transposed" : ""} · ${k}×${n}`;
      const [inPlace, panels] = [way("in place", Infinity), way("panels", 1)];
      const row = compare(threshold, size, inPlace, panels, packB, seconds);
      yield packA === packB
        ? row
        : { ...row, chosen: packB ? "only B in panels" : "only A in panels" };
    }
  }
}

async function* benchThreads(engine: Engine, seconds: number): AsyncGenerator<ThresholdRow> {
  const pool = new ThreadPool(engine.kernel, 2);
  // until the worker has started
  for (let turn = 0; turn < 500 && pool.tasksDone().includes(0); turn++) await pause(10);
  for (const n of [64, 96, 112, 128, 144, 160, 192, 256, 512]) {
    const product = productOf(n, n, n);
    const one = { name: "1 thread", run: wasm(engine, product) };
    const shared = { name: "2 threads", run: () => multiplyStaged(pool, product) };
    const [threshold, size] = [`PARALLEL_WORK ${PARALLEL_WORK}`, `${n}³ = ${n ** 3}`];
    yield compare(threshold, size, one, shared, n ** 3 >= PARALLEL_WORK, seconds);
  }
  pool.close();
}
