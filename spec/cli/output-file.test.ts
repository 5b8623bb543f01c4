import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { checkWritable, createFile, writeFile } from "../../lib/cli/output-file.ts";
import { temporaryName } from "../../lib/cli/temporary-file.ts";
import { inFolder } from "../helpers/cli.ts";

const POSIX = process.platform !== "win32";
const ROOT_USER = POSIX && process.getuid!() === 0;

test("writeFile creates and replaces, and leaves nothing beside the target", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.txt");
    await writeFile(path, "one");
    await writeFile(path, Uint8Array.of(116, 119, 111));
    assert.equal(fs.readFileSync(path, "utf8"), "two");
    assert.deepEqual(fs.readdirSync(folder), ["a.txt"]);
  });
});

test("Until a file is finished, and when it is abandoned, the old one is whole", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.txt");
    await writeFile(path, "old");
    const file = await createFile(path);
    await file.write("ne");
    assert.equal(fs.readFileSync(path, "utf8"), "old");
    await file.write("w");
    assert.equal(fs.readFileSync(path, "utf8"), "old");
    file.finish();
    assert.equal(fs.readFileSync(path, "utf8"), "new");
    const other = await createFile(path);
    await other.write("half");
    other.abandon();
    assert.equal(fs.readFileSync(path, "utf8"), "new");
    assert.deepEqual(fs.readdirSync(folder), ["a.txt"]);
  });
});

test("A link stays a link, and permissions stay", {
  skip: !POSIX && "links and permissions are different here",
}, async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "real.txt");
    fs.writeFileSync(path, "old", { mode: 0o600 });
    fs.symlinkSync(path, join(folder, "link.txt"));
    await writeFile(join(folder, "link.txt"), "new");
    assert.ok(fs.lstatSync(join(folder, "link.txt")).isSymbolicLink());
    assert.equal(fs.readFileSync(path, "utf8"), "new");
    assert.equal(fs.statSync(path).mode & 0o777, 0o600);
    await writeFile("/dev/null", "a device is written to, not replaced");
    assert.ok(fs.statSync("/dev/null").isCharacterDevice());
  });
});

test("A link planted at the temporary name is not followed", {
  skip: !POSIX && "links are different here",
}, async () => {
  await inFolder(async (folder) => {
    const [path, victim] = [join(folder, "a.txt"), join(folder, "victim.txt")];
    fs.writeFileSync(victim, "precious");
    fs.symlinkSync(victim, join(folder, temporaryName(path)));
    const [first, second] = [await createFile(path), await createFile(path)];
    await first.write("first ");
    await second.write("second");
    await first.write("whole");
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
  await inFolder(async (folder) => {
    const path = join(folder, "a.txt");
    fs.writeFileSync(path, "old");
    fs.chmodSync(path, 0o664);
    const umask = process.umask(0o077);
    try {
      await writeFile(path, "new");
    } finally {
      process.umask(umask);
    }
    assert.equal(fs.statSync(path).mode & 0o777, 0o664);
  });
});

test("A file that was made read-only stays", {
  skip: ROOT_USER && "root may write everything",
}, async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.txt");
    fs.writeFileSync(path, "old");
    fs.chmodSync(path, 0o444);
    await assert.rejects(writeFile(path, "new"), { name: "FileError" });
    assert.equal(fs.readFileSync(path, "utf8"), "old");
    fs.chmodSync(path, 0o644);
  });
});

test("A link whose target does not exist yet stays a link", {
  skip: !POSIX && "links are different here",
}, async () => {
  await inFolder(async (folder) => {
    fs.mkdirSync(join(folder, "d"));
    fs.symlinkSync(join("d", "second"), join(folder, "first"));
    fs.symlinkSync("real.txt", join(folder, "d", "second"));
    await writeFile(join(folder, "first"), "new");
    assert.ok(fs.lstatSync(join(folder, "first")).isSymbolicLink());
    assert.ok(fs.lstatSync(join(folder, "d", "second")).isSymbolicLink());
    assert.equal(fs.readFileSync(join(folder, "d", "real.txt"), "utf8"), "new");
    fs.symlinkSync("circle", join(folder, "circle"));
    await assert.rejects(writeFile(join(folder, "circle"), "x"), {
      name: "FileError",
      message: `${join(folder, "circle")}: cannot be written: the links lead in a circle`,
    });
  });
});

test("Names of up to 255 bytes can be written", {
  skip: !POSIX && "POSIX allows 255",
}, async () => {
  await inFolder(async (folder) => {
    for (const length of [249, 250, 254, 255]) {
      const path = join(folder, "n".repeat(length));
      await writeFile(path, "x");
      assert.equal(fs.readFileSync(path, "utf8"), "x");
    }
    await assert.rejects(writeFile(join(folder, "n".repeat(256)), "x"), {
      name: "FileError",
      message: `${join(folder, "n".repeat(256))}: cannot be written: the name is too long`,
    });
  });
});

test("A named pipe is written to, once it has a reader, and stays a pipe", {
  skip: !POSIX && "there are no named pipes here",
  timeout: 20_000,
}, async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "pipe");
    await once(spawn("mkfifo", [path]), "exit");
    checkWritable(path);
    const content = "0123456789".repeat(50_000); // more than a pipe holds
    const written = writeFile(path, content);
    await sleep(50);
    const reader = spawn("cat", [path], { stdio: ["ignore", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    reader.stdout.on("data", (chunk) => chunks.push(chunk));
    await Promise.all([written, once(reader, "close")]);
    assert.equal(Buffer.concat(chunks).toString(), content);
    assert.ok(fs.statSync(path).isFIFO());
  });
});

test("A pipe whose reader has gone, and a full device, are FileErrors", {
  skip: !fs.existsSync("/dev/full") && "there is no /dev/full",
  timeout: 20_000,
}, async () => {
  await assert.rejects(writeFile("/dev/full", "x"), {
    name: "FileError",
    message: "/dev/full: cannot be written: the disk is full",
  });
  await inFolder(async (folder) => {
    const path = join(folder, "pipe");
    await once(spawn("mkfifo", [path]), "exit");
    const reader = spawn("head", ["-c", "1", path], { stdio: "ignore" });
    const gone = once(reader, "exit");
    await assert.rejects(writeFile(path, "x".repeat(1 << 20)), {
      name: "FileError",
      message: `${path}: cannot be written: its reader has closed it`,
    });
    await gone;
  });
});

test("A file of another owner keeps its owner, group and mode", {
  skip: !ROOT_USER && "only root can make a file of another owner",
}, async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.txt");
    fs.writeFileSync(path, "old");
    fs.chownSync(path, 12345, 23456);
    fs.chmodSync(path, 0o2640);
    await writeFile(path, "new");
    const { uid, gid, mode } = fs.statSync(path);
    assert.equal(fs.readFileSync(path, "utf8"), "new");
    assert.deepEqual({ uid, gid, mode: mode & 0o7777 }, { uid: 12345, gid: 23456, mode: 0o2640 });
  });
});

test("writeFile and checkWritable say why a file cannot be written", async () => {
  await inFolder(async (folder) => {
    const absent = join(folder, "absent", "a.txt");
    const directory = join(folder, "d");
    fs.mkdirSync(directory);
    for (const [path, reason] of [
      [absent, "no such folder"],
      [directory, "is a directory"],
    ]) {
      const error = { name: "FileError", message: `${path}: cannot be written: ${reason}` };
      await assert.rejects(writeFile(path, "x"), error);
      assert.throws(() => checkWritable(path), error);
    }
    checkWritable(join(folder, "new"));
    assert.deepEqual(fs.readdirSync(folder), ["d"]);
  });
});
