// Slips of people who type commands: each is told what to write instead, and no file is left.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { inFolder, runCli, shapesCsv, startCli, writeModel } from "../helpers/cli.ts";

const FILES = ["shapes.csv", "shapes.safetensors"]; // what writeModel makes
const OUT: Record<string, string[]> = {
  predict: ["--out", "out.csv"],
  evaluate: [],
  report: ["--out", "out.html"],
};

test("train with --lr is told about --learning-rate", async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, "iris.csv"), shapesCsv(10));
    assert.deepEqual(runCli(folder, ["train", "iris.csv", "--lr", "0.1"]), {
      status: 2,
      stdout: "",
      stderr: 'twolayer: unknown option --lr for "train"; did you mean --learning-rate?\n',
    });
    assert.deepEqual(readdirSync(folder), ["iris.csv"]);
  });
});

test("A table in the place of the model is recognized, also in UTF-16 or gzipped", async () => {
  await inFolder((folder) => {
    const { csv } = writeModel(folder);
    for (const [content, what] of [
      [csv, "a text file"],
      [Buffer.from(`\ufeff${csv}`, "utf16le"), "a text file"],
      [gzipSync(csv), "a gzip file"],
    ] as const) {
      writeFileSync(join(folder, "shapes.csv"), content);
      for (const [command, out] of Object.entries(OUT))
        assert.deepEqual(runCli(folder, [command, "shapes.csv", "shapes.safetensors", ...out]), {
          status: 1,
          stdout: "",
          stderr:
            `twolayer: shapes.csv: expected a model file, got ${what}; ` +
            "MODEL comes before DATA on the command line\n",
        });
    }
    assert.deepEqual(readdirSync(folder).sort(), FILES);
  });
});

test("A model in the place of the table is recognized", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const model = "shapes.safetensors";
    for (const words of [
      ...Object.entries(OUT).map(([command, out]) => [command, model, model, ...out]),
      ["train", model, "--label", "shape", "--out", "m"],
    ])
      assert.deepEqual(runCli(folder, words), {
        status: 1,
        stdout: "",
        stderr: `twolayer: ${model}: expected CSV text, got a safetensors file\n`,
      });
    assert.deepEqual(readdirSync(folder).sort(), FILES);
  });
});

test("--ignore takes names with blanks after the commas", async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, "shapes.csv"), shapesCsv(30));
    const options = ["--label", "shape", "--epochs", "1", "--out", "m.safetensors"];
    const trained = runCli(folder, ["train", "shapes.csv", ...options, "--ignore", "id, color"]);
    assert.equal(trained.status, 0, trained.stderr);
    const { stdout } = runCli(folder, ["info", "m.safetensors", "--json"]);
    const columns = (JSON.parse(stdout).columns as { column: string }[]).map((each) => each.column);
    assert.deepEqual(columns, ["size"]);
  });
});

test("--labels is refused where it has no meaning", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const data = ["shapes.csv", "--labels", "y.idx"];
    const ofImages = "--labels is for images, got a CSV file";
    for (const [words, message] of [
      [["predict", "shapes.safetensors", ...data], "--labels is not needed to predict"],
      [["evaluate", "shapes.safetensors", ...data], ofImages],
      [["report", "shapes.safetensors", ...data, "--out", "r.html"], ofImages],
      [["train", ...data, "--label", "shape"], ofImages],
    ] as const)
      assert.deepEqual(runCli(folder, words), {
        status: 2,
        stdout: "",
        stderr: `twolayer: ${message}\n`,
      });
    assert.deepEqual(readdirSync(folder).sort(), FILES);
  });
});

for (const words of [
  ["train", "-", "--label", "shape", "--out", "m.safetensors", "--checkpoint", "c.safetensors"],
  ["evaluate", "shapes.safetensors", "-"],
  ["report", "shapes.safetensors", "-", "--out", "page.html"],
])
  test(`Ctrl-C while ${words[0]} reads ends it, and leaves no file`, {
    skip: process.platform === "win32" && "no signals to send here",
  }, async () => {
    await inFolder(async (folder) => {
      const { csv } = writeModel(folder);
      const child = startCli(folder, words);
      const exited = once(child, "exit");
      const all = csv.slice(csv.indexOf("\n") + 1);
      // more than a pipe holds: once it is taken, the command is reading
      const taken = new Promise((resolve) => child.stdin!.write(csv + all.repeat(200), resolve));
      await taken;
      await sleep(20);
      child.kill("SIGINT");
      const [code, signal] = await exited;
      assert.ok(code === 130 || signal === "SIGINT", `ended with ${code}, ${signal}`);
      assert.deepEqual(readdirSync(folder).sort(), FILES);
    });
  });
