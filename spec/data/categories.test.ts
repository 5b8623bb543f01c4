import assert from "node:assert/strict";
import { test } from "node:test";
import { splitRare, withoutMinus } from "../../lib/data/categories.ts";

test("splitRare takes categories below a hundredth of the rows for rare ones", () => {
  const counts = new Map([
    ["b", 300],
    ["a", 290],
    ["d", 5],
    ["c", 5],
  ]);
  assert.deepEqual(splitRare(counts, 600), { categories: ["a", "b"], rare: ["c", "d"] });
  assert.deepEqual(splitRare(counts, 100).rare, []);
});

test("splitRare takes a category of ten rows for a rare one only beside 200 others", () => {
  const counts = new Map(Array.from({ length: 250 }, (_, i) => [`c${i}`, 10 + (i % 2)]));
  const { categories, rare } = splitRare(counts, 1e6);
  assert.equal(categories.length, 200);
  assert.equal(rare.length, 50);
  assert.ok(rare.every((text) => counts.get(text) === 10));
});

test("splitRare sorts numbers by size and other categories by code unit", () => {
  const sorted = (...texts: string[]): string[] =>
    splitRare(new Map(texts.map((text) => [text, 1])), texts.length).categories;
  assert.deepEqual(sorted("10", "9", "-1"), ["-1", "9", "10"]);
  assert.deepEqual(sorted("10", "9", "x"), ["10", "9", "x"]);
});

test("withoutMinus takes a minus for missing only where there is no plus", () => {
  const isMissing = (text: string): boolean => text === "-" || text === "";
  assert.ok(withoutMinus(new Map([["a", 1]]), isMissing)("-"));
  assert.ok(!withoutMinus(new Map([["+", 1]]), isMissing)("-"));
  assert.ok(withoutMinus(new Map([["+", 1]]), isMissing)(""));
});
