import assert from "node:assert/strict";
import { test } from "node:test";
import { isDecimal } from "../../lib/base/decimals.ts";

test("isDecimal accepts signs, points and exponents", () => {
  for (const text of ["0", "-1", "+1.", ".5", "1.25", "1e9", "-.5E-3", "007"])
    assert.equal(isDecimal(text), true, text);
});

test("isDecimal refuses other spellings of numbers and other texts", () => {
  for (const text of ["", ".", "e5", "1e", "0x10", "Infinity", "NaN", "1,5", "1_000", " 1", "1n"])
    assert.equal(isDecimal(text), false, text);
});
