// Which epoch's parameters `keepBest` keeps. On few rows the lowest log loss is a matter of chance;
// the latest epoch within one standard error of it is as good for all that the rows can tell, and
// the learning rate has come down further ("one standard error rule": Breiman et al.,
// "Classification and Regression Trees", 1984).

import { log } from "../base/elementary.ts";
import type { CheckedDataset } from "../matrix/dataset.ts";
import { MIN_PROBABILITY } from "../net/scores.ts";
import type { TwoLayerNet } from "../net/two-layer-net.ts";

/** The lowest log loss so far, and the greatest with which an epoch is kept. */
export type LossLimit = { readonly lowest: number; readonly limit: number };

/** The limit after an epoch whose parameters are to be kept; undefined when they are not. */
export function limitAfter(
  net: TwoLayerNet,
  validation: CheckedDataset,
  before: LossLimit | undefined,
): LossLimit | undefined {
  const { mean, error } = measureLogLoss(net, validation);
  if (before === undefined || mean < before.lowest) return { lowest: mean, limit: mean + error };
  return mean <= before.limit ? before : undefined;
}

/** The mean log loss on these rows, by their weights, and its standard error. */
export function measureLogLoss(
  net: TwoLayerNet,
  { X, y, sampleWeights }: CheckedDataset,
): { mean: number; error: number } {
  const { cols, data } = net.predictProba(X);
  const losses = Float64Array.from(
    y,
    (label, i) => -log(Math.max(data[i * cols + label], MIN_PROBABILITY)),
  );
  const weight = (i: number): number => sampleWeights?.[i] ?? 1;
  const total = losses.reduce((sum, _, i) => sum + weight(i), 0);
  const mean = losses.reduce((sum, loss, i) => sum + weight(i) * loss, 0) / total;
  const squares = losses.reduce((sum, loss, i) => sum + (weight(i) * (loss - mean)) ** 2, 0);
  return { mean, error: Math.sqrt(squares) / total };
}
