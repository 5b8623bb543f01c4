// Where the time of a training step goes: its parts, each timed where it stands in the step, so
// that it finds in the caches what it finds there in a training.

import { configure, Matrix, Random } from "../lib/index.ts";
import { allFinite, regularize } from "../lib/kernels/resident.ts";
import { createStepBuffers, loadParams, meanLoss } from "../lib/net/backprop.ts";
import { affine, affineBackward, affineRelu, hiddenGrad } from "../lib/net/layers.ts";
import { copyParams, PARAM_NAMES } from "../lib/net/params.ts";
import { type Optimizer, Updates } from "../lib/training/optimizer.ts";
import type { Kernel } from "./matmul.ts";
import { type NetShape, netName } from "./shapes.ts";
import { problem } from "./train.ts";

export type PartRow = { net: string; part: string; best: number; median: number; share: number };

type Part = { name: string; run: () => void };

const REG = 5e-6; // the Trainer's default
const LEARNING_RATE = 1e-4;
const BATCHES = 8; // in the data, of which each step gathers another one

/** The parts of a step in their order. */
function parts(shape: NetShape, optimizer: Optimizer): Part[] {
  const { net, y } = problem(shape);
  const { D, N } = shape;
  const random = new Random(3);
  const data = Matrix.randomNormal(N * BATCHES, D, random);
  const order = random.permutation(N * BATCHES);
  const buffers = createStepBuffers(net.params, N);
  const updates = new Updates(optimizer, net.params);
  const { X, hidden, scores, dscores, dhidden, grads, workspace } = buffers;
  let batch = 0;
  let params = net.params;
  return [
    {
      name: "gathering the batch",
      run: () => {
        batch = (batch + 1) % BATCHES;
        data.takeRows(order.subarray(batch * N, (batch + 1) * N), X);
      },
    },
    { name: "parameters in", run: () => (params = loadParams(net.params, buffers)) },
    {
      name: "X·W1 + b1, ReLU",
      run: () => affineRelu(X, { W: params.W1, b: params.b1 }, hidden, workspace),
    },
    {
      name: "hidden·W2 + b2",
      run: () => affine(hidden, { W: params.W2, b: params.b2 }, scores, workspace),
    },
    { name: "softmax, loss", run: () => meanLoss(buffers, y) },
    {
      name: "gradient of W2, b2",
      run: () => affineBackward(hidden, dscores, { W: grads.W2, b: grads.b2 }, workspace),
    },
    {
      name: "gradient of hidden, mask",
      run: () => hiddenGrad(dscores, params.W2, hidden, dhidden, workspace),
    },
    {
      name: "gradient of W1, b1",
      run: () => affineBackward(X, dhidden, { W: grads.W1, b: grads.b1 }, workspace),
    },
    {
      name: "penalty",
      run: () => {
        regularize(params.W1.data, 2 * REG, grads.W1.data, workspace);
        regularize(params.W2.data, 2 * REG, grads.W2.data, workspace);
      },
    },
    {
      name: "finite?",
      run: () => PARAM_NAMES.every((name) => allFinite(grads[name].data, workspace)),
    },
    { name: "update", run: () => updates.apply(params, grads, LEARNING_RATE, workspace) },
    { name: "parameters out", run: () => copyParams(params, net.params) },
  ];
}

/** Times the parts of a step on each net, in microseconds. */
export async function* benchParts(
  shapes: NetShape[],
  kernel: Kernel,
  threads: number,
  seconds: number,
  optimizer: Optimizer,
): AsyncGenerator<PartRow> {
  configure({ kernel, threads });
  for (const shape of shapes) {
    const list = parts(shape, optimizer);
    const times = await timeParts(list, seconds);
    const total = sum(times.map((samples) => samples[0]));
    for (const [i, samples] of times.entries()) yield rowOf(shape, list[i].name, samples, total);
    const whole = times.map((samples) => [samples[0], samples[samples.length >> 1]]);
    const [best, median] = [0, 1].map((which) => sum(whole.map((pair) => pair[which])));
    yield { net: netName(shape), part: "all", best, median, share: 1 };
  }
  configure({ kernel: "auto", threads: 1 });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value);

function rowOf(shape: NetShape, part: string, samples: number[], total: number): PartRow {
  const [best, median] = [samples[0], samples[samples.length >> 1]];
  return { net: netName(shape), part, best, median, share: best / total };
}

/** Sorted times of each part, in microseconds, of steps made for so many seconds. */
async function timeParts(list: readonly Part[], seconds: number): Promise<number[][]> {
  const times: number[][] = list.map(() => []);
  const start = performance.now();
  for (let step = 0; performance.now() - start < 1000 * seconds || step < 30; step++) {
    // pauses, in which workers start and the engine compiles
    if (step < 20) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const [i, { run }] of list.entries()) {
      const before = performance.now();
      run();
      if (step >= 20) times[i].push(1000 * (performance.now() - before));
    }
  }
  return times.map((samples) => samples.sort((a, b) => a - b));
}
