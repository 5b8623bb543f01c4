import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "../../lib/base/crc32.ts";

test("crc32 has the standard's check value, that of no bytes and that of 32 zeros", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assert.equal(crc32(new Uint8Array(0)), 0);
  assert.equal(crc32(new Uint8Array(32)), 0x190a55ad);
});
