import assert from "node:assert/strict";
import { test } from "node:test";
import * as broadcast from "../../lib/kernels/broadcast.ts";
import { assertSameBits, nanFilled, specialValues } from "../helpers/numbers.ts";

const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 17];
const OPERATIONS: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};

for (const [operation, f] of Object.entries(OPERATIONS)) {
  for (const along of ["Row", "Column"] as const) {
    const name = `${operation}${along}` as keyof typeof broadcast;
    test(`${name} is the operation of each element with its ${along.toLowerCase()}'s`, () => {
      for (const m of SIZES) {
        for (const n of SIZES) {
          const a = specialValues(m * n, m + n);
          const vector = specialValues(along === "Row" ? n : m, m * n + 1);
          const expected = a.map((value, p) =>
            f(value, vector[along === "Row" ? p % n : Math.floor(p / n)]),
          );
          const out = nanFilled(m * n);
          broadcast[name](m, n, a, vector, out);
          assertSameBits(out, expected, `${name} ${m}×${n}`);
          broadcast[name](m, n, a, vector, a);
          assertSameBits(a, expected, `${name} ${m}×${n} in place`);
        }
      }
    });
  }
}

test("Every broadcast kernel is among those tested", () => {
  const tested = Object.keys(OPERATIONS).flatMap((name) => [`${name}Row`, `${name}Column`]);
  assert.deepEqual(Object.keys(broadcast).sort(), tested.sort());
});
