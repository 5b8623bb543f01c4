import assert from "node:assert/strict";
import { test } from "node:test";
import { DivergenceError } from "../../lib/base/errors.ts";
import { candidateOf, SearchProgress } from "../../lib/cli/search-progress.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { parseModel, serializeClassifier, serializeModel } from "../../lib/model/model-file.ts";
import { prepareTable } from "../../lib/model/prepare.ts";
import type { SearchResult } from "../../lib/search/search.ts";
import type { Candidate } from "../../lib/search/space.ts";
import { shapesCsv } from "../helpers/cli.ts";

const table = parseCsv(shapesCsv(60));
const prepare = (hiddenSize: number) =>
  prepareTable(table, { label: "shape", features: ["size"], hiddenSize }).classifier;
const untrained = prepare(1);
const history = { loss: [1], trainAccuracy: [0.5], valAccuracy: [0.5] };
const candidate = {} as Candidate;
const done = (index: number, valAccuracy: number): SearchResult => ({
  index,
  candidate,
  history,
  status: "done",
  net: prepare(index + 2).net,
  trainAccuracy: 1,
  valAccuracy,
});
const lost: SearchResult[] = [
  { index: 2, candidate, history, status: "diverged", error: new DivergenceError("", 7, NaN) },
  { index: 3, candidate, history, status: "failed", error: new Error("too large") },
];
const run = { options: { label: "shape" } };

test("SearchProgress keeps the first of the best nets", () => {
  const progress = new SearchProgress();
  for (const result of [done(0, 0.5), done(1, 0.75), ...lost, done(4, 0.75)]) progress.add(result);
  assert.equal(progress.best?.trial.index, 1);
  assert.equal(progress.best?.net.hiddenSize, 3);
});

test("A checkpoint of a search is read as it was written, and as a model file", () => {
  const progress = new SearchProgress();
  for (const result of [done(0, 0.5), done(1, 0.75), ...lost]) progress.add(result);
  const bytes = progress.serialize(untrained, run);
  const read = SearchProgress.parse(bytes);
  assert.deepEqual(read.progress.trials, progress.trials);
  assert.deepEqual(read.progress.best?.trial, progress.best?.trial);
  assert.deepEqual(read.progress.best?.history, history);
  assert.ok(read.progress.best?.net.params.W1.equals(progress.best!.net.params.W1));
  assert.deepEqual(read.run, run);
  assert.equal(parseModel(bytes).classifier.net.hiddenSize, 3);
});

test("A checkpoint of a search without a finished candidate has no best net", () => {
  const progress = new SearchProgress();
  for (const result of lost) progress.add(result);
  const read = SearchProgress.parse(progress.serialize(untrained, run)).progress;
  assert.equal(read.best, undefined);
  assert.deepEqual(read.trials, progress.trials);
});

test("SearchProgress.parse refuses other files and damaged members", () => {
  const refuses = (bytes: Uint8Array, message: string): void =>
    assert.throws(() => SearchProgress.parse(bytes), { name: "FormatError", message });
  refuses(serializeModel(untrained), "model: expected a checkpoint of a search, got another model");
  const trial = { index: 0, status: "done", trainAccuracy: 1, valAccuracy: 1 };
  const damaged = (search: object) => serializeClassifier(untrained, new Map(), { search });
  for (const trials of [
    3,
    [{ ...trial, index: -1 }],
    [{ ...trial, status: "new" }],
    [{ ...trial, valAccuracy: "1" }],
    [trial, trial],
    [null],
  ])
    refuses(damaged({ trials, best: null, run }), "model: search expected { trials, best, run }");
  for (const best of [3, { index: 1, history }, { index: 0, history: { loss: [] } }])
    refuses(
      damaged({ trials: [trial], best, run }),
      "model: search.best expected the index of a finished trial and its history",
    );
});

test("candidateOf refuses an index beyond the candidates", () => {
  const trial = { index: 1, status: "failed", message: "" } as const;
  assert.throws(() => candidateOf([candidate], trial), {
    name: "FormatError",
    message: "model: search.trials expected indices below 1, got 1",
  });
});
