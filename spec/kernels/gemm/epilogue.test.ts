import { test } from "node:test";
import { epilogueOf } from "../../../lib/kernels/gemm/epilogue.ts";
import type { EpilogueSteps } from "../../../lib/kernels/gemm/product.ts";
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
): EpilogueSteps => ({
  row: steps.row ? row : undefined,
  relu: steps.relu,
  mask: steps.mask ? mask : undefined,
});

test("epilogueOf(…).apply has the bits of the separate kernels for every choice of steps", () => {
  for (const steps of STEPS) {
    for (const m of SIZES) {
      for (const n of SIZES) {
        const [c, row, mask] = [
          specialValues(m * n, m),
          specialValues(n, 50),
          specialValues(m * n, 60 + n),
        ];
        const wanted = stepByStep(m, n, c.slice(), chosen(steps, row, mask));
        epilogueOf(chosen(steps, row, mask)).apply(m, n, c);
        assertSameBits(c, wanted, `${m}×${n} ${JSON.stringify(steps)}`);
      }
    }
  }
});
