// What the test suites and manuals of other packages expect of operations that this package has
// too: inputs and results as numbers, in spec/fixtures/peers-cases.json. A case is a method of
// Matrix, the matrix it is called on, its arguments, and what it gives. Nested arrays stand for
// matrices, {rows, cols} for one without elements, {error} for an error of that class.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as twolayer from "../../lib/index.ts";
import { Matrix } from "../../lib/index.ts";

type Case = {
  from: string;
  method: string;
  on: unknown;
  with: unknown[];
  gives: unknown;
  /** Relative to the expected number; the result is exact where there is none. */
  tolerance?: number;
};

const CASES: Case[] = JSON.parse(
  readFileSync(new URL("../fixtures/peers-cases.json", import.meta.url), "utf8"),
  // JSON has no NaN and no infinities
  (_key, value) => (["NaN", "Infinity", "-Infinity"].includes(value) ? Number(value) : value),
);

const isRows = (value: unknown): value is number[][] =>
  Array.isArray(value) && value.length > 0 && value.every((row) => typeof row[0] === "number");

/** The argument for which a value of the file stands. */
function read(value: unknown): unknown {
  if (isRows(value)) return Matrix.fromRows(value);
  if (Array.isArray(value)) return value.map(read);
  if (typeof value === "object" && value !== null && "rows" in value) {
    const { rows, cols } = value as { rows: number; cols: number };
    return new Matrix(rows, cols);
  }
  return value;
}

/** A result as the file writes it: rows with their count of columns, an array or a number. */
function plain(value: unknown): unknown {
  if (value instanceof Matrix)
    return { rows: value.rows, cols: value.cols, data: Array.from(value.data, positive) };
  if (ArrayBuffer.isView(value)) return Array.from(value as Int32Array);
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "number" ? positive(value) : value;
}

/** The peers' own comparisons take 0 and −0 for equal. */
const positive = (value: number): number => value + 0;

function answer({ on, method, with: args }: Case): unknown {
  const target = method.startsWith("Matrix.") ? Matrix : read(on);
  const name = method.replace("Matrix.", "");
  const call = (target as Record<string, (...args: unknown[]) => unknown>)[name];
  return call.apply(target, args.map(read));
}

/** The numbers of the result, replaced by those expected where they are near enough. */
function rounded(result: unknown, expected: unknown, tolerance: number): unknown {
  if (typeof result === "number" && typeof expected === "number")
    return Math.abs(result - expected) <= tolerance * Math.abs(expected) ? expected : result;
  if (Array.isArray(result) && Array.isArray(expected))
    return result.map((value, i) => rounded(value, expected[i], tolerance));
  if (typeof result === "object" && result !== null)
    return Object.fromEntries(
      Object.entries(result).map(([key, value]) => [
        key,
        rounded(value, (expected as Record<string, unknown>)[key], tolerance),
      ]),
    );
  return result;
}

const packages = [...new Set(CASES.map(({ from }) => from))];
for (const from of packages) {
  test(`Every operation gives what ${from} expects of it`, () => {
    for (const each of CASES.filter((one) => one.from === from)) {
      const { method, on, gives, tolerance = 0 } = each;
      const label = `${method} on ${JSON.stringify(on)} with ${JSON.stringify(each.with)}`;
      const error = (gives as { error?: keyof typeof twolayer } | null)?.error;
      if (error !== undefined) {
        assert.throws(() => answer(each), twolayer[error] as ErrorConstructor, label);
        continue;
      }
      const expected = plain(read(gives));
      const result = rounded(plain(answer(each)), expected, tolerance);
      assert.deepEqual(result, expected, label);
    }
  });
}

test("The cases come from eight packages and are no fewer than 200", () => {
  assert.equal(packages.length, 8);
  assert.ok(CASES.length >= 200, `${CASES.length} cases`);
});
