// C = op(A)·op(B), the product everything else waits for: which of the ways to compute it is taken.

import { discardPool, executorFor } from "../configuration.ts";
import { matmul } from "../reference.ts";
import { GEMV_WORK, SMALL_WORK } from "../sizes.ts";
import { WorkerTimeout } from "../threads/pool.ts";
import { multiplyBlocked } from "./blocked.ts";
import { applyEpilogue, type Epilogue } from "./epilogue.ts";
import { gemmDirect, gemmScalar, gemv, MAX_ELEMENTS } from "./scalar.ts";
import { isSingleBlock, multiplySingleBlock } from "./single-block.ts";

/**
 * reference.matmul's signature, semantics and (but for kernel "fma") bits, followed by the
 * epilogue, if there is one. The operands and the result never share memory.
 */
export function gemm(
  transA: boolean,
  transB: boolean,
  m: number,
  n: number,
  k: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  epilogue?: Epilogue,
): void {
  const work = m * n * k;
  const huge = work > 0 && Math.max(a.length, b.length, c.length) > MAX_ELEMENTS;
  if (Math.min(m, n) === 1 && work > GEMV_WORK && !huge) {
    if (m === 1) gemv(transB, n, k, a, b, c);
    else gemv(!transA, m, k, b, a, c);
  } else if (work > SMALL_WORK || huge) {
    let crew = executorFor(work);
    if (crew?.asynchronous) {
      try {
        multiplyBlocked(crew, transA, transB, m, n, k, a, b, c, epilogue);
        return;
      } catch (error) {
        crew = discardPool();
        if (!(error instanceof WorkerTimeout)) throw error;
      }
    }
    if (crew) {
      const multiply = isSingleBlock(m, n, k) ? multiplySingleBlock : multiplyBlocked;
      multiply(crew, transA, transB, m, n, k, a, b, c, epilogue);
      return;
    }
    (huge ? matmul : gemmScalar)(transA, transB, m, n, k, a, b, c);
  } else {
    gemmDirect(transA, transB, m, n, k, a, b, c);
  }
  if (epilogue) applyEpilogue(m, n, c, epilogue);
}
