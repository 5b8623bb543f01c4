import assert from "node:assert/strict";
import { test } from "node:test";
import { MR, NR, TAIL_MR } from "../../../lib/kernels/sizes.ts";
import { emitProduct, tailRows } from "../../../lib/kernels/wasm/emit-product.ts";
import { encodeModule } from "../../../lib/kernels/wasm/module.ts";
import { assertSameBits, nanFilled } from "../../helpers/numbers.ts";
import { integers, product } from "../../helpers/products.ts";

const LAYOUTS = ["rows", "columns", "panels"] as const;
const [A, B, C] = [64, 8192, 16384]; // where the operands begin, in doubles

test("tailRows gives lower tiles the rows that leave the fewest padding rows", () => {
  assert.deepEqual(
    Array.from({ length: 15 }, (_, rows) => tailRows(6, rows, false)),
    [0, 1, 2, 3, 4, 0, 0, 7, 8, 3, 4, 0, 0, 7, 8],
  );
  for (let rows = 0; rows < 50; rows++) {
    const idle = (tail: number) =>
      Math.ceil((rows - tail) / 6) * 6 + Math.ceil(tail / TAIL_MR) * TAIL_MR - rows;
    const tail = tailRows(6, rows, false);
    assert.ok(tail <= rows && (rows - tail) % 6 === (tail === 0 ? rows % 6 : 0));
    for (let other = rows % 6; other <= rows; other += 6)
      assert.ok(idle(tail) <= idle(other), `${rows} rows, ${tail} or ${other}`);
    assert.deepEqual(
      { packed: tailRows(6, rows, true), simd: tailRows(4, rows, false) },
      { packed: 0, simd: 0 },
    );
  }
});

for (const kernel of ["simd", "fma"] as const) {
  const mr = MR[kernel];
  const limits = { min: 4, max: 4, shared: false };
  const bytes = encodeModule(limits, [emitProduct(mr, kernel === "fma")]);
  if (!WebAssembly.validate(bytes)) continue; // no relaxed SIMD here

  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 });
  const doubles = new Float64Array(memory.buffer);
  const exports = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
    .exports;

  // A along rows, along columns, and in panels with B in panels, too
  for (const layout of LAYOUTS) {
    const packed = layout === "panels";
    test(`emitProduct ${layout} "${kernel}" writes its tiles and nothing outside them`, () => {
      for (const m of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]) {
        const tail = tailRows(mr, m, packed);
        for (const n of [1, 3, 4, 5, 8, 9]) {
          for (const k of [1, 2, 3, 4, 5, 17]) {
            const { a, b, expected } = product(m, n, k, integers);
            doubles.set(nanFilled(doubles.length));
            // op(A) as rows k + 1 long, as columns m + 1 apart, or in panels; B with rows n + 3
            // long, or in panels.
            const aIndex = (i: number, p: number) =>
              layout === "rows"
                ? i * (k + 1) + p
                : layout === "columns"
                  ? p * (m + 1) + i
                  : Math.floor(i / mr) * mr * k + p * mr + (i % mr);
            const bIndex = (p: number, j: number) =>
              packed ? Math.floor(j / NR) * NR * k + p * NR + (j % NR) : p * (n + 3) + j;
            for (let p = 0; p < k; p++) {
              for (let i = 0; i < m; i++) doubles[A + aIndex(i, p)] = a[0][i * k + p];
              for (let j = 0; j < n; j++) doubles[B + bIndex(p, j)] = b[0][p * n + j];
            }
            const strides = {
              rows: [k + 1, 1, mr * (k + 1), n + 3, NR],
              columns: [1, m + 1, mr, n + 3, NR],
              panels: [1, mr, mr * k, NR, NR * k],
            }[layout];
            const [aRow, aStep, aPanel, bStep, bPanel] = strides.map((stride) => 8 * stride);
            const cStride = Math.ceil(n / NR) * NR;
            for (const [resume, times] of [
              [0, 1],
              [1, 2],
              [0, 1],
            ]) {
              (exports.product as (...args: number[]) => void)(
                8 * A,
                aRow,
                aStep,
                aPanel,
                8 * B,
                bStep,
                bPanel,
                8 * C,
                8 * cStride,
                m - tail,
                tail,
                n,
                k,
                resume,
              );
              for (let i = 0; i < m; i++) {
                const row = doubles.subarray(C + i * cStride, C + i * cStride + n);
                assertSameBits(
                  row,
                  expected.subarray(i * n, (i + 1) * n).map((value) => times * value),
                  `${m}×${n}×${k}, row ${i}`,
                );
              }
            }
            const tiled = (rows: number, height: number) => Math.ceil(rows / height) * height;
            const end = C + (tiled(m - tail, mr) + tiled(tail, TAIL_MR)) * cStride;
            assert.ok(
              doubles.subarray(C - 64, C).every((value) => value !== value),
              `${m}×${n}×${k}: before C`,
            );
            assert.ok(
              doubles.subarray(end, end + 64).every((value) => value !== value),
              `${m}×${n}×${k}: after C`,
            );
          }
        }
      }
    });
  }
}
