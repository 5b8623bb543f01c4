// Loss and gradients of a batch in new matrices, as `net.loss` returns them, computed in memory
// that further calls use again.

import { withPool } from "../kernels/in-force.ts";
import type { Matrix } from "../matrix/matrix.ts";
import {
  areCurrent,
  batchViews,
  createStepBuffers,
  loadParams,
  lossAndGrads,
  release,
  type StepBuffers,
} from "./backprop.ts";
import { mapParams, type Params } from "./params.ts";

// Of the last call; the garbage collector may take them while nobody computes in them.
let last: WeakRef<StepBuffers> | undefined;

/** lossAndGrads with gradients in new matrices. None of the arguments is checked. */
export function lossAndNewGrads(
  params: Params,
  X: Matrix,
  y: Int32Array,
  reg: number,
  weights?: Float64Array,
): { loss: number; grads: Params } {
  const N = X.rows;
  return withPool(() => {
    const whole = buffersFor(params, N);
    const buffers = N === whole.X.rows ? whole : batchViews(whole, N);
    const inputs = whole.X.sliceRows(0, N);
    inputs.data.set(X.data);
    const loss = lossAndGrads(loadParams(params, whole), inputs, y, reg, buffers, weights);
    return { loss, grads: mapParams(whole.grads, (grad) => grad.clone()) };
  });
}

function buffersFor(params: Params, N: number): StepBuffers {
  const known = last?.deref();
  if (known && areCurrent(known) && known.X.rows >= N && fits(params, known)) return known;
  release(known); // without a turn of the event loop the garbage collector would not
  const buffers = createStepBuffers(params, N);
  last = globalThis.WeakRef && new WeakRef(buffers); // some plain engines have none
  return buffers;
}

/** Whether buffers are for parameters of these shapes. */
function fits({ W1, W2 }: Params, { X, hidden, scores }: StepBuffers): boolean {
  return X.cols === W1.rows && hidden.cols === W1.cols && scores.cols === W2.cols;
}
