import { test } from "node:test";
import { applyEpilogue } from "../../../lib/kernels/gemm/epilogue.ts";
import type { Epilogue } from "../../../lib/kernels/gemm/product.ts";
import { assertSameBits, specialValues } from "../../helpers/numbers.ts";
import { stepByStep } from "../../helpers/products.ts";

const STEPS = [false, true].flatMap((row) =>
  [false, true].flatMap((relu) => [false, true].map((mask) => ({ row, relu, mask }))),
);
const SIZES = [1, 2, 3, 4, 5, 7, 8, 31];

/** The operands of those steps that are to be done. */
const chosen = (
  steps: (typeof STEPS)[number],
  row: Float64Array,
  mask: Float64Array,
): Epilogue => ({
  row: steps.row ? row : undefined,
  relu: steps.relu,
  mask: steps.mask ? mask : undefined,
});

test("applyEpilogue has the bits of the separate kernels for every choice of steps", () => {
  for (const steps of STEPS) {
    for (const m of SIZES) {
      for (const n of SIZES) {
        const [c, row, mask] = [
          specialValues(m * n, m),
          specialValues(n, 50),
          specialValues(m * n, 60 + n),
        ];
        const wanted = stepByStep(m, n, c.slice(), chosen(steps, row, mask));
        const [a, b] = [new Float64Array(m), new Float64Array(n)];
        const product = { transA: false, transB: false, m, n, k: 1, a, b, c };
        applyEpilogue(product, chosen(steps, row, mask));
        assertSameBits(c, wanted, `${m}×${n} ${JSON.stringify(steps)}`);
      }
    }
  }
});
