import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { encodeTable } from "../../lib/data/encode.ts";
import { fitEncoding } from "../../lib/data/fit.ts";
import { columnStatistics, standardize } from "../../lib/data/standardize.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/data/${name}`, import.meta.url));
const answers: Record<string, { mean: number[]; std: number[] }> = JSON.parse(
  fixture("statistics.json").toString(),
);

for (const [name, { mean, std }] of Object.entries(answers)) {
  test(`columnStatistics of ${name} agree with exact sums to a few units`, () => {
    const table = parseCsv(fixture(`${name}.csv`));
    const statistics = columnStatistics(
      encodeTable(table, fitEncoding(table, { label: "label" })).X,
    );
    mean.forEach((expected, j) =>
      assert.ok(Math.abs(statistics.mean.get(0, j) / expected - 1) < 1e-14, `mean ${j}`),
    );
    std.forEach((expected, j) =>
      assert.ok(Math.abs(statistics.std.get(0, j) / expected - 1) < 1e-13, `std ${j}`),
    );
  });
}

test("standardize subtracts the mean and divides by the population standard deviation", () => {
  const X = Matrix.fromRows([
    [1, 10],
    [3, 10],
    [5, 40],
  ]);
  const { mean, std } = columnStatistics(X);
  assert.deepEqual(mean.toRows(), [[3, 20]]);
  assert.deepEqual(std.toRows(), [[Math.sqrt(8 / 3), Math.sqrt(200)]]);
  const before = X.clone();
  const Z = standardize(X);
  assert.ok(X.equals(before), "X is untouched");
  assert.deepEqual(Z.toRows(), [
    [-2 / Math.sqrt(8 / 3), -10 / Math.sqrt(200)],
    [0, -10 / Math.sqrt(200)],
    [2 / Math.sqrt(8 / 3), 20 / Math.sqrt(200)],
  ]);
});

test("statistics of the training rows serve every other row, in place if asked", () => {
  const statistics = columnStatistics(Matrix.fromRows([[0], [2]]));
  const X = Matrix.fromRows([[5], [1]]);
  assert.equal(standardize(X, statistics, X), X);
  assert.deepEqual(X.toRows(), [[4], [0]]);
  assert.equal(standardize(new Matrix(0, 1), statistics).rows, 0);
});

test("A constant column has std 1 and becomes exactly 0, also where its sum rounds", () => {
  for (const value of [0, 0.1, -1e300, 5e-324, 1 / 3]) {
    const X = Matrix.filled(7, 1, value);
    const { mean, std } = columnStatistics(X);
    assert.deepEqual([mean.data[0], std.data[0]], [value, 1]);
    assert.deepEqual(Array.from(standardize(X).data, Math.abs), Array(7).fill(0));
  }
  assert.equal(columnStatistics(Matrix.fromRows([[42]])).std.data[0], 1, "one row");
});

test("standardize gives for huge and tiny numbers what it gives for moderate ones", () => {
  const moderate = Matrix.fromRows([[1], [2], [4], [-3]]);
  const expected = standardize(moderate);
  for (const power of [2 ** 1000, 2 ** 500, 2 ** -500, 2 ** -1000]) {
    assert.ok(standardize(moderate.scale(power)).equals(expected), `× ${power}`);
  }
  assert.deepEqual(
    standardize(Matrix.fromRows([[Number.MAX_VALUE], [-Number.MAX_VALUE]])).toRows(),
    [[1], [-1]],
  );
});

test("The scale factor is 2^600 to the bit", () => {
  let power = 1;
  for (let i = 0; i < 600; i++) power *= 2;
  assert.equal(power, 4.149515568880993e180); // the literal in standardize.ts
});

test("standardize refuses what would give NaN or does not fit", () => {
  const X = Matrix.fromRows([
    [1, 2],
    [3, NaN],
  ]);
  assert.throws(() => columnStatistics(X), {
    name: "RangeError",
    message: "columnStatistics: X expected finite numbers, got NaN at row 1, column 1",
  });
  assert.throws(() => columnStatistics(new Matrix(0, 2)), {
    name: "ShapeError",
    message: "columnStatistics: expected at least one row, got 0×2",
  });
  assert.throws(() => columnStatistics([[1]] as never), {
    name: "TypeError",
    message: "columnStatistics: X expected a Matrix, got an array of 1",
  });
  assert.throws(() => standardize(X), {
    name: "RangeError",
    message: "standardize: X expected finite numbers, got NaN at row 1, column 1",
  });
  const statistics = columnStatistics(new Matrix(1, 3));
  assert.throws(() => standardize(X, statistics), {
    name: "ShapeError",
    message: "standardize: mean expected 1×2, got 1×3",
  });
  assert.throws(() => standardize(X, { mean: new Matrix(1, 2), std: Matrix.rowVector([1, 0]) }), {
    name: "RangeError",
    message: "standardize: expected a finite mean and a finite std > 0, got 0 and 0 in column 1",
  });
  assert.throws(() => standardize(X, { mean: Matrix.rowVector([NaN, 0]), std: statistics.std }), {
    message: "standardize: std expected 1×2, got 1×3",
  });
  const ones = Matrix.filled(1, 2, 1);
  for (const [mean, std] of [
    [Matrix.rowVector([NaN, 0]), ones],
    [ones, Matrix.rowVector([Infinity, 1])],
  ]) {
    const message = new RegExp(`^standardize: expected a finite mean .*got ${mean.data[0]} and`);
    assert.throws(() => standardize(X, { mean, std }), { name: "RangeError", message });
  }
});
