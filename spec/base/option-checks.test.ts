import assert from "node:assert/strict";
import { test } from "node:test";
import { atLeast, checkEachOption, integerIn, oneOf } from "../../lib/base/option-checks.ts";

test("checkEachOption refuses unknown options and wrong values, and skips undefined ones", () => {
  const checks = { n: integerIn(1, 3), x: atLeast(0), kind: oneOf("a", "b") };
  checkEachOption("f", { n: 3, x: undefined, kind: "b" }, checks);
  for (const [options, message] of [
    [null, "f: options expected an object, got null"],
    [{ m: 1 }, "f: unknown option m; expected n, x, kind"],
    [{ n: 4 }, "f: n expected an integer in 1..3, got 4"],
    [{ x: "1" }, 'f: x expected a finite number >= 0, got "1"'],
    [{ kind: null }, 'f: kind expected "a" | "b", got null'],
  ] as const)
    assert.throws(() => checkEachOption("f", options as object, checks), { message });
});
