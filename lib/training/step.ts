// One step of a training: the rows of the next minibatch, loss and gradients, and the update of the
// parameters, in buffers that the next step uses again.

import { ArgumentRangeError, DivergenceError } from "../base/errors.ts";
import type { Random } from "../base/random.ts";
import { allFinite } from "../kernels/elementwise.ts";
import type { CheckedDataset } from "../matrix/dataset.ts";
import type { Matrix } from "../matrix/matrix.ts";
import {
  areCurrent,
  type Buffers,
  batchViews,
  createStepBuffers,
  loadParams,
  lossAndGrads,
  type StepBuffers,
  storeParams,
} from "../net/backprop.ts";
import { PARAM_NAMES, type Params } from "../net/params.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { Batches } from "./batches.ts";
import { clipGradients, Updates } from "./optimizer.ts";
import type { TrainSettings } from "./train-options.ts";

/** Makes the steps of one training of `net` on `data`. */
export class MinibatchStep {
  readonly batches: Batches;
  updates: Updates;
  private readonly net: TwoLayerNet;
  private readonly data: CheckedDataset;
  private readonly settings: TrainSettings;
  private readonly batchY: Int32Array;
  private buffers: StepBuffers;

  /** Throws a RangeError when there is no memory for the buffers. */
  constructor(net: TwoLayerNet, data: CheckedDataset, settings: TrainSettings, random: Random) {
    this.net = net;
    this.data = data;
    this.settings = settings;
    this.batches = new Batches(data.X.rows, settings.batchSize, settings.sampling, random);
    const { maxSize } = this.batches;
    try {
      this.batchY = new Int32Array(maxSize);
      this.buffers = createStepBuffers(net.params, maxSize);
    } catch {
      throw new ArgumentRangeError(`train: no room for batches of ${maxSize} rows`);
    }
    this.updates = new Updates(settings.optimizer, net.params);
  }

  /**
   * Takes the next minibatch, updates the net's parameters and returns the loss before the update.
   * Throws a DivergenceError, and leaves the parameters alone, when the loss or a gradient is not
   * finite.
   */
  take(iteration: number, learningRate: number): number {
    const { net, batchY, batches } = this;
    if (!areCurrent(this.buffers)) this.buffers = createStepBuffers(net.params, batches.maxSize);
    const { buffers } = this;
    const indices = batches.next();
    const N = indices.length;
    const full = N === buffers.X.rows;
    const X = this.data.X.takeRows(indices, full ? buffers.X : buffers.X.sliceRows(0, N));
    for (let i = 0; i < N; i++) batchY[i] = this.data.y[indices[i]];
    if (net.loss !== TwoLayerNet.prototype.loss)
      return this.takeOverridden(X, batchY.subarray(0, N), iteration, learningRate);
    const views = full ? buffers : batchViews(buffers, N);
    const loaded = loadParams(net.params, buffers);
    const loss = lossAndGrads(loaded, X, batchY, this.settings.reg, views);
    throwIfDiverged(iteration, loss, learningRate, views);
    this.update(loaded, views, learningRate);
    storeParams(net.params, buffers);
    return loss;
  }

  /** The same for a subclass of TwoLayerNet that has a loss of its own. */
  private takeOverridden(
    X: Matrix,
    y: Int32Array,
    iteration: number,
    learningRate: number,
  ): number {
    const { loss, grads } = this.net.loss(X.clone(), y.slice(), { reg: this.settings.reg });
    throwIfDiverged(iteration, loss, learningRate, { grads });
    this.update(this.net.params, { grads }, learningRate);
    return loss;
  }

  private update(
    params: Params,
    { grads, workspace }: Pick<Buffers, "grads" | "workspace">,
    learningRate: number,
  ): void {
    const { clipNorm } = this.settings;
    if (clipNorm !== null) clipGradients(grads, clipNorm);
    this.updates.apply(params, grads, learningRate, workspace);
  }
}

function throwIfDiverged(
  iteration: number,
  loss: number,
  learningRate: number,
  { grads, workspace }: Pick<Buffers, "grads" | "workspace">,
): void {
  const culprit = Number.isFinite(loss)
    ? PARAM_NAMES.find((name) => !allFinite(grads[name].data, workspace))
    : "loss";
  if (culprit === undefined) return;
  const what = culprit === "loss" ? "" : ` and a gradient of ${culprit} that is not`;
  const smaller = Number((learningRate / 10).toPrecision(3));
  throw new DivergenceError(
    `train: expected a finite loss and finite gradients, got loss ${loss}${what} at iteration ` +
      `${iteration} with learningRate ${learningRate}; try a smaller one, such as ${smaller}`,
    iteration,
    loss,
  );
}
