// The scores of many rows, some rows at a time, so that a large X needs no large intermediate.
// Where threads share the products, the parameters are copied into their memory once, and the next
// rows while these are computed.

import { packedElements } from "../kernels/gemm/shared.ts";
import { computeInPool, type WorkspaceSize } from "../kernels/in-force.ts";
import { type Workspace, workspaceElements } from "../kernels/wasm/workspace.ts";
import { Matrix } from "../matrix/matrix.ts";
import { forward } from "./backprop.ts";
import { mapParams, PARAM_NAMES, type Params } from "./params.ts";

/** Takes the scores of the rows from `start` on, which the next call overwrites. */
type Use = (scores: Matrix, start: number) => void;

const ROWS = 1024;
const ELEMENTS = 2 ** 20; // of X that are in the threads' memory at a time, twice
const BAND = 24; // rows of a chunk there are a multiple of it, for the sake of whole tiles

/** Calls `use` for the scores of all rows of X (N, D), at most ROWS at a time. */
export function forEachChunk(params: Params, X: Matrix, use: Use): void {
  const { W1, W2 } = params;
  const fitting = Math.floor(ELEMENTS / W1.rows / BAND) * BAND;
  const rows = Math.min(X.rows, ROWS, Math.max(BAND, fitting));
  const computed = computeInPool(sizeOf(params, rows), (workspace) =>
    chunksInPool(params, X, rows, workspace, use),
  );
  if (computed) return;
  const size = Math.min(ROWS, X.rows);
  const [hidden, scores] = [new Matrix(size, W1.cols), new Matrix(size, W2.cols)];
  for (let start = 0; start < X.rows; start += size) {
    const N = Math.min(size, X.rows - start);
    const buffers = { hidden: hidden.sliceRows(0, N), scores: scores.sliceRows(0, N) };
    forward(params, X.sliceRows(start, start + N), buffers);
    use(buffers.scores, start);
  }
}

function sizeOf(params: Params, rows: number): WorkspaceSize {
  const [D, H, C] = [params.W1.rows, params.W1.cols, params.W2.cols];
  const elements = [D, D, H, C].map((columns) => workspaceElements(rows, columns));
  const own = PARAM_NAMES.map((name) => workspaceElements(...params[name].shape));
  return {
    elements: [...elements, ...own].reduce((x, y) => x + y),
    spareElements: 0,
    packedElements: Math.max(packedElements(H, D), packedElements(C, H)),
    work: rows * D * H,
  };
}

function chunksInPool(
  params: Params,
  X: Matrix,
  size: number,
  workspace: Workspace,
  use: Use,
): void {
  const take = (rows: number, columns: number): Matrix =>
    new Matrix(rows, columns, workspace.take(rows, columns));
  const { W1, W2 } = params;
  const copies = mapParams(params, (param) => {
    const copy = take(param.rows, param.cols);
    copy.data.set(param.data);
    return copy;
  });
  const [hidden, scores] = [take(size, W1.cols), take(size, W2.cols)];
  let [current, next] = [take(size, X.cols), take(size, X.cols)];
  const bring = (start: number, to: Matrix): void => {
    const end = Math.min(start + size, X.rows);
    if (start < end) to.data.set(X.data.subarray(start * X.cols, end * X.cols));
  };
  bring(0, current);
  for (let start = 0; start < X.rows; start += size) {
    const N = Math.min(size, X.rows - start);
    workspace.meanwhile = () => bring(start + size, next);
    const buffers = { hidden: hidden.sliceRows(0, N), scores: scores.sliceRows(0, N), workspace };
    forward(copies, current.sliceRows(0, N), buffers);
    use(buffers.scores, start);
    [current, next] = [next, current];
  }
}
