// Forward, loss and backward of the two-layer net, in buffers that a training loop reuses. Letters:
// N samples, D inputs, H hidden units, C classes.
//
// With W1, b1, W2, b2 as matrices, the mathematics is
//
//   hidden = X.matmul(W1).addRow(b1).relu()                            (N, H)
//   scores = hidden.matmul(W2).addRow(b2)                              (N, C)
//   dscores = (softmax(scores) − one-hot y) / N                        (N, C)
//   dW2 = hiddenᵀ·dscores, db2 = column sums of dscores                (H, C), (1, C)
//   dhidden = dscores·W2ᵀ where hidden > 0, else 0                     (N, H)
//   dW1 = Xᵀ·dhidden, db1 = column sums of dhidden                     (D, H), (1, H)
//
// and 2·reg·W is added to dW1 and dW2. A step reads W1 three times and W2 four times, so it
// computes in a workspace: the parameters are copied in before each step and out after the update.

import { packedElements } from "../kernels/gemm/shared.ts";
import {
  configurationVersion,
  createWorkspace,
  type TakeNote,
  type WorkspaceSize,
} from "../kernels/in-force.ts";
import { regularize } from "../kernels/resident.ts";
import { softmaxLoss } from "../kernels/softmax.ts";
import { together, type Workspace, workspaceElements } from "../kernels/wasm/workspace.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkMatrixOf, overlaps } from "../matrix/shape.ts";
import { affine, affineBackward, affineRelu, hiddenGrad } from "./layers.ts";
import { copyParams, mapParams, PARAM_NAMES, type Params } from "./params.ts";

/**
 * What one step computes on its way, for batches of N rows; all in `workspace` where it is given.
 */
export type Buffers = {
  hidden: Matrix; // (N, H)
  scores: Matrix; // (N, C)
  probabilities: Matrix; // (N, C)
  dscores: Matrix; // (N, C)
  dhidden: Matrix; // (N, H)
  grads: Params;
  workspace?: Workspace | undefined;
};

/**
 * What a step works in: also a place for the batch and, in a workspace, for copies of the
 * parameters. `kernel` is the one that was in force when they were made.
 */
export type StepBuffers = Buffers & {
  X: Matrix; // (N, D)
  spare?: Matrix | undefined; // a second X, where threads compute while one gathers the next batch
  copies?: Params | undefined;
  /** Places for what an optimizer remembers, and with threads for what it remembers next. */
  memory?: { readonly slots: readonly Params[]; readonly next: readonly Params[] } | undefined;
  version?: number | undefined;
};

type Allocate = (rows: number, columns: number) => Matrix;

/** Buffers for batches of N rows, of new matrices. */
export function createBuffers(params: Params, N: number): Buffers {
  return buffersOf(params, N, (rows, columns) => new Matrix(rows, columns));
}

function buffersOf({ W1, W2, b1, b2 }: Params, N: number, matrix: Allocate): Buffers {
  const [H, C] = [W1.cols, W2.cols];
  return {
    hidden: matrix(N, H),
    scores: matrix(N, C),
    probabilities: matrix(N, C),
    dscores: matrix(N, C),
    dhidden: matrix(N, H),
    grads: mapParams({ W1, b1, W2, b2 }, ({ rows, cols }) => matrix(rows, cols)),
  };
}

/**
 * Buffers for steps on batches of N rows by an optimizer that remembers so many `slots` of the
 * parameters' shapes, in a workspace of their own; in new matrices where there is no WebAssembly,
 * no memory, or two parameters share elements, so that the update of one is to be seen in the
 * other; `takeNote` is told why.
 */
export function createStepBuffers(
  params: Params,
  N: number,
  slots = 0,
  takeNote?: TakeNote,
): StepBuffers {
  const alias = shareMemory(params);
  const workspace = alias ? undefined : createWorkspace(sizeOf(params, N, slots), takeNote);
  if (alias) takeNote?.("two parameters share elements, each product copies");
  const version = configurationVersion();
  if (workspace !== undefined) return { ...workspaceBuffers(params, N, workspace, slots), version };
  return { ...createBuffers(params, N), X: new Matrix(N, params.W1.rows), version };
}

