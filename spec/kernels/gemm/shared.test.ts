import assert from "node:assert/strict";
import { test } from "node:test";
import { epilogueOf } from "../../../lib/kernels/gemm/epilogue.ts";
import {
  divide,
  packedElements,
  SharedProduct,
  taskCount,
} from "../../../lib/kernels/gemm/shared.ts";
import { KC, NC, TASK_ROWS, TASK_WORK } from "../../../lib/kernels/sizes.ts";
import type { ThreadPool } from "../../../lib/kernels/threads/pool.ts";
import { workspaceElements } from "../../../lib/kernels/wasm/workspace.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../../helpers/numbers.ts";
import { help, startedPool } from "../../helpers/pools.ts";
import {
  fourWays,
  integers,
  type Product,
  product,
  type Shape,
  stepByStep,
} from "../../helpers/products.ts";

/** A copy of an array in the pool's memory. */
function placed(
  pool: ThreadPool,
  values: Float64Array,
  rows: number,
  columns: number,
): Float64Array {
  const at = pool.allocate(workspaceElements(rows, columns))!;
  const array = new Float64Array(pool.doubles.buffer, at, rows * columns);
  array.set(values);
  return array;
}

/** A product, and what comes out with an epilogue. */
type Case = { p: Product; row: Float64Array; mask: Float64Array; after: Float64Array };

function caseOf(p: Product): Case {
  const [row, mask] = [normals(p.n, 7), specialValues(p.m * p.n, 8)];
  return {
    p,
    row,
    mask,
    after: stepByStep(p.m, p.n, p.expected.slice(), { row, relu: true, mask }),
  };
}

function assertExact(pool: ThreadPool, { p, row, mask, after }: Case): void {
  const { m, n, k } = p;
  fourWays(p, (transA, transB, a, b, where) => {
    const regions = [
      placed(pool, a, transA ? k : m, transA ? m : k),
      placed(pool, b, transB ? n : k, transB ? k : n),
      placed(pool, nanFilled(m * n), m, n),
      placed(pool, normals(8), 1, 8),
      placed(pool, row, 1, n),
      placed(pool, mask, m, n),
    ];
    const [aIn, bIn, c, next, rowIn, maskIn] = regions;
    const packed = pool.allocate(packedElements(n, k))!;
    const steps = { row: rowIn, relu: true, mask: maskIn };
    const epilogue = transA ? epilogueOf(steps) : undefined;
    new SharedProduct(
      pool,
      pool,
      { transA, transB, m, n, k, a: aIn, b: bIn, c, epilogue },
      packed,
    ).run();
    assertSameBits(c, transA ? after : p.expected, `${where} ${m}×${n}×${k}`);
    assertSameBits(next, normals(8), "the array after C");
    pool.free(packed);
    for (const region of regions) pool.free(region.byteOffset);
  });
}

const SHAPES: Shape[] = [
  [1, 1, 1],
  [13, 9, 30],
  [TASK_ROWS + 1, 65, KC + 3],
  [TASK_ROWS - 1, 40, 2 * KC + 1],
  [130, NC + 5, KC + 3],
  [100, 128, 784],
  [TASK_ROWS, 100, 600],
  [TASK_ROWS + 4, 132, KC + 1],
  [2 * TASK_ROWS, 256, 2 * KC + 5],
  [90, 201, 500],
  [784, 128, 100],
  [300, 3, 900],
  [70, 2 * NC + 3, 20],
  [2500, 64, 9],
];

let cases: Case[] | undefined;

for (const threads of [1, 2, 3, 8]) {
  test(`A product on ${threads} threads has the bits of one, in all four ways`, async () => {
    const pool = await startedPool(threads, 60_000); // whatever else this machine is doing
    cases ??= SHAPES.map((shape) => caseOf(product(...shape)));
    for (const each of cases) assertExact(pool, each);
    pool.close();
  });
}

test("A shared product has the same bits again and again", async () => {
  const pool = await startedPool(3, 60_000);
  const same = caseOf(product(144, 128, 600, integers));
  for (let turn = 0; turn < 20; turn++) assertExact(pool, same);
  assert.ok(help(pool) > 0, "no worker computed anything");
  pool.close();
});

test("Where C has few rows, tasks are columns that pack their part of B", () => {
  const arrays = { a: new Float64Array(), b: new Float64Array(), c: new Float64Array() };
  const of = (m: number, n: number, k: number, transA = false) => {
    const { rows, columns, packB } = divide({ transA, transB: false, m, n, k, ...arrays }, 2);
    return { rows, columns, packB };
  };
  assert.deepEqual(of(100, 128, 784), { rows: 100, columns: 16, packB: "inTasks" });
  assert.deepEqual(of(128, 128, 784), { rows: 128, columns: 16, packB: "inTasks" });
  assert.equal(of(100, 128, 784, true).packB, "first");
  assert.equal(of(2 * TASK_ROWS + 1, 128, 784).packB, "first");
  assert.equal(of(TASK_ROWS + 1, 129, 784).packB, "first");
});

test("Small products have one task, larger ones a few for each thread", () => {
  assert.deepEqual(
    [1, TASK_WORK, 3 * TASK_WORK, 1000 * TASK_WORK].map((work) => taskCount(work, 8)),
    [1, 1, 3, 32],
  );
});

test("A product too small for sixteen threads is divided among them as among eight", () => {
  const arrays = { a: new Float64Array(), b: new Float64Array(), c: new Float64Array() };
  const of = (n: number, threads: number) => {
    return divide({ transA: false, transB: false, m: n, n, k: n, ...arrays }, threads);
  };
  for (const n of [64, 96, 128]) assert.deepEqual(of(n, 16), of(n, 8), `${n}³`);
  // 256³ has twice the tasks, which are still long enough
  for (const threads of [8, 16]) {
    const { rows, columns } = of(256, threads);
    assert.ok(rows * columns * 256 >= TASK_WORK / 2, `${rows}×${columns} on ${threads} threads`);
  }
});

test("divide makes tasks of whole tiles that fit the buffer of a thread", () => {
  for (const [m, n, k] of [...SHAPES, [1000, 512, 3072], [60_000, 10, 128]]) {
    for (const transA of [false, true]) {
      const arrays = { a: new Float64Array(), b: new Float64Array(), c: new Float64Array() };
      const { rows, columns, packB } = divide({ transA, transB: false, m, n, k, ...arrays }, 8);
      const inPlace = packB === "inTasks" && n % 4 === 0;
      assert.ok(rows <= TASK_ROWS * (inPlace ? 2 : 1), `${rows} rows of ${m}`);
      assert.ok(rows % 12 === 0 || rows === m, `${rows} rows of ${m}`);
      assert.ok(packB !== "inTasks" || columns <= TASK_ROWS, `${columns} columns to pack`);
      assert.ok(columns <= NC && (columns % 8 === 0 || columns === n), `${columns} of ${n}`);
    }
  }
});
