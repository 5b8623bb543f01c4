import assert from "node:assert/strict";
import { test } from "node:test";
import { exp, log } from "../../lib/base/elementary.ts";
import * as functions from "../../lib/kernels/functions.ts";
import { assertSameBits, nanFilled, normals, SPECIAL, specialValues } from "../helpers/numbers.ts";

type Unary = (a: Float64Array, out: Float64Array) => void;

const UNARY: Record<string, [kernel: Unary, f: (x: number) => number]> = {
  exp: [functions.exp, exp],
  log: [functions.log, log],
  sqrt: [functions.sqrt, Math.sqrt],
  abs: [functions.abs, Math.abs],
  square: [functions.square, (x) => x * x],
  // NumPy's sign of −0 is +0
  sign: [functions.sign, (x) => (x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : NaN)],
  clip: [(a, out) => functions.clip(a, -1, 1.5, out), (x) => clipped(x, -1, 1.5)],
  "clip to zeros": [(a, out) => functions.clip(a, -0, 0, out), (x) => clipped(x, -0, 0)],
};

/** As NumPy: an element equal to a bound gives the bound. */
function clipped(x: number, min: number, max: number): number {
  const raised = x > min || x !== x ? x : min;
  return raised < max || raised !== raised ? raised : max;
}

for (const [name, [kernel, f]] of Object.entries(UNARY)) {
  test(`${name} is its function of every element, special ones too, also in place`, () => {
    for (const n of [0, 1, 2, 3, 7, 8, 9, 100]) {
      const a = Float64Array.of(...specialValues(n, n), ...SPECIAL);
      const expected = a.map(f);
      const out = nanFilled(a.length);
      kernel(a, out);
      assertSameBits(out, expected, `${name} of ${n}`);
      kernel(a, a);
      assertSameBits(a, expected, `${name} of ${n} in place`);
    }
  });
}

test("exp and log of normal numbers are each other's inverse to a few ulps", () => {
  const a = normals(1000, 3);
  const out = nanFilled(1000);
  functions.exp(a, out);
  functions.log(out, out);
  for (let i = 0; i < 1000; i++) assert.ok(Math.abs(out[i] - a[i]) <= 1e-15 * (1 + Math.abs(a[i])));
});
