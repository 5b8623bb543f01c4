import assert from "node:assert/strict";
import { test } from "node:test";
import { epilogueOf } from "../../../lib/kernels/gemm/epilogue.ts";
import { multiplyStaged, stagedBlocks } from "../../../lib/kernels/gemm/staged.ts";
import { STAGED_SIZE } from "../../../lib/kernels/sizes.ts";
import type { ThreadPool } from "../../../lib/kernels/threads/pool.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../../helpers/numbers.ts";
import { startedPool } from "../../helpers/pools.ts";
import { fourWays, integers, type Product, product, stepByStep } from "../../helpers/products.ts";

function assertExact(pool: ThreadPool, p: Product): void {
  const { m, n, k } = p;
  const [row, mask] = [normals(n, 7), specialValues(m * n, 8)];
  const after = stepByStep(m, n, p.expected.slice(), { row, relu: true, mask });
  fourWays(p, (transA, transB, a, b, where) => {
    const c = nanFilled(m * n);
    const epilogue = transA ? epilogueOf({ row, relu: true, mask }) : undefined;
    assert.ok(multiplyStaged(pool, { transA, transB, m, n, k, a, b, c, epilogue }));
    assertSameBits(c, transA ? after : p.expected, `${where} ${m}×${n}×${k}`);
  });
}

for (const threads of [1, 2, 5]) {
  test(`A product of ordinary arrays has the same bits on ${threads} threads`, async () => {
    const pool = await startedPool(threads, 60_000);
    for (const [m, n, k] of [
      [1, 1, 1],
      [130, 131, 133],
      [300, 64, 500],
      [64, 517, 40],
      [1000, 10, 130],
    ])
      assertExact(pool, product(m, n, k));
    pool.close();
  });
}

test("A product of several blocks has the same bits, whichever side is long", async () => {
  const pool = await startedPool(2, 60_000);
  for (const [m, n, k] of [
    [5, 2056, 3],
    [180_000, 24, 2],
    [5, 1024, 4104],
  ]) {
    const p = product(m, n, k, integers);
    const blocks = stagedBlocks({
      ...p,
      transA: false,
      transB: false,
      a: p.a[0],
      b: p.b[0],
      c: p.a[0],
    });
    assert.notDeepEqual(blocks, { m, n, k });
    assertExact(pool, p);
  }
  pool.close();
});

test("multiplyStaged refuses a C of broken tiles when k takes several blocks", async () => {
  const pool = await startedPool(1);
  const [m, n, k] = [1, 5, 900_000];
  const [a, b, c] = [new Float64Array(m * k), new Float64Array(k * n), nanFilled(m * n)];
  assert.equal(multiplyStaged(pool, { transA: false, transB: false, m, n, k, a, b, c }), false);
  pool.close();
});

test("stagedBlocks divides so that no operand is much larger than STAGED_SIZE", () => {
  for (const [m, n, k] of [
    [1024, 1024, 1024],
    [5000, 5000, 5000],
    [60_000, 128, 784],
    [10, 10, 5_000_000],
    [3_000_000, 4, 4],
  ]) {
    const arrays = { a: new Float64Array(), b: new Float64Array(), c: new Float64Array() };
    const blocks = stagedBlocks({ transA: false, transB: false, m, n, k, ...arrays });
    const sizes = [blocks.m * blocks.k, blocks.k * blocks.n, blocks.m * blocks.n];
    for (const size of sizes) assert.ok(size <= 1.1 * STAGED_SIZE, `${m}×${n}×${k}: ${sizes}`);
  }
});
