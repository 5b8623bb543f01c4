import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeLabels, sortClasses } from "../../lib/data/labels.ts";

test("encodeLabels sorts classes: numbers by size, strings by code unit", () => {
  assert.deepEqual(encodeLabels([10, 9, -1, 10]), {
    y: Int32Array.of(2, 1, 0, 2),
    classes: [-1, 9, 10],
  });
  assert.deepEqual(encodeLabels(["b", "a", "B", "10", "9"]), {
    y: Int32Array.of(4, 3, 2, 0, 1),
    classes: ["10", "9", "B", "a", "b"],
  });
  assert.deepEqual(
    encodeLabels(["é", "z", "😀", "\uffff"]).classes,
    ["z", "é", "😀", "\uffff"],
    "surrogates sort below U+FFFF",
  );
  assert.deepEqual(encodeLabels(Int32Array.of(3, 3)), { y: Int32Array.of(0, 0), classes: [3] });
  assert.deepEqual(encodeLabels([0, -0]), { y: Int32Array.of(0, 0), classes: [0] });
  assert.deepEqual(encodeLabels([]), { y: new Int32Array(0), classes: [] });
  assert.deepEqual(encodeLabels(["__proto__", "constructor"]).y, Int32Array.of(0, 1));
});

test("encodeLabels keeps to classes that are known already, in their order", () => {
  assert.deepEqual(encodeLabels(["b", "a"], ["c", "b", "a"]), {
    y: Int32Array.of(1, 2),
    classes: ["c", "b", "a"],
  });
  assert.throws(() => encodeLabels(["a", "z"], ["a", "b"]), {
    name: "RangeError",
    message: 'encodeLabels: values[1] expected one of "a", "b", got "z"',
  });
  const many = Array.from({ length: 12 }, (_, i) => i);
  assert.throws(() => encodeLabels([99], many), {
    name: "RangeError",
    message:
      "encodeLabels: values[0] expected one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … (12 in all), got 99",
  });
});

test("encodeLabels refuses what has no order", () => {
  const cases: [unknown, unknown, string, string][] = [
    [
      ["a", 1],
      undefined,
      "TypeError",
      "encodeLabels: values[1] expected a string as the first one, got 1",
    ],
    [
      [1, "a"],
      undefined,
      "TypeError",
      'encodeLabels: values[1] expected a number as the first one, got "a"',
    ],
    [
      [true],
      undefined,
      "TypeError",
      "encodeLabels: values[0] expected a string or a number, got true",
    ],
    [
      [1, NaN],
      undefined,
      "RangeError",
      "encodeLabels: values[1] expected a finite number, got NaN",
    ],
    [
      ["a"],
      [1],
      "TypeError",
      'encodeLabels: values[0] expected a number as the first one, got "a"',
    ],
    [
      ["a"],
      ["a", "b", "a"],
      "RangeError",
      'encodeLabels: classes expected names that differ, got "a" twice',
    ],
    [["a"], "a", "TypeError", 'encodeLabels: classes expected an array, got "a"'],
    [
      null,
      undefined,
      "TypeError",
      "encodeLabels: values expected an array of strings or numbers, got null",
    ],
    [
      "abc",
      undefined,
      "TypeError",
      'encodeLabels: values expected an array of strings or numbers, got "abc"',
    ],
  ];
  for (const [values, labels, name, message] of cases) {
    assert.throws(() => encodeLabels(values as string[], labels as string[]), { name, message });
  }
});

test("sortClasses leaves its input alone", () => {
  const input = [3, 1, 2];
  assert.deepEqual(sortClasses(input), [1, 2, 3]);
  assert.deepEqual(input, [3, 1, 2]);
});
