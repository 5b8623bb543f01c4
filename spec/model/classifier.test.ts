import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { Classifier, predictRows } from "../../lib/model/classifier.ts";
import { type PrepareOptions, prepareTable } from "../../lib/model/prepare.ts";
import { adam } from "../../lib/training/optimizer.ts";
import { train } from "../../lib/training/trainer.ts";

const ROWS = Array.from({ length: 60 }, (_, i) => [
  i % 2 === 0 ? 3 + (i % 7) / 10 : 8 + (i % 5) / 10,
  i % 3 === 0 ? "red" : "green",
  i % 2 === 0 ? "plum" : "pear",
]);
const CSV = [["weight", "color", "kind"], ...ROWS].map((row) => `${row.join()}\n`).join("");

function fitted(options: Partial<PrepareOptions> = {}, csv = CSV): Classifier {
  const random = new Random(1);
  const { classifier, data, validation } = prepareTable(parseCsv(csv), {
    missing: "error",
    label: "kind",
    categorical: ["color"],
    hiddenSize: 6,
    random,
    ...options,
  });
  train(classifier.net, data, {
    epochs: 30,
    batchSize: 8,
    optimizer: adam(),
    learningRate: 0.02,
    validation,
    random,
  });
  return classifier;
}
const classifier = fitted();

test("predict takes rows as objects with their columns in any order, and ignores others", () => {
  assert.deepEqual(
    classifier.predict([
      { weight: 3.2, color: "red" },
      { color: "green", weight: 8.3 },
      { note: "?", weight: "3.4", color: "green" },
    ]),
    ["plum", "pear", "plum"],
  );
  assert.deepEqual(classifier.classes, ["pear", "plum"]);
  assert.deepEqual(classifier.columns, ["weight", "color"]);
});

test("predict takes a table as well as objects, to the same answers", () => {
  const table = parseCsv(CSV);
  const records = table.toRows().map(([weight, color]) => ({ color, weight: Number(weight) }));
  assert.deepEqual(classifier.predict(table), classifier.predict(records));
  assert.ok(classifier.predictProba(table).equals(classifier.predictProba(records)));
});

test("No rows give no labels", () => {
  assert.deepEqual(classifier.predict([]), []);
  assert.equal(classifier.predictProba([]).rows, 0);
  assert.equal(classifier.predictProba([]).cols, 2);
});

test("predict names the columns that are missing and the cells it cannot read", () => {
  assert.throws(() => classifier.predict([{ color: "red" }]), {
    message: 'rows: expected a column "weight", got "color"',
  });
  assert.throws(() => classifier.predict([{ kind: "plum" }]), {
    message: 'rows: expected columns "weight", "color", got "kind"',
  });
  assert.throws(
    () =>
      classifier.predict([
        { weight: 1, color: "red" },
        { weight: "n/a", color: "red" },
      ]),
    {
      message: 'rows[1].weight: expected a number, got "n/a"',
    },
  );
  assert.throws(() => classifier.predict([{ weight: 1, color: "blue" }]), {
    message: 'rows[0].color: expected one of "green", "red", got "blue"',
  });
  assert.throws(() => classifier.predict(5 as never), {
    name: "TypeError",
    message: "Classifier: rows expected an array of objects or a table, got 5",
  });
});

test("A missing cell is the mean with missing: mean, an error with missing: drop", () => {
  const holes = CSV.replace("3,red,plum", ",red,plum");
  const byMean = fitted({ missing: "mean" }, holes);
  assert.equal(byMean.predict([{ weight: "", color: "red" }]).length, 1);
  const mean = (byMean.encoding.features[0] as { mean: number }).mean;
  assert.ok(
    byMean
      .predictProba([{ weight: NaN, color: "red" }])
      .equals(byMean.predictProba([{ weight: mean, color: "red" }])),
  );
  const dropping = fitted({ missing: "drop" }, holes);
  assert.throws(() => dropping.predict([{ weight: null, color: "red" }]), {
    message: "rows[0].weight: expected a number, got an empty cell",
  });
  const { rows, actual } = dropping.evaluate(parseCsv(holes));
  assert.equal(rows.length, 59);
  assert.equal(actual.length, 59);
});

test("evaluate gives true and predicted classes and the share that agree", () => {
  const { actual, predicted, accuracy, rows } = classifier.evaluate(parseCsv(CSV));
  assert.equal(rows.length, 60);
  assert.equal(accuracy, actual.filter((label, i) => label === predicted[i]).length / 60);
  assert.ok(accuracy > 0.95);
  const turned = classifier.evaluate([{ kind: "pear", color: "red", weight: 3.2 }]);
  assert.deepEqual([...turned.actual, ...turned.predicted, turned.accuracy], [0, 1, 0]);
});

test("Classifier refuses parts that do not fit together", () => {
  const { net, encoding, mean, std } = classifier;
  const refused = (change: object, name: string, message: string): void =>
    assert.throws(() => new Classifier({ net, encoding, mean, std, ...change } as never), {
      name,
      message,
    });
  refused({ net: {} }, "TypeError", "Classifier: net expected a TwoLayerNet, got an Object");
  refused(
    { encoding: { ...encoding, classes: ["a", "b", "c"] } },
    "ShapeError",
    "Classifier: expected a net of 3 inputs and 3 classes for the encoding, got one of 3 and 2",
  );
  refused(
    { encoding: { ...encoding, missing: "skip" } },
    "TypeError",
    'Classifier: missing expected "error" | "drop" | "mean", got "skip"',
  );
  refused({ mean: new Matrix(1, 2) }, "ShapeError", "Classifier: mean expected 1×3, got 1×2");
  refused(
    { std: new Matrix(1, 3) },
    "RangeError",
    `Classifier: expected a finite mean and a finite std > 0, got ${mean.data[0]} and 0 ` +
      "in column 0",
  );
  refused(
    { scale: 1 },
    "TypeError",
    "Classifier: unknown option scale; expected net, encoding, mean, std",
  );
});

test("predictRows gives the labels of predict and the probabilities of predictProba", () => {
  const classifier = fitted();
  const X = classifier.inputs(parseCsv(CSV));
  const before = X.clone();
  const { labels, probabilities } = predictRows(classifier, X);
  assert.deepEqual(labels, classifier.net.predict(X));
  assert.ok(probabilities.equals(classifier.net.predictProba(X)));
  assert.ok(X.equals(before));
});