/** Whether the buffers are for the kernel and the threads that are in force now. */
export function areCurrent({ version }: StepBuffers): boolean {
  return version === configurationVersion();
}

/** Gives memory back for other buffers; these are not to be used any more. */
export function release(buffers: StepBuffers | undefined): void {
  buffers?.workspace?.release?.();
}

function sizeOf(params: Params, N: number, slots: number): WorkspaceSize {
  return {
    ...productsOf(params, N),
    elements: elementsOf(params, N, slots),
    spareElements: rowElements(N, params.W1.rows) + slots * paramElements(params),
  };
}

/** What the products of steps and predictions on N rows need of a workspace that threads share. */
export function productsOf(
  { W1, W2 }: Params,
  N: number,
): Pick<WorkspaceSize, "packedElements" | "work"> {
  const [D, H, C] = [W1.rows, W1.cols, W2.cols];
  return {
    packedElements: Math.max(
      packedElements(H, Math.max(D, N)),
      packedElements(C, Math.max(H, N)),
      packedElements(H, C),
    ),
    work: N * D * H,
  };
}

/** Elements of workspaceBuffers. */
function elementsOf(params: Params, N: number, slots: number): number {
  const [D, H, C] = [params.W1.rows, params.W1.cols, params.W2.cols];
  return rowElements(N, D, H, H, C, C, C) + (2 + slots) * paramElements(params);
}

/** Elements of matrices of N rows and of so many columns each. */
export function rowElements(N: number, ...columns: readonly number[]): number {
  return columns.reduce((sum, each) => sum + workspaceElements(N, each), 0);
}

/** Elements of matrices of the parameters' shapes. */
export function paramElements(params: Params): number {
  return PARAM_NAMES.reduce((sum, name) => sum + workspaceElements(...params[name].shape), 0);
}

function workspaceBuffers(
  params: Params,
  N: number,
  workspace: Workspace,
  slots: number,
): StepBuffers {
  const take = (rows: number, columns: number): Matrix =>
    new Matrix(rows, columns, workspace.take(rows, columns));
  const takeSlots = () =>
    Array.from({ length: slots }, () => mapParams(params, ({ rows, cols }) => take(rows, cols)));
  const memory = takeSlots();
  return {
    ...buffersOf(params, N, take),
    X: take(N, params.W1.rows),
    copies: mapParams(params, ({ rows, cols }) => take(rows, cols)),
    spare: workspace.executor === undefined ? undefined : take(N, params.W1.rows),
    memory: { slots: memory, next: workspace.executor === undefined ? memory : takeSlots() },
    workspace,
  };
}

/** Whether two parameters share memory: each must see what the update of the other changes. */
function shareMemory(params: Params): boolean {
  return PARAM_NAMES.some((name, i) =>
    PARAM_NAMES.slice(0, i).some((other) => overlaps(params[name].data, params[other].data)),
  );
}

/**
 * The parameters as they are now, in the workspace if there is one. Throws a ShapeError when one
 * has changed its shape.
 */
export function loadParams(params: Params, { copies, grads }: StepBuffers): Params {
  for (const name of PARAM_NAMES) checkMatrixOf("train", name, params[name], ...grads[name].shape);
  if (copies === undefined) return params;
  copyParams(params, copies);
  return copies;
}

/** The same buffers for a batch of fewer rows: views, sharing the gradients. */
export function batchViews(buffers: Buffers, N: number): Buffers {
  const { hidden, scores, probabilities, dscores, dhidden } = buffers;
  return {
    ...buffers,
    hidden: hidden.sliceRows(0, N),
    scores: scores.sliceRows(0, N),
    probabilities: probabilities.sliceRows(0, N),
    dscores: dscores.sliceRows(0, N),
    dhidden: dhidden.sliceRows(0, N),
  };
}

