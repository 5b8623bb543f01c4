import { test } from "node:test";
import { gemv, multiplySmall } from "../../../lib/kernels/gemm/small.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../../helpers/numbers.ts";
import { around, fourWays, product, type Shape, SMALL } from "../../helpers/products.ts";

const BLOCKS: Shape[] = [...around([256, 512], 3), [5, 515, 300], [300, 7, 515]];

test("multiplySmall has the reference's bits in 0..9 and beyond", () => {
  for (const make of [normals, specialValues]) {
    for (const shape of [...SMALL, ...BLOCKS]) {
      const p = product(...shape, make);
      fourWays(p, (transA, transB, a, b, where) => {
        const c = nanFilled(p.m * p.n);
        multiplySmall({ transA, transB, m: p.m, n: p.n, k: p.k, a, b, c });
        assertSameBits(c, p.expected, `${where} ${shape}`);
      });
    }
  }
});

test("gemv has the reference's bits for one row and for one column", () => {
  const sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 257];
  for (const n of sizes) {
    for (const k of sizes) {
      for (const make of [normals, specialValues]) {
        const { a, b, expected } = product(1, n, k, make);
        for (const transposed of [false, true]) {
          const y = nanFilled(n);
          gemv({ transA: false, transB: transposed, m: 1, n, k, a: a[0], b: b[+transposed], c: y });
          assertSameBits(y, expected, `row, ${transposed} ${n}×${k}`);
          const flipped = { transA: !transposed, transB: false, m: n, n: 1, k };
          gemv({ ...flipped, a: b[+transposed], b: a[0], c: y.fill(NaN) });
          assertSameBits(y, expected, `column, ${transposed} ${n}×${k}`);
        }
      }
    }
  }
});
