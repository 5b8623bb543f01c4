import { test } from "node:test";
import { multiplyScalar } from "../../../lib/kernels/gemm/scalar.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../../helpers/numbers.ts";
import { around, fourWays, product, type Shape, SMALL } from "../../helpers/products.ts";

const BLOCKS: Shape[] = [...around([256, 512], 3), [5, 515, 300], [300, 7, 515], [64, 128, 64]];

test("multiplyScalar has the reference's bits in 0..9 and where it copies", () => {
  for (const make of [normals, specialValues]) {
    for (const shape of [...SMALL, ...BLOCKS]) {
      const p = product(...shape, make);
      fourWays(p, (transA, transB, a, b, where) => {
        const c = nanFilled(p.m * p.n);
        multiplyScalar({ transA, transB, m: p.m, n: p.n, k: p.k, a, b, c });
        assertSameBits(c, p.expected, `${where} ${shape}`);
      });
    }
  }
});
