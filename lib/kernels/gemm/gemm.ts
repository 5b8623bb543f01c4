// C = op(A)·op(B), the product everything else waits for: which of the ways to compute it is taken.

import { crewFor, dismiss } from "../configuration.ts";
import { matmul } from "../reference.ts";
import { DIRECT, VECTOR } from "../sizes.ts";
import { CrewLost } from "../threads/pool.ts";
import { multiplyBlocks } from "./blocked.ts";
import { applyEpilogue, type Epilogue } from "./epilogue.ts";
import { gemmDirect, gemmScalar, gemv, INDEXED } from "./scalar.ts";
import { isOneBlock, multiplyOneBlock } from "./single-block.ts";

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
  const huge = work > 0 && Math.max(a.length, b.length, c.length) > INDEXED;
  if (Math.min(m, n) === 1 && work > VECTOR && !huge) {
    if (m === 1) gemv(transB, n, k, a, b, c);
    else gemv(!transA, m, k, b, a, c);
  } else if (work > DIRECT || huge) {
    let crew = crewFor(work);
    if (crew?.ahead) {
      try {
        multiplyBlocks(crew, transA, transB, m, n, k, a, b, c, epilogue);
        return;
      } catch (error) {
        crew = dismiss();
        if (!(error instanceof CrewLost)) throw error;
      }
    }
    if (crew) {
      const multiply = isOneBlock(m, n, k) ? multiplyOneBlock : multiplyBlocks;
      multiply(crew, transA, transB, m, n, k, a, b, c, epilogue);
      return;
    }
    (huge ? matmul : gemmScalar)(transA, transB, m, n, k, a, b, c);
  } else {
    gemmDirect(transA, transB, m, n, k, a, b, c);
  }
  if (epilogue) applyEpilogue(m, n, c, epilogue);
}
