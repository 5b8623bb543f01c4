// From scores to probabilities, loss and gradient, row by row while the row is in the nearest
// cache. softmaxLoss takes 11 / 10 ns per element on 2000×10, Node 20 / 24 (plain loops 20 / 19),
// from `npm run bench -- kernels`. exp is 5 of them: all of softmaxLoss is 4 % of a training step
// of 64-100-10, so an exp by SIMD, which could save a quarter of that, is left out.

import { exp, log, log1p } from "../base/elementary.ts";

const MUCH = 1.5; // a sum from here on loses nothing of its parts that would show in its logarithm

/**
 * The greatest number in scores[start..end−1]; a NaN is passed over, or the result when it is the
 * first.
 */
function maximum(start: number, end: number, scores: Float64Array): number {
  let max = scores[start];
  for (let p = start + 1; p < end; p++) {
    if (scores[p] > max) max = scores[p];
  }
  return max;
}

/** out = e^(score − max) for scores[start..end−1]; returns the sum. */
function exponentials(
  start: number,
  end: number,
  max: number,
  scores: Float64Array,
  out: Float64Array,
): number {
  let sum = 0;
  for (let p = start; p < end; p++) {
    const e = exp(scores[p] - max);
    out[p] = e;
    sum += e;
  }
  return sum;
}

/**
 * ln of `sum`, the sum of exponentials[start..end−1] of which the greatest is 1. Where the others
 * are small they are summed apart, since beside 1 they would be rounded away.
 */
export function logOfSum(
  start: number,
  end: number,
  sum: number,
  exponentials: Float64Array,
): number {
  if (!(sum < MUCH)) return log(sum);
  let rest = 0;
  let greatest = 1;
  for (let p = start; p < end; p++) {
    if (exponentials[p] === greatest) greatest = NaN;
    else rest += exponentials[p];
  }
  return log1p(rest);
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
  for (let start = 0; start < n * classes; start += classes) {
    const end = start + classes;
    const sum = exponentials(start, end, maximum(start, end, scores), scores, probabilities);
    for (let p = start; p < end; p++) probabilities[p] /= sum;
  }
}

/**
 * Softmax, cross-entropy against the labels y (n, each in 0..classes−1), and its gradient, from
 * scores (n, classes): returns the mean over the rows of log Σ e^score − score of the label, and
 * fills probabilities (n, classes) as softmax does and dscores (n, classes) = (probabilities −
 * one-hot y) / n. n >= 1, classes >= 1. `scores` may be either output.
 */
export function softmaxLoss(
  n: number,
  classes: number,
  scores: Float64Array,
  y: Int32Array,
  probabilities: Float64Array,
  dscores: Float64Array,
): number {
  let total = 0;
  // the same divided by n before adding, less the logarithms: for sums that overflow
  let scaled = 0;
  for (let i = 0, start = 0; i < n; i++, start += classes) {
    const end = start + classes;
    const max = maximum(start, end, scores);
    const label = scores[start + y[i]];
    const sum = exponentials(start, end, max, scores, probabilities);
    total += logOfSum(start, end, sum, probabilities) + (max - label);
    scaled += max / n - label / n;
    for (let p = start; p < end; p++) {
      const probability = probabilities[p] / sum;
      probabilities[p] = probability;
      dscores[p] = probability / n;
    }
    dscores[start + y[i]] = (probabilities[start + y[i]] - 1) / n;
  }
  return total === Infinity ? scaled : total / n;
}
