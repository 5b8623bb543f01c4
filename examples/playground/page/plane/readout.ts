// The numbers of the plane's training as text: beside the buttons, under the picture, and for
// screen readers.

import { byId } from "../dom.ts";
import { count, text } from "../text/text.ts";
import type { PlaneTraining } from "./training.ts";

/** The mean loss of the minibatches of the last epoch: the one loss that the page states. */
export function currentLoss({ trainer, iterationsPerEpoch }: PlaneTraining): number | undefined {
  const last = trainer.history.loss.slice(-iterationsPerEpoch);
  return last.length === 0 ? undefined : last.reduce((sum, loss) => sum + loss, 0) / last.length;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** Writes the four numbers beside the buttons. */
export function showNumbers(training: PlaneTraining): void {
  const { history } = training.trainer;
  const loss = currentLoss(training);
  const last = (values: number[]): string =>
    values.length === 0 ? "–" : percent(values[values.length - 1]);
  const shown: Record<string, string> = {
    iteration: count(history.loss.length),
    "loss-now": loss === undefined ? "–" : loss.toPrecision(3),
    "train-now": last(history.trainAccuracy),
    "held-now": last(history.valAccuracy),
  };
  for (const [name, value] of Object.entries(shown))
    byId(`plane-${name}`, HTMLElement).textContent = value;
}

/** What a training at rest has reached, in one sentence. */
export function stateInWords({ trainer, net, train, heldOut }: PlaneTraining): string {
  const done = trainer.history.loss.length;
  const state = trainer.done ? "plane.finished" : done === 0 ? "plane.ready" : "plane.paused";
  return text(state, {
    iteration: count(done),
    train: percent(net.accuracy(train.X, train.y)),
    trainPoints: train.X.rows,
    heldOut: percent(net.accuracy(heldOut.X, heldOut.y)),
    heldOutPoints: heldOut.X.rows,
  });
}
