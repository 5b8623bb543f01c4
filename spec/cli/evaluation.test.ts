import assert from "node:assert/strict";
import { test } from "node:test";
import { classScores, predictSource } from "../../lib/cli/evaluation.ts";
import { FileError } from "../../lib/cli/files.ts";
import { prepareImages } from "../../lib/model/prepare.ts";
import { assertThrows } from "../helpers/throws.ts";

test("scoresOf counts by hand-checked definitions", () => {
  const { rows, accuracy, macroF1, classes, counts } = classScores(
    Int32Array.of(0, 0, 0, 1, 1, 2),
    Int32Array.of(0, 0, 1, 1, 0, 2),
    ["a", "b", "c"],
  );
  assert.deepEqual([rows, accuracy], [6, 4 / 6]);
  assert.deepEqual(counts, [
    [2, 1, 0],
    [1, 1, 0],
    [0, 0, 1],
  ]);
  assert.deepEqual(
    classes.map(({ label, rows: n, precision, recall }) => [label, n, precision, recall]),
    [
      ["a", 3, 2 / 3, 2 / 3],
      ["b", 2, 1 / 2, 1 / 2],
      ["c", 1, 1, 1],
    ],
  );
  assert.deepEqual(
    classes.map(({ f1 }) => f1),
    [2 / 3, 1 / 2, 1],
  );
  assert.equal(macroF1, (2 / 3 + 1 / 2 + 1) / 3);
});

test("a class that neither occurs nor is predicted has no scores and no part in the mean", () => {
  const { classes, macroF1 } = classScores(Int32Array.of(0, 0), Int32Array.of(0, 1), [
    "a",
    "b",
    "c",
  ]);
  assert.deepEqual(
    classes.map(({ precision, recall, f1 }) => [precision, recall, f1]),
    [
      [1, 0.5, 2 / 3],
      [0, NaN, 0],
      [NaN, NaN, NaN],
    ],
  );
  assert.equal(macroF1, 2 / 3 / 2);
});

test("judge refuses images whose labels the model does not have", () => {
  const images = { shape: [4, 2], data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
  const y = Int32Array.of(0, 1, 0, 1);
  const { classifier } = prepareImages(images, y, [0, 1], { hiddenSize: 2, validation: 0 });
  const source = { kind: "images" as const, images, labels: [], name: "i.idx", hash: "" };
  assert.equal(predictSource(classifier, { ...source, y }).predicted.length, 4);
  assertThrows(
    () => predictSource(classifier, { ...source, y: Int32Array.of(0, 1, 2, 1) }),
    FileError,
    "i.idx: expected labels in 0..1, as the model has, got 2 for image 2",
  );
  const larger = {
    ...source,
    images: { shape: [1, 3], data: Uint8Array.of(1, 2, 3) },
    y: Int32Array.of(2),
  };
  assertThrows(
    () => predictSource(classifier, larger),
    FileError,
    "i.idx: expected images of 2 values, as the model takes, got 3",
  );
});
