// The layers of the net, forward and backward. Each does in one pass over the data, while a product
// is in cache, what takes several Matrix methods, with the same bits. Shapes are not checked. With
// a `workspace`, all matrices of a call lie in it.

import { epilogueOf } from "../kernels/gemm/epilogue.ts";
import { gemm } from "../kernels/gemm/gemm.ts";
import type { EpilogueSteps } from "../kernels/gemm/product.ts";
import { columnSum } from "../kernels/resident.ts";
import type { Workspace } from "../kernels/wasm/workspace.ts";
import type { Matrix } from "../matrix/matrix.ts";

/** An affine layer's weights W (D, H) and biases b (1, H). */
type Layer = { readonly W: Matrix; readonly b: Matrix };

/** out = X·W + b: `X.matmul(W).addRow(b)`. (N, D)·(D, H) + (1, H) gives (N, H) */
export function affine(X: Matrix, { W, b }: Layer, out: Matrix, workspace?: Workspace): void {
  multiply(X, W, out, { row: b.data }, workspace);
}

/** out = max(X·W + b, 0): `X.matmul(W).addRow(b).relu()`. (N, D)·(D, H) + (1, H) gives (N, H) */
export function affineRelu(X: Matrix, { W, b }: Layer, out: Matrix, workspace?: Workspace): void {
  multiply(X, W, out, { row: b.data, relu: true }, workspace);
}

function multiply(
  X: Matrix,
  W: Matrix,
  out: Matrix,
  epilogue: EpilogueSteps,
  workspace: Workspace | undefined,
): void {
  gemm(
    {
      transA: false,
      transB: false,
      m: X.rows,
      n: W.cols,
      k: X.cols,
      a: X.data,
      b: W.data,
      c: out.data,
      epilogue: epilogueOf(epilogue),
    },
    workspace,
  );
}

/**
 * dW = Xᵀ·dY and db = the column sums of dY: the gradients of affine's W and b. (N, D)ᵀ·(N, H)
 * gives (D, H), and (1, H)
 */
export function affineBackward(
  X: Matrix,
  dY: Matrix,
  { W: dW, b: db }: Layer,
  workspace?: Workspace,
): void {
  gemm(
    {
      transA: true,
      transB: false,
      m: X.cols,
      n: dY.cols,
      k: X.rows,
      a: X.data,
      b: dY.data,
      c: dW.data,
    },
    workspace,
  );
  columnSum(dY.rows, dY.cols, dY.data, db.data, workspace);
}

/**
 * out = dY·Wᵀ where hidden > 0, else 0: the gradient before the ReLU that made `hidden`, from that
 * after the next layer, `dY.matmul(W, { transB: true }).mul(hidden.reluMask())`. (N, C)·(H, C)ᵀ
 * gives (N, H)
 */
export function hiddenGrad(
  dY: Matrix,
  W: Matrix,
  hidden: Matrix,
  out: Matrix,
  workspace?: Workspace,
): void {
  gemm(
    {
      transA: false,
      transB: true,
      m: dY.rows,
      n: W.rows,
      k: dY.cols,
      a: dY.data,
      b: W.data,
      c: out.data,
      epilogue: epilogueOf({ mask: hidden.data }),
    },
    workspace,
  );
}
