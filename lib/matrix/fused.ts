// The pairs of Matrix operations that a training step does in one pass over memory. Each has the bits of the two
// methods it stands for. Internal: shapes are the caller's business, and nothing here is part of the public surface.

import { relu } from "../kernels/elementwise.ts";
import { gemm } from "../kernels/gemm.ts";
import { addRow } from "../kernels/rows.ts";
import type { Matrix } from "./matrix.ts";

/** out = X·W + b: `X.matmul(W).addRow(b)`. (N, D)·(D, H) + (1, H) gives (N, H) */
export function affine(X: Matrix, W: Matrix, b: Matrix, out: Matrix): void {
  gemm(false, false, X.rows, W.cols, X.cols, X.data, W.data, out.data);
  addRow(out.rows, out.cols, out.data, b.data, out.data);
}

/** out = max(X·W + b, 0): `X.matmul(W).addRow(b).relu()`. (N, D)·(D, H) + (1, H) gives (N, H) */
export function affineRelu(X: Matrix, W: Matrix, b: Matrix, out: Matrix): void {
  gemm(false, false, X.rows, W.cols, X.cols, X.data, W.data, out.data);
  addRow(out.rows, out.cols, out.data, b.data, out.data);
  relu(out.data, out.data);
}
