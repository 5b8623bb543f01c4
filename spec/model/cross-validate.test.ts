import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { crossValidate } from "../../lib/model/cross-validate.ts";

const iris = parseCsv(readFileSync(new URL("../fixtures/data/iris.csv", import.meta.url)));

test("crossValidate tests every row once and gives means and deviations", async () => {
  const options = { label: "label", folds: 3, train: { epochs: 20, learningRate: 0.1 } };
  const { folds, accuracy, logLoss } = await crossValidate(iris, options);
  assert.equal(folds.length, 3);
  const mean = (folds[0].accuracy + folds[1].accuracy + folds[2].accuracy) / 3;
  assert.ok(Math.abs(accuracy.mean - mean) < 1e-15);
  assert.ok(accuracy.mean > 0.85 && accuracy.std < 0.1, JSON.stringify(accuracy));
  assert.ok(logLoss.mean > 0);
  assert.deepEqual(await crossValidate(iris, options), { folds, accuracy, logLoss });
});

test("crossValidate refuses more folds than rows and ends with its signal", async () => {
  await assert.rejects(crossValidate(iris, { label: "label", folds: 151 }), {
    name: "RangeError",
    message: "crossValidate: folds expected an integer in 2..150, got 151",
  });
  const reason = new Error("enough");
  await assert.rejects(
    crossValidate(iris, { label: "label", signal: AbortSignal.abort(reason) }),
    reason,
  );
});
