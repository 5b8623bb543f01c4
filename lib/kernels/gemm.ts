// C = op(A)·op(B), the product everything else waits for: which of the ways to compute it is taken.
import { gemmDirect, gemmScalar } from "./scalar.ts";

/** reference.matmul's signature, semantics and bits. The operands and the result never share memory. */
export function gemm(
  transA: boolean, transB: boolean, m: number, n: number, k: number,
  a: Float64Array, b: Float64Array, c: Float64Array,
): void {
  if (m * n * k <= 512) gemmDirect(transA, transB, m, n, k, a, b, c);
  else gemmScalar(transA, transB, m, n, k, a, b, c);
}
