import assert from "node:assert/strict";
import { test } from "node:test";
import { columnMoments, standardizeColumns } from "../../lib/kernels/moments.ts";
import { nanFilled, normals } from "../helpers/numbers.ts";

function moments(m: number, n: number, a: Float64Array): { mean: Float64Array; std: Float64Array } {
  const [mean, std] = [nanFilled(n), nanFilled(n)];
  columnMoments(m, n, a, mean, std);
  return { mean, std };
}

test("columnMoments are mean and population deviation of every column", () => {
  for (const m of [1, 2, 3, 50]) {
    for (const n of [0, 1, 2, 7]) {
      const a = normals(m * n, m + n);
      const { mean, std } = moments(m, n, a);
      for (let j = 0; j < n; j++) {
        const column = Array.from({ length: m }, (_, i) => a[i * n + j]);
        const expected = column.reduce((x, y) => x + y) / m;
        const variance = column.reduce((x, y) => x + (y - expected) ** 2, 0) / m;
        assert.ok(Math.abs(mean[j] - expected) < 1e-15, `mean ${m}×${n}`);
        assert.ok(Math.abs(std[j] - Math.sqrt(variance)) < 1e-15, `std ${m}×${n}`);
      }
    }
  }
});

test("columnMoments are right for numbers far from 0", () => {
  const count = 1000;
  const a = Float64Array.from(
    { length: count },
    (_, i) => 1.7e18 + (i % 2 === 0 ? 1 : -1) * 2 ** 20,
  );
  const { mean, std } = moments(count, 1, a);
  assert.equal(mean[0], 1.7e18);
  assert.equal(std[0], 2 ** 20);
});

test("columnMoments are right near the ends of the range", () => {
  const huge = moments(3, 1, Float64Array.of(1.7e308, 1.7e308, -1.7e308));
  assert.ok(Math.abs(huge.mean[0] / (1.7e308 / 3) - 1) < 1e-15);
  assert.ok(Math.abs(huge.std[0] / (1.7e308 * (Math.sqrt(8) / 3)) - 1) < 1e-15);
  const tiny = moments(2, 1, Float64Array.of(5e-324, 15e-324));
  assert.equal(tiny.mean[0], 10e-324);
  assert.equal(tiny.std[0], 5e-324);
});

test("A column of one value has exactly that mean, and deviation 0", () => {
  for (const value of [0, 0.1, -1e300, 5e-324, 1 / 3]) {
    const { mean, std } = moments(7, 1, new Float64Array(7).fill(value));
    assert.equal(mean[0], value);
    assert.equal(std[0], 0);
  }
});

test("A column with a NaN or an infinity has deviation NaN, the others have theirs", () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const { std } = moments(2, 2, Float64Array.of(bad, 1, 2, 3));
    assert.equal(std[0], NaN);
    assert.equal(std[1], 1);
  }
});

test("standardizeColumns does not overflow on the way to a small result", () => {
  const a = Float64Array.of(1.7e308, 1.7e308, -1.7e308);
  const out = nanFilled(3);
  standardizeColumns(3, 1, a, moments(3, 1, a), out);
  const expected = [Math.SQRT1_2, Math.SQRT1_2, -Math.SQRT2];
  for (let i = 0; i < 3; i++) assert.ok(Math.abs(out[i] - expected[i]) < 1e-15, `${out[i]}`);
});
