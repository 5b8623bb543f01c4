// Which epoch's parameters `patience` and `keepBest` keep. `patience` goes by the accuracy.
// `keepBest` goes by the log loss, of which the lowest is on few rows a matter of chance: the
// latest epoch within one standard error of it is as good for all that the rows can tell, and the
// learning rate has come down further ("one standard error rule": Breiman et al., "Classification
// and Regression Trees", 1984).

import { log } from "../base/elementary.ts";
import type { CheckedDataset } from "../matrix/dataset.ts";
import { cloneParams, type Params } from "../net/params.ts";
import { MIN_PROBABILITY } from "../net/scores.ts";
import type { TwoLayerNet } from "../net/two-layer-net.ts";

/** The epoch whose parameters are kept so far: `iteration` is its last, 0-based. */
export type Best = {
  readonly iteration: number;
  readonly epoch: number;
  readonly valAccuracy: number;
  readonly params: Params;
  /** With keepBest: the lowest log loss so far, and one standard error more. */
  readonly logLoss?: { readonly lowest: number; readonly limit: number } | undefined;
};

/** The best epoch so far: `before`, or the one that ends now with a copy of the parameters. */
export function bestAfter(
  net: TwoLayerNet,
  validation: CheckedDataset,
  before: Best | undefined,
  now: Pick<Best, "iteration" | "epoch" | "valAccuracy">,
  keepBest = false,
): Best {
  const logLoss = keepBest ? limitAfter(net, validation, before?.logLoss) : undefined;
  const isKept = keepBest ? logLoss : now.valAccuracy > (before?.valAccuracy ?? -1);
  return isKept
    ? { ...now, ...(logLoss && { logLoss }), params: cloneParams(net.params) }
    : before!;
}

/** The limit after an epoch whose parameters are to be kept; undefined when they are not. */
export function limitAfter(
  net: TwoLayerNet,
  validation: CheckedDataset,
  before: Best["logLoss"],
): Best["logLoss"] {
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
