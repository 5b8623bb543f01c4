import assert from "node:assert/strict";
import * as fs from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  FileError,
  fileIdentity,
  fileVersion,
  listDirectory,
  ownDescriptor,
  readChunks,
  readFile,
} from "../../lib/cli/files.ts";
import { inFolder } from "../helpers/cli.ts";

const POSIX = process.platform !== "win32";

test("readChunks gives all bytes in order", async () => {
  await inFolder(async (folder) => {
    const bytes = Buffer.alloc(700_000, "0123456789");
    fs.writeFileSync(join(folder, "f"), bytes);
    const chunks: Uint8Array[] = [];
    for await (const chunk of readChunks(join(folder, "f"))) chunks.push(chunk);
    assert.ok(chunks.length > 1);
    assert.ok(Buffer.concat(chunks).equals(bytes));
  });
});

test("readFile refuses a file that is changed while it is read", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "f");
    for (const change of [
      () => fs.appendFileSync(path, "more"),
      () => fs.truncateSync(path, 10),
      () => fs.utimesSync(path, 1, 1),
    ]) {
      fs.writeFileSync(path, Buffer.alloc(600_000, "x"));
      const read = async (): Promise<void> => {
        let isFirst = true;
        for await (const _ of readChunks(path)) {
          if (isFirst) change();
          isFirst = false;
        }
      };
      await assert.rejects(read(), {
        name: "FileError",
        message: `${path}: was changed by another program while it was read; try again`,
      });
    }
  });
});

test("readFile reads a file whole that is replaced while it is read", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "f");
    fs.writeFileSync(path, Buffer.alloc(600_000, "x"));
    let length = 0;
    for await (const chunk of readChunks(path)) {
      length += chunk.length;
      fs.writeFileSync(join(folder, "new"), "other");
      fs.renameSync(join(folder, "new"), path);
    }
    assert.equal(length, 600_000);
    assert.equal(Buffer.from(await readFile(path)).toString(), "other");
  });
});

test("fileIdentity is the same for two paths to one file", async () => {
  await inFolder((folder) => {
    const path = join(folder, "a.txt");
    const turned = join(folder, "b", "..", "a.txt");
    assert.equal(fileIdentity(path), fileIdentity(turned), "not there yet");
    fs.writeFileSync(path, "");
    fs.linkSync(path, join(folder, "same.txt"));
    fs.writeFileSync(join(folder, "other.txt"), "");
    assert.equal(fileIdentity(path), fileIdentity(turned));
    assert.equal(fileIdentity(path), fileIdentity(join(folder, "same.txt")));
    assert.notEqual(fileIdentity(path), fileIdentity(join(folder, "other.txt")));
  });
});

test("fileIdentity is undefined for a device, and fileVersion changes with the content", {
  skip: !POSIX && "devices are different here",
}, async () => {
  assert.equal(fileIdentity("/dev/null"), undefined);
  await inFolder((folder) => {
    const path = join(folder, "a.txt");
    assert.equal(fileVersion(path), undefined);
    fs.writeFileSync(path, "a");
    const before = fileVersion(path);
    assert.equal(fileVersion(path), before);
    fs.writeFileSync(path, "ab");
    assert.notEqual(fileVersion(path), before);
  });
});

test("ownDescriptor knows the paths of this process's descriptors", {
  skip: !POSIX && "there are no such paths here",
}, () => {
  const paths = ["/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd/63", "/proc/self/fd/7"];
  assert.deepEqual(paths.map(ownDescriptor), [0, 1, 2, 63, 7]);
  for (const path of ["-", "/dev/null", "/dev/fd/x", "fd/1", "/proc/1/fd/1"])
    assert.equal(ownDescriptor(path), undefined, path);
});

test("A file that cannot be read is a FileError that says why", async () => {
  await inFolder(async (folder) => {
    const absent = join(folder, "absent", "a.txt");
    const error = { name: "FileError", message: `${absent}: cannot be read: no such file` };
    await assert.rejects(readFile(absent), error);
    assert.throws(() => listDirectory(absent), error);
    await assert.rejects(readFile(folder), FileError);
  });
});

test("listDirectory gives sorted names, and undefined for a file", async () => {
  await inFolder((folder) => {
    for (const name of ["b", "a"]) fs.writeFileSync(join(folder, name), "");
    assert.deepEqual(listDirectory(folder), ["a", "b"]);
    assert.equal(listDirectory(join(folder, "a")), undefined);
  });
});
