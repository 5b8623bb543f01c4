import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { type SplitOptions, split, splitRows } from "../../lib/data/split.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";

const countOf = (y: ArrayLike<number>, rows: Int32Array): number[] => {
  const counts = Array<number>(Math.max(...Array.from(y)) + 1).fill(0);
  for (const row of rows) counts[y[row]]++;
  return counts;
};
const repeat = (...sizes: number[]): Int32Array =>
  Int32Array.from(sizes.flatMap((size, c) => Array<number>(size).fill(c)));

test("split gives every row to exactly one part, X and y together", () => {
  const y = repeat(50, 30, 20);
  const X = new Matrix(100, 2).map((_, i, j) => 10 * i + j);
  const parts = split({ X, y }, { validation: 0.2, test: 0.1 });
  assert.deepEqual([parts.train.X.rows, parts.validation.X.rows, parts.test.X.rows], [70, 20, 10]);
  const seen: number[] = [];
  for (const part of Object.values(parts)) {
    const rows = Array.from({ length: part.X.rows }, (_, i) => part.X.get(i, 0) / 10);
    assert.deepEqual(
      rows,
      [...rows].sort((a, b) => a - b),
      "in the order of X",
    );
    rows.forEach((row, i) =>
      assert.deepEqual([part.X.get(i, 1), part.y[i]], [10 * row + 1, y[row]]),
    );
    seen.push(...rows);
  }
  assert.deepEqual(
    seen.sort((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i),
  );
});

test("A stratified split keeps the classes' proportions to within a row", () => {
  const y = repeat(50, 50, 50);
  assert.deepEqual(countOf(y, splitRows(y).validation), [10, 10, 10]);
  for (const sizes of [
    [59, 71, 48],
    [212, 357],
    [7, 11, 13, 17],
    [1, 99],
  ]) {
    const labels = repeat(...sizes);
    for (const validation of [0.1, 0.2, 0.25, 1 / 3, 0.5]) {
      const rows = splitRows(labels, { validation, random: new Random(5) });
      assert.equal(rows.validation.length, Math.round(labels.length * validation));
      countOf(labels, rows.validation).forEach((count, c) => {
        assert.ok(
          Math.abs(count - (sizes[c] * rows.validation.length) / labels.length) < 1,
          `${sizes} × ${validation}: class ${c} has ${count}`,
        );
      });
    }
  }
});

test("A class is left in train as long as there are other rows to take", () => {
  const y = repeat(1, 1, 1, 97);
  for (let seed = 0; seed < 20; seed++) {
    const { train } = splitRows(y, { validation: 0.3, test: 0.3, random: new Random(seed) });
    assert.deepEqual(countOf(y, train).slice(0, 3), [1, 1, 1]);
  }
  const singles = repeat(1, 1, 1, 1);
  assert.deepEqual(
    [splitRows(singles, { validation: 0.5 }).train.length],
    [2],
    "every class has one row: some must go",
  );
});

test("Without stratification the same number of rows is taken from the whole", () => {
  const y = repeat(90, 10);
  const counts = Array.from({ length: 30 }, (_, seed) => {
    const { validation } = splitRows(y, {
      validation: 0.2,
      stratified: false,
      random: new Random(seed),
    });
    assert.equal(validation.length, 20);
    return countOf(y, validation)[1];
  });
  assert.ok(new Set(counts).size > 2, "the classes' counts vary with the seed");
});

test("The same seed gives the same rows, another seed others, and the default is seed 0", () => {
  const y = repeat(40, 60);
  const rows = (random?: Random) => splitRows(y, { random }).validation;
  assert.deepEqual(rows(), rows(new Random(0)));
  assert.deepEqual(rows(new Random(7)), rows(new Random(7)));
  assert.notDeepEqual(rows(new Random(7)), rows(new Random(8)));
});

test("Every row is held back about equally often", () => {
  const y = repeat(10, 10);
  const held = new Int32Array(20);
  const random = new Random(1);
  for (let round = 0; round < 2000; round++)
    for (const row of splitRows(y, { random }).validation) held[row]++;
  for (const count of held) assert.ok(Math.abs(count - 400) < 100, held.join(" "));
});

test("split accepts no rows and shares of 0", () => {
  const none = split({ X: new Matrix(0, 3), y: [] });
  assert.deepEqual([none.train.X.rows, none.validation.X.cols, none.test.y.length], [0, 3, 0]);
  assert.deepEqual(splitRows([0, 1, 0], { validation: 0 }).train, Int32Array.of(0, 1, 2));
});

test("split refuses what leaves nothing to train on, and wrong arguments", () => {
  const X = new Matrix(4, 1);
  const y = [0, 1, 0, 1];
  const cases: [unknown, unknown, string, string][] = [
    [
      { X, y },
      { validation: 1 },
      "RangeError",
      "split: expected shares that leave rows to train on, got validation 1 and test 0 of 4 rows",
    ],
    [
      { X, y },
      { validation: 0.5, test: 0.5 },
      "RangeError",
      "split: expected shares that leave rows to train on, got validation 0.5 and test 0.5 of " +
        "4 rows",
    ],
    [
      { X, y },
      { validation: 0.9 },
      "RangeError",
      "split: expected shares that leave rows to train on, got validation 0.9 and test 0 of 4 rows",
    ],
    [
      { X, y },
      { validation: -0.1 },
      "RangeError",
      "split: validation expected a finite number >= 0, got -0.1",
    ],
    [
      { X, y },
      { test: "half" },
      "TypeError",
      'split: test expected a finite number >= 0, got "half"',
    ],
    [
      { X, y },
      { stratify: true },
      "TypeError",
      "split: unknown option stratify; expected validation, test, stratified, random",
    ],
    [{ X, y }, { stratified: 1 }, "TypeError", "split: stratified expected true or false, got 1"],
    [{ X, y }, { random: 7 }, "TypeError", "split: random expected a Random, got 7"],
    [{ X, y: [0] }, {}, "ShapeError", "split: expected 4 labels for 4 rows, got 1"],
    [
      { X, y: undefined },
      {},
      "TypeError",
      "split: y expected an array of integer labels, got undefined",
    ],
    [{ X: [[1]], y: [0] }, {}, "TypeError", "split: X expected a Matrix, got an array of 1"],
    [X, {}, "TypeError", "split: data expected { X, y }, got a Matrix"],
    [null, {}, "TypeError", "split: data expected { X, y }, got null"],
  ];
  for (const [data, options, name, message] of cases) {
    assert.throws(() => split(data as { X: Matrix; y: number[] }, options as SplitOptions), {
      name,
      message,
    });
  }
});
