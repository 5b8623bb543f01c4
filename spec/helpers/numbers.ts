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

/**
 * How many numbers are drawn of a kind; what tests get are pieces of this list, because drawing
 * took as long as the kernels under test. A prime, so that no two rows of a matrix are the same.
 */
export const DRAWN = 65_537;

/** The `count` numbers of a list, repeated as needed, from a place on that depends on the seed. */
export function pieceOf(
  list: Float64Array,
  count: number,
  seed: number,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(count);
  let from = (Math.abs(seed) * 40_503) % list.length;
  for (let done = 0; done < count; from = 0) {
    const piece = list.subarray(from, from + count - done);
    out.set(piece, done);
    done += piece.length;
  }
  return out;
}

let normalList: Float64Array | undefined;
let specialList: Float64Array | undefined;

/** Standard normal numbers, different for each seed. */
export function normals(count: number, seed = 0): Float64Array<ArrayBuffer> {
  normalList ??= new Random(0).normal(DRAWN);
  return pieceOf(normalList, count, seed);
}

/** Normal numbers of which about one in three is replaced by a special one. */
export function specialValues(count: number, seed = 0): Float64Array<ArrayBuffer> {
  if (specialList === undefined) {
    const pick = new Random(1).integers(DRAWN, 3 * SPECIAL.length);
    specialList = normals(DRAWN, 1).map((value, i) => SPECIAL[pick[i]] ?? value);
  }
  return pieceOf(specialList, count, seed);
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