/** hidden = relu(X·W1 + b1), scores = hidden·W2 + b2 */
export function forward(
  { W1, b1, W2, b2 }: Params,
  X: Matrix,
  {
    hidden,
    scores,
    workspace,
  }: { hidden: Matrix; scores: Matrix; workspace?: Workspace | undefined },
): void {
  affineRelu(X, { W: W1, b: b1 }, hidden, workspace); // (N, H)
  affine(hidden, { W: W2, b: b2 }, scores, workspace); // (N, C)
}

/**
 * Computes, with the fused kernels of layers.ts and in reused memory, what reads with Matrix:
 *
 *   hidden = X.matmul(W1).addRow(b1).relu()                                   (N, H)
 *   scores = hidden.matmul(W2).addRow(b2)                                     (N, C)
 *   { loss, dscores } = softmaxLoss(scores, y)                                scalar, (N, C)
 *   dW2 = hidden.matmul(dscores, { transA: true }) + 2·reg·W2                 (H, C)
 *   dhidden = dscores.matmul(W2, { transB: true }).mul(hidden.reluMask())     (N, H)
 *   dW1 = X.matmul(dhidden, { transA: true }) + 2·reg·W1                      (D, H)
 *
 * with db2 and db1 the column sums of dscores and dhidden.
 *
 * Returns the loss on the batch, softmax cross-entropy + reg·(ΣW1² + ΣW2²), and leaves the
 * gradients in `buffers.grads`. X is (N, D), the buffers are for N rows, y holds N labels in
 * 0..C−1; none of it is checked. In a workspace, X and the parameters lie there, too.
 */
export function lossAndGrads(
  params: Params,
  X: Matrix,
  y: Int32Array,
  reg: number,
  buffers: Buffers,
  weights?: Float64Array,
): number {
  const { W1, W2 } = params;
  const { hidden, dscores, dhidden, grads, workspace } = buffers;
  forward(params, X, buffers);
  const dataLoss = weights === undefined ? meanLoss(buffers, y) : weightedLoss(buffers, y, weights);

  hiddenGrad(dscores, W2, hidden, dhidden, workspace); // (N, H)
  together(
    workspace,
    () => affineBackward(hidden, dscores, { W: grads.W2, b: grads.b2 }, workspace),
    () => affineBackward(X, dhidden, { W: grads.W1, b: grads.b1 }, workspace),
  );

  if (reg === 0) return dataLoss; // not + 0·ΣW², which is NaN when a W² overflows
  // d(reg·ΣW²)/dW = 2·reg·W
  const squares =
    regularize(W1.data, 2 * reg, grads.W1.data, workspace) +
    regularize(W2.data, 2 * reg, grads.W2.data, workspace);
  return dataLoss + reg * squares;
}

/** The mean loss over the rows, leaving its gradient in `dscores`. */
export function meanLoss({ scores, probabilities, dscores }: Buffers, y: Int32Array): number {
  const { rows, cols, data } = scores;
  return softmaxLoss(rows, cols, data, y, probabilities.data, dscores.data);
}

/**
 * Σ wᵢ·lossᵢ / Σ wᵢ, leaving its gradient in `dscores`: each row by itself, weighted by its share
 * of all weights. A batch without any weight has no loss and no gradient.
 */
export function weightedLoss(
  { scores, probabilities, dscores }: Pick<Buffers, "scores" | "probabilities" | "dscores">,
  y: Int32Array,
  weights: Float64Array,
): number {
  const { rows, cols } = scores;
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += weights[i];
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    const share = sum > 0 ? weights[i] / sum : 0;
    const label = y.subarray(i, i + 1);
    const gradient = dscores.row(i);
    const own = softmaxLoss(1, cols, scores.row(i), label, probabilities.row(i), gradient);
    // A row without weight counts for nothing, even when its loss is infinite.
    loss += share === 0 ? 0 : share * own;
    for (let c = 0; c < cols; c++) gradient[c] = share === 0 ? 0 : share * gradient[c];
  }
  return loss;
}
