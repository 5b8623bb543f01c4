// Temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", 2017): a net that
// was trained long is more confident than it is right. Its scores divided by one number, found on
// rows that it was not trained on, give probabilities that are right as often as they say; which
// class is the most probable stays the same.

import { exp, log } from "../base/elementary.ts";
import type { CheckedDataset } from "../matrix/dataset.ts";
import { Matrix } from "../matrix/matrix.ts";
import { forEachChunk } from "../net/chunks.ts";
import type { TwoLayerNet } from "../net/two-layer-net.ts";

const BISECTIONS = 40;
const LEAST_SHARE = 1e-6; // 1 / temperature

/**
 * Divides the net's W2 and b2, and so its scores, by the temperature that suits these rows; returns
 * the temperature.
 */
export function calibrate(net: TwoLayerNet, { X, y, sampleWeights }: CheckedDataset): number {
  const { W2, b2 } = net.params;
  const all = new Matrix(X.rows, W2.cols);
  forEachChunk(net.params, X, (scores, start) => all.data.set(scores.data, start * all.cols));
  const temperature = temperatureOf(all, y, sampleWeights);
  for (const param of [W2, b2]) param.map((value) => value / temperature, param);
  return temperature;
}

/**
 * The T >= 1 for which the log loss of softmax(scores / T), scores (N, C), is least for the labels
 * y (N), with (log T)² / 2N added: as if log T were normal with deviation 1, so that a few rows
 * cannot take it far. A net that is not confident enough has T = 1.
 */
export function temperatureOf(scores: Matrix, y: Int32Array, weights?: Float64Array): number {
  // The loss is convex in 1 / T, so its slope has one zero; bisected is the logarithm.
  const slope = (share: number): number =>
    lossSlope(scores, y, share, weights) + log(share) / (share * scores.rows);
  if (!(slope(1) > 0)) return 1;
  let low = log(LEAST_SHARE);
  let high = 0;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (slope(exp(middle)) > 0) high = middle;
    else low = middle;
  }
  return exp(-high);
}

/** The slope, by `share`, of the mean loss of share·scores: expected minus actual score. */
function lossSlope(
  { rows, cols, data }: Matrix,
  y: Int32Array,
  share: number,
  weights: Float64Array | undefined,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * cols, (i + 1) * cols);
    const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
    let probabilities = 0;
    let expected = 0;
    for (let c = 0; c < cols; c++) {
      const p = exp(share * (row[c] - max));
      probabilities += p;
      expected += p * (row[c] - row[y[i]]);
    }
    const weight = weights?.[i] ?? 1;
    sum += (weight * expected) / probabilities;
    total += weight;
  }
  return sum / total;
}
