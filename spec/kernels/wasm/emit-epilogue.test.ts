import { test } from "node:test";
import type { EpilogueSteps } from "../../../lib/kernels/gemm/product.ts";
import { emitEpilogue } from "../../../lib/kernels/wasm/emit-epilogue.ts";
import { encodeModule } from "../../../lib/kernels/wasm/module.ts";
import { assertSameBits, nanFilled, specialValues } from "../../helpers/numbers.ts";
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

test("An emitted epilogue moves rows to where they belong and writes nowhere else", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const doubles = new Float64Array(memory.buffer);
  const [C, ROW, MASK, OUT] = [64, 2048, 3072, 5120];
  for (const steps of STEPS) {
    const bytes = encodeModule({ min: 1, max: 1, shared: false }, [emitEpilogue("f", steps)]);
    const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
      .exports;
    const run = f as (...parameters: number[]) => void;
    for (const m of SIZES) {
      for (const n of SIZES) {
        for (const [stride, out, outStride] of [
          [n, C, n],
          [Math.ceil(n / 4) * 4 + 4, C, n],
          [Math.ceil(n / 4) * 4, OUT, n],
          [Math.ceil(n / 4) * 4, OUT, n + 3],
        ]) {
          const [c, row, mask] = [
            specialValues(m * n, m),
            specialValues(n, 50),
            specialValues(m * n, 60 + n),
          ];
          doubles.set(nanFilled(doubles.length));
          for (let i = 0; i < m; i++) {
            doubles.set(c.subarray(i * n, (i + 1) * n), C + i * stride);
            doubles.set(mask.subarray(i * n, (i + 1) * n), MASK + i * outStride);
          }
          doubles.set(row, ROW);
          const before = doubles.slice();
          run(8 * C, 8 * stride, m, n, 8 * ROW, 8 * MASK, 8 * out, 8 * outStride);
          const where = `${m}×${n} from ${stride} to ${outStride} ${JSON.stringify(steps)}`;
          const wanted = stepByStep(m, n, c, chosen(steps, row, mask));
          for (let i = 0; i < m; i++)
            before.set(wanted.subarray(i * n, (i + 1) * n), out + i * outStride);
          assertSameBits(doubles, before, where);
        }
      }
    }
  }
});
