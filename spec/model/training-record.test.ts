import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRecordedCommand, parseTrainingRecord } from "../../lib/model/training-record.ts";

const command = {
  name: "search" as const,
  positionals: ["a.csv"],
  options: { label: "y", "no-header": true as const },
};
const record = {
  command,
  data: "a.csv",
  rows: 120,
  validationRows: 0,
  iterations: 5,
  settings: { reg: 0.1, optimizer: { name: "adam" } },
  candidates: 3,
  bestEpoch: null,
  finalLoss: 1.5,
  trainAccuracy: 1,
  valAccuracy: null,
  note: "the learning rate decayed",
  history: { loss: [1.5], trainAccuracy: [], valAccuracy: [] },
};

test("parseTrainingRecord keeps every known member and the caller's own", () => {
  const json = { ...record, author: { name: "me" } };
  assert.deepEqual(parseTrainingRecord(JSON.parse(JSON.stringify(json))), json);
});

test("parseTrainingRecord reads the names of version 1.0.0", () => {
  const { name, positionals: words, options } = command;
  const { valAccuracy: validationAccuracy, settings: candidate, ...rest } = record;
  const old = { ...rest, command: { name, words, options }, validationAccuracy, candidate };
  assert.deepEqual(parseTrainingRecord(old), record);
});

test("parseTrainingRecord leaves out known members of another type", () => {
  const wrong: Record<keyof typeof record, unknown[]> = {
    command: ["twolayer train; rm x", null, {}],
    data: [1, null],
    rows: ["120", -1, 1.5],
    validationRows: ["0"],
    iterations: [null],
    settings: ["reg", [1]],
    candidates: [-1],
    bestEpoch: ["1", -1],
    finalLoss: ["1"],
    trainAccuracy: ["97%", 1.5, null],
    valAccuracy: [-0.5],
    note: [1, null],
    history: [[], { loss: [1] }, { ...record.history, loss: ["<script>"] }],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values)
      assert.deepEqual(parseTrainingRecord({ [name]: value }), {}, `${name} ${String(value)}`);
  }
});

test("parseRecordedCommand accepts only the positionals and options of a training", () => {
  assert.deepEqual(parseRecordedCommand(JSON.parse(JSON.stringify(command))), command);
  for (const wrong of [
    undefined,
    null,
    "twolayer train; rm x",
    {},
    { ...command, name: "export" },
    { ...command, positionals: "a.csv" },
    { ...command, positionals: [1] },
    { ...command, options: null },
    { ...command, options: { "out; rm x": "y" } },
    { ...command, options: { "-c": "y" } },
    { ...command, options: { label: 1 } },
  ])
    assert.equal(parseRecordedCommand(wrong), undefined, JSON.stringify(wrong));
});
