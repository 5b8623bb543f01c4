import assert from "node:assert/strict";
import { test } from "node:test";
import { emitPackColumns, emitPackRows } from "../../../lib/kernels/wasm/emit-pack.ts";
import type { Pack } from "../../../lib/kernels/wasm/engine.ts";
import { encodeModule } from "../../../lib/kernels/wasm/module.ts";
import { assertSameBits, normals } from "../../helpers/numbers.ts";

function packing(emit: typeof emitPackRows, width: number): { pack: Pack; doubles: Float64Array } {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 });
  const bytes = encodeModule({ min: 4, max: 4, shared: false }, [emit("pack", width)]);
  const { pack } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
    .exports;
  return { pack: pack as Pack, doubles: new Float64Array(memory.buffer) };
}

// From double 16 on, with rows 3 doubles longer than what is packed; panels with room for four rows
// too many.
const FROM = 16;
const TO = 12_000;

for (const width of [4, 6]) {
  test(`emitPackRows: rows become the rows of panels ${width} wide`, () => {
    const { pack, doubles } = packing(emitPackRows, width);
    for (const rows of [1, 2, 3, 4, 5, 8, 31]) {
      for (const columns of [1, 3, 4, 5, 6, 7, 12, 13, 61]) {
        const stride = columns + 3;
        doubles.fill(NaN);
        const source = normals(rows * stride, rows + columns);
        doubles.set(source, FROM);
        const panel = width * (Math.ceil(rows / 4) * 4);
        pack(8 * FROM, 8 * stride, 8 * TO, 8 * panel, rows, columns);
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            const packed = doubles[TO + Math.floor(j / width) * panel + i * width + (j % width)];
            assert.equal(packed, source[i * stride + j], `${rows}×${columns} at ${i}, ${j}`);
          }
        }
        assertSameBits(doubles.subarray(FROM, FROM + source.length), source, "source");
      }
    }
  });

  test(`emitPackColumns: rows become the columns of panels ${width} wide`, () => {
    const { pack, doubles } = packing(emitPackColumns, width);
    for (const rows of [1, 3, 4, 5, 6, 7, 12, 13, 25]) {
      for (const depth of [1, 2, 3, 4, 5, 8, 31]) {
        const stride = depth + 3;
        doubles.fill(NaN);
        const source = normals(rows * stride, rows + depth);
        doubles.set(source, FROM);
        const panel = width * (Math.ceil(depth / 4) * 4);
        pack(8 * FROM, 8 * stride, 8 * TO, 8 * panel, rows, depth);
        for (let i = 0; i < rows; i++) {
          for (let p = 0; p < depth; p++) {
            const packed = doubles[TO + Math.floor(i / width) * panel + p * width + (i % width)];
            assert.equal(packed, source[i * stride + p], `${rows}×${depth} at ${i}, ${p}`);
          }
        }
      }
    }
  });
}
