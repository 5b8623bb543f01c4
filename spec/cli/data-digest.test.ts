import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { DataDigest } from "../../lib/cli/data-digest.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("DataDigest takes CRLF and CR for LF wherever chunks are cut", async () => {
  const text = "a\r\nb\n\r\r\n\n\rc\r";
  for (let size = 1; size <= text.length; size++) {
    const digest = await DataDigest.start();
    for (let at = 0; at < text.length; at += size)
      digest.addText(Buffer.from(text.slice(at, at + size)));
    const hashes = { hash: sha256("a\nb\n\n\n\n\nc\n"), fileHash: sha256(text) };
    assert.deepEqual(digest.finish(), hashes, `chunks of ${size}`);
  }
});

test("DataDigest leaves bytes that are no text as they are", async () => {
  const digest = await DataDigest.start();
  digest.addBytes(Buffer.from("\r\n"));
  const hash = sha256("\r\n");
  assert.deepEqual(digest.finish(), { hash, fileHash: hash });
});
