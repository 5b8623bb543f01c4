import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { readArguments } from "../../lib/cli/arguments.ts";
import { train } from "../../lib/cli/commands/train.ts";
import {
  asHistory,
  asRecordedCommand,
  commandLine,
  recordedCommand,
  trainingRecord,
} from "../../lib/cli/provenance.ts";

test("givenCommand keeps what decides about the result: data by their names, not where results go", () => {
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
    words: ["iris.csv"],
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
    words: [],
    options: { images: "i.idx", labels: "l.idx" },
  });
  assert.deepEqual(recordedCommand(readArguments(train, ["-", "--label", "y"])).words, ["-"]);
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
  const line = commandLine({ name: "train", words: ["my data.csv"], options });
  assert.equal(
    line,
    `twolayer train 'my data.csv' --label 'it'\\''s a "label"' --ignore 'a b,$(id),\`id\`' --features=-x --delimiter ';' --categorical='' --no-header`,
  );
  if (process.platform === "win32") return; // no POSIX shell to ask
  const script = `node() { "${process.execPath}" -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- "$@"; }; ${line.replace("twolayer train", "node")}`;
  const words = JSON.parse(
    execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }),
  ) as string[];
  assert.deepEqual(recordedCommand(readArguments(train, words)), {
    name: "train",
    words: ["my data.csv"],
    options,
  });
});

test("a word that looks like an option is spelt as a path, standard input stays", () => {
  assert.equal(commandLine({ name: "train", words: ["-rf"], options: {} }), "twolayer train ./-rf");
  assert.equal(commandLine({ name: "train", words: ["-"], options: {} }), "twolayer train -");
});

test("asGivenCommand takes from a file nothing but a training's words and options", () => {
  const given = { name: "search", words: ["a.csv"], options: { label: "y", "no-header": true } };
  assert.deepEqual(asRecordedCommand(JSON.parse(JSON.stringify(given))), given);
  for (const wrong of [
    undefined,
    null,
    "twolayer train; rm x",
    {},
    { ...given, name: "export" },
    { ...given, words: "a.csv" },
    { ...given, words: [1] },
    { ...given, options: null },
    { ...given, options: { "out; rm x": "y" } },
    { ...given, options: { "-c": "y" } },
    { ...given, options: { label: 1 } },
  ])
    assert.equal(asRecordedCommand(wrong), undefined, JSON.stringify(wrong));
});

test("keptForReports keeps losses to five digits, and none of a long training; asHistory reads it back", () => {
  const history = { loss: [1.23456789, 1e-9], trainAccuracy: [1 / 3], valAccuracy: [] };
  const command = { name: "train", words: [], options: {} };
  const kept = trainingRecord(command, history);
  assert.deepEqual(kept, {
    command,
    history: { loss: [1.2346, 1e-9], trainAccuracy: [0.33333], valAccuracy: [] },
  });
  assert.deepEqual(asHistory(JSON.parse(JSON.stringify(kept.history))), kept.history);
  assert.deepEqual(
    trainingRecord("?", { ...history, loss: new Array<number>(20_001).fill(1) }),
    {},
  );
  assert.ok(
    "history" in trainingRecord("?", { ...history, loss: new Array<number>(20_000).fill(1) }),
  );
  for (const wrong of [
    undefined,
    null,
    [],
    { loss: [1] },
    { ...history, loss: ["<script>"] },
    { ...history, loss: "1" },
  ])
    assert.equal(asHistory(wrong), undefined);
});
