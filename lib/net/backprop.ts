// Forward, loss and backward of the two-layer net: the mathematics, once, in buffers that a
// training loop can reuse. Letters: N samples, D inputs, H hidden units, C classes.

import { regularize } from "../kernels/elementwise.ts";
import { softmaxLoss } from "../kernels/softmax.ts";
import { scratch } from "../kernels/wasm/workspace.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkSameShape, overlaps } from "../matrix/shape.ts";
import { affine, affineBackward, affineRelu, hiddenGrad } from "./layers.ts";
import { mapParams, PARAM_NAMES, type Params } from "./params.ts";

/** What one step computes on its way, for batches of N rows. */
export type Buffers = {
  hidden: Matrix; // (N, H)
  scores: Matrix; // (N, C)
  probabilities: Matrix; // (N, C)
  dscores: Matrix; // (N, C)
  dhidden: Matrix; // (N, H)
  grads: Params;
};

type Shapes = readonly (readonly [rows: number, columns: number])[];

/** Matrices over the arrays, and new ones where there is none. */
const matrices = (shapes: Shapes, arrays: (Float64Array | undefined)[]): Matrix[] =>
  shapes.map((shape, i) => new Matrix(...shape, arrays[i]));

function shapesOf({ W1, W2 }: Params, N: number): { steps: Shapes; params: Shapes } {
  const [D, H, C] = [W1.rows, W1.cols, W2.cols];
  return {
    steps: [
      [N, H],
      [N, C],
      [N, C],
      [N, C],
      [N, H],
    ],
    params: [
      [D, H],
      [1, H],
      [H, C],
      [1, C],
    ],
  };
}

/**
 * Gradients to keep. All else lies in scratch memory as far as there is room, and is lost with the
 * next step, whoever takes it.
 */
export function createBuffers(params: Params, N: number): Buffers {
  const { steps } = shapesOf(params, N);
  const [hidden, scores, probabilities, dscores, dhidden] = matrices(steps, scratch(steps));
  const grads = mapParams(params, ({ rows, cols }) => new Matrix(rows, cols));
  return { hidden, scores, probabilities, dscores, dhidden, grads };
}

/**
 * What a Trainer's step works in: also a place for the batch, and for copies of those parameters
 * that there is room for.
 */
export type StepBuffers = Buffers & { X: Matrix /* (N, D) */; copies: Partial<Params> };

/**
 * Everything in scratch memory that has room there, for steps whose gradients are used up at once.
 * A step reads W1 three times and W2 four times; a copy in scratch memory is brought in once.
 * Parameters that share memory get none: each is to see what the update of another has done to it.
 */
export function scratchBuffers(params: Params, N: number): StepBuffers {
  const shapes = shapesOf(params, N);
  const own: Shapes = [...shapes.steps, ...shapes.params, [N, params.W1.rows]];
  const arrays = scratch([...own, ...shapes.params]);
  const [hidden, scores, probabilities, dscores, dhidden, W1, b1, W2, b2, X] = matrices(
    own,
    arrays,
  );
  const copies: Partial<Params> = {};
  for (const [i, name] of PARAM_NAMES.entries()) {
    const array = arrays[own.length + i];
    const shared = PARAM_NAMES.some(
      (other) => other !== name && overlaps(params[name].data, params[other].data),
    );
    if (array !== undefined && !shared)
      copies[name] = new Matrix(params[name].rows, params[name].cols, array);
  }
  return { hidden, scores, probabilities, dscores, dhidden, grads: { W1, b1, W2, b2 }, X, copies };
}

/**
 * The parameters where a step reads them fastest, as they are now. Throws a ShapeError when one has
 * changed its shape.
 */
export function loadIntoWorkspace(params: Params, { copies, grads }: StepBuffers): Params {
  return mapParams(params, (param, name) => {
    checkSameShape(`train: ${name}`, grads[name], param);
    const copy = copies[name];
    copy?.data.set(param.data);
    return copy ?? param;
  });
}

/** Plain SGD from what loadParams returned: each parameter p becomes p − learningRate·dp. */
export function sgdStep(loaded: Params, grads: Params, learningRate: number, params: Params): void {
  for (const name of PARAM_NAMES) loaded[name].addScaled(grads[name], -learningRate, params[name]);
}

/** The same buffers for a batch of fewer rows: views, sharing the gradients. */
export function batchViews(buffers: Buffers, N: number): Buffers {
  return {
    hidden: buffers.hidden.sliceRows(0, N),
    scores: buffers.scores.sliceRows(0, N),
    probabilities: buffers.probabilities.sliceRows(0, N),
    dscores: buffers.dscores.sliceRows(0, N),
    dhidden: buffers.dhidden.sliceRows(0, N),
    grads: buffers.grads,
  };
}

/** hidden = relu(X·W1 + b1), scores = hidden·W2 + b2 */
export function forward(
  { W1, b1, W2, b2 }: Params,
  X: Matrix,
  { hidden, scores }: { hidden: Matrix; scores: Matrix },
): void {
  affineRelu(X, W1, b1, hidden); // (N, H)
  affine(hidden, W2, b2, scores); // (N, C)
}

/**
 * The loss on the batch, softmax cross-entropy + reg·(ΣW1² + ΣW2²), leaving the gradients in
 * `buffers.grads`. X is (N, D), the buffers are for N rows, y holds N labels in 0..C−1: all
 * trusted.
 */
export function lossAndGrads(
  params: Params,
  X: Matrix,
  y: Int32Array,
  reg: number,
  buffers: Buffers,
): number {
  const { W1, W2 } = params;
  const { hidden, scores, probabilities, dscores, dhidden, grads } = buffers;
  forward(params, X, buffers);
  const dataLoss = softmaxLoss(
    scores.rows,
    scores.cols,
    scores.data,
    y,
    probabilities.data,
    dscores.data,
  );

  affineBackward(hidden, dscores, grads.W2, grads.b2); // (H, C), (1, C)
  hiddenGrad(dscores, W2, hidden, dhidden); // (N, H): dscores·W2ᵀ where hidden > 0
  affineBackward(X, dhidden, grads.W1, grads.b1); // (D, H), (1, H)

  if (reg === 0) return dataLoss; // not + 0·ΣW², which is NaN when a W² overflows
  // d(reg·ΣW²)/dW = 2·reg·W
  const squares =
    regularize(W1.data, 2 * reg, grads.W1.data) + regularize(W2.data, 2 * reg, grads.W2.data);
  return dataLoss + reg * squares;
}
