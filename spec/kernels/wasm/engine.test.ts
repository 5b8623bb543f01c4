import assert from "node:assert/strict";
import { test } from "node:test";
import { A_SIZE, C_SIZE, KC, MR, NC, STAGING_SIZE } from "../../../lib/kernels/sizes.ts";
import { productModule } from "../../../lib/kernels/wasm/emit-modules.ts";
import { createEngine, memoryMap, unsupportedReason } from "../../../lib/kernels/wasm/engine.ts";

test("memoryMap gives every region its room, apart from the others and within the pages", () => {
  for (const [bCount, aCount] of [
    [1, 1],
    [2, 3],
  ]) {
    const map = memoryMap(bCount, aCount, 1000);
    const regions = [
      [map.control, 8192],
      [map.row, 8 * NC],
      [map.staging, 8 * STAGING_SIZE],
      ...map.bBuffers.map((block) => [block, 8 * KC * NC]),
      ...map.aBuffers.map((slab) => [slab, 8 * A_SIZE]),
      [map.c, 8 * (C_SIZE + (MR.fma - 1) * NC)],
      [map.workspace, 8000],
    ];
    regions.sort(([x], [y]) => x - y);
    regions.forEach(([start, size], i) => {
      assert.ok(start + size <= (regions[i + 1]?.[0] ?? map.pages * 65536), `region ${i}`);
      assert.equal(start % 64, 0);
    });
    assert.equal(regions.length, 5 + bCount + aCount);
  }
});

test("unsupportedReason is empty exactly where the engine accepts the module", () => {
  for (const kernel of ["simd", "fma"] as const) {
    const accepted = WebAssembly.validate(productModule(kernel, false));
    assert.equal(unsupportedReason(kernel) === "", accepted);
    if (accepted) assert.equal(createEngine(kernel).mr, MR[kernel]);
    else assert.throws(() => createEngine(kernel), new Error(unsupportedReason(kernel)));
  }
});
