// The command line under attack; spec/slow/fuzz.test.ts runs thousands of lines.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseSafetensors, serializeSafetensors } from "../../lib/formats/safetensors.ts";
import { inFolder, runCli } from "../helpers/cli.ts";
import { checkLines, fillFolder, runLines } from "./properties/cli.ts";

test("Every command line ends in a result, or in one sentence and the right exit code", () =>
  inFolder((folder) => {
    fillFolder(folder);
    const done = checkLines(folder, 150, 1);
    assert.ok(done > 5, `only ${done} lines did anything`);
  }));

test("A checkpoint from a stranger cannot choose which of your files its training overwrites", () =>
  inFolder((folder) => {
    fillFolder(folder);
    const { tensors, metadata } = parseSafetensors(readFileSync(join(folder, "run.safetensors")));
    const victim = join(folder, "victim.txt");
    writeFileSync(victim, "precious");
    const hostile = [
      "victim.txt",
      victim,
      "../x.safetensors",
      "folder/../../x.safetensors",
      "..\\x.safetensors",
      "C:x.safetensors",
      "\u001b[2J",
    ];
    const lines = hostile.flatMap((path, i) =>
      (["out", "curves"] as const).map((output) => {
        const description = JSON.parse(metadata.get("twolayer")!);
        description.checkpoint.run.outputs = { [output]: path };
        description.checkpoint.run.options.checkpoint = victim;
        const name = `evil-${i}-${output}.safetensors`;
        writeFileSync(
          join(folder, name),
          serializeSafetensors(tensors, { metadata: { twolayer: JSON.stringify(description) } }),
        );
        return ["train", "iris.csv", "--resume", name];
      }),
    );
    const outcomes = runLines(folder, lines);
    outcomes.forEach(({ code, stderr }, i) => {
      assert.equal(code, 2, stderr);
      const refusal = [
        String.raw`^twolayer: evil-\d-(out|curves)\.safetensors names ".*" for --(out|curves), `,
        String.raw`which is not a \.(safetensors|svg) file in or below this folder; `,
        String.raw`write --(out|curves) FILE\n$`,
      ];
      assert.match(stderr, new RegExp(refusal.join("")), lines[i].join(" "));
    });
    const description = JSON.parse(metadata.get("twolayer")!);
    Object.assign(description.checkpoint.run, {
      outputs: {},
      options: {
        ...description.checkpoint.run.options,
        out: victim,
        curves: victim,
        checkpoint: victim,
      },
    });
    writeFileSync(
      join(folder, "sly.safetensors"),
      serializeSafetensors(tensors, { metadata: { twolayer: JSON.stringify(description) } }),
    );
    const sly = runCli(folder, ["train", "iris.csv", "--resume", "sly.safetensors", "--json"]);
    assert.deepEqual(
      [sly.status, JSON.parse(sly.stdout).model],
      [0, "model.safetensors"],
      sly.stderr,
    );
    const words = ["--resume", "evil-0-out.safetensors", "--out", "fine.safetensors"];
    const allowed = runCli(folder, ["train", "iris.csv", ...words]);
    assert.equal(allowed.status, 0, allowed.stderr);
    assert.equal(readFileSync(victim, "utf8"), "precious");
  }));

test("A resumed training writes to the recorded file when it is a model file in this folder", () =>
  inFolder((folder) => {
    fillFolder(folder);
    const words = ["train", "iris.csv", "--resume", "run.safetensors", "--json"];
    const resumed = runCli(folder, words);
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.equal(JSON.parse(resumed.stdout).model, "iris.safetensors");
  }));
