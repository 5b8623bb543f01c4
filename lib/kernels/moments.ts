// Mean and standard deviation of columns, and columns made comparable with them, right also where
// numbers are far from 0 or near the ends of the range of float64.

import { columnSum } from "./columns.ts";

const TWO_600 = 4.149515568880993e180; // 2^600 exactly: the float64 nearest to these digits
const QUARTER = 0.25; // scaled by it, the difference of any two numbers is finite
const ORDINARY = 1e100; // squares of numbers below it and above its inverse keep all their digits
// A mean that is off by more than this share of the deviation is computed again.
const TOLERANCE = 1e-6;

/**
 * mean (n) and std (n) = mean and population standard deviation (divisor m) of each column of
 * a (m, n), in two passes; again, with more care, for a column that these may have got wrong. A
 * column of one value has exactly that mean, and std 0; one with a NaN or an infinity has std NaN.
 * Both are NaN for m = 0.
 */
export function columnMoments(
  m: number,
  n: number,
  a: Float64Array,
  mean: Float64Array,
  std: Float64Array,
): void {
  columnSum(m, n, a, mean);
  for (let j = 0; j < n; j++) mean[j] /= m;
  const rest = new Float64Array(n); // 0 but for rounding of the mean
  std.fill(0);
  addDeviations(m, n, a, mean, rest, std);
  for (let j = 0; j < n; j++) {
    std[j] = Math.sqrt(std[j] / m);
    const isOrdinary = Math.abs(mean[j]) < ORDINARY && std[j] > 1 / ORDINARY && std[j] < ORDINARY;
    if (isOrdinary && Math.abs(rest[j] / m) <= TOLERANCE * std[j]) continue;
    const column = Float64Array.from({ length: m }, (_, i) => a[i * n + j]);
    [mean[j], std[j]] = carefulMoments(column);
  }
}

/**
 * Adds a − mean to `rest` and its square to `squares`, of each column in the order of the rows.
 * Four rows a turn, as in columnSum.
 */
function addDeviations(
  m: number,
  n: number,
  a: Float64Array,
  mean: Float64Array,
  rest: Float64Array,
  squares: Float64Array,
): void {
  let i = 0;
  for (; i < m - 3; i += 4) {
    const p = i * n;
    const q = p + n;
    const r = q + n;
    const s = r + n;
    for (let j = 0; j < n; j = (j + 1) | 0) {
      const u = mean[j];
      const d = a[(p + j) | 0] - u;
      const e = a[(q + j) | 0] - u;
      const f = a[(r + j) | 0] - u;
      const g = a[(s + j) | 0] - u;
      rest[j] = rest[j] + d + e + f + g;
      squares[j] = squares[j] + d * d + e * e + f * f + g * g;
    }
  }
  for (; i < m; i++) {
    for (let j = 0, p = i * n; j < n; j++, p++) {
      const d = a[p] - mean[j];
      rest[j] += d;
      squares[j] += d * d;
    }
  }
}

/**
 * Mean and deviation from sums of differences from the first value, scaled by a power of two so
 * that no square overflows or vanishes.
 */
function carefulMoments(values: Float64Array): [mean: number, std: number] {
  const m = values.length;
  const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const unit = size > ORDINARY ? 1 / TWO_600 : size < 1 / ORDINARY ? TWO_600 : 1;
  const first = values[0] * unit;
  let sum = 0;
  for (const value of values) sum += value * unit - first;
  const shift = sum / m;
  let rest = 0;
  let squares = 0;
  for (const value of values) {
    const d = value * unit - first - shift;
    rest += d;
    squares += d * d;
  }
  const variance = Math.max(squares - (rest * rest) / m, 0) / m;
  return [(first + shift) / unit, Math.sqrt(variance) / unit];
}

/** out (m, n) = (a − mean) / std of each column: (m, n), (n) and (n). `out` may be `a`. */
export function standardizeColumns(
  m: number,
  n: number,
  a: Float64Array,
  { mean, std }: { mean: Float64Array; std: Float64Array },
  out: Float64Array,
): void {
  for (let i = 0, p = 0; i < m; i++) {
    for (let j = 0; j < n; j++, p++) {
      const value = a[p];
      const difference = value - mean[j];
      out[p] =
        Math.abs(difference) === Infinity && Math.abs(value) < Infinity
          ? (value * QUARTER - mean[j] * QUARTER) / (std[j] * QUARTER)
          : difference / std[j];
    }
  }
}
