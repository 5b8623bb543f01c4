// The exercise's toy run as numbers: the training that gives its published losses, and every
// quantity of one iteration, spelt as the mathematics spells it.

import {
  checkGradients,
  type Matrix,
  numericGradient,
  type Params,
  Random,
  relativeError,
  softmaxLoss,
  Trainer,
  TwoLayerNet,
  toyData,
} from "twolayer";
import type { Settings } from "../settings.ts";

export const EXERCISE_STEP = 1e-7; // h of the exercise's own gradient check

export type ToyRun = { X: Matrix; y: Int32Array; net: TwoLayerNet; trainer: Trainer };

/**
 * Five samples, four inputs, ten hidden units, three classes; 200 iterations with learning rate
 * 0.1, decay 0.95, batches of 200 drawn with replacement.
 */
export function createToyRun({ precision, reg }: Settings["mathematics"]): ToyRun {
  const { X, y, params } = toyData(precision);
  const net = new TwoLayerNet(params);
  const trainer = new Trainer(
    net,
    { X, y },
    {
      learningRate: 0.1,
      learningRateDecay: 0.95,
      reg,
      batchSize: 200,
      iterations: 200,
      sampling: "replacement",
      random: Random.fromState({ seed: 0, offset: 12 }), // where making the data left it
    },
  );
  return { X, y, net, trainer };
}

export type ToyNumbers = Params & {
  hidden: Matrix; // (N, H)
  scores: Matrix; // (N, C)
  probabilities: Matrix; // (N, C)
  dataLoss: number;
  penalty: number;
  dscores: Matrix; // (N, C)
  dhidden: Matrix; // (N, H)
  dW2: Matrix; // (H, C)
  db2: Matrix; // (1, C)
  dW1: Matrix; // (D, H)
  db1: Matrix; // (1, H)
};

/** Forward and backward on all five samples. */
export function toyNumbers({ X, y, net }: ToyRun, reg: number): ToyNumbers {
  const { W1, b1, W2, b2 } = net.params;
  const hidden = X.matmul(W1).addRow(b1).relu();
  const scores = hidden.matmul(W2).addRow(b2);
  const { loss: dataLoss, dscores, probabilities } = softmaxLoss(scores, y);
  const penalty = reg * (W1.mul(W1).sum() + W2.mul(W2).sum());

  const dW2 = hidden.matmul(dscores, { transA: true }).addScaled(W2, 2 * reg);
  const db2 = dscores.columnSum();
  const dhidden = dscores.matmul(W2, { transB: true }).mul(hidden.reluMask());
  const dW1 = X.matmul(dhidden, { transA: true }).addScaled(W1, 2 * reg);
  const db1 = dhidden.columnSum();
  return {
    W1,
    b1,
    W2,
    b2,
    hidden,
    scores,
    probabilities,
    dataLoss,
    penalty,
    dscores,
    dhidden,
    dW2,
    db2,
    dW1,
    db1,
  };
}

export type GradientCheck = {
  numeric: Params;
  /** Relative errors of `numeric`, and with the step that suits each element best. */
  exercise: Record<keyof Params, number>;
  best: Record<keyof Params, number>;
};

/** Back-propagation beside differences of the loss. */
export function checkToyGradients(
  { X, y, net }: ToyRun,
  numbers: ToyNumbers,
  reg: number,
): GradientCheck {
  const { params } = net;
  const loss = (): number => net.loss(X, y, { reg }).loss;
  const slope = (name: keyof Params): Matrix => numericGradient(loss, params[name], EXERCISE_STEP);
  const numeric = { W1: slope("W1"), b1: slope("b1"), W2: slope("W2"), b2: slope("b2") };
  const exercise = {
    W1: relativeError(numbers.dW1, numeric.W1),
    b1: relativeError(numbers.db1, numeric.b1),
    W2: relativeError(numbers.dW2, numeric.W2),
    b2: relativeError(numbers.db2, numeric.b2),
  };
  return { numeric, exercise, best: checkGradients(net, { X, y }, { reg }) };
}
