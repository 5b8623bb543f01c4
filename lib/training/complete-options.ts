// The options of a training of which somebody chose a few: the others suit the rows. The command
// line, prepareTable and crossValidate take them from here, so that all train alike.

import type { Dataset } from "../matrix/dataset.ts";
import { recommendedEpochs, recommendedOptions } from "./defaults.ts";
import { definedOptions, type TrainOptions } from "./train-options.ts";

/**
 * The given options, and for the others those of recommendedOptions for so many training rows. With
 * validation rows the best epoch by them is kept, and its probabilities are calibrated on them.
 */
export function completeOptions(
  rows: number,
  given: TrainOptions,
  validation?: Dataset,
): TrainOptions {
  const { schedule, epochs: _, ...suited } = recommendedOptions(rows, given.optimizer);
  const { batchSize = suited.batchSize, learningRateDecay, iterations } = given;
  return {
    ...suited,
    ...(learningRateDecay === undefined && { schedule }),
    ...(iterations === undefined && { epochs: recommendedEpochs(rows, batchSize) }),
    ...(validation !== undefined && {
      validation,
      keepBest: given.patience === undefined,
      calibrate: true,
    }),
    ...definedOptions(given),
  };
}
