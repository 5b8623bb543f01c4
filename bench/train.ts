// How many training steps a second: forward, loss, backward and SGD on one batch, and how close the
// step comes to the speed of a product, measured on 512³ in the same race.

import { configure, Matrix, Random, TwoLayerNet } from "../lib/index.ts";
import { createStepBuffers, loadParams, lossAndGrads } from "../lib/net/backprop.ts";
import { copyParams } from "../lib/net/params.ts";
import { sgd, Updates } from "../lib/training/optimizer.ts";
import { type Contender, race } from "./harness.ts";
import type { Kernel } from "./matmul.ts";
import { matmulFlops, type NetShape, netName, stepFlops } from "./shapes.ts";

export type TrainRow = {
  net: string;
  step: string;
  best: number;
  median: number;
  gflops: number;
  share: number;
  bestShare: number;
};

const REG = 5e-6; // the Trainer's default
const LEARNING_RATE = 1e-4; // small: the weights must stay ordinary numbers through 10^5 steps

/** A batch of standard normal inputs and random labels, and a net to train on it. */
export function problem({ D, H, C, N }: NetShape): { net: TwoLayerNet; X: Matrix; y: Int32Array } {
  const random = new Random(1);
  const X = Matrix.randomNormal(N, D, random);
  const y = random.integers(N, C);
  return {
    net: TwoLayerNet.create({ inputSize: D, hiddenSize: H, outputSize: C }, { random }),
    X,
    y,
  };
}

/** The step as the Trainer makes it, in buffers that are used again. */
export function trainerStep(shape: NetShape): () => number {
  const { net, X, y } = problem(shape);
  const buffers = createStepBuffers(net.params, shape.N);
  const updates = new Updates(sgd(), net.params);
  return () => {
    buffers.X.data.set(X.data); // the Trainer gathers its batch there
    const loaded = loadParams(net.params, buffers);
    const loss = lossAndGrads(loaded, buffers.X, y, REG, buffers);
    updates.apply(loaded, buffers.grads, LEARNING_RATE, buffers.workspace);
    copyParams(loaded, net.params);
    return loss;
  };
}

/** The step as a user writes it, with new gradients each time. */
export function publicStep(shape: NetShape): () => number {
  const { net, X, y } = problem(shape);
  return () => {
    const { loss, grads } = net.loss(X, y, { reg: REG });
    net.step(grads, LEARNING_RATE);
    return loss;
  };
}

/** 512³ through the public API: what a step's speed is a share of. */
export function yardstick(): Contender & { flops: number } {
  const random = new Random(2);
  const [A, B] = [Matrix.randomNormal(512, 512, random), Matrix.randomNormal(512, 512, random)];
  const out = new Matrix(512, 512);
  return {
    name: "matmul 512³",
    run: () => A.matmul(B, { out }),
    flops: matmulFlops({ m: 512, k: 512, n: 512, transA: false }),
  };
}

/** Races both forms of the step on each net against 512³. */
export function* benchTrain(
  shapes: NetShape[],
  kernel: Kernel,
  threads: number,
  seconds: number,
): Generator<TrainRow> {
  configure({ kernel, threads });
  for (const shape of shapes) {
    const square = yardstick();
    const contenders: Contender[] = [
      square,
      { name: "Trainer", run: trainerStep(shape) },
      { name: "loss + step", run: publicStep(shape) },
    ];
    const [squareTiming, ...timings] = race(contenders, { seconds });
    const squareRate = {
      median: square.flops / squareTiming.median,
      best: square.flops / squareTiming.min,
    };
    for (const [i, { min, median }] of timings.entries()) {
      const flops = stepFlops(shape);
      yield {
        net: netName(shape),
        step: contenders[i + 1].name,
        best: 1 / min,
        median: 1 / median,
        gflops: flops / median / 1e9,
        share: flops / median / squareRate.median,
        bestShare: flops / min / squareRate.best,
      };
    }
  }
  configure({ kernel: "auto", threads: 1 });
}
