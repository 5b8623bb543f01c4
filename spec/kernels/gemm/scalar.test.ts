import { test } from "node:test";
import { gemmDirect, gemmScalar, gemv } from "../../../lib/kernels/gemm/scalar.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../../helpers/numbers.ts";
import { around, fourWays, product, type Shape, SMALL } from "../../helpers/products.ts";

const BLOCKS: Shape[] = [...around([256, 512], 3), [5, 515, 300], [300, 7, 515]];

for (const multiply of [gemmDirect, gemmScalar]) {
  test(`${multiply.name} has the reference's bits at every m, n, k in 0..9 and around its blocks`, () => {
    for (const make of [normals, specialValues]) {
      for (const shape of [...SMALL, ...BLOCKS]) {
        const p = product(...shape, make);
        fourWays(p, (transA, transB, a, b, where) => {
          const c = nanFilled(p.m * p.n);
          multiply(transA, transB, p.m, p.n, p.k, a, b, c);
          assertSameBits(c, p.expected, `${where} ${shape}`);
        });
      }
    }
  });
}

test("gemv has the reference's bits at every n, k in 0..9 and beyond, by rows and by columns", () => {
  const sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 257];
  for (const n of sizes) {
    for (const k of sizes) {
      for (const make of [normals, specialValues]) {
        const { a, b, expected } = product(1, n, k, make);
        for (const transposed of [false, true]) {
          const y = nanFilled(n);
          gemv(transposed, n, k, a[0], b[+transposed], y);
          assertSameBits(y, expected, `${transposed} ${n}×${k}`);
        }
      }
    }
  }
});
