// One step of a training: the rows of the next minibatch, loss and gradients, and the update of the
// parameters, in buffers that the next step uses again.

import { ArgumentRangeError, DivergenceError } from "../base/errors.ts";
import type { Random } from "../base/random.ts";
import { setNote, withPool } from "../kernels/in-force.ts";
import { allFinite } from "../kernels/resident.ts";
import type { Workspace } from "../kernels/wasm/workspace.ts";
import type { CheckedDataset } from "../matrix/dataset.ts";
import type { Matrix } from "../matrix/matrix.ts";
import {
  areCurrent,
  batchViews,
  createStepBuffers,
  loadParams,
  lossAndGrads,
  release,
  type StepBuffers,
} from "../net/backprop.ts";
import { copyParams, PARAM_NAMES, type Params } from "../net/params.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { Batches } from "./batches.ts";
import { clipGradients, Updates } from "./optimizer.ts";
import type { TrainSettings } from "./train-options.ts";

/** A place for the rows of a minibatch, of as many as it has at most. */
type Place = {
  readonly X: Matrix;
  readonly y: Int32Array;
  readonly weights: Float64Array | undefined;
  /** The rows that are there. */
  indices?: Int32Array | undefined;
};

/** Makes the steps of one training of `net` on `data`. */
export class MinibatchStep {
  readonly batches: Batches;
  readonly updates: Updates;
  private readonly net: TwoLayerNet;
  private readonly data: CheckedDataset;
  private readonly settings: TrainSettings;
  private buffers: StepBuffers | undefined;
  private current!: Place;
  /** Where the next minibatch is gathered while threads compute this one. */
  private next: Place | undefined;

  /** Throws a RangeError when there is no memory for the buffers. */
  constructor(net: TwoLayerNet, data: CheckedDataset, settings: TrainSettings, random: Random) {
    this.net = net;
    this.data = data;
    this.settings = settings;
    this.batches = new Batches(data.X.rows, settings.batchSize, settings.sampling, random);
    this.updates = new Updates(settings.optimizer, net.params);
    try {
      this.buffers = this.createBuffers();
    } catch {
      throw new ArgumentRangeError(`train: no room for batches of ${this.batches.maxSize} rows`);
    }
  }

  /** Buffers for the kernel and the threads in force, with what the optimizer remembers. */
  private currentBuffers(): StepBuffers {
    const old = this.buffers;
    if (old && areCurrent(old)) return old;
    this.buffers = this.createBuffers();
    release(old);
    return this.buffers;
  }

  private createBuffers(): StepBuffers {
    const { maxSize } = this.batches;
    const place = (X: Matrix): Place => ({
      X,
      y: new Int32Array(maxSize),
      weights: this.data.sampleWeights && new Float64Array(maxSize),
    });
    setNote("training", undefined);
    const takeNote = (note: string): void => setNote("training", note);
    const slots = this.updates.slots.length;
    const buffers = createStepBuffers(this.net.params, maxSize, slots, takeNote);
    this.current = place(buffers.X);
    this.next = buffers.spare && place(buffers.spare);
    this.updates.moveTo(buffers.memory);
    return buffers;
  }

  /** Gives back the memory of the steps, of which no more are expected. */
  end(): void {
    this.updates.moveTo(undefined);
    release(this.buffers);
    this.buffers = undefined;
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
    const { net, settings, updates } = this;
    const buffers = this.currentBuffers();
    this.gather(indices);
    const { loss, params, grads, workspace } =
      net.loss === TwoLayerNet.prototype.loss
        ? this.lossIn(buffers, indices.length)
        : this.overriddenLoss(indices.length);
    throwIfDiverged(iteration, loss, learningRate, grads, workspace);
    if (settings.clipNorm !== null) clipGradients(grads, settings.clipNorm, workspace);
    updates.apply(params, grads, learningRate, workspace);
    copyParams(params, net.params);
    return loss;
  }

  private lossIn(buffers: StepBuffers, N: number) {
    const { workspace } = buffers;
    if (workspace !== undefined) workspace.meanwhile = () => this.gatherAhead();
    const params = loadParams(this.net.params, buffers);
    const views = N === buffers.X.rows ? buffers : batchViews(buffers, N);
    const { X, y, sampleWeights } = this.batch(N);
    const loss = lossAndGrads(params, X, y, this.settings.reg, views, sampleWeights);
    return { loss, params, grads: views.grads, workspace };
  }

  /** The same for a subclass of TwoLayerNet that has a loss of its own. */
  private overriddenLoss(N: number) {
    const { X, y, sampleWeights } = this.batch(N);
    const options = {
      reg: this.settings.reg,
      ...(sampleWeights && { sampleWeights: sampleWeights.slice() }),
    };
    const { loss, grads } = this.net.loss(X.clone(), y.slice(), options);
    return { loss, params: this.net.params, grads, workspace: undefined };
  }

  /** The minibatch, with its X in the workspace if there is one. */
  private batch(N: number): CheckedDataset {
    const { X, y, weights } = this.current;
    return { X: firstRows(X, N), y: y.subarray(0, N), sampleWeights: weights?.subarray(0, N) };
  }

  /** Brings the minibatch to its place, unless it was gathered ahead. */
  private gather(indices: Int32Array): void {
    const { current, next } = this;
    if (next?.indices === indices) [this.current, this.next] = [next, current];
    else this.copyRows(indices, current);
  }

  /**
   * Gathers the next minibatch, if it is known which rows it has: labels and weights too, so that
   * they fit the rows whatever becomes of the data until then.
   */
  private gatherAhead(): void {
    const indices = this.batches.peek();
    if (indices !== undefined && this.next !== undefined) this.copyRows(indices, this.next);
  }

  private copyRows(indices: Int32Array, place: Place): void {
    const { data } = this;
    const { X, y, weights } = place;
    data.X.takeRows(indices, firstRows(X, indices.length));
    for (let i = 0; i < indices.length; i++) {
      y[i] = data.y[indices[i]];
      if (weights !== undefined) weights[i] = data.sampleWeights![indices[i]];
    }
    place.indices = indices;
  }
}

function firstRows(X: Matrix, N: number): Matrix {
  return N === X.rows ? X : X.sliceRows(0, N);
}

function throwIfDiverged(
  iteration: number,
  loss: number,
  learningRate: number,
  grads: Params,
  workspace: Workspace | undefined,
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
