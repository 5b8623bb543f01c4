import { test } from "node:test";
import * as reference from "../../lib/kernels/reference.ts";
import { transpose } from "../../lib/kernels/transpose.ts";
import { assertSameBits, nanFilled, specialValues } from "../helpers/numbers.ts";

test("transpose has the reference's bits at every small size and around its tiles", () => {
  const sizes = [0, 1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 64, 100];
  for (const m of sizes) {
    for (const n of sizes) {
      const a = specialValues(m * n, m + n);
      const expected = nanFilled(m * n);
      const out = nanFilled(m * n);
      reference.transpose(m, n, a, expected);
      transpose(m, n, a, out);
      assertSameBits(out, expected, `${m}×${n}`);
    }
  }
});
