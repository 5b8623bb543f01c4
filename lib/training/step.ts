// One step of a training: the rows of the next minibatch, loss and gradients, and the update of the
// parameters, in buffers that the next step uses again.

import { ArgumentRangeError, DivergenceError } from "../base/errors.ts";
import type { Random } from "../base/random.ts";
import { setNote, withPool } from "../kernels/in-force.ts";
import { allFinite } from "../kernels/resident.ts";
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
/** Labels and weights of a minibatch, of as many rows as it has at most. */
type Targets = { readonly y: Int32Array; readonly weights: Float64Array | undefined };

/** Makes the steps of one training of `net` on `data`. */
export class MinibatchStep {
  readonly batches: Batches;
  readonly updates: Updates;
  private readonly net: TwoLayerNet;
  private readonly data: CheckedDataset;
  private readonly settings: TrainSettings;
  private targets: Targets;
  private spareTargets: Targets; // go with `buffers.spare`
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
      this.targets = createTargets(data, maxSize);
      this.spareTargets = createTargets(data, maxSize);
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
    setNote("training", undefined);
    return createStepBuffers(this.net.params, this.batches.maxSize, slots, (note) =>
      setNote("training", note),
    );
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
    const { net } = this;
    const buffers = this.currentBuffers();
    const N = indices.length;
    const batch = this.gather(indices, buffers);
    if (net.loss !== TwoLayerNet.prototype.loss)
      return this.takeOverridden(batch, iteration, learningRate);
    const views = N === buffers.X.rows ? buffers : batchViews(buffers, N);
    const loaded = loadParams(net.params, buffers);
    if (buffers.workspace !== undefined)
      buffers.workspace.meanwhile = () => this.gatherAhead(buffers);
    const { X, y, sampleWeights } = batch;
    const loss = lossAndGrads(loaded, X, y, this.settings.reg, views, sampleWeights);
    throwIfDiverged(iteration, loss, learningRate, views);
    this.update(loaded, views, learningRate);
    storeParams(net.params, buffers);
    return loss;
  }

  /** A minibatch, with its X in the workspace if there is one. */
  private gather(indices: Int32Array, buffers: StepBuffers): CheckedDataset {
    const { ahead } = this;
    this.ahead = undefined;
    if (ahead?.buffers === buffers && isSameView(ahead.indices, indices)) {
      [buffers.X, buffers.spare] = [buffers.spare!, buffers.X];
      [this.targets, this.spareTargets] = [this.spareTargets, this.targets];
    } else this.copyRows(indices, buffers.X, this.targets);
    const N = indices.length;
    const { y, weights } = this.targets;
    return {
      X: firstRows(buffers.X, N),
      y: y.subarray(0, N),
      sampleWeights: weights?.subarray(0, N),
    };
  }

  /**
   * Gathers the next minibatch, if it is known which rows it has: labels and weights too, so that
   * they fit the rows whatever becomes of the data until then.
   */
  private gatherAhead(buffers: StepBuffers): void {
    const indices = this.batches.peek();
    if (indices === undefined || buffers.spare === undefined) return;
    this.copyRows(indices, buffers.spare, this.spareTargets);
    this.ahead = { buffers, indices };
  }

  private copyRows(indices: Int32Array, X: Matrix, { y, weights }: Targets): void {
    const { data } = this;
    data.X.takeRows(indices, firstRows(X, indices.length));
    for (let i = 0; i < indices.length; i++) y[i] = data.y[indices[i]];
    if (weights === undefined) return;
    for (let i = 0; i < indices.length; i++) weights[i] = data.sampleWeights![indices[i]];
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

function createTargets({ sampleWeights }: CheckedDataset, size: number): Targets {
  const weights = sampleWeights === undefined ? undefined : new Float64Array(size);
  return { y: new Int32Array(size), weights };
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
