import { test } from "node:test";
import * as arithmetic from "../../lib/kernels/arithmetic.ts";
import { assertSameBits, nanFilled, SPECIAL, specialValues } from "../helpers/numbers.ts";

type Operation = (x: number, y: number) => number;
type Binary = (a: Float64Array, b: Float64Array, out: Float64Array) => void;
type WithNumber = (a: Float64Array, s: number, out: Float64Array) => void;

const BINARY: Record<string, [kernel: Binary, operation: Operation]> = {
  add: [arithmetic.add, (x, y) => x + y],
  sub: [arithmetic.sub, (x, y) => x - y],
  mul: [arithmetic.mul, (x, y) => x * y],
  div: [arithmetic.div, (x, y) => x / y],
};

const WITH_NUMBER: Record<string, [kernel: WithNumber, operation: Operation]> = {
  scale: [arithmetic.scale, (x, s) => s * x],
  addScalar: [arithmetic.addScalar, (x, s) => x + s],
  divScalar: [arithmetic.divScalar, (x, s) => x / s],
};

const LENGTHS = [0, 1, 2, 3, 7, 8, 9, 100];
const PAIRS_A = Float64Array.from(SPECIAL.flatMap((x) => SPECIAL.map(() => x)));
const PAIRS_B = Float64Array.from(SPECIAL.flatMap(() => SPECIAL));

for (const [name, [kernel, operation]] of Object.entries(BINARY)) {
  test(`${name} combines elements of every pair of special values, also over an operand`, () => {
    const cases = LENGTHS.map((n) => [specialValues(n, 1), specialValues(n, 2)]);
    for (const [a, b] of [...cases, [PAIRS_A, PAIRS_B]]) {
      const expected = a.map((x, i) => operation(x, b[i]));
      const out = nanFilled(a.length);
      kernel(a, b, out);
      assertSameBits(out, expected, `${name} of ${a.length}`);
      const [overA, overB] = [a.slice(), b.slice()];
      kernel(overA, b, overA);
      assertSameBits(overA, expected, `${name} of ${a.length} over a`);
      kernel(a, overB, overB);
      assertSameBits(overB, expected, `${name} of ${a.length} over b`);
    }
  });
}

for (const [name, [kernel, operation]] of Object.entries(WITH_NUMBER)) {
  test(`${name} combines every element with a number, special ones too, also in place`, () => {
    for (const n of LENGTHS) {
      for (const s of [0.1, -1.25, ...SPECIAL]) {
        const a = Float64Array.of(...specialValues(n, n), ...SPECIAL);
        const expected = a.map((x) => operation(x, s));
        const out = nanFilled(a.length);
        kernel(a, s, out);
        assertSameBits(out, expected, `${name} of ${n} with ${s}`);
        kernel(a, s, a);
        assertSameBits(a, expected, `${name} of ${n} with ${s} in place`);
      }
    }
  });
}
