import assert from "node:assert/strict";
import { test } from "node:test";
import { measure, scoreLines } from "../../lib/cli/scores.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { prepareTable } from "../../lib/model/prepare.ts";

const rows = Array.from({ length: 50 }, (_, i) => `${i % 7},${i < 40 ? "ok" : "fail"}`);
const table = parseCsv(`a,y\n${rows.join("\n")}\n`);
const { classifier, data } = prepareTable(table, { label: "y", validation: 0, hiddenSize: 4 });
classifier.net.params.W2.data.fill(0);
classifier.net.params.b2.data.set([0, 1]);

test("measure gives the share of the largest class and names classes never predicted", () => {
  const scores = measure(classifier, data);
  assert.equal(scores.accuracy, 0.8);
  assert.equal(scores.majorityShare, 0.8);
  assert.equal(scores.balancedAccuracy, 0.5);
  assert.ok(Math.abs(scores.macroF1 - 4 / 9) < 1e-12);
  assert.deepEqual(scores.neverPredicted, ["fail"]);
});

test("scoreLines shows the scores, and those of the test rows when there are any", () => {
  const scores = measure(classifier, data);
  assert.deepEqual(scoreLines({ ...scores, test: { accuracy: 0.5, logLoss: 0.25 } }), [
    ["majority class", "80.0%"],
    ["balanced accuracy", "50.0%"],
    ["macro F1", "0.444"],
    ["log loss", "0.513"],
    ["never predicted", "fail"],
    ["test accuracy", "50.0%"],
    ["test log loss", "0.250"],
  ]);
  assert.deepEqual(scoreLines({}), []);
});
