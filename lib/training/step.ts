// One step of a training: the rows of the next minibatch, loss and gradients, and the update of the
// parameters, in buffers that the next step uses again.

import { ArgumentRangeError, DivergenceError } from "../base/errors.ts";
import type { Random } from "../base/random.ts";
import { allFinite } from "../kernels/elementwise.ts";
import { withPool } from "../kernels/in-force.ts";
import type { CheckedDataset } from "../matrix/dataset.ts";
import type { Matrix } from "../matrix/matrix.ts";
import {
  areCurrent,
  type Buffers,
  batchViews,
  createStepBuffers,
  loadParams,
  lossAndGrads,
  release,
  type StepBuffers,
  storeParams,
} from "../net/backprop.ts";
import { PARAM_NAMES, type Params } from "../net/params.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { Batches } from "./batches.ts";
import { clipGradients, slotCount, Updates } from "./optimizer.ts";
import type { TrainSettings } from "./train-options.ts";

/** Rows of the next minibatch, gathered in `buffers.spare` while this one was computed. */
type Ahead = { readonly buffers: StepBuffers; readonly indices: Int32Array };

/** Makes the steps of one training of `net` on `data`. */
export class MinibatchStep {
  readonly batches: Batches;
  updates: Updates;
  private readonly net: TwoLayerNet;
  private readonly data: CheckedDataset;
  private readonly settings: TrainSettings;
  private readonly batchY: Int32Array;
  private readonly batchWeights: Float64Array | undefined;
  private buffers: StepBuffers | undefined;
  private ahead: Ahead | undefined;

  /** Throws a RangeError when there is no memory for the buffers. */
  constructor(net: TwoLayerNet, data: CheckedDataset, settings: TrainSettings, random: Random) {
    this.net = net;
    this.data = data;
    this.settings = settings;
    this.batches = new Batches(data.X.rows, settings.batchSize, settings.sampling, random);
    const { maxSize } = this.batches;
    try {
      this.batchY = new Int32Array(maxSize);
      this.batchWeights = data.sampleWeights === undefined ? undefined : new Float64Array(maxSize);
      this.buffers = this.createBuffers();
    } catch {
      throw new ArgumentRangeError(`train: no room for batches of ${maxSize} rows`);
    }
    this.updates = new Updates(settings.optimizer, net.params);
  }

  /** Buffers for the kernel and the threads in force, with what the optimizer remembers. */
  private currentBuffers(): StepBuffers {
    const old = this.buffers;
    const buffers = old && areCurrent(old) ? old : this.createBuffers();
    this.updates.moveTo(buffers.memory);
    if (buffers !== old) release(old);
    return (this.buffers = buffers);
  }

  private createBuffers(): StepBuffers {
    const slots = slotCount(this.settings.optimizer);
    return createStepBuffers(this.net.params, this.batches.maxSize, slots);
  }

  /** Gives back the memory of the steps, of which no more are expected. */
  end(): void {
    this.updates.moveTo(undefined);
    release(this.buffers);
    this.buffers = this.ahead = undefined;
  }

  /**
   * Takes the next minibatch, updates the net's parameters and returns the loss before the update.
   * Throws a DivergenceError, and leaves the parameters alone, when the loss or a gradient is not
   * finite.
   */
  take(iteration: number, learningRate: number): number {
    const indices = this.batches.next();
    // When it loses a worker the parameters are as they were. The late worker may yet write, into
    // memory that nobody uses any more.
    return withPool(() => this.compute(indices, iteration, learningRate));
  }

  private compute(indices: Int32Array, iteration: number, learningRate: number): number {
    const { net, batchY } = this;
    const buffers = this.currentBuffers();
    const N = indices.length;
    const X = this.gather(indices, buffers);
    for (let i = 0; i < N; i++) batchY[i] = this.data.y[indices[i]];
    const weights = this.weightsOf(indices);
    if (net.loss !== TwoLayerNet.prototype.loss)
      return this.takeOverridden(
        { X, y: batchY.subarray(0, N), sampleWeights: weights },
        iteration,
        learningRate,
      );
    const views = N === buffers.X.rows ? buffers : batchViews(buffers, N);
    const loaded = loadParams(net.params, buffers);
    if (buffers.workspace !== undefined)
      buffers.workspace.meanwhile = () => this.gatherAhead(buffers);
    const loss = lossAndGrads(loaded, X, batchY, this.settings.reg, views, weights);
    throwIfDiverged(iteration, loss, learningRate, views);
    this.update(loaded, views, learningRate);
    storeParams(net.params, buffers);
    return loss;
  }

  /** The rows of a minibatch, in the workspace if there is one. */
  private gather(indices: Int32Array, buffers: StepBuffers): Matrix {
    const { ahead } = this;
    this.ahead = undefined;
    if (ahead?.buffers === buffers && isSameView(ahead.indices, indices))
      [buffers.X, buffers.spare] = [buffers.spare!, buffers.X];
    else this.data.X.takeRows(indices, firstRows(buffers.X, indices.length));
    return firstRows(buffers.X, indices.length);
  }

  /** Gathers the rows of the next minibatch, if it is known which they are. */
  private gatherAhead(buffers: StepBuffers): void {
    const indices = this.batches.peek();
    if (indices === undefined || buffers.spare === undefined) return;
    this.data.X.takeRows(indices, firstRows(buffers.spare, indices.length));
    this.ahead = { buffers, indices };
  }

  /** The weights of the rows of a batch; undefined when the data have none. */
  private weightsOf(indices: Int32Array): Float64Array | undefined {
    const { batchWeights, data } = this;
    if (batchWeights === undefined) return undefined;
    for (let i = 0; i < indices.length; i++) batchWeights[i] = data.sampleWeights![indices[i]];
    return batchWeights.subarray(0, indices.length);
  }

  /** The same for a subclass of TwoLayerNet that has a loss of its own. */
  private takeOverridden(
    { X, y, sampleWeights }: CheckedDataset,
    iteration: number,
    learningRate: number,
  ): number {
    const weights = sampleWeights && { sampleWeights: sampleWeights.slice() };
    const options = { reg: this.settings.reg, ...weights };
    const { loss, grads } = this.net.loss(X.clone(), y.slice(), options);
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
    if (clipNorm !== null) clipGradients(grads, clipNorm, workspace);
    this.updates.apply(params, grads, learningRate, workspace);
  }
}

function firstRows(X: Matrix, N: number): Matrix {
  return N === X.rows ? X : X.sliceRows(0, N);
}

/** Whether two arrays are the same elements of one order of the rows. */
function isSameView(a: Int32Array, b: Int32Array): boolean {
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length;
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
