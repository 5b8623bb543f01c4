import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import {
  blobs,
  circles,
  type Points,
  type SyntheticOptions,
  spiral,
  twoMoons,
  xor,
} from "../../lib/data/synthetic.ts";

const ALL: [name: string, make: (options?: SyntheticOptions) => Points, classes: number][] = [
  ["twoMoons", twoMoons, 2],
  ["circles", circles, 2],
  ["spiral", spiral, 3],
  ["xor", xor, 2],
  ["blobs", blobs, 3],
];
const near = (actual: number, expected: number, where: string) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${where}: ${actual} ≠ ${expected}`);

for (const [name, make, classes] of ALL) {
  test(`${name} gives count points, classes in turn, the same for the same seed`, () => {
    const { X, y } = make({ count: 31 });
    assert.deepEqual([X.rows, X.cols, y.length], [31, 2, 31]);
    y.forEach((label, i) => assert.equal(label, i % classes));
    assert.ok(X.data.every(Number.isFinite));
    assert.ok(make({ count: 31, random: new Random(0) }).X.equals(X), "seed 0 is the default");
    assert.ok(!make({ count: 31, random: new Random(1) }).X.equals(X));
    assert.equal(make().X.rows, 200);
    for (const count of [0, 1, 2])
      assert.ok(make({ count }).X.data.every(Number.isFinite), `count ${count}`);
  });

  test(`${name} refuses wrong options by name`, () => {
    assert.throws(() => make({ count: -1 }), {
      name: "RangeError",
      message: `${name}: count expected an integer >= 0, got -1`,
    });
    assert.throws(() => make({ noise: -1 }), {
      name: "RangeError",
      message: `${name}: noise expected a finite number >= 0, got -1`,
    });
    assert.throws(() => make({ random: 5 } as never), {
      name: "TypeError",
      message: `${name}: random expected a Random, got 5`,
    });
    assert.throws(() => make({ n: 5 } as never), {
      name: "TypeError",
      message: new RegExp(`^${name}: unknown option n; expected count, noise, random`),
    });
  });
}

test("Without noise the moons lie on their half circles, ends included", () => {
  const { X, y } = twoMoons({ count: 50, noise: 0 });
  y.forEach((c, i) => {
    const [x, v] = X.row(i);
    near(c === 0 ? x * x + v * v : (x - 1) ** 2 + (v - 0.5) ** 2, 1, `row ${i}`);
    assert.ok(
      c === 0 ? v > -1e-12 : v < 0.5 + 1e-12,
      "the upper half of one, the lower of the other",
    );
  });
  assert.deepEqual(
    [Array.from(X.row(0)), Array.from(X.row(1))],
    [
      [1, 0],
      [0, 0.5],
    ],
  );
  near(X.get(48, 0), -1, "the other end");
});

test("Without noise the circles have radius 1 and 1/2 and no point twice", () => {
  const { X, y } = circles({ count: 40, noise: 0 });
  y.forEach((c, i) => near(Math.hypot(...X.row(i)), c === 0 ? 1 : 0.5, `row ${i}`));
  assert.equal(
    new Set(X.toRows().map((row) => row.map((value) => value.toFixed(6)).join())).size,
    40,
  );
});

test("Without noise each arm of the spiral runs outwards through 4 radians", () => {
  const { X } = spiral({ count: 40, classes: 4, noise: 0 });
  for (let k = 0; k < 10; k++) {
    const angle = Math.PI / 2 + (4 * k) / 9; // the arm of class 1 of 4
    near(X.get(4 * k + 1, 0), (k / 9) * Math.sin(angle), `x of ${k}`);
    near(X.get(4 * k + 1, 1), (k / 9) * Math.cos(angle), `y of ${k}`);
  }
});

test("Without noise xor fills the square and its class is the sign of the product", () => {
  const { X, y } = xor({ count: 1000 });
  const quadrants = [0, 0, 0, 0];
  y.forEach((c, i) => {
    const [x, v] = X.row(i);
    assert.ok(Math.abs(x) <= 1 && Math.abs(v) <= 1 && x * v !== 0);
    assert.equal(c === 1, x * v < 0, `row ${i}`);
    quadrants[(x > 0 ? 1 : 0) + (v > 0 ? 2 : 0)]++;
  });
  for (const count of quadrants) assert.ok(Math.abs(count - 250) < 60, quadrants.join(" "));
});

test("blobs have their centers on a circle of radius 2 and the noise as deviation", () => {
  const { X, y } = blobs({ count: 4000, classes: 4, noise: 0.3 });
  for (const [c, centre] of [
    [2, 0],
    [0, 2],
    [-2, 0],
    [0, -2],
  ].entries()) {
    for (const j of [0, 1]) {
      const values = Array.from(y.keys())
        .filter((i) => y[i] === c)
        .map((i) => X.get(i, j));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const std = Math.sqrt(
        values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length,
      );
      assert.ok(
        Math.abs(mean - centre[j]) < 0.05 && Math.abs(std - 0.3) < 0.03,
        `class ${c}: ${mean} ${std}`,
      );
    }
  }
});

test("spiral and blobs take any number of classes from 1", () => {
  assert.deepEqual([...new Set(spiral({ classes: 5 }).y)], [0, 1, 2, 3, 4]);
  assert.deepEqual([...new Set(blobs({ classes: 1, count: 10 }).y)], [0]);
  assert.throws(() => blobs({ classes: 0 }), {
    name: "RangeError",
    message: "blobs: classes expected an integer >= 1, got 0",
  });
  assert.throws(() => spiral({ classes: 2.5 }), {
    name: "RangeError",
    message: "spiral: classes expected an integer >= 1, got 2.5",
  });
});
