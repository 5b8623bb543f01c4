import assert from "node:assert/strict";
import { test } from "node:test";
import { MISSING_TEXTS, missingTest } from "../../lib/data/missing.ts";

test("missingTest takes empty cells and the usual texts for missing", () => {
  const isMissing = missingTest();
  for (const text of ["", ...MISSING_TEXTS]) assert.ok(isMissing(text), text);
  for (const text of ["0", "none", "no", "N", "unknown", "nan1"]) assert.ok(!isMissing(text), text);
});

test("missingTest takes other texts when they are given, and empty cells in any case", () => {
  const isMissing = missingTest([" -999 ", "x"]);
  for (const text of ["", "-999", "x"]) assert.ok(isMissing(text), text);
  assert.ok(!isMissing("NA"));
});
