import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accuracyOf,
  confusionAccuracy,
  confusionScores,
  confusions,
  countConfusion,
  labelCount,
} from "../../lib/base/metrics.ts";
import { assertThrows } from "../helpers/throws.ts";

const counts = [
  [10, 0, 1],
  [0, 9, 2],
  [3, 0, 40],
];

test("accuracyOf is the share of equal labels, NaN for none", () => {
  assert.equal(accuracyOf([0, 1, 2, 0], Int32Array.of(0, 1, 1, 0)), 0.75);
  assert.equal(accuracyOf([], []), NaN);
});

test("countConfusion counts actual by predicted", () => {
  assert.deepEqual(countConfusion([0, 0, 1, 2, 2], Int32Array.of(0, 1, 1, 0, 2)), [
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 1],
  ]);
  assert.deepEqual(countConfusion([0], [0], 2), [
    [1, 0],
    [0, 0],
  ]);
  assert.deepEqual(countConfusion([], []), []);
});

test("countConfusion refuses what is no array of labels", () => {
  assertThrows(
    () => countConfusion(undefined as never, [0]),
    TypeError,
    "countConfusion: actual expected an array of numbers, got undefined",
  );
  assertThrows(
    () => countConfusion([0], ["cat"] as never),
    TypeError,
    'countConfusion: predicted[0] expected an integer in 0..4095, got "cat"',
  );
});

test("countConfusion refuses labels outside the classes", () => {
  assertThrows(
    () => countConfusion([0, 1], [0]),
    RangeError,
    "countConfusion: predicted expected 2 labels, one for each actual one, got 1",
  );
  assertThrows(
    () => countConfusion([0, 3], [0, 1], 3),
    RangeError,
    "countConfusion: actual[1] expected an integer in 0..2, got 3",
  );
  assertThrows(
    () => countConfusion([0, 1], [0, -1]),
    RangeError,
    "countConfusion: predicted[1] expected an integer in 0..4095, got -1",
  );
  assertThrows(
    () => countConfusion([0.5], [0]),
    RangeError,
    "countConfusion: actual[0] expected an integer in 0..4095, got 0.5",
  );
  assertThrows(
    () => countConfusion([1e9], [0]),
    RangeError,
    "countConfusion: actual[0] expected an integer in 0..4095, got 1000000000",
  );
});

test("Confusions are in order of frequency, and accuracy is the share of the diagonal", () => {
  assert.deepEqual(confusions(counts), [
    { actual: 2, predicted: 0, count: 3 },
    { actual: 1, predicted: 2, count: 2 },
    { actual: 0, predicted: 2, count: 1 },
  ]);
  assert.equal(confusionAccuracy(counts), 59 / 65);
  assert.ok(Number.isNaN(confusionAccuracy([])));
});

test("confusionAccuracy refuses what is no square of counts", () => {
  const refused = (counts: unknown, name: string, message: string): void => {
    assert.throws(() => confusionAccuracy(counts as number[][]), {
      name,
      message: `confusionAccuracy: ${message}`,
    });
  };
  refused(5, "TypeError", "counts expected an array of rows, got 5");
  refused(undefined, "TypeError", "counts expected an array of rows, got undefined");
  refused([1, 2], "TypeError", "row 0 expected an array of counts, got 1");
  refused([[1, 2], [3]], "RangeError", "row 1 expected 2 counts, got 1");
  refused(
    [
      [1, 2],
      [3, "4"],
    ],
    "TypeError",
    'count (1, 1) expected an integer >= 0, got "4"',
  );
});

test("confusionScores has precision, recall and F1 by their definitions", () => {
  const { rows, accuracy, macroF1, balancedAccuracy, classes } = confusionScores(
    countConfusion([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 0, 2]),
  );
  assert.equal(rows, 6);
  assert.equal(accuracy, 4 / 6);
  assert.deepEqual(classes, [
    { rows: 3, predicted: 3, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 },
    { rows: 2, predicted: 2, precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 },
    { rows: 1, predicted: 1, precision: 1, recall: 1, f1: 1 },
  ]);
  assert.equal(macroF1, (2 / 3 + 1 / 2 + 1) / 3);
  assert.equal(balancedAccuracy, (2 / 3 + 1 / 2 + 1) / 3);
});

test("A class that neither occurs nor is predicted has no scores and no part in the means", () => {
  const { classes, macroF1, balancedAccuracy } = confusionScores(countConfusion([0, 0], [0, 1], 3));
  assert.deepEqual(classes, [
    { rows: 2, predicted: 1, precision: 1, recall: 0.5, f1: 2 / 3 },
    { rows: 0, predicted: 1, precision: 0, recall: NaN, f1: 0 },
    { rows: 0, predicted: 0, precision: NaN, recall: NaN, f1: NaN },
  ]);
  assert.equal(macroF1, 2 / 3 / 2);
  assert.equal(balancedAccuracy, 0.5);
});

test("confusionScores of nothing are NaN", () => {
  const { rows, accuracy, macroF1, balancedAccuracy } = confusionScores([]);
  assert.equal(rows, 0);
  assert.equal(accuracy, NaN);
  assert.equal(macroF1, NaN);
  assert.equal(balancedAccuracy, NaN);
});

test("labelCount is one more than the greatest label, and names the label that is wrong", () => {
  assert.equal(labelCount("f", "y", [0, 5, 2]), 6);
  assert.equal(labelCount("f", "y", []), 0);
  assert.throws(() => labelCount("f", "y", [0, 3], 3), {
    name: "RangeError",
    message: "f: y[1] expected an integer in 0..2, got 3",
  });
});
