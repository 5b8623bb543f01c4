// The runs of Matrix operations that a training step does in one pass: what follows a product is
// done while the product is in cache. Each has the bits of the methods it stands for. Internal:
// shapes are the caller's business, and nothing here is part of the public surface.

import { columnSum } from "../kernels/columns.ts";
import { gemm } from "../kernels/gemm/gemm.ts";
import type { Matrix } from "../matrix/matrix.ts";

/** out = X·W + b: `X.matmul(W).addRow(b)`. (N, D)·(D, H) + (1, H) gives (N, H) */
export function affine(X: Matrix, W: Matrix, b: Matrix, out: Matrix): void {
  gemm(false, false, X.rows, W.cols, X.cols, X.data, W.data, out.data, { row: b.data });
}

/** out = max(X·W + b, 0): `X.matmul(W).addRow(b).relu()`. (N, D)·(D, H) + (1, H) gives (N, H) */
export function affineRelu(X: Matrix, W: Matrix, b: Matrix, out: Matrix): void {
  gemm(false, false, X.rows, W.cols, X.cols, X.data, W.data, out.data, { row: b.data, relu: true });
}

/**
 * dW = Xᵀ·dY and db = the column sums of dY: the gradients of affine's W and b. (N, D)ᵀ·(N, H)
 * gives (D, H), and (1, H)
 */
export function affineBackward(X: Matrix, dY: Matrix, dW: Matrix, db: Matrix): void {
  gemm(true, false, X.cols, dY.cols, X.rows, X.data, dY.data, dW.data);
  columnSum(dY.rows, dY.cols, dY.data, db.data);
}

/**
 * out = dY·Wᵀ where hidden > 0, else 0: the way back through an affine layer and the ReLU that made
 * its input, `dY.matmul(W, { transB: true }).mul(hidden.reluMask())`. (N, C)·(H, C)ᵀ gives (N, H)
 */
export function hiddenGrad(dY: Matrix, W: Matrix, hidden: Matrix, out: Matrix): void {
  gemm(false, true, dY.rows, W.rows, dY.cols, dY.data, W.data, out.data, { mask: hidden.data });
}
