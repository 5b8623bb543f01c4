import assert from "node:assert/strict";
import { test } from "node:test";
import {
  A_SIZE,
  BAND,
  C_SIZE,
  GEMV_WORK,
  KC,
  MC,
  MR,
  NC,
  NR,
  PACK_MIN_ELEMENTS,
  PARALLEL_WORK,
  SMALL_WORK,
  STAGING_SIZE,
} from "../../lib/kernels/sizes.ts";

test("The sizes of params.ts fit each other", () => {
  for (const mr of Object.values(MR)) assert.equal(BAND % mr, 0);
  assert.equal(MC % BAND, 0);
  assert.equal(KC % 4, 0);
  assert.ok(A_SIZE >= Math.ceil(MC / MR.fma) * MR.fma * KC, "a block of A in panels");
  assert.ok(STAGING_SIZE / NC >= 12 && STAGING_SIZE / KC >= 12, "twelve rows to pack at a time");
  assert.ok(Math.floor(C_SIZE / NC / BAND) * BAND * NC <= C_SIZE);
});

test("The thresholds are in order, and a block that is not packed fits its buffers", () => {
  assert.ok(SMALL_WORK < GEMV_WORK && GEMV_WORK < PARALLEL_WORK);
  assert.ok(PACK_MIN_ELEMENTS <= STAGING_SIZE && PACK_MIN_ELEMENTS <= A_SIZE);
  assert.ok(NC % NR === 0);
});
