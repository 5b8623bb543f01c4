import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, copyRegion, packRegion } from "../../../lib/kernels/gemm/region.ts";
import { NR, STAGING_SIZE } from "../../../lib/kernels/sizes.ts";
import { createEngine } from "../../../lib/kernels/wasm/engine.ts";
import { assertSameBits, nanFilled, normals } from "../../helpers/numbers.ts";

test("copyRegion copies the rectangle, row by row with gaps or in one piece", () => {
  const data = normals(7 * 5);
  for (const [i, j, rows, columns] of [
    [0, 0, 7, 5],
    [2, 0, 3, 5],
    [1, 2, 4, 3],
    [6, 4, 1, 1],
  ]) {
    for (const stride of [columns, columns + 3]) {
      const out = nanFilled(100);
      copyRegion(out, { data, rowLength: 5, i, j, rows, columns }, 4, stride);
      const expected = nanFilled(100);
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) expected[4 + r * stride + c] = data[(i + r) * 5 + j + c];
      assertSameBits(out, expected, `${rows}×${columns} from (${i}, ${j}), stride ${stride}`);
    }
  }
});

test("packRegion makes the same panels of an ordinary and of a resident array", () => {
  const engine = createEngine("simd", 40_000);
  const { doubles, kernels, map } = engine;
  const rowLength = 300;
  const data = normals(120 * rowLength);
  const resident = doubles.subarray(map.workspace / 8, map.workspace / 8 + data.length);
  resident.set(data);
  const region = { rowLength, i: 3, j: 5, rows: 113, columns: 290 };
  assert.ok(region.rows * region.columns > STAGING_SIZE, "several pieces");
  assert.equal(addressOf({ ...region, data: resident }), map.workspace + 8 * (3 * rowLength + 5));
  const at = map.bBuffer;
  const panel = 8 * NR * 116;
  const panels = { pack: kernels.packBRows, at, panel, advance: 8 * NR };
  const length = Math.ceil(region.columns / NR) * (panel / 8);
  const packed = [false, true].map((inMemory) => {
    doubles.fill(NaN, at / 8, at / 8 + length);
    packRegion(engine, { ...region, data: inMemory ? resident : data }, panels, inMemory);
    return doubles.slice(at / 8, at / 8 + length);
  });
  for (const [p, q, r] of [
    [0, 0, 0],
    [71, 3, 112],
    [40, 2, 77],
  ]) {
    const place = p * (panel / 8) + r * NR + q;
    const expected = data[(3 + r) * rowLength + 5 + p * NR + q];
    assert.deepEqual(
      { first: packed[0][place], second: packed[1][place] },
      { first: expected, second: expected },
    );
  }
});
