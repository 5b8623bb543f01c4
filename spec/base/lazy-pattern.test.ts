import assert from "node:assert/strict";
import { test } from "node:test";
import { lazyPattern } from "../../lib/base/lazy-pattern.ts";

test("lazyPattern makes one regular expression, when it is first asked for", () => {
  const letter = lazyPattern(String.raw`\p{L}`, "u");
  assert.deepEqual(
    ["ß", "7"].map((text) => letter().test(text)),
    [true, false],
  );
  assert.equal(letter(), letter());
  const wrong = lazyPattern("(", "u");
  assert.throws(() => wrong(), SyntaxError);
});
