import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { configuration, configure } from "../../../lib/kernels/configuration.ts";
import { epilogueOf } from "../../../lib/kernels/gemm/epilogue.ts";
import { gemm } from "../../../lib/kernels/gemm/gemm.ts";
import type { EpilogueSteps } from "../../../lib/kernels/gemm/product.ts";
import * as reference from "../../../lib/kernels/reference.ts";
import {
  BAND,
  C_SIZE,
  GEMV_WORK,
  KC,
  MC,
  MR,
  NC,
  NR,
  PACK_MIN_ELEMENTS,
  PACK_MIN_REUSE,
  SMALL_WORK,
  STAGING_SIZE,
} from "../../../lib/kernels/sizes.ts";
import * as stored from "../../helpers/fixtures.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../../helpers/numbers.ts";
import {
  around,
  fourWays,
  type Product,
  product,
  type Shape,
  SMALL,
  stepByStep,
} from "../../helpers/products.ts";

// Kernels with the reference's bits that run here, and all that run here.
const { supported } = configuration();
const EXACT = (["reference", "simd"] as const).filter(
  (kernel) => kernel === "reference" || supported[kernel],
);
const ALL = [...EXACT, ...(supported.fma ? (["fma"] as const) : [])];

afterEach(() => configure({ kernel: "auto", threads: 1 }));

const made = new Map<string, Product>();

/** A product, made once for all kernels: the reference takes longer than what is tested. */
function once(...shape: Shape): Product {
  const key = shape.join("×");
  const p = made.get(key) ?? product(...shape);
  made.set(key, p);
  return p;
}

/** Asserts the reference's bits for a product in all four ways, into an output full of NaN. */
function assertExact(p: Product, kernel: string): void {
  const { m, n, k } = p;
  fourWays(p, (transA, transB, a, b, where) => {
    const c = nanFilled(m * n);
    gemm({ transA, transB, m, n, k, a, b, c });
    assertSameBits(c, p.expected, `${kernel} ${where} (${m}×${k})·(${k}×${n})`);
  });
}

for (const kernel of EXACT) {
  test(`gemm "${kernel}" has the reference's bits at every m, n, k in 0..9`, () => {
    configure({ kernel });
    for (const [m, n, k] of SMALL) {
      assertExact(product(m, n, k), kernel);
      assertExact(product(m, n, k, specialValues), kernel);
    }
  });

  test(`gemm "${kernel}" has the reference's bits around every tile and block size`, () => {
    configure({ kernel });
    const marks = [NR, MR.fma, 2 * MR.fma, BAND, PACK_MIN_REUSE, KC, 2 * KC, MC, NC, C_SIZE / NC];
    for (const small of [3, 11])
      for (const shape of around(marks, small)) assertExact(once(...shape), kernel);
    // Around the thresholds of m·n·k and of the elements in a block, in several proportions.
    for (const size of [SMALL_WORK, PACK_MIN_ELEMENTS, STAGING_SIZE, MC * KC, KC * NC, GEMV_WORK]) {
      for (const columns of [1, 5, PACK_MIN_REUSE - 1, PACK_MIN_REUSE, 100]) {
        for (const d of [-1, 0, 1])
          assertExact(once(columns, Math.ceil(size / columns) + d, 1), kernel);
        for (const d of [-1, 0, 1])
          assertExact(once(columns, 7, Math.min(1000, Math.ceil(size / columns)) + d), kernel);
      }
    }
  });

  test(`gemm "${kernel}" has the reference's bits when every operand takes several blocks`, () => {
    configure({ kernel });
    const shapes: Shape[] = [
      [C_SIZE / NC + 2, NC + 3, KC + 1],
      [2 * MC + 5, 70, 2 * KC + 3],
      [65, 2 * NC + 9, KC + 7],
      [40, 128, 300],
      [2200, 70, 3],
      [70, 3, 600],
      [1, 1030, 515],
      [1030, 1, 515],
      [1, 91, 91],
      [91, 1, 90],
      [1, 8193, 1],
      [8192, 1, 1],
      [128, 128, 128],
      [100, 64, 256],
    ];
    for (const [m, n, k] of shapes) assertExact(once(m, n, k), kernel);
    assertExact(product(70, NC + 5, KC + 3, specialValues), kernel);
  });

  test(`gemm "${kernel}" with an epilogue has the bits of the separate kernels`, () => {
    configure({ kernel });
    const shapes: Shape[] = [
      [0, 3, 2],
      [3, 0, 2],
      [3, 5, 0],
      [1, 1, 1],
      [2, 3, 4],
      [5, 7, 3],
      [32, 100, 64],
      [100, 128, 300],
      [9, 257, 30],
      [263, 66, 257],
      [530, 129, 70],
      [300, NC + 7, 40],
      [1100, 3, 5],
      [2200, 65, 3],
    ];
    for (const [m, n, k] of shapes) {
      const p = product(m, n, k, m * n < 1000 ? specialValues : normals);
      const row = specialValues(n, 5);
      const mask = specialValues(m * n, 6);
      const epilogues: EpilogueSteps[] = [
        {},
        { row },
        { relu: true },
        { row, relu: true },
        { mask },
        { row, relu: false, mask },
        { relu: true, mask },
        { row, relu: true, mask },
      ];
      for (const steps of epilogues) {
        const expected = stepByStep(m, n, p.expected.slice(), steps);
        const c = nanFilled(m * n);
        const epilogue = epilogueOf(steps);
        gemm({ transA: false, transB: false, m, n, k, a: p.a[0], b: p.b[0], c, epilogue });
        assertSameBits(c, expected, `${kernel} ${m}×${n}×${k} with ${Object.keys(steps)}`);
      }
    }
  });

  test(`gemm "${kernel}" reads and writes parts of larger arrays and nothing beside them`, () => {
    configure({ kernel });
    for (const [m, n, k] of [
      [3, 5, 2],
      [33, 21, 17],
      [70, 130, 300],
    ]) {
      const p = product(m, n, k);
      const inside = (values: Float64Array) => {
        const larger = nanFilled(values.length + 7);
        larger.set(values, 3);
        return larger.subarray(3, 3 + values.length);
      };
      const c = inside(nanFilled(m * n));
      gemm({ transA: false, transB: true, m, n, k, a: inside(p.a[0]), b: inside(p.b[1]), c });
      assertSameBits(c, p.expected, "inside");
      assert.ok(
        [...new Float64Array(c.buffer)].every(
          (value, i) => (i >= 3 && i < 3 + m * n) || value !== value,
        ),
        "beside it",
      );
    }
  });

  test(`gemm "${kernel}" agrees with the stored sequential products`, () => {
    configure({ kernel });
    for (const { name, m, n, k, A, B, sequential } of stored.reference("matmul-cases").cases) {
      const c = nanFilled(m * n);
      gemm({
        transA: false,
        transB: false,
        m,
        n,
        k,
        a: stored.numbers(A),
        b: stored.numbers(B),
        c,
      });
      // The file's note: the sign of a zero is left open.
      assert.deepEqual(
        Array.from(c, (v) => v + 0),
        Array.from(stored.numbers(sequential), (v) => v + 0),
        name,
      );
    }
  });
}

