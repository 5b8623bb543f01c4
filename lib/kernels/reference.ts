// What every kernel computes, as plain loops: the definition of correct, the fallback, the oracle
// of the tests and the baseline of the benchmarks. A faster kernel must give these bits (its
// summation order and its handling of NaN, ±∞ and −0 included), so nothing here is ever rewritten
// for speed.
//
// Conventions of all kernels: matrices are row-major and dense in a Float64Array, sizes are
// trusted, every element of the output is written whatever it held before, and elementwise kernels
// allow `out` to be an operand.

import { exp, log, log1p } from "../base/elementary.ts";

/**
 * C = op(A)·op(B), op = transpose where the flag says so (BLAS dgemm with α = 1, β = 0). op(A) is
 * (m, k), op(B) is (k, n), C is (m, n); stored shapes are swapped for a transposed operand. Every
 * element is ((0 + a0·b0) + a1·b1) + … in the order of k. With k = 0 it is 0.
 */
export function matmul(
  transA: boolean,
  transB: boolean,
  m: number,
  n: number,
  k: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
): void {
  const [aRow, aCol] = transA ? [1, m] : [k, 1]; // strides of op(A)
  const [bRow, bCol] = transB ? [1, k] : [n, 1]; // strides of op(B)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * aRow + p * aCol] * b[p * bRow + j * bCol];
      c[i * n + j] = sum;
    }
  }
}

/** out (n, m) = transpose of a (m, n). */
export function transpose(m: number, n: number, a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j];
  }
}

/** out (m, n) = the m rows, of n elements, of `a` that the indices name, in their order. */
export function takeRows(
  m: number,
  n: number,
  a: Float64Array,
  indices: ArrayLike<number>,
  out: Float64Array,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) out[i * n + j] = a[indices[i] * n + j];
  }
}

/** out = a + b, elementwise. */
export function add(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < a.length; i++) out[i] = a[i] + b[i];
}

/** out = a − b, elementwise. */
export function sub(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < a.length; i++) out[i] = a[i] - b[i];
}

/** out = a·b, elementwise. */
export function mul(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < a.length; i++) out[i] = a[i] * b[i];
}

/** out = s·a. */
export function scale(a: Float64Array, s: number, out: Float64Array): void {
  for (let i = 0; i < a.length; i++) out[i] = a[i] * s;
}

/** out = a + s·b, rounded after the product and after the sum. */
export function addScaled(a: Float64Array, b: Float64Array, s: number, out: Float64Array): void {
  for (let i = 0; i < a.length; i++) out[i] = a[i] + s * b[i];
}

/** out = max(a, 0) as NumPy's maximum: NaN stays NaN; −0 becomes +0. */
export function relu(a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < a.length; i++) out[i] = a[i] <= 0 ? 0 : a[i];
}

/** out = 1 where a > 0, else 0 (also where a is NaN). */
export function reluMask(a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < a.length; i++) out[i] = a[i] > 0 ? 1 : 0;
}

/** out (m, n) = a (m, n) with row (1, n) added to every row. */
export function addRow(
  m: number,
  n: number,
  a: Float64Array,
  row: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) out[i * n + j] = a[i * n + j] + row[j];
  }
}

/**
 * out (m) = the greatest element of each row; NaN where the row has one. n >= 1. Of zeros of both
 * signs, the first.
 */
export function rowMax(m: number, n: number, a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < m; i++) {
    let max = a[i * n];
    for (let j = 1; j < n; j++) {
      const value = a[i * n + j];
      if (value > max || value !== value) max = value;
    }
    out[i] = max;
  }
}

/** out (m) = ((0 + a0) + a1) + … of each row. 0 when n = 0. */
export function rowSum(m: number, n: number, a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < m; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[i * n + j];
    out[i] = sum;
  }
}

/**
 * out (m) = the column of the greatest element of each row, the first of several; the first NaN
 * beats every number. n >= 1.
 */
export function rowArgmax(m: number, n: number, a: Float64Array, out: Int32Array): void {
  for (let i = 0; i < m; i++) {
    let best = 0;
    let max = a[i * n];
    for (let j = 1; j < n && max === max; j++) {
      const value = a[i * n + j];
      if (value > max || value !== value) {
        max = value;
        best = j;
      }
    }
    out[i] = best;
  }
}

