import assert from "node:assert/strict";
import { test } from "node:test";
import {
  A_SIZE,
  BAND,
  C_SIZE,
  DIRECT,
  KC,
  MC,
  MR,
  NC,
  NR,
  PACK_SIZE,
  RAW,
  THREADED,
  VECTOR,
} from "../../lib/kernels/sizes.ts";

test("the sizes of params.ts fit each other", () => {
  for (const mr of Object.values(MR)) assert.equal(BAND % mr, 0);
  assert.equal(MC % BAND, 0);
  assert.equal(KC % 4, 0);
  assert.ok(A_SIZE >= Math.ceil(MC / MR.fma) * MR.fma * KC, "a slab in panels");
  assert.ok(RAW / NC >= 12 && RAW / KC >= 12, "twelve rows to pack at a time");
  assert.ok(Math.floor(C_SIZE / NC / BAND) * BAND * NC <= C_SIZE);
});

test("a product grows past the thresholds in this order, and a block that is not packed fits its buffers", () => {
  assert.ok(DIRECT < VECTOR && VECTOR < THREADED);
  assert.ok(PACK_SIZE <= RAW && PACK_SIZE <= A_SIZE);
  assert.ok(NC % NR === 0);
});
