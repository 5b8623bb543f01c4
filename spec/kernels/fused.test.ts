import { test } from "node:test";
import * as kernels from "../../lib/kernels/fused.ts";
import * as reference from "../../lib/kernels/reference.ts";
import { SPECIAL, assertSameBits, awkward, normals, poisoned } from "../helpers/numbers.ts";

const SIZES = [...Array.from({ length: 10 }, (_, n) => n), 17, 100];

test("addRowRelu has the reference's bits at every small size, also over its operand", () => {
  for (const m of SIZES) {
    for (const n of SIZES) {
      for (const make of [normals, awkward]) {
        const a = make(m * n, m);
        const row = make(n, n + 100);
        const expected = poisoned(m * n);
        reference.addRowRelu(m, n, a, row, expected);
        const out = poisoned(m * n);
        kernels.addRowRelu(m, n, a, row, out);
        assertSameBits(out, expected, `${m}×${n}`);
        kernels.addRowRelu(m, n, a, row, a);
        assertSameBits(a, expected, `${m}×${n} in place`);
      }
    }
  }
});

test("maskColumnSum has the reference's bits at every small size, also over its operands", () => {
  for (const m of SIZES) {
    for (const n of SIZES) {
      for (const make of [normals, awkward]) {
        const d = make(m * n, m);
        const a = make(m * n, n + 100);
        const [expected, expectedSums] = [poisoned(m * n), poisoned(n)];
        reference.maskColumnSum(m, n, d, a, expected, expectedSums);
        for (const place of ["apart", "over d", "over a"]) {
          const [dCopy, aCopy] = [d.slice(), a.slice()];
          const out = place === "over d" ? dCopy : place === "over a" ? aCopy : poisoned(m * n);
          const sums = poisoned(n);
          kernels.maskColumnSum(m, n, dCopy, aCopy, out, sums);
          assertSameBits(out, expected, `${m}×${n} ${place}`);
          assertSameBits(sums, expectedSums, `sums of ${m}×${n} ${place}`);
        }
      }
    }
  }
});

test("maskColumnSum meets every pair of special values as multiplication by the mask does", () => {
  const n = SPECIAL.length;
  const d = Float64Array.from(SPECIAL.flatMap((x) => SPECIAL.map(() => x)));
  const a = Float64Array.from(SPECIAL.flatMap(() => SPECIAL));
  const out = poisoned(n * n);
  kernels.maskColumnSum(n, n, d, a, out, poisoned(n));
  assertSameBits(out, d.map((value, i) => value * (a[i] > 0 ? 1 : 0)), "maskColumnSum");
});

test("regularize has the reference's bits and sum at every small length", () => {
  for (const n of [...SIZES, 1000]) {
    for (const make of [normals, awkward]) {
      const a = make(n, 1);
      const expected = make(n, 2);
      const da = expected.slice();
      const expectedSum = reference.regularize(a, 0.1, expected);
      assertSameBits([kernels.regularize(a, 0.1, da)], [expectedSum], `sum of ${n}`);
      assertSameBits(da, expected, `gradient of ${n}`);
    }
  }
});
