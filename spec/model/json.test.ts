import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPlain, isObject } from "../../lib/model/json.ts";
import { assertThrows } from "../helpers/throws.ts";

test("isObject accepts objects, and neither arrays nor null", () => {
  assert.equal(isObject({}), true);
  for (const value of [null, [], "x", 1, undefined]) assert.equal(isObject(value), false);
});

test("checkPlain refuses what JSON does not hold as an object", () => {
  checkPlain("save", "run", { a: [1, null] });
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  for (const [value, shown] of [
    [null, "null"],
    [[1], "an array of 1"],
    [new Date(0), "a Date"],
    [{ n: 1n }, "an Object"],
    [circular, "an Object"],
  ] as const) {
    assertThrows(
      () => checkPlain("save", "run", value),
      TypeError,
      `save: run expected an object of plain JSON, got ${shown}`,
    );
  }
});
