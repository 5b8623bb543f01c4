// Numbers to test kernels with, the same in every run, and equality to the bit.
import assert from "node:assert/strict";
import { Random } from "../../lib/base/random.ts";

/**
 * What arithmetic treats specially: both zeros, infinities, NaN, the ends of the normal and
 * subnormal ranges.
 */
export const SPECIAL: readonly number[] = [
  0,
  -0,
  1,
  -1,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  -5e-324,
  2 ** -1022,
  -(2 ** -1022),
  1.5,
  -1.5,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  1e308,
  -1e308,
  1e-160,
  -1e-160,
];

/** Standard normal numbers, different for each seed. */
export function normals(count: number, seed = 0): Float64Array {
  return new Random(seed).normal(count);
}

/** Normal numbers of which about one in three is replaced by a special one. */
export function specialValues(count: number, seed = 0): Float64Array {
  const pick = new Random(seed + 1).integers(count, 3 * SPECIAL.length);
  return normals(count, seed).map((value, i) => SPECIAL[pick[i]] ?? value);
}

/** An output that shows every element the kernel forgot to write, or read before it wrote. */
export function nanFilled(count: number): Float64Array {
  return new Float64Array(count).fill(NaN);
}

/** Asserts equality by Object.is, element by element: −0 is not 0, NaN is NaN. */
export function assertSameBits(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  where: string,
): void {
  assert.equal(actual.length, expected.length, `${where}: length`);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      assert.fail(`${where}: element ${i} expected ${show(expected[i])}, got ${show(actual[i])}`);
    }
  }
}

function show(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
