// Whether the learning rate of a finished training decayed too fast: to almost nothing while the
// loss still fell, so that the later steps changed little.

import { exp, log } from "../base/elementary.ts";

const SHARE = 1e-3; // of the first learning rate: steps this small change little
const FALL = 0.1; // of the early fall of the loss: what counts as falling

/**
 * What to say of such a training; undefined of any other. Compared are the mean losses of the
 * steps while the rate was above 0.316, from there to 0.1, and from 0.01 to 0.001 of its start.
 * The loss still fell if the second fall is more than a tenth of the first, and more than
 * chance. Where the loss falls in proportion to the sum of the rates, the second fall is 0.4 of the
 * first; where it comes down to e^-4 of its start, 0.09.
 */
export function decayNote(
  loss: readonly number[],
  learningRateDecay: number,
  iterationsPerEpoch: number,
): string | undefined {
  if (learningRateDecay >= 1) return undefined;
  const count = Math.ceil(log(SHARE) / log(learningRateDecay));
  const steps = count * iterationsPerEpoch;
  if (loss.length < steps) return undefined;
  // The means of epochs, which see each row once, vary less than the losses of steps. But in fewer
  // than six epochs the first would be in two of the sixths.
  const size = count < 6 ? 1 : iterationsPerEpoch;
  const means = Array.from({ length: steps / size }, (_, i) =>
    mean(loss.slice(i * size, (i + 1) * size)),
  );
  const sixths = (from: number, to: number): number[] =>
    means.slice(Math.floor((from * means.length) / 6), Math.ceil((to * means.length) / 6));
  const [early, middle, late] = [sixths(0, 1), sixths(1, 2), sixths(4, 6)];
  const fall = mean(middle) - mean(late);
  const chance = 2 * Math.sqrt(varianceOfMean(middle) + varianceOfMean(late));
  if (fall <= FALL * (mean(early) - mean(middle)) || fall <= chance) return undefined;
  const all = loss.length / iterationsPerEpoch;
  return (
    `the learning rate decayed below a thousandth of its start in ${count} of ` +
    `${Math.round(all)} epochs while the loss still fell; ` +
    `a decay of ${slowerDecay(Math.max(all, 2 * count))}, or a cosine, trains further`
  );
}

/** The decay that reaches the share after so many epochs, in as few digits as tell. */
function slowerDecay(epochs: number): number {
  const rest = 1 - exp(log(SHARE) / epochs);
  return Number((1 - Number(rest.toPrecision(2))).toPrecision(6));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOfMean(values: readonly number[]): number {
  const center = mean(values);
  return mean(values.map((value) => (value - center) ** 2)) / values.length;
}
