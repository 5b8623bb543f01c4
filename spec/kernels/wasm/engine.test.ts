import assert from "node:assert/strict";
import { test } from "node:test";
import { A_SIZE, C_SIZE, KC, MR, NC, STAGING_SIZE } from "../../../lib/kernels/sizes.ts";
import {
  CONTROL_BYTES,
  createEngine,
  inlineEngine,
  memoryMap,
  moduleOf,
  provideFma,
  SCALARS,
  unsupportedReason,
} from "../../../lib/kernels/wasm/engine.ts";

test("memoryMap gives every region its room, apart from the others and within the pages", () => {
  const map = memoryMap(1000);
  const regions = [
    [map.control, CONTROL_BYTES],
    [map.scalars, 8 * SCALARS],
    [map.row, 8 * NC],
    [map.staging, 8 * STAGING_SIZE],
    [map.bBuffer, 8 * KC * NC],
    [map.aBuffer, 8 * A_SIZE],
    [map.c, 8 * (C_SIZE + (MR.fma - 1) * NC)],
    [map.workspace, 8000],
  ];
  for (const [i, [start, size]] of regions.entries()) {
    assert.ok(start + size <= (regions[i + 1]?.[0] ?? map.end), `region ${i}`);
    assert.equal(start % 64, 0);
  }
});

test("inlineEngine returns one engine for a kernel until another is asked for", () => {
  const first = inlineEngine("simd");
  assert.equal(inlineEngine("simd"), first);
  assert.equal(first?.kernel, "simd");
});

test("unsupportedReason is empty exactly where the engine accepts the module", () => {
  provideFma();
  for (const kernel of ["simd", "fma"] as const) {
    const accepted = WebAssembly.validate(moduleOf(kernel)(false));
    assert.equal(unsupportedReason(kernel) === "", accepted);
    if (accepted) assert.equal(createEngine(kernel).mr, MR[kernel]);
    else assert.throws(() => createEngine(kernel), new Error(unsupportedReason(kernel)));
  }
});
