// Is the chance good enough? Statistics of Random on 10^5 to 10^6 draws. Seeds are fixed, so the
// figures are too; each must lie within five standard deviations of what independent uniform or
// normal numbers give, which one in two million does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";

const SEEDS = [0, 1, 2 ** 32, 2 ** 53 - 1];

/** Asserts that Σ (observed − expected)²/expected has the size that chance gives it. */
function assertChiSquared(
  counts: ArrayLike<number>,
  expected: (i: number) => number,
  where: string,
): void {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += (counts[i] - expected(i)) ** 2 / expected(i);
  const freedom = counts.length - 1;
  // Wilson and Hilferty: the cube root is close to normal.
  assertStandard(
    ((sum / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom)),
    `${where}: chi² ${sum} of ${freedom}`,
  );
}

function assertStandard(z: number, where: string): void {
  assert.ok(Math.abs(z) <= 5, `${where}: ${z} standard deviations`);
}

/**
 * Asserts the greatest distance between the numbers' distribution and `cdf` (Kolmogorov and
 * Smirnov).
 */
function assertDistribution(
  numbers: Float64Array,
  cdf: (x: number) => number,
  where: string,
): void {
  const sorted = numbers.slice().sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach(
    (x, i) =>
      (distance = Math.max(distance, Math.abs(cdf(x) - i / n), Math.abs(cdf(x) - (i + 1) / n))),
  );
  // P = 2·e^(−2·2.7²) = 9e-7
  assert.ok(distance * Math.sqrt(n) < 2.7, `${where}: distance ${distance}`);
}

const correlation = (a: Float64Array, b: Float64Array, mean: number, variance: number): number =>
  a.reduce((sum, value, i) => sum + (value - mean) * (b[i] - mean), 0) /
  (variance * Math.sqrt(a.length));

/** Φ by Simpson's rule on a table of the density: 1e-9 is far below what is measured. */
const normalCdf = ((): ((x: number) => number) => {
  const [low, step] = [-8, 2 ** -9];
  const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const table = [0];
  for (let x = low; x < 8; x += step)
    table.push(
      table[table.length - 1] +
        (step / 6) * (density(x) + 4 * density(x + step / 2) + density(x + step)),
    );
  return (x) => {
    const at = Math.min(Math.max((x - low) / step, 0), table.length - 2);
    const i = Math.floor(at);
    return table[i] + (at - i) * (table[i + 1] - table[i]);
  };
})();

test("Random.uniform fills 1024 bins evenly, singly and in pairs of neighbors", () => {
  for (const seed of SEEDS) {
    const u = new Random(seed).uniform(1 << 18);
    const bins = new Uint32Array(1024);
    const pairs = new Uint32Array(1024);
    u.forEach((value) => bins[Math.floor(value * 1024)]++);
    for (let i = 0; i + 1 < u.length; i += 2)
      pairs[Math.floor(u[i] * 32) * 32 + Math.floor(u[i + 1] * 32)]++;
    assertChiSquared(bins, () => u.length / 1024, `seed ${seed}, bins`);
    assertChiSquared(pairs, () => u.length / 2048, `seed ${seed}, pairs`);
    assertDistribution(u, (x) => x, `seed ${seed}`);
  }
});

test("Each of the 53 bits of Random.uniform is set half of the time, and any two a quarter", () => {
  const u = new Random(3).uniform(40_000);
  const ones = new Uint32Array(53);
  const both = new Uint32Array(53 * 53);
  const bits = new Uint8Array(53);
  for (const value of u) {
    let rest = value;
    for (let b = 0; b < 53; b++) {
      rest *= 2;
      bits[b] = rest >= 1 ? 1 : 0;
      rest -= bits[b];
      ones[b] += bits[b];
      if (bits[b]) for (let c = 0; c < b; c++) both[b * 53 + c] += bits[c];
    }
    assert.equal(rest, 0, "more than 53 bits");
  }
  for (let b = 0; b < 53; b++) {
    assertStandard((ones[b] - u.length / 2) / Math.sqrt(u.length / 4), `bit ${b}`);
    for (let c = 0; c < b; c++)
      assertStandard(
        (both[b * 53 + c] - u.length / 4) / Math.sqrt((u.length * 3) / 16),
        `bits ${b} and ${c}`,
      );
  }
});

