import assert from "node:assert/strict";
import { test } from "node:test";
import * as reductions from "../../lib/kernels/reductions.ts";
import { sum } from "../../lib/kernels/reference.ts";
import { assertSameBits, nanFilled, specialValues } from "../helpers/numbers.ts";

const SIZES = [1, 2, 3, 4, 5, 8, 9, 17, 33];

/** Where the first NaN is or else the first of the greatest (sign 1) or least (sign −1). */
function place(values: ArrayLike<number>, sign: number): number {
  const all = Array.from(values);
  const nan = all.findIndex(Number.isNaN);
  if (nan >= 0) return nan;
  const best = sign > 0 ? Math.max(...all) : Math.min(...all);
  return all.indexOf(best);
}

const rowsOf = (m: number, n: number, a: Float64Array): Float64Array[] =>
  Array.from({ length: m }, (_, i) => a.subarray(i * n, (i + 1) * n));
const columnsOf = (m: number, n: number, a: Float64Array): Float64Array[] =>
  Array.from({ length: n }, (_, j) => Float64Array.from({ length: m }, (_, i) => a[i * n + j]));

type Reduce = (m: number, n: number, a: Float64Array, out: Float64Array & Int32Array) => void;
const REDUCTIONS: [name: keyof typeof reductions, vectors: typeof rowsOf, sign: number][] = [
  ["rowMax", rowsOf, 1],
  ["rowMin", rowsOf, -1],
  ["rowArgmax", rowsOf, 1],
  ["rowArgmin", rowsOf, -1],
  ["columnMax", columnsOf, 1],
  ["columnMin", columnsOf, -1],
  ["columnArgmax", columnsOf, 1],
  ["columnArgmin", columnsOf, -1],
];

for (const [name, vectors, sign] of REDUCTIONS) {
  test(`${name} finds the first of equals, and a NaN before any number`, () => {
    for (const m of SIZES) {
      for (const n of SIZES) {
        for (let seed = 0; seed < 4; seed++) {
          const a = specialValues(m * n, seed);
          const places = vectors(m, n, a).map((vector) => place(vector, sign));
          const values = vectors(m, n, a).map((vector, k) => vector[places[k]]);
          const isPlace = name.includes("Arg");
          const out = isPlace ? new Int32Array(values.length).fill(-7) : nanFilled(values.length);
          (reductions[name] as Reduce)(m, n, a, out as Float64Array & Int32Array);
          assertSameBits(out, isPlace ? places : values, `${name} ${m}×${n}, seed ${seed}`);
        }
      }
    }
  });
}

test("argmax and argmin look at the given range alone", () => {
  const a = specialValues(40, 5).map((value) => (Number.isNaN(value) ? 3 : value));
  for (let start = 0; start < 40; start++) {
    for (let end = start + 1; end <= 40; end++) {
      const range = a.subarray(start, end);
      assert.equal(reductions.argmax(start, end, a), start + place(range, 1));
      assert.equal(reductions.argmin(start, end, a), start + place(range, -1));
    }
  }
});

test("max and min are the first of equals, and a NaN when there is one", () => {
  for (let n = 1; n < 40; n++) {
    for (let seed = 0; seed < 4; seed++) {
      const a = specialValues(n, seed);
      assertSameBits([reductions.max(a)], [a[place(a, 1)]], `max of ${n}, seed ${seed}`);
      assertSameBits([reductions.min(a)], [a[place(a, -1)]], `min of ${n}, seed ${seed}`);
    }
  }
});

test("areClose compares by the tolerance, and takes equal infinities and zeros for equal", () => {
  const a = Float64Array.of(1, Infinity, 0, 5);
  const areClose = (b: number[], tolerance: number): boolean =>
    reductions.areClose(a, Float64Array.from(b), tolerance);
  assert.equal(areClose([1, Infinity, -0, 5], 0), true);
  assert.equal(areClose([1, Infinity, -0, 5.5], 0.5), true);
  assert.equal(areClose([1, Infinity, -0, 5.5], 0.4), false);
  assert.equal(areClose([1, -Infinity, 0, 5], 1e308), false);
  assert.equal(reductions.areClose(Float64Array.of(NaN), Float64Array.of(NaN), 1), false);
});

test("dot sums the products in the order of sum", () => {
  for (let n = 0; n < 20; n++) {
    const [a, b] = [specialValues(n, 1), specialValues(n, 2)];
    const products = a.map((value, i) => value * b[i]);
    assertSameBits([reductions.dot(a, b)], [sum(products)], `dot of ${n}`);
  }
});

test("norm is right where squares overflow or vanish", () => {
  for (const unit of [1, 1e200, 1e-200, 1e-320, 5e-324])
    assert.ok(
      Math.abs(reductions.norm(Float64Array.of(3 * unit, -4 * unit)) / (5 * unit) - 1) < 1e-3,
    );
  const large = reductions.norm(Float64Array.of(3e200, -4e200));
  assert.ok(Math.abs(large / 5e200 - 1) < 1e-15);
  assert.equal(reductions.norm(new Float64Array(0)), 0);
  assert.equal(reductions.norm(Float64Array.of(0, -0)), 0);
  assert.equal(reductions.norm(Float64Array.of(1, -Infinity)), Infinity);
  assert.equal(reductions.norm(Float64Array.of(1, NaN, Infinity)), NaN);
  assert.equal(reductions.norm(Float64Array.of(1e200, NaN)), NaN);
});
