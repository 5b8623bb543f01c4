import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeResult } from "../../lib/cli/rescue.ts";
import { command, inFolder, shapesCsv } from "../helpers/cli.ts";

test("writeResult writes the file and returns its path", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "m.st");
    assert.equal(await writeResult(path, Buffer.from("model")), path);
    assert.equal(readFileSync(path, "utf8"), "model");
  });
});

test("A result without a place goes to the folder for temporary files", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "absent", "m.st");
    const before = process.env.TMPDIR;
    process.env.TMPDIR = folder;
    try {
      await assert.rejects(writeResult(path, Buffer.from("model")), (error: Error) => {
        const [, reason, copy] = /^(.*); it is in (.*)$/.exec(error.message) ?? [];
        assert.equal(error.name, "FileError");
        assert.equal(reason, `${path}: cannot be written: no such folder`);
        assert.equal(readFileSync(copy, "utf8"), "model");
        return copy.startsWith(folder);
      });
      process.env.TMPDIR = join(folder, "absent");
      await assert.rejects(writeResult(path, Buffer.from("model")), {
        message:
          `${path}: cannot be written: no such folder; ` +
          `${join(folder, "absent")} cannot be written either, so it is lost`,
      });
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});

const HAS_SCRIPT = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

test("At a terminal, a person chooses another file for a model that cannot be written", {
  skip: !HAS_SCRIPT && "`script` of util-linux makes the terminal",
  timeout: 60_000,
}, async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "shapes.csv"), shapesCsv(60));
    // the folder of --out goes away once the training has begun, which its checkpoint shows
    const train = [
      `"${process.execPath}" "${command()}" train shapes.csv --label shape --categorical color`,
      "--iterations 9000 --hidden 4 --checkpoint c.safetensors --every 100 --out d/m.safetensors",
    ].join(" ");
    const wait = "until [ -e c.safetensors ]; do sleep 0.05; done";
    const shell = `mkdir d; (${wait}; rm -rf d) & ${train}`;
    const child = spawn("script", ["-qec", shell, "/dev/null"], {
      cwd: folder,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const limit = setTimeout(() => child.kill("SIGKILL"), 50_000);
    let shown = "";
    const answers = ["absent/m.safetensors\n", "kept.safetensors\n"];
    let asked = 0;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
      while (asked < shown.split("give up): ").length - 1) child.stdin.write(answers[asked++]);
    });
    const status = await new Promise((resolve) => child.once("close", resolve));
    clearTimeout(limit);
    assert.equal(status, 0, shown);
    assert.match(shown, /absent\/m\.safetensors: cannot be written: no such folder/);
    assert.match(shown, /model +kept\.safetensors/);
    assert.ok(existsSync(join(folder, "kept.safetensors")));
  });
});