/**
 * |r − exact| <= k·u/(1 − k·u)·Σ|a||b| + u·|exact| + k·5e-324, u = 2^-53: the bound for any order,
 * rounded once or twice.
 */
function assertWithinBound(
  c: Float64Array,
  exact: Float64Array,
  absDot: Float64Array,
  k: number,
  where: string,
): void {
  const u = 2 ** -53;
  c.forEach((value, i) => {
    const bound = ((k * u) / (1 - k * u)) * absDot[i] + u * Math.abs(exact[i]) + k * 5e-324;
    if (!Number.isFinite(exact[i]) || !Number.isFinite(bound)) return;
    if (!(Math.abs(value - exact[i]) <= bound))
      assert.fail(`${where}: element ${i} is ${value}, ${exact[i]} within ${bound} was wanted`);
  });
}

for (const kernel of ALL) {
  test(`gemm "${kernel}" is within the standard error bound of the exact products`, () => {
    configure({ kernel });
    let compared = 0;
    for (const { name, m, n, k, A, B, sequential, exact, absDot } of stored.reference(
      "matmul-cases",
    ).cases) {
      // its note: rounded sums may overflow on the way where the exact value is finite
      if (name.includes("overflow")) continue;
      const target = stored.numbers(exact === "same as sequential" ? sequential : exact);
      const c = nanFilled(m * n);
      gemm({
        transA: false,
        transB: false,
        m,
        n,
        k,
        a: stored.numbers(A),
        b: stored.numbers(B),
        c,
      });
      if (name.includes("exact-dyadic")) assertSameBits(c, target, name);
      else assertWithinBound(c, target, stored.numbers(absDot), k, name);
      c.forEach((value, i) => {
        if (!Number.isFinite(target[i]))
          assert.ok(Object.is(value, target[i]), `${name}: element ${i}`);
      });
      compared++;
    }
    assert.ok(compared >= 15, `${compared} cases`);
  });
}

if (supported.fma) {
  test('gemm "fma" stays within twice the error bound of the reference at every block size', () => {
    configure({ kernel: "fma" });
    const shapes: Shape[] = [
      ...around([4, 6, 12, 24, 64, KC, MC], 7),
      [530, 515, 300],
      [100, 128, 784],
      [3, 1030, 600],
      [32, 100, 64],
    ];
    for (const [m, n, k] of shapes) {
      const p = product(m, n, k);
      const absDot = new Float64Array(m * n);
      reference.matmul(false, false, m, n, k, p.a[0].map(Math.abs), p.b[0].map(Math.abs), absDot);
      fourWays(p, (transA, transB, a, b, where) => {
        const c = nanFilled(m * n);
        gemm({ transA, transB, m, n, k, a, b, c });
        assertWithinBound(c, p.expected, absDot, 2 * k, `${where} (${m}×${k})·(${k}×${n})`);
        if (transA || transB) return;
        const again = nanFilled(m * n);
        gemm({ transA, transB, m, n, k, a, b, c: again });
        assertSameBits(again, c, "a second time");
      });
    }
  });

  test('gemm "fma" gives the same bits for all four transpositions', () => {
    configure({ kernel: "fma" });
    for (const [m, n, k] of [
      [13, 9, 30],
      [70, 65, 300],
      [300, 100, 64],
    ]) {
      const p = product(m, n, k);
      const first = nanFilled(m * n);
      gemm({ transA: false, transB: false, m, n, k, a: p.a[0], b: p.b[0], c: first });
      fourWays(p, (transA, transB, a, b, where) => {
        const c = nanFilled(m * n);
        gemm({ transA, transB, m, n, k, a, b, c });
        assertSameBits(c, first, where);
      });
    }
  });
}
