// Trainings whose steps are large enough that threads share them.
import { Random } from "../../lib/base/random.ts";
import { poolFor } from "../../lib/kernels/pool-in-force.ts";
import { PARALLEL_WORK } from "../../lib/kernels/sizes.ts";
import type { Dataset } from "../../lib/matrix/dataset.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { adam, momentum, nesterov, sgd } from "../../lib/training/optimizer.ts";
import type { TrainOptions } from "../../lib/training/train-options.ts";
import { Trainer } from "../../lib/training/trainer.ts";
import { assertSameParams } from "./nets.ts";
import { assertSameBits } from "./numbers.ts";
import { haveStarted } from "./pools.ts";

// 2.1 million multiplications in the first product, and enough elements of W1 that threads share
// its update
export const [D, H, C, N] = [330, 101, 7, 64];
const ROWS = 5 * N - 9; // the last batch of an epoch is short

/** The data of these trainings, from new Random(1). */
export const dataOf = (random: Random): Dataset => ({
  X: Matrix.randomNormal(ROWS, D, random),
  y: random.integers(ROWS, C),
});

/** A training whose steps threads share. */
export function begin(options: TrainOptions): Trainer {
  const random = new Random(1);
  const data = dataOf(random);
  const sizes = { inputSize: D, hiddenSize: H, outputSize: C };
  const net = TwoLayerNet.create(sizes, { random });
  return new Trainer(net, data, { batchSize: N, iterations: 8, reg: 1e-3, ...options });
}

/** Trains to the end; from the second step on, all workers are there. */
export async function finish(trainer: Trainer): Promise<Trainer> {
  trainer.step();
  const pool = poolFor(PARALLEL_WORK);
  if (pool !== undefined) await haveStarted(pool);
  while (!trainer.done) trainer.step();
  return trainer;
}

/** Asserts that two trainings have the same losses and parameters. */
export function assertSameTraining(actual: Trainer, expected: Trainer, where: string): void {
  assertSameBits(actual.history.loss, expected.history.loss, `${where}: losses`);
  assertSameParams(actual.net.params, expected.net.params, where);
}

/** Every optimizer, with clipped gradients too. */
export const OPTIONS: { [name: string]: TrainOptions } = {
  "sgd, clipped": { clipNorm: 0.5, learningRate: 1 },
  sgd: { optimizer: sgd(), learningRate: 0.1 },
  "sgd, clipped, with replacement": { clipNorm: 0.5, learningRate: 1, sampling: "replacement" },
  momentum: { optimizer: momentum(), learningRate: 0.02 },
  nesterov: { optimizer: nesterov(), learningRate: 0.02 },
  adam: { optimizer: adam(), learningRate: 0.003 },
  "adam, clipped": { optimizer: adam(), clipNorm: 0.5, learningRate: 0.003 },
};
