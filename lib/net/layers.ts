// The layers of the net, forward and backward. Each does in one pass over the data, while a product
// is in cache, what takes several Matrix methods, with the same bits. Shapes are not checked. With
// a `workspace`, all matrices of a call lie in it.

import { epilogueOf } from "../kernels/gemm/epilogue.ts";
import { gemm } from "../kernels/gemm/gemm.ts";
import type { Epilogue } from "../kernels/gemm/product.ts";
import { columnSum } from "../kernels/resident.ts";
import type { Workspace } from "../kernels/wasm/workspace.ts";
import type { Matrix } from "../matrix/matrix.ts";

/** An affine layer's weights W (D, H) and biases b (1, H). */
type Layer = { readonly W: Matrix; readonly b: Matrix };

/** out = op(a)·op(b), where op is the transpose if the flag says so, then the epilogue on out. */
function multiply(
  a: Matrix,
  b: Matrix,
  out: Matrix,
  how: { transA?: boolean; transB?: boolean; epilogue?: Epilogue },
  workspace: Workspace | undefined,
): void {
  const { transA = false, transB = false, epilogue } = how;
  const [m, n, k] = [out.rows, out.cols, transA ? a.rows : a.cols];
  const [A, B, C] = [a.data, b.data, out.data];
  gemm({ transA, transB, m, n, k, a: A, b: B, c: C, epilogue }, workspace);
}

/** out = X·W + b: `X.matmul(W).addRow(b)`. (N, D)·(D, H) + (1, H) gives (N, H) */
export function affine(X: Matrix, { W, b }: Layer, out: Matrix, workspace?: Workspace): void {
  multiply(X, W, out, { epilogue: epilogueOf({ row: b.data }) }, workspace);
}

/** out = max(X·W + b, 0): `X.matmul(W).addRow(b).relu()`. (N, D)·(D, H) + (1, H) gives (N, H) */
export function affineRelu(X: Matrix, { W, b }: Layer, out: Matrix, workspace?: Workspace): void {
  multiply(X, W, out, { epilogue: epilogueOf({ row: b.data, relu: true }) }, workspace);
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
  multiply(X, dY, dW, { transA: true }, workspace);
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
  const epilogue = epilogueOf({ mask: hidden.data });
  multiply(dY, W, out, { transB: true, epilogue }, workspace);
}
