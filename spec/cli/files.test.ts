import assert from "node:assert/strict";
import * as fs from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  checkWritable,
  createFile,
  FileError,
  fileIdentity,
  listDirectory,
  readChunks,
  readFile,
  writeFile,
} from "../../lib/cli/files.ts";
import { inFolder } from "../helpers/cli.ts";

const POSIX = process.platform !== "win32";

test("writeFile creates and replaces, and leaves nothing beside the target", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.txt");
    writeFile(path, "one");
    writeFile(path, Uint8Array.of(116, 119, 111));
    assert.equal(fs.readFileSync(path, "utf8"), "two");
    assert.deepEqual(fs.readdirSync(folder), ["a.txt"]);
    assert.equal(Buffer.from(await readFile(path)).toString(), "two");
  });
});

test("Until a file is finished, and when it is abandoned, the old one is whole", async () => {
  await inFolder((folder) => {
    const path = join(folder, "a.txt");
    writeFile(path, "old");
    const file = createFile(path);
    file.write("ne");
    assert.equal(fs.readFileSync(path, "utf8"), "old");
    file.write("w");
    assert.equal(fs.readFileSync(path, "utf8"), "old");
    file.finish();
    assert.equal(fs.readFileSync(path, "utf8"), "new");
    const other = createFile(path);
    other.write("half");
    other.abandon();
    assert.equal(fs.readFileSync(path, "utf8"), "new");
    assert.deepEqual(fs.readdirSync(folder), ["a.txt"]);
  });
});

test("What a killed process left behind is removed, what a running one is writing is not", async () => {
  await inFolder((folder) => {
    fs.writeFileSync(join(folder, ".a.txt.999999999.tmp"), "dead");
    fs.writeFileSync(join(folder, `.a.txt.${process.ppid}.tmp`), "alive");
    fs.writeFileSync(join(folder, ".b.txt.999999999.tmp"), "of another file");
    writeFile(join(folder, "a.txt"), "x");
    assert.deepEqual(fs.readdirSync(folder).sort(), [
      `.a.txt.${process.ppid}.tmp`,
      ".b.txt.999999999.tmp",
      "a.txt",
    ]);
  });
});

test("fileIdentity tells whether two paths lead to one file", async () => {
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

test("A link stays a link, and permissions stay", {
  skip: !POSIX && "links and permissions are different here",
}, async () => {
  await inFolder((folder) => {
    const path = join(folder, "real.txt");
    fs.writeFileSync(path, "old", { mode: 0o600 });
    fs.symlinkSync(path, join(folder, "link.txt"));
    writeFile(join(folder, "link.txt"), "new");
    assert.ok(fs.lstatSync(join(folder, "link.txt")).isSymbolicLink());
    assert.equal(fs.readFileSync(path, "utf8"), "new");
    assert.equal(fs.statSync(path).mode & 0o777, 0o600);
    writeFile("/dev/null", "a device is written to, not replaced");
    assert.ok(fs.statSync("/dev/null").isCharacterDevice());
  });
});

test("What cannot be read or written is a FileError that says why", async () => {
  await inFolder(async (folder) => {
    const absent = join(folder, "absent", "a.txt");
    await assert.rejects(readFile(absent), {
      name: "FileError",
      message: `${absent}: cannot be read: no such file`,
    });
    await assert.rejects(
      async () => {
        for await (const _ of readChunks(absent));
      },
      { name: "FileError", message: `${absent}: cannot be read: no such file` },
    );
    assert.throws(() => writeFile(absent, "x"), {
      name: "FileError",
      message: `${absent}: cannot be written: no such folder`,
    });
    assert.throws(() => checkWritable(absent), {
      name: "FileError",
      message: `${absent}: cannot be written: no such folder`,
    });
    assert.throws(() => listDirectory(absent), {
      name: "FileError",
      message: `${absent}: cannot be read: no such file`,
    });
    await assert.rejects(readFile(folder), FileError);
    fs.mkdirSync(join(folder, "d"));
    for (const write of [checkWritable, (path: string) => writeFile(path, "x")]) {
      assert.throws(() => write(join(folder, "d")), {
        name: "FileError",
        message: `${join(folder, "d")}: cannot be written: is a directory`,
      });
    }
    checkWritable(join(folder, "new"));
    assert.deepEqual(fs.readdirSync(folder), ["d"]);
    assert.deepEqual(listDirectory(folder), ["d"]);
    fs.writeFileSync(join(folder, "f"), "");
    assert.equal(listDirectory(join(folder, "f")), undefined);
  });
});

test("What lies where the new file would be made is neither followed nor truncated: a planted link, another writer's file", {
  skip: !POSIX && "links are different here",
}, async () => {
  await inFolder((folder) => {
    const [path, victim] = [join(folder, "a.txt"), join(folder, "victim.txt")];
    fs.writeFileSync(victim, "precious");
    fs.symlinkSync(victim, join(folder, `.a.txt.${process.pid}.tmp`));
    const [first, second] = [createFile(path), createFile(path)];
    first.write("first ");
    second.write("second");
    first.write("whole");
    first.finish();
    assert.equal(fs.readFileSync(path, "utf8"), "first whole");
    second.finish();
    assert.equal(fs.readFileSync(path, "utf8"), "second");
    assert.equal(fs.readFileSync(victim, "utf8"), "precious");
  });
});

test("The permissions of the old file are kept whole, whatever the umask", {
  skip: !POSIX && "permissions are different here",
}, async () => {
  await inFolder((folder) => {
    const path = join(folder, "a.txt");
    fs.writeFileSync(path, "old");
    fs.chmodSync(path, 0o664);
    const umask = process.umask(0o077);
    try {
      writeFile(path, "new");
    } finally {
      process.umask(umask);
    }
    assert.equal(fs.statSync(path).mode & 0o777, 0o664);
  });
});

const ROOT_USER = POSIX && process.getuid!() === 0;
test("A file that was made read-only stays", {
  skip: ROOT_USER && "root may write everything",
}, async () => {
  await inFolder((folder) => {
    const path = join(folder, "a.txt");
    fs.writeFileSync(path, "old");
    fs.chmodSync(path, 0o444);
    assert.throws(() => writeFile(path, "new"), { name: "FileError" });
    assert.equal(fs.readFileSync(path, "utf8"), "old");
    fs.chmodSync(path, 0o644);
  });
});

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