test("Random.normal follows the normal distribution, tails included, in both precisions", () => {
  for (const precision of ["float64", "float32"] as const) {
    for (const seed of SEEDS.slice(0, 2)) {
      const z = new Random(seed).normal(1 << 17, { precision });
      const n = z.length;
      const where = `${precision}, seed ${seed}`;
      const moment = (k: number): number => z.reduce((sum, x) => sum + x ** k, 0) / n;
      assertStandard(moment(1) * Math.sqrt(n), `${where}: mean`);
      assertStandard((moment(2) - 1) * Math.sqrt(n / 2), `${where}: variance`);
      assertStandard(moment(3) * Math.sqrt(n / 15), `${where}: third moment`);
      assertStandard((moment(4) - 3) * Math.sqrt(n / 96), `${where}: fourth moment`);
      assertDistribution(z, normalCdf, where);
      for (const limit of [2, 3, 4]) {
        const share = 2 * normalCdf(-limit);
        assertStandard(
          (z.filter((x) => Math.abs(x) > limit).length - n * share) / Math.sqrt(n * share),
          `${where}: beyond ${limit}`,
        );
      }
    }
  }
});

test("Streams of neighboring offsets, neighboring seeds and other draws are uncorrelated", () => {
  const n = 1 << 15;
  const at = (seed: number, offset: number): Float64Array =>
    Random.fromState({ seed, offset }).uniform(n);
  const base = at(5, 0);
  const others: [string, Float64Array][] = [
    ["the next offset", at(5, 4)],
    ["offset 8", at(5, 8)],
    ["offset 2^34", at(5, 2 ** 34)],
    ["offset 4·2^32", at(5, 4 * 2 ** 32)],
    ["the next seed", at(6, 0)],
    ["seed 5 + 2^32", at(5 + 2 ** 32, 0)],
    ["seed 4", at(4, 0)],
  ];
  for (const [name, other] of others) {
    assertStandard(correlation(base, other, 0.5, 1 / 12), name);
    for (const lag of [1, 2, 3])
      assertStandard(
        correlation(base.slice(0, n - lag), other.slice(lag), 0.5, 1 / 12),
        `${name}, ${lag} later`,
      );
    const pairs = new Uint32Array(256);
    base.forEach((u, i) => pairs[Math.floor(u * 16) * 16 + Math.floor(other[i] * 16)]++);
    assertChiSquared(pairs, () => n / 256, `${name}: pairs`);
  }
  for (const lag of [1, 2, 4, 64, 256])
    assertStandard(correlation(base.slice(0, n - lag), base.slice(lag), 0.5, 1 / 12), `lag ${lag}`);
  assertStandard(
    correlation(new Random(9).normal(n), Random.fromState({ seed: 9, offset: 4 }).normal(n), 0, 1),
    "normal draws one after the other",
  );
});

test("Random.integers and Random.permutation give every result equally often", () => {
  for (const below of [2, 3, 10, 1000]) {
    const counts = new Uint32Array(below);
    new Random(below).integers(1 << 17, below).forEach((value) => counts[value]++);
    assertChiSquared(counts, () => (1 << 17) / below, `below ${below}`);
  }
  const n = 12;
  const places = new Uint32Array(n * n);
  const random = new Random(7);
  let ascents = 0;
  const rounds = 20_000;
  for (let round = 0; round < rounds; round++) {
    const permutation = random.permutation(n);
    permutation.forEach((value, i) => {
      places[i * n + value]++;
      if (i > 0 && permutation[i - 1] < value) ascents++;
    });
  }
  for (let i = 0; i < n; i++)
    assertChiSquared(places.subarray(i * n, (i + 1) * n), () => rounds / n, `place ${i}`);
  assertStandard(
    (ascents - (rounds * (n - 1)) / 2) / Math.sqrt((rounds * (n + 1)) / 12),
    "ascents",
  );
});
