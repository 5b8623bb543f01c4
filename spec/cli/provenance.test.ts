import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { readArguments } from "../../lib/cli/arguments.ts";
import { train } from "../../lib/cli/commands/train.ts";
import {
  commandAndHistory,
  commandLine,
  quote,
  recordedCommand,
} from "../../lib/cli/provenance.ts";
import { HAS_BASH } from "../helpers/shell.ts";

test("recordedCommand keeps options that change the net and the names of data files", () => {
  const args = readArguments(train, [
    join("some", "where", "iris.csv"),
    "--label",
    "species",
    "--seed",
    "7",
    "--no-header",
    "--out",
    "m",
    "--checkpoint",
    "c",
    "--every",
    "5",
    "--curves",
    "x.svg",
    "--json",
  ]);
  assert.deepEqual(recordedCommand(args), {
    name: "train",
    positionals: ["iris.csv"],
    options: { label: "species", seed: "7", "no-header": true },
  });
  const images = readArguments(train, [
    "--images",
    join("a", "i.idx"),
    "--labels",
    join("a", "l.idx"),
  ]);
  assert.deepEqual(recordedCommand(images), {
    name: "train",
    positionals: [],
    options: { images: "i.idx", labels: "l.idx" },
  });
  assert.deepEqual(recordedCommand(readArguments(train, ["-", "--label", "y"])).positionals, ["-"]);
});

test("commandLine spells what readArguments reads back, whatever the values are", () => {
  const options = {
    label: 'it\'s a "label"',
    ignore: "a b,$(id),`id`",
    features: "-x",
    delimiter: ";",
    categorical: "",
    "no-header": true as const,
  };
  const line = commandLine({ name: "train", positionals: ["my data.csv"], options });
  assert.equal(
    line,
    `twolayer train 'my data.csv' --label 'it'\\''s a "label"' --ignore 'a ` +
      `b,$(id),\`id\`' --features=-x --delimiter ';' --categorical='' --no-header`,
  );
  if (process.platform === "win32") return; // no POSIX shell to ask
  const script =
    `node() { "${process.execPath}" -e ` +
    "'console.log(JSON.stringify(process.argv.slice(1)))' " +
    `-- "$@"; }; ${line.replace("twolayer train", "node")}`;
  const words = JSON.parse(
    execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }),
  ) as string[];
  assert.deepEqual(recordedCommand(readArguments(train, words)), {
    name: "train",
    positionals: ["my data.csv"],
    options,
  });
});

test("A word with control characters stays on its line and is read back by bash", {
  skip: !HAS_BASH && "there is no bash",
}, () => {
  const text = "it's\na \\ \t\r\x07b\x7f";
  const word = quote(text);
  assert.equal(word, "$'it\\'s\\na \\\\ \\t\\r\\x07b\\x7f'");
  assert.equal(execFileSync("bash", ["-c", `printf %s ${word}`], { encoding: "utf8" }), text);
});

test("A positional that looks like an option is written as a path", () => {
  assert.equal(
    commandLine({ name: "train", positionals: ["-rf"], options: {} }),
    "twolayer train ./-rf",
  );
  assert.equal(commandLine({ name: "train", positionals: ["-"], options: {} }), "twolayer train -");
});

test("commandAndHistory rounds a history to five digits", () => {
  const history = { loss: [1.23456789, 1e-9], trainAccuracy: [1 / 3], valAccuracy: [] };
  const command = { name: "train" as const, positionals: [], options: {} };
  assert.deepEqual(commandAndHistory(command, history), {
    command,
    history: { loss: [1.2346, 1e-9], trainAccuracy: [0.33333], valAccuracy: [] },
  });
});

test("commandAndHistory leaves out the history of more than 26 000 steps", () => {
  const ofLength = (length: number): unknown =>
    commandAndHistory(undefined, {
      loss: new Array<number>(length).fill(1),
      trainAccuracy: [],
      valAccuracy: [],
    }).history;
  assert.notEqual(ofLength(26_000), undefined);
  assert.equal(ofLength(26_001), undefined);
});
