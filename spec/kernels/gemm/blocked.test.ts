// The WebAssembly path alone, also at sizes that gemm leaves to plain TypeScript.
import assert from "node:assert/strict";
import { test } from "node:test";
import { multiplyBlocked } from "../../../lib/kernels/gemm/blocked.ts";
import { KC, MC, NC, PACK_MIN_ELEMENTS, PACK_MIN_REUSE } from "../../../lib/kernels/sizes.ts";
import type { KernelName } from "../../../lib/kernels/wasm/emit-modules.ts";
import { createEngine, provideFma, unsupportedReason } from "../../../lib/kernels/wasm/engine.ts";
import { assertSameBits, nanFilled, specialValues } from "../../helpers/numbers.ts";
import {
  fourWays,
  integers,
  type Product,
  product,
  type Shape,
  SMALL,
} from "../../helpers/products.ts";

provideFma();
const KERNELS: KernelName[] = (["simd", "fma"] as const).filter(
  (kernel) => unsupportedReason(kernel) === "",
);

for (const kernel of KERNELS) {
  const engine = createEngine(kernel);
  const assertExact = (p: Product): void => {
    fourWays(p, (transA, transB, a, b, where) => {
      const c = nanFilled(p.m * p.n);
      multiplyBlocked(engine, { transA, transB, m: p.m, n: p.n, k: p.k, a, b, c }, false);
      assertSameBits(c, p.expected, `${kernel} ${where} ${p.m}×${p.n}×${p.k}`);
    });
  };

  test(`multiplyBlocked "${kernel}" is exact at every m, n, k in 1..9 over used memory`, () => {
    for (const [m, n, k] of SMALL) {
      if (m * n * k === 0) continue;
      if (k === 1) engine.doubles.fill(NaN, engine.map.row / 8);
      assertExact(product(m, n, k, integers));
      if (kernel === "simd") assertExact(product(m, n, k, specialValues));
    }
  });

  test(`multiplyBlocked "${kernel}" is exact around every size at which its way changes`, () => {
    const shapes: Shape[] = [];
    for (const d of [-1, 0, 1]) {
      shapes.push(
        [PACK_MIN_REUSE + d, 128, 64],
        [64, PACK_MIN_REUSE + d, 128],
        [PACK_MIN_REUSE + d, Math.ceil(PACK_MIN_ELEMENTS / KC) + d, KC],
        [Math.ceil(PACK_MIN_ELEMENTS / 100) + d, PACK_MIN_REUSE + d, 100],
        [40, NC / 4 + d, KC + d],
        [MC + d, 64, 31 + d],
        [206 + d, 64, 100], // packed: only a transposed A, whose rows fill no tiles of 6
        [3 * MC + d, 9, KC + d],
        [9, NC + d, KC + d],
        [6 * 11 + d, 4 * 11 + d, 2 * KC + d],
      );
    }
    for (const shape of shapes) assertExact(product(...shape, integers));
  });
}

test("multiplyBlocked keeps NaN and infinities out of neighbouring elements", () => {
  const engine = createEngine(KERNELS[0]);
  for (const [m, n, k] of [
    [5, 7, 3],
    [70, 65, 130],
    [266, 130, 257],
  ]) {
    const p = product(m, n, k, integers);
    p.a[0].fill(Infinity, (m - 1) * k); // the last row
    for (let row = 0; row < k; row++) p.b[0][row * n + n - 1] = NaN; // the last column
    engine.doubles.fill(NaN, engine.map.row / 8);
    const c = nanFilled(m * n);
    multiplyBlocked(
      engine,
      { transA: false, transB: false, m, n, k, a: p.a[0], b: p.b[0], c },
      false,
    );
    for (let i = 0; i < m - 1; i++) {
      for (let j = 0; j < n - 1; j++) assert.equal(c[i * n + j], p.expected[i * n + j]);
      assert.ok(Number.isNaN(c[i * n + n - 1]));
    }
  }
});
