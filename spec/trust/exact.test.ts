// The measuring instrument of the exactness tests, itself measured: against numbers that are known
// to many digits.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  approximate,
  errorInUlps,
  exact,
  expOf,
  logOf,
  minus,
  over,
  plus,
  size,
  times,
  total,
} from "../helpers/exact.ts";

test("approximate returns the double that exact was given", () => {
  for (const x of [
    0,
    1,
    -1,
    0.1,
    5e-324,
    -5e-324,
    2 ** -1022,
    Number.MAX_VALUE,
    Math.PI,
    1 / 3,
    -1e-310,
  ]) {
    assert.equal(approximate(exact(x)), x);
    assert.equal(errorInUlps(x, exact(x)), 0);
  }
  assert.throws(() => exact(Infinity), RangeError);
});

test("Sums, products and quotients are exact", () => {
  const sum = plus(exact(0.1), exact(0.2));
  assert.equal(errorInUlps(0.1 + 0.2, sum), 0.5);
  assert.equal(approximate(minus(total([exact(1e300), exact(1), exact(-1e300)]), exact(1))), 0);
  assert.equal(approximate(times(exact(2 ** -600), exact(2 ** 600))), 1);
  assert.equal(approximate(over(exact(1), exact(3))), 1 / 3);
  assert.ok(Math.abs(errorInUlps(1 / 3, over(exact(1), exact(3))) - 1 / 3) < 1e-9);
});

test("errorInUlps counts one for one step of a double, subnormal or not", () => {
  assert.equal(errorInUlps(1 + 2 ** -52, exact(1)), 1);
  assert.equal(errorInUlps(1 - 2 ** -53, exact(1)), 0.5);
  assert.equal(errorInUlps(15e-324, exact(5e-324)), 2);
  assert.equal(errorInUlps(Number.MAX_VALUE, exact(Number.MAX_VALUE * (1 - 2 ** -53))), 1);
});

test("expOf and logOf have their known digits and are inverses", () => {
  // e and ln 2 to 70 digits, as decimal fractions of integers
  const decimal = (digits: string): { n: bigint; e: number } =>
    over({ n: BigInt(digits), e: 0 }, { n: 10n ** BigInt(digits.length - 1), e: 0 });
  const e = decimal("2718281828459045235360287471352662497757247093699959574966967627724077");
  const ln10 = decimal("2302585092994045684017991454684364207601101488628772976033327900967573");
  const close = (a: { n: bigint; e: number }, b: { n: bigint; e: number }, bits: number): boolean =>
    approximate(size(minus(a, b))) < 2 ** -bits;
  assert.ok(close(expOf(exact(1)), e, 228));
  assert.ok(close(logOf(exact(10)), ln10, 228));
  for (const x of [0, -0.25, 1e-9, -40.5, -744, 300.125])
    assert.ok(close(logOf(expOf(exact(x))), exact(x), 290), String(x));
});
