// The scores of many rows, some rows at a time, so that a large X needs no large intermediate.
// Where threads share the products, the parameters are copied into their memory once, and the next
// rows while these are computed.

import { computeInPool } from "../kernels/in-force.ts";
import type { Workspace } from "../kernels/wasm/workspace.ts";
import { Matrix } from "../matrix/matrix.ts";
import { forward, paramElements, productsOf, rowElements } from "./backprop.ts";
import { copyParams, mapParams, type Params } from "./params.ts";

/** Takes the scores of the rows from `start` on, which the next call overwrites. */
type Use = (scores: Matrix, start: number) => void;

const ROWS = 1024;
const ELEMENTS = 2 ** 20; // of X that are in the threads' memory at a time, twice
const BAND = 24; // rows of a chunk there are a multiple of it, for the sake of whole tiles

/** Calls `use` for the scores of all rows of X (N, D), at most ROWS at a time. */
export function forEachChunk(params: Params, X: Matrix, use: Use): void {
  const [D, H, C] = [params.W1.rows, params.W1.cols, params.W2.cols];
  const fitting = Math.floor(ELEMENTS / D / BAND) * BAND;
  const rows = Math.min(X.rows, ROWS, Math.max(BAND, fitting));
  const size = () => ({
    ...productsOf(params, rows),
    elements: rowElements(rows, D, D, H, C) + paramElements(params),
  });
  const compute = (workspace: Workspace): void => computeChunks(params, X, rows, use, workspace);
  const isDone = computeInPool(rows * D * H, size, compute);
  if (!isDone) computeChunks(params, X, Math.min(X.rows, ROWS), use);
}

/** Computes `size` rows at a time; with `workspace`, on copies of them and of the parameters. */
function computeChunks(
  params: Params,
  X: Matrix,
  size: number,
  use: Use,
  workspace?: Workspace,
): void {
  const take = (rows: number, columns: number): Matrix =>
    new Matrix(rows, columns, workspace?.take(rows, columns));
  const [hidden, scores] = [take(size, params.W1.cols), take(size, params.W2.cols)];
  const rowsFrom = (start: number): Matrix => X.sliceRows(start, Math.min(start + size, X.rows));
  const bring = (start: number, to: Matrix): void => {
    if (start < X.rows) to.data.set(rowsFrom(start).data);
  };
  let own = params;
  let [current, next] = workspace ? [take(size, X.cols), take(size, X.cols)] : [];
  if (current) {
    own = mapParams(params, ({ rows, cols }) => take(rows, cols));
    copyParams(params, own);
    bring(0, current);
  }
  for (let start = 0; start < X.rows; start += size) {
    const rows = rowsFrom(start);
    const N = rows.rows;
    if (workspace) workspace.meanwhile = () => bring(start + size, next!);
    const buffers = { hidden: hidden.sliceRows(0, N), scores: scores.sliceRows(0, N), workspace };
    forward(own, current?.sliceRows(0, N) ?? rows, buffers);
    workspace?.meanwhile?.(); // nobody shared a product of this shape
    use(buffers.scores, start);
    [current, next] = [next, current];
  }
}
