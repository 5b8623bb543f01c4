import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
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

test("tableChunks hashes the file as it is", async () => {
  await inFolder(async (folder) => {
    const bytes = gzipSync("a,b\n1,2\n");
    writeFileSync(join(folder, "a.gz"), bytes);
    const digest = createHash("sha256");
    for await (const _ of tableChunks(join(folder, "a.gz"), digest));
    assert.equal(digest.digest("hex"), createHash("sha256").update(bytes).digest("hex"));
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