/** out (n) = ((0 + a0) + a1) + … of each column, in the order of the rows. 0 when m = 0. */
export function columnSum(m: number, n: number, a: Float64Array, out: Float64Array): void {
  out.fill(0);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) out[j] += a[i * n + j];
  }
}

/**
 * Σ a over all elements: (s0 + s1) + (s2 + s3) of four running sums, each of every fourth element
 * in order. A single running sum would keep every addition waiting for the one before.
 */
export function sum(a: Float64Array): number {
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) sums[i % 4] += a[i];
  return sums[0] + sums[1] + (sums[2] + sums[3]);
}

/** Σ a² over all elements, the L2 penalty: the sum of the squares, in the order of `sum`. */
export function sumOfSquares(a: Float64Array): number {
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) sums[i % 4] += a[i] * a[i];
  return sums[0] + sums[1] + (sums[2] + sums[3]);
}

/** True when no element is NaN or infinite. */
export function allFinite(a: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i])) return false;
  }
  return true;
}

/**
 * The L2 penalty and its gradient: da = da + s·a as addScaled does; returns the sum of a² as
 * sumOfSquares does.
 */
export function regularize(a: Float64Array, s: number, da: Float64Array): number {
  addScaled(da, a, s, da);
  return sumOfSquares(a);
}

/**
 * probabilities (n, classes) = e^(score − row maximum) / their row sum. Both arrays may be one.
 * classes >= 1.
 */
export function softmax(
  n: number,
  classes: number,
  scores: Float64Array,
  probabilities: Float64Array,
): void {
  for (let row = 0; row < n * classes; row += classes) {
    let max = scores[row];
    for (let j = 1; j < classes; j++) {
      if (scores[row + j] > max) max = scores[row + j];
    }
    let sum = 0;
    for (let j = 0; j < classes; j++) {
      probabilities[row + j] = exp(scores[row + j] - max);
      sum += probabilities[row + j];
    }
    for (let j = 0; j < classes; j++) probabilities[row + j] /= sum;
  }
}

/**
 * Softmax, cross-entropy against the labels y (n, each in 0..classes−1), and its gradient, from
 * scores (n, classes): returns the mean over the rows of log Σ e^score − score of the label, and
 * fills probabilities (n, classes) as softmax does and dscores (n, classes) = (probabilities −
 * one-hot y) / n. n >= 1, classes >= 1.
 *
 * The row maximum is subtracted first and the logarithm taken of the sum, never of a probability
 * that may be 0, so scores of any finite size give numbers; the loss is infinite only where the
 * mean itself exceeds the largest double.
 */
export function softmaxLoss(
  n: number,
  classes: number,
  scores: Float64Array,
  y: Int32Array,
  probabilities: Float64Array,
  dscores: Float64Array,
): number {
  let total = 0; // Σ log Σ e^(score − max) + (max − score of the label)
  // the same divided by n before adding, less the logarithms: for sums that overflow
  let scaled = 0;
  for (let i = 0; i < n; i++) {
    const row = i * classes;
    let max = scores[row];
    for (let j = 1; j < classes; j++) {
      if (scores[row + j] > max) max = scores[row + j];
    }
    const terms = scores.subarray(row, row + classes).map((score) => exp(score - max));
    const sum = terms.reduce((total, term) => total + term, 0);
    const label = scores[row + y[i]];
    // few others beside the maximum's 1 are summed apart from it, which would round them away
    const rest = terms.filter((term, j) => j !== terms.indexOf(1) || term !== 1);
    const logSum = sum < 1.5 ? log1p(rest.reduce((total, term) => total + term, 0)) : log(sum);
    total += logSum + (max - label);
    scaled += max / n - label / n;
  }
  softmax(n, classes, scores, probabilities);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < classes; j++) {
      const p = probabilities[i * classes + j];
      dscores[i * classes + j] = (j === y[i] ? p - 1 : p) / n;
    }
  }
  return total === Infinity ? scaled : total / n;
}
