import assert from "node:assert/strict";
import { test } from "node:test";
import { Arguments } from "../../lib/cli/arguments.ts";
import { evaluateSource, labeledRows } from "../../lib/cli/evaluation.ts";
import { FileError } from "../../lib/cli/files.ts";
import type { Source } from "../../lib/cli/source.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { prepareImages, prepareTable } from "../../lib/model/prepare.ts";
import type { TrainerState } from "../../lib/training/trainer-state.ts";
import { shapesCsv } from "../helpers/cli.ts";
import { assertThrows } from "../helpers/throws.ts";

const images = { shape: [4, 2], data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
const y = Int32Array.of(0, 1, 0, 1);
const pixels = prepareImages(images, y, [0, 1], { hiddenSize: 2, validation: 0 }).classifier;
const imageSource = { kind: "images" as const, images, classes: [], name: "i.idx", hash: "" };

const args = new Arguments("evaluate", [], new Map());

test("evaluateSource predicts for a table what Classifier.evaluate does", () => {
  const table = parseCsv(shapesCsv(60));
  const { classifier } = prepareTable(table, { label: "shape", ignore: ["id", "color"] });
  const source: Source = { kind: "table", table, name: "shapes.csv", hash: "" };
  const model = { classifier, training: {} };
  const { y: actual, labels: predicted } = evaluateSource(args, model, source);
  const expected = classifier.evaluate(table);
  assert.deepEqual(actual, expected.actual);
  assert.deepEqual(predicted, expected.predicted);
});

for (const [validation, part, rows] of [
  ["0.2", "held back", 12],
  [undefined, "held back", 12],
  ["0", "trained on", 60],
  ["1.5", "all", 60], // a damaged option
] as const) {
  test(`evaluateSource finds the rows of a checkpoint's --validation ${validation}`, () => {
    const table = parseCsv(shapesCsv(60));
    const { classifier } = prepareTable(table, { label: "shape", ignore: ["id", "color"] });
    const source: Source = { kind: "table", table, name: "shapes.csv", hash: "a1" };
    const run = { data: "a1", options: { ...(validation && { validation }) } };
    const validationRows = validation === "0" ? 0 : 12;
    const state = { rows: 60 - validationRows, validationRows } as TrainerState;
    const evaluation = evaluateSource(args, { classifier, training: {}, run, state }, source);
    assert.equal(evaluation.part, part);
    assert.equal(evaluation.y.length, rows);
  });
}

test("labeledRows refuses images whose labels the model does not have", () => {
  assertThrows(
    () => labeledRows(pixels, { ...imageSource, y: Int32Array.of(0, 1, 2, 1) }),
    FileError,
    "i.idx: expected labels in 0..1, as the model has, got 2 for image 2",
  );
});

test("labeledRows refuses images of another size and none at all", () => {
  const larger = { shape: [1, 3], data: Uint8Array.of(1, 2, 3) };
  assertThrows(
    () => labeledRows(pixels, { ...imageSource, images: larger, y: Int32Array.of(2) }),
    FileError,
    "i.idx: expected images of 2 values, as the model takes, got 3",
  );
  const none = { shape: [0, 2], data: new Uint8Array(0) };
  assertThrows(
    () => labeledRows(pixels, { ...imageSource, images: none, y: new Int32Array(0) }),
    FileError,
    "i.idx: expected at least one image, got none",
  );
});
