// What --out may name: a file, a link, a pipe, a device, a directory, a full or read-only place, a
// file of another owner. Whatever is not a regular file is written to and stays what it is.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inFolder, writeModel } from "../helpers/cli.ts";
import { HAS_BASH, runShell } from "../helpers/shell.ts";

const POSIX = process.platform !== "win32";
const OPTIONS = { skip: !HAS_BASH && "the tests are scripts for bash", timeout: 120_000 };
const PREDICT = "twolayer predict shapes.safetensors shapes.csv --out";
const ROWS = 60; // of shapes.csv

/** Runs a script with a model and its data, and compares its result. */
async function expectRun(
  script: string,
  expected: { status?: number; stdout?: string; stderr?: string | RegExp },
  prefix?: readonly string[],
): Promise<void> {
  await inFolder(async (folder) => {
    writeModel(folder);
    const { status, stdout, stderr, timedOut } = await runShell(folder, script, { prefix });
    assert.equal(timedOut, false, `${script} hangs`);
    assert.equal(stdout, expected.stdout ?? "", script);
    if (expected.stderr instanceof RegExp) assert.match(stderr, expected.stderr);
    else assert.equal(stderr, expected.stderr ?? "", script);
    assert.equal(status, expected.status ?? 0, script);
  });
}

test(
  "--out /dev/stdout and /dev/fd/1 write to standard output, a pipe or a file",
  OPTIONS,
  async () => {
    for (const out of ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]) {
      if (!existsSync(out)) continue;
      await expectRun(`${PREDICT} ${out} | wc -l`, { stdout: `${ROWS + 1}\n` });
      await expectRun(`${PREDICT} ${out} > rows.csv; wc -l < rows.csv`, {
        stdout: `${ROWS + 1}\n`,
      });
    }
  },
);

test("--out /dev/stdout as root leaves the system's link alone", {
  ...OPTIONS,
  skip:
    OPTIONS.skip ||
    (spawnSync("unshare", ["-m", "true"]).status !== 0 &&
      "only root can have a file system of its own"),
}, async () => {
  const script = `before=$(readlink /dev/stdout); ${PREDICT} /dev/stdout | wc -l
    [ "$(readlink /dev/stdout)" = "$before" ] && echo same`;
  await expectRun(script, { stdout: `${ROWS + 1}\nsame\n` }, ["unshare", "-m"]);
});

test("--out >(command) writes to the command", OPTIONS, async () => {
  await expectRun(`${PREDICT} >(wc -l > count); sleep 0.3; cat count`, { stdout: `${ROWS + 1}\n` });
});

test(
  "--out of a named pipe waits for its reader, and a signal ends the wait",
  OPTIONS,
  async () => {
    await expectRun(
      `mkfifo p; cat p > rows & ${PREDICT} p; wait; wc -l < rows; [ -p p ] && echo pipe`,
      {
        stdout: `${ROWS + 1}\npipe\n`,
      },
    );
    await expectRun(
      `mkfifo p; start ${PREDICT.slice(9)} p & sleep 1; kill -TERM $!; wait $!; echo $?`,
      {
        stdout: "143\n",
      },
    );
  },
);

test("A named pipe as data waits for its writer, and a signal ends the wait", OPTIONS, async () => {
  const predict = "twolayer predict shapes.safetensors p";
  await expectRun(`mkfifo p; (sleep 0.5; cat shapes.csv) > p & ${predict} | wc -l`, {
    stdout: `${ROWS + 1}\n`,
  });
  await expectRun(
    `mkfifo p; start ${predict.slice(9)} & sleep 1; kill -TERM $!; wait $!; echo $?`,
    {
      stdout: "143\n",
    },
  );
  await expectRun("twolayer predict shapes.safetensors <(cat shapes.csv) | wc -l", {
    stdout: `${ROWS + 1}\n`,
  });
});

test("--out of a device writes to it, and a full one is an error", {
  ...OPTIONS,
  skip: OPTIONS.skip || (!existsSync("/dev/full") && "there is no /dev/full"),
}, async () => {
  await expectRun(`${PREDICT} /dev/null; [ -c /dev/null ] && echo device`, { stdout: "device\n" });
  await expectRun(`${PREDICT} /dev/full`, {
    status: 1,
    stderr: "twolayer: /dev/full: cannot be written: the disk is full\n",
  });
});

test("--out of a directory is refused", OPTIONS, async () => {
  await expectRun(`mkdir d; ${PREDICT} d`, {
    status: 1,
    stderr: "twolayer: d: cannot be written: is a directory\n",
  });
});

test("--out of a link replaces the file it leads to", OPTIONS, async () => {
  await inFolder(async (folder) => {
    writeModel(folder);
    for (const name of ["there.csv", "not-yet.csv"]) {
      symlinkSync(name, join(folder, `link-${name}`));
      if (name === "there.csv") writeFileSync(join(folder, name), "old");
      const { status, stderr } = await runShell(folder, `${PREDICT} link-${name}`);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      assert.ok(lstatSync(join(folder, `link-${name}`)).isSymbolicLink());
      assert.equal(readFileSync(join(folder, name), "utf8").trim().split("\n").length, ROWS + 1);
    }
  });
});

const OTHER_USER = ["--reuid=12345", "--regid=12345", "--clear-groups"];
const HAS_OTHER_USER =
  POSIX &&
  process.getuid!() === 0 &&
  spawnSync("setpriv", [...OTHER_USER, "test", "-x", tmpdir()]).status === 0;

test("A file of another owner is refused where its owner cannot be kept", {
  ...OPTIONS,
  skip:
    OPTIONS.skip ||
    (!HAS_OTHER_USER && "no other user can be had who may enter the temporary folder"),
}, async () => {
  await inFolder(async (folder) => {
    writeModel(folder);
    const path = join(folder, "rows.csv");
    writeFileSync(path, "precious");
    execFileSync("chmod", ["777", folder, path]);
    const prefix = ["setpriv", ...OTHER_USER];
    const { status, stderr } = await runShell(folder, `${PREDICT} rows.csv`, { prefix });
    assert.equal(
      stderr,
      "twolayer: rows.csv: cannot be replaced: it belongs to another user or group, " +
        "which the new file could not; remove it, or write to another file\n",
    );
    assert.equal(status, 1);
    assert.equal(readFileSync(path, "utf8"), "precious");
    assert.equal(statSync(path).uid, 0);
  });
});

test("A folder without permission to make files is named as the reason", {
  ...OPTIONS,
  skip:
    OPTIONS.skip ||
    (!HAS_OTHER_USER && "no other user can be had who may enter the temporary folder"),
}, async () => {
  await inFolder(async (folder) => {
    writeModel(folder);
    execFileSync("chmod", ["755", folder]);
    const prefix = ["setpriv", ...OTHER_USER];
    const { status, stderr } = await runShell(folder, `${PREDICT} rows.csv`, { prefix });
    assert.deepEqual(
      { status, stderr },
      {
        status: 1,
        stderr: "twolayer: rows.csv: cannot be written: no permission to make files in .\n",
      },
    );
  });
});
