import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { sha256 } from "../../lib/base/sha256.ts";

test("sha256 gives the examples of FIPS 180-4", () => {
  assert.equal(
    sha256(Buffer.from("abc")),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assert.equal(
    sha256(Buffer.from("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
});

test("sha256 agrees with Node's for every length around two blocks, at any offset", () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) % 251);
  for (let length = 0; length <= 200; length++) {
    const part = bytes.subarray(length, 2 * length);
    assert.equal(sha256(part), createHash("sha256").update(part).digest("hex"), `${length} bytes`);
  }
});
