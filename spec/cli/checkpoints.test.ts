import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Checkpoint } from "../../lib/cli/checkpoints.ts";
import { inFolder, runCli, shapesCsv } from "../helpers/cli.ts";

/** The remarks that `use` makes on standard error. */
async function remarks(use: () => Promise<unknown>): Promise<string> {
  const write = process.stderr.write;
  let text = "";
  process.stderr.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  try {
    await use();
  } finally {
    process.stderr.write = write;
  }
  return text;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

test("A checkpoint that only this run writes is written without a remark", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "c");
    writeFileSync(path, "of an earlier run");
    const checkpoint = new Checkpoint(path);
    const said = await remarks(async () => {
      for (const text of ["one", "two"]) assert.equal(await checkpoint.save(bytes(text)), true);
    });
    assert.equal(said, "");
    assert.equal(readFileSync(path, "utf8"), "two");
  });
});

test("Both of two runs that share a checkpoint are warned, once each", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "c");
    const runs = [new Checkpoint(path), new Checkpoint(path)];
    const said = await remarks(async () => {
      for (let i = 0; i < 6; i++) await runs[i % 2].save(bytes(`${i}`));
    });
    const warning = `${path}: another program writes this checkpoint too; give each run its own\n`;
    assert.equal(said, warning + warning);
  });
});

test("A checkpoint that cannot be written is a remark, and the next one is tried", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "absent", "c");
    const checkpoint = new Checkpoint(path);
    let saved: boolean | undefined;
    const said = await remarks(async () => (saved = await checkpoint.save(bytes("one"))));
    assert.equal(saved, false);
    assert.equal(
      said,
      `${path}: cannot be written: no such folder; ` +
        "the run goes on and tries again at its next checkpoint\n",
    );
    mkdirSync(join(folder, "absent"));
    assert.equal(await remarks(async () => checkpoint.save(bytes("two"))), "");
    assert.equal(readFileSync(path, "utf8"), "two");
  });
});

test("A training goes on to its model while its checkpoint has no room", {
  skip: !existsSync("/dev/full") && "there is no /dev/full",
}, async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, "shapes.csv"), shapesCsv(60));
    const words = [
      "train",
      "shapes.csv",
      "--label",
      "shape",
      "--ignore",
      "id",
      "--categorical",
      "color",
    ];
    const options = [
      ...["--epochs", "3", "--every", "2", "--checkpoint", "/dev/full"], // two steps are an epoch
      ...["--out", "m.safetensors"],
    ];
    const { status, stderr } = runCli(folder, [...words, ...options]);
    assert.equal(status, 0);
    const reason = "/dev/full: cannot be written: the disk is full";
    const remark = `${reason}; the run goes on and tries again at its next checkpoint\n`;
    assert.equal(stderr, `${remark.repeat(3)}${reason}\n`);
    assert.ok(existsSync(join(folder, "m.safetensors")));
  });
});
