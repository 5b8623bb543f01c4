import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { exp, log, log1p, sin, sinPi } from "../../lib/base/elementary.ts";
import { Random } from "../../lib/base/random.ts";

// Correctly rounded values, as the 64 bits of argument and value in hexadecimal (see elementary.py
// beside the file).
const tables = JSON.parse(
  readFileSync(new URL("../fixtures/elementary.json", import.meta.url), "utf8"),
);

const view = new DataView(new ArrayBuffer(8));

function fromBits(hex: string): number {
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
}

/** The place of x in the order of all doubles, so that neighbours differ by 1. */
function place(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fff_ffff_ffff_ffffn) : bits;
}

/**
 * How many of `f`'s values are the correctly rounded one or its neighbour; fails on any that is
 * farther away.
 */
function compare(name: string, f: (x: number) => number): { exact: number; neighbours: number } {
  let exact = 0;
  let neighbours = 0;
  for (const [argument, value] of tables[name] as [string, string][]) {
    const x = fromBits(argument);
    const expected = fromBits(value);
    const distance = place(f(x)) - place(expected);
    assert.ok(
      distance >= -1n && distance <= 1n,
      `${name}(${x}): expected ${expected}, got ${f(x)}, ${distance} places away`,
    );
    if (distance === 0n) exact++;
    else neighbours++;
  }
  return { exact, neighbours };
}

// Worst seen: 1 place among the doubles in each function, on 7, 3, 1 and 4 arguments in a hundred.
// The shares of correctly rounded values keep a slip of a coefficient's last digits from hiding
// behind that bound.
for (const [name, f, least] of [
  ["exp", exp, 0.9],
  ["log", log, 0.95],
  ["sin", sin, 0.98],
  ["sinPi", sinPi, 0.95],
] as const) {
  test(`${name} is the correctly rounded value or its neighbour`, () => {
    const { exact, neighbours } = compare(name, f);
    assert.ok(exact + neighbours >= 250, "the fixture is there");
    assert.ok(
      exact / (exact + neighbours) >= least,
      `${exact} correctly rounded, ${neighbours} neighbours`,
    );
  });
}

test("exp has its limits where doubles have theirs", () => {
  assert.equal(exp(0), 1);
  assert.equal(exp(-0), 1);
  assert.equal(exp(Infinity), Infinity);
  assert.ok(Object.is(exp(-Infinity), 0));
  assert.ok(Number.isNaN(exp(NaN)));
  assert.equal(exp(1e308), Infinity);
  assert.ok(Object.is(exp(-1e308), 0));
  // the last argument with a finite value
  assert.equal(exp(709.782712893384), 1.7976931348622732e308);
  assert.equal(exp(709.7827128933841), Infinity);
  assert.equal(exp(-745.1332191019411), 5e-324); // the last one with a value above 0
  assert.equal(exp(-745.1332191019412), 0);
});

test("exp is monotonic where the reduction changes and in the subnormal range", () => {
  for (let i = -760 * 64, last = 0; i <= 710 * 64; i++) {
    const value = exp(i / 64);
    assert.ok(value >= last, `exp(${i / 64})`);
    last = value;
  }
});

test("log has its limits where doubles have theirs, and exact powers of two", () => {
  assert.ok(Object.is(log(1), 0));
  assert.equal(log(0), -Infinity);
  assert.equal(log(-0), -Infinity);
  assert.equal(log(Infinity), Infinity);
  for (const x of [NaN, -1, -5e-324, -Infinity]) assert.ok(Number.isNaN(log(x)), `log(${x})`);
  assert.equal(log(2), Math.LN2);
  assert.equal(log(0.5), -Math.LN2);
  assert.equal(log(5e-324), -744.4400719213812);
});

test("log does not change a value that exp is given back, beyond rounding", () => {
  for (let i = -600; i <= 600; i++)
    assert.ok(
      Math.abs(log(exp(i / 8)) - i / 8) <= 2 ** -51 * Math.max(1, Math.abs(i / 8)),
      `${i / 8}`,
    );
});

test("sin and sinPi keep the sign of zero and are odd", () => {
  for (const f of [sin, sinPi]) {
    assert.ok(Object.is(f(0), 0));
    assert.ok(Object.is(f(-0), -0));
    for (let i = 1; i < 4000; i++) assert.ok(f(-i / 128) + f(i / 128) === 0, `${i} / 128`);
  }
});

test("sinPi is exact at whole and half numbers, where sin(Math.PI * x) is not", () => {
  for (const n of [0, 1, 2, 3, 100, 1001, 2 ** 20]) {
    assert.ok(sinPi(n) === 0 && sinPi(-n) === 0, `${n}`); // of either sign
    if (n < 2 ** 20) assert.equal(sinPi(n + 0.5), n % 2 === 0 ? 1 : -1);
  }
  assert.notEqual(Math.sin(Math.PI), 0);
});

test("log1p is within 2 ulp of the exact logarithm of 1 + x", () => {
  const random = new Random(8);
  const exponents = random.uniform(2000);
  for (const u of exponents) {
    const x = 2 ** (60 * u - 58);
    assert.ok(Math.abs(log1p(x) / Math.log1p(x) - 1) <= 3 * 2 ** -52, `${x}`);
  }
  assert.equal(log1p(0), 0);
  assert.equal(log1p(5e-324), 5e-324);
  assert.equal(log1p(1), Math.LN2);
});
