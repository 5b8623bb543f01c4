import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inFolder, runCli, startCli, writeModel } from "../helpers/cli.ts";

const COMMANDS = [
  "train",
  "predict",
  "evaluate",
  "search",
  "gradcheck",
  "info",
  "export",
  "import",
  "report",
];

test("A missing or wrong command or option ends with 2, a hint and no output", async () => {
  await inFolder((folder) => {
    const none = runCli(folder, []);
    assert.deepEqual({ status: none.status, stdout: none.stdout }, { status: 2, stdout: "" });
    assert.match(none.stderr, /^twolayer: expected a command\n\nTrains and uses/);
    const wrong = runCli(folder, ["trian", "x.csv"]);
    assert.deepEqual(wrong, {
      status: 2,
      stdout: "",
      stderr: "twolayer: unknown command trian; did you mean train?; twolayer --help lists them\n",
    });
    const option = runCli(folder, ["train", "x.csv", "--epoch", "3"]);
    assert.deepEqual(option, {
      status: 2,
      stdout: "",
      stderr: 'twolayer: unknown option --epoch for "train"; did you mean --epochs?\n',
    });
  });
});

test("--help lists the commands, and each command's says how, with an example", async () => {
  await inFolder((folder) => {
    const { status, stdout, stderr } = runCli(folder, ["--help"]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    for (const name of COMMANDS) assert.match(stdout, new RegExp(`\n  ${name} +\\w`), name);
    for (const words of [
      ["train", "--help"],
      ["help", "search"],
      ["predict", "a", "b", "c", "-h"],
    ]) {
      const help = runCli(folder, words);
      assert.equal(help.status, 0, help.stderr);
      assert.match(
        help.stdout,
        new RegExp(
          String.raw`\n\nUsage:\n {2}twolayer (train|search|predict) .*\n\nOptions:\n.*` +
            String.raw`\n\nExamples:\n {2}.*twolayer (train|search|predict) `,
          "s",
        ),
      );
    }
  });
});

test("An error in a file is one line on stderr with exit code 1 and no stack", async () => {
  await inFolder((folder) => {
    const absent = runCli(folder, ["info", "no\x1b[31msuch"]);
    assert.deepEqual(absent, {
      status: 1,
      stdout: "",
      stderr: "twolayer: no\\x1b[31msuch: cannot be read: no such file\n",
    });
    writeFileSync(join(folder, "junk"), Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3));
    const junk = runCli(folder, ["info", "junk"]);
    assert.equal(junk.status, 1);
    assert.match(junk.stderr, /^twolayer: junk: not a model file, or damaged: safetensors: .*\n$/);
  });
});

test("A reader that closes the pipe ends the command quietly", async () => {
  await inFolder(async (folder) => {
    const { csv } = writeModel(folder);
    const [header, ...rows] = csv.trim().split("\n");
    writeFileSync(join(folder, "long.csv"), `${header}\n${`${rows.join("\n")}\n`.repeat(3000)}`);
    const child = startCli(folder, ["predict", "shapes.safetensors", "long.csv", "--proba"]);
    let stderr = "";
    child.stderr!.on("data", (chunk) => (stderr += chunk));
    const exited = once(child, "exit");
    await once(child.stdout!, "data");
    child.stdout!.destroy();
    assert.deepEqual(await exited, [0, null]);
    assert.equal(stderr, "");
  });
});
