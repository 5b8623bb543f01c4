import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { readModel } from "../../lib/cli/model.ts";
import { inFolder, writeModel } from "../helpers/cli.ts";

test("readModel reads a model with its notes, and names the file that is none", async () => {
  await inFolder(async (folder) => {
    const { classifier } = writeModel(folder);
    const {
      classifier: read,
      training,
      state,
    } = await readModel(join(folder, "shapes.safetensors"));
    assert.deepEqual(
      read.predict([{ size: 1, color: "red" }]),
      classifier.predict([{ size: 1, color: "red" }]),
    );
    assert.deepEqual({ rows: training.rows, state }, { rows: 48, state: undefined });
    const junk = join(folder, "junk");
    writeFileSync(junk, Uint8Array.of(1, 2, 3));
    await assert.rejects(
      readModel(junk),
      (error: Error) =>
        error.name === "FormatError" &&
        error.message.startsWith(`${junk}: not a model file, or damaged: safetensors: `),
    );
    const csv = "a,b\n1,2\n";
    for (const [content, what] of [
      [csv, "a text file"],
      [Buffer.from(`\ufeff${csv}`, "utf16le"), "a text file"],
      [gzipSync(csv), "a gzip file"],
    ] as const) {
      const path = join(folder, "a.csv");
      writeFileSync(path, content);
      await assert.rejects(readModel(path), {
        name: "FileError",
        message:
          `${path}: expected a model file, got ${what}; ` +
          "MODEL comes before DATA on the command line",
      });
    }
    await assert.rejects(readModel(join(folder, "absent")), {
      name: "FileError",
      message: `${join(folder, "absent")}: cannot be read: no such file`,
    });
  });
});
