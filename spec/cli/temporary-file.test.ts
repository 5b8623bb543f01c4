import assert from "node:assert/strict";
import * as fs from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  openTemporary,
  removeTemporary,
  renameTemporary,
  temporaryName,
} from "../../lib/cli/temporary-file.ts";
import { inFolder } from "../helpers/cli.ts";

const DEAD = 999_999_999; // no system gives a process such a number

test("openTemporary removes what a dead process of this machine has left", async () => {
  await inFolder((folder) => {
    const target = join(folder, "m.st");
    fs.writeFileSync(join(folder, temporaryName(target, DEAD)), "half");
    fs.writeFileSync(join(folder, temporaryName(target, process.pid, 7)), "of an earlier process");
    const { path, descriptor } = openTemporary(target, undefined);
    assert.deepEqual(fs.readdirSync(folder), [temporaryName(target)]);
    fs.closeSync(descriptor);
    removeTemporary(path);
    assert.deepEqual(fs.readdirSync(folder), []);
  });
});

test("openTemporary leaves files of live processes, other targets and strangers", async () => {
  await inFolder((folder) => {
    const target = join(folder, "m.st");
    const ours = temporaryName(target, DEAD);
    const elsewhere = ours.replace(/-[0-9a-f]{16}-9/, `-${"0".repeat(16)}-9`);
    assert.notEqual(elsewhere, ours);
    const kept = [
      temporaryName(target, process.ppid),
      temporaryName(join(folder, "n.st"), DEAD),
      elsewhere,
      ".m.st.20240101.tmp",
      ".m.st.backup.7654321.tmp",
      `.m.st.${DEAD}.tmp`,
      `${ours}~`,
      `x${ours}`,
    ];
    for (const name of kept) fs.writeFileSync(join(folder, name), "precious");
    const { path, descriptor } = openTemporary(target, undefined);
    fs.closeSync(descriptor);
    removeTemporary(path);
    assert.deepEqual(fs.readdirSync(folder).sort(), kept.sort());
  });
});

test("Two temporary files of one process for one target have different names", async () => {
  await inFolder((folder) => {
    const target = join(folder, "m.st");
    const files = [1, 2].map(() => openTemporary(target, undefined));
    assert.notEqual(files[0].path, files[1].path);
    for (const [i, { descriptor, path }] of files.entries()) {
      fs.writeSync(descriptor, `content ${i}`);
      fs.closeSync(descriptor);
      renameTemporary(path, target);
      assert.equal(fs.readFileSync(target, "utf8"), `content ${i}`);
    }
    assert.deepEqual(fs.readdirSync(folder), ["m.st"]);
  });
});
