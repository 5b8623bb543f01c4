import assert from "node:assert/strict";
import { test } from "node:test";
import { checkEncoding, featureNames } from "../../lib/data/encoding.ts";

const good = {
  features: [
    { column: "a", mean: 1 },
    { column: "c", categories: ["u", "v"], shares: [0.5, 0.5] },
  ],
  label: "y",
  classes: ["p", "q"],
  missing: "error",
};

test("checkEncoding returns what is an encoding", () => {
  assert.equal(checkEncoding("model", good), good);
  assert.deepEqual(featureNames(checkEncoding("model", good)), ["a", "c=u", "c=v"]);
});

test("checkEncoding names the member that is wrong", () => {
  const feature = (value: unknown) => ({ ...good, features: [value] });
  const cases: [unknown, string, string][] = [
    [null, "TypeError", "model: options expected an object, got null"],
    [
      { ...good, extra: 1 },
      "TypeError",
      "model: unknown option extra; expected features, label, classes, missing, " + "na, decisions",
    ],
    [{ ...good, label: 1 }, "TypeError", "model: label expected a string, got 1"],
    [
      { ...good, missing: "zero" },
      "TypeError",
      'model: missing expected "error" | "drop" | "mean", got "zero"',
    ],
    [{ ...good, classes: "pq" }, "TypeError", 'model: classes expected an array, got "pq"'],
    [{ ...good, classes: [] }, "RangeError", "model: classes expected at least one, got none"],
    [
      { ...good, classes: ["p", 1] },
      "TypeError",
      "model: classes[1] expected a string as the first one, got 1",
    ],
    [
      { ...good, classes: ["p", "p"] },
      "RangeError",
      'model: classes expected names that differ, got "p" twice',
    ],
    [{ ...good, features: {} }, "TypeError", "model: features expected an array, got an Object"],
    [{ ...good, features: [] }, "RangeError", "model: features expected at least one, got none"],
    [feature(5), "TypeError", "model: features[0] expected an object, got 5"],
    [
      feature({ mean: 1 }),
      "TypeError",
      "model: features[0].column expected a string, got undefined",
    ],
    [
      feature({ column: "a", mean: "x" }),
      "TypeError",
      'model: features[0].mean expected a finite number, got "x"',
    ],
    [
      feature({ column: "a", mean: null }),
      "TypeError",
      "model: features[0].mean expected a finite number, got null",
    ],
    [
      feature({ column: "a", categories: [], shares: [] }),
      "RangeError",
      "model: features[0].categories expected at least one, got none",
    ],
    [
      feature({ column: "a", categories: ["u", "u"], shares: [1, 0] }),
      "RangeError",
      'model: features[0].categories expected names that differ, got "u" twice',
    ],
    [
      feature({ column: "a", categories: ["u"], shares: [] }),
      "RangeError",
      "model: features[0].shares expected 1 numbers, got 0",
    ],
    [
      feature({ column: "a", categories: ["u"], shares: [-1] }),
      "RangeError",
      "model: features[0].shares[0] expected a finite number >= 0, got -1",
    ],
    [
      feature({ column: "a", categories: ["u"], shares: [1], hasMissing: 1 }),
      "TypeError",
      "model: features[0].hasMissing expected true or false, got 1",
    ],
    [
      feature({ column: "a", mean: 1, unit: 2 }),
      "TypeError",
      "model: features[0].unit expected a string, got 2",
    ],
    [{ ...good, na: [1] }, "TypeError", "model: na[0] expected a string, got 1"],
    [
      { ...good, decisions: [{ column: "a" }] },
      "TypeError",
      "model: decisions[0] expected a decision about a column, got an Object",
    ],
    [
      { ...good, features: [good.features[0], good.features[0]] },
      "RangeError",
      'model: features expected names that differ, got "a" twice',
    ],
  ];
  for (const [value, name, message] of cases)
    assert.throws(() => checkEncoding("model", value), { name, message });
});
