// Which inputs tell the classes apart best, one at a time.

import { columnOf, type MatrixLike } from "./matrix-like.ts";

/**
 * The numbers of all inputs, the most telling first: in descending order of the variance between
 * the classes' means as a share of the whole variance (the correlation ratio η² of the analysis of
 * variance). Inputs with equal shares stay in their order.
 */
export function tellingInputs(matrix: MatrixLike, labels: ArrayLike<number>): number[] {
  const shares = Array.from({ length: matrix.cols }, (_, j) =>
    correlationRatio(columnOf(matrix, j), labels),
  );
  return Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
}

/** The share (0..1) of the values' variance that lies between the classes; 0 if there is none. */
function correlationRatio(values: Float64Array, labels: ArrayLike<number>): number {
  const groups = new Map<number, { count: number; mean: number }>();
  let [count, mean, variance] = [0, 0, 0]; // Welford's, so that large values do not cancel
  for (const [i, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    const group = groups.get(labels[i]) ?? { count: 0, mean: 0 };
    groups.set(labels[i], group);
    group.mean += (value - group.mean) / ++group.count;
    const before = mean;
    mean += (value - mean) / ++count;
    variance += (value - before) * (value - mean);
  }
  let between = 0;
  for (const group of groups.values()) between += group.count * (group.mean - mean) ** 2;
  return variance > 0 && Number.isFinite(between / variance) ? between / variance : 0;
}
