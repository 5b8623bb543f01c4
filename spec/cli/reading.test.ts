import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { DataDigest } from "../../lib/cli/data-digest.ts";
import { tableChunks } from "../../lib/cli/reading.ts";
import { inFolder } from "../helpers/cli.ts";

const read = async (path: string): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of tableChunks(path)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

test("tableChunks gives the bytes of a file, decompressed where it is gzipped", async () => {
  await inFolder(async (folder) => {
    const text = "a,b\n".repeat(200_000);
    writeFileSync(join(folder, "plain.csv"), text);
    writeFileSync(join(folder, "packed.csv.gz"), gzipSync(text));
    writeFileSync(join(folder, "empty.csv"), "");
    assert.equal(await read(join(folder, "plain.csv")), text);
    assert.equal(await read(join(folder, "packed.csv.gz")), text);
    assert.equal(await read(join(folder, "empty.csv")), "");
  });
});

test("tableChunks digests the file as it is and its text, whatever holds it", async () => {
  await inFolder(async (folder) => {
    const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");
    const digestOf = async (bytes: Uint8Array | string) => {
      writeFileSync(join(folder, "a"), bytes);
      const digest = await DataDigest.start();
      for await (const _ of tableChunks(join(folder, "a"), digest));
      return digest.finish();
    };
    const text = "a,b\n1,2\n".repeat(20_000); // of several chunks
    const crlf = text.replaceAll("\n", "\r\n");
    const files = [text, gzipSync(text), crlf, gzipSync(crlf), text.replaceAll("\n", "\r")];
    for (const file of files)
      assert.deepEqual(await digestOf(file), { hash: sha256(text), fileHash: sha256(file) });
    const mixed = `${text}3,4\r\n\r\n5,6`;
    const { hash } = await digestOf(mixed);
    assert.equal(hash, sha256(`${text}3,4\n\n5,6`));
  });
});

test("tableChunks refuses a gzip file that is cut off", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "cut.csv.gz");
    writeFileSync(path, gzipSync("a,b\n".repeat(1000)).subarray(0, 30));
    await assert.rejects(read(path), {
      name: "FileError",
      message: `${path}: cannot be decompressed: unexpected end of file`,
    });
    await assert.rejects(read(join(folder, "none.csv")), {
      message: `${join(folder, "none.csv")}: cannot be read: no such file`,
    });
  });
});
