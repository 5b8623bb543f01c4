// Where one way to compute a product overtakes another: the tables behind lib/kernels/sizes.ts.
// Each row is a size on the way past a threshold, with the time of both ways and the one that
// params.ts chooses.

import { setTimeout as pause } from "node:timers/promises";
import { configuration } from "../lib/kernels/configuration.ts";
import { multiplyBlocked } from "../lib/kernels/gemm/blocked.ts";
import { gemmDirect, gemv } from "../lib/kernels/gemm/scalar.ts";
import { isSingleBlock, multiplySingleBlock } from "../lib/kernels/gemm/single-block.ts";
import {
  GEMV_WORK,
  KC,
  MC,
  PACK_MIN_ELEMENTS,
  PACK_MIN_REUSE,
  PARALLEL_WORK,
  SMALL_WORK,
} from "../lib/kernels/sizes.ts";
import { createPool } from "../lib/kernels/threads/pool.ts";
import { createInlineExecutor } from "../lib/kernels/wasm/executor.ts";
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

/** Times in microseconds. */
export async function* benchThresholds(seconds: number): AsyncGenerator<ThresholdRow> {
  const { kernel, supported } = configuration();
  if (kernel === "reference")
    throw new Error(
      "bench: thresholds lie between plain TypeScript and WebAssembly, which this engine does not have",
    );
  const solo = createInlineExecutor(kernel);
  const wasm =
    (m: number, n: number, k: number, a: Float64Array, b: Float64Array, c: Float64Array) => () =>
      (isSingleBlock(m, n, k) ? multiplySingleBlock : multiplyBlocked)(
        solo,
        false,
        false,
        m,
        n,
        k,
        a,
        b,
        c,
        undefined,
      );

  for (const n of [2, 3, 4, 5, 6, 7, 8, 10, 12]) {
    const [a, b, c] = [filled(n * n), filled(n * n), new Float64Array(n * n)];
    const direct = { name: "direct", run: () => gemmDirect(false, false, n, n, n, a, b, c) };
    yield compare(
      `DIRECT ${SMALL_WORK}`,
      `${n}³ = ${n ** 3}`,
      direct,
      { name: "wasm", run: wasm(n, n, n, a, b, c) },
      n ** 3 > SMALL_WORK,
      seconds,
    );
  }

  for (const n of [32, 64, 90, 128, 256, 512, 1024]) {
    const [x, b, y] = [filled(n), filled(n * n), new Float64Array(n)];
    const vector = { name: "gemv", run: () => gemv(false, n, n, x, b, y) };
    yield compare(
      `VECTOR ${GEMV_WORK}`,
      `1×${n}·${n}×${n}`,
      { name: "wasm", run: wasm(1, n, n, x, b, y) },
      vector,
      n * n > GEMV_WORK,
      seconds,
    );
  }

  const packed = [
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
  for (const [m, n, k] of packed) {
    for (const transA of [false, true]) {
      const [a, b, c] = [filled(m * k), filled(k * n), new Float64Array(m * n)];
      const way = (name: string, packSize: number, packUses: number) => ({
        name,
        run: () =>
          multiplyBlocked(solo, transA, false, m, n, k, a, b, c, undefined, packSize, packUses),
      });
      const depth = Math.min(k, KC);
      const packB = n * depth >= PACK_MIN_ELEMENTS && m >= PACK_MIN_REUSE;
      const packA = transA
        ? Math.min(m, MC) * depth >= PACK_MIN_ELEMENTS && n >= PACK_MIN_REUSE
        : packB;
      const row = compare(
        `PACK_SIZE ${PACK_MIN_ELEMENTS}, PACK_USES ${PACK_MIN_REUSE}`,
        `${m}×${k}${transA ? " transposed" : ""} · ${k}×${n}`,
        way("in place", Infinity, 1),
        way("panels", 1, 1),
        packB,
        seconds,
      );
      yield packA === packB
        ? row
        : { ...row, chosen: packB ? "only B in panels" : "only A in panels" };
    }
  }

  if (!supported.threads) return;
  const pool = createPool(kernel, 2);
  // until the worker has started
  for (let turn = 0; turn < 500 && pool.tasksDone().includes(0); turn++) await pause(10);
  for (const n of [64, 96, 112, 128, 144, 160, 192, 256, 512]) {
    const [a, b, c] = [filled(n * n), filled(n * n), new Float64Array(n * n)];
    const shared = {
      name: "2 threads",
      run: () => multiplyBlocked(pool, false, false, n, n, n, a, b, c, undefined),
    };
    yield compare(
      `THREADED ${PARALLEL_WORK}`,
      `${n}³ = ${n ** 3}`,
      { name: "1 thread", run: wasm(n, n, n, a, b, c) },
      shared,
      n ** 3 >= PARALLEL_WORK,
      seconds,
    );
  }
  pool.close();
}
