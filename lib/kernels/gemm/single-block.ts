// Products so small that each operand is one block: no loops outside WebAssembly, nothing packed
// but a transposed B, and no copy of what lies in scratch memory already. The products of a small
// net are like this.

import { KC, NC, NR, PACK_MIN_ELEMENTS } from "../sizes.ts";
import { tailRows } from "../wasm/emit-product.ts";
import type { EpilogueName } from "../wasm/engine.ts";
import type { Executor } from "../wasm/executor.ts";
import { residentAddress } from "../wasm/workspace.ts";
import type { Epilogue } from "./epilogue.ts";

/** Whether the operands are small enough not to be packed, and everything has its place. */
export function isSingleBlock(m: number, n: number, k: number): boolean {
  return (
    k <= KC &&
    n <= NC &&
    k * n < PACK_MIN_ELEMENTS &&
    m * k < PACK_MIN_ELEMENTS &&
    m * (n + NR) <= KC * NC
  );
}

/** gemm for m, n, k >= 1 that isOneBlock accepts, with a crew of one. */
export function multiplySingleBlock(
  crew: Executor,
  transA: boolean,
  transB: boolean,
  m: number,
  n: number,
  k: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  epilogue: Epilogue | undefined,
): void {
  const { doubles, kernels, map, mr } = crew;
  const aAt = ensureResident(crew, a, map.aBuffers[0]);
  let bAt = ensureResident(crew, b, map.staging);
  let bStride = 8 * n;
  let bPanel = 8 * NR;
  if (transB) {
    bStride = 8 * NR;
    bPanel = 8 * NR * Math.ceil(k / 4) * 4; // packing goes by four rows
    kernels.packBColumns(bAt, 8 * k, map.bBuffers[0], bPanel, n, k);
    bAt = map.bBuffers[0];
  }
  const columns = Math.ceil(n / NR) * NR;
  // whole panels can be written where they belong
  const home = columns === n ? residentAddress(crew, c) : 0;
  const cAt = home || map.c;
  const tail = tailRows(transA ? "columns" : "rows", mr, m);
  if (transA)
    kernels.columns(
      aAt,
      8 * m,
      8 * mr,
      bAt,
      bStride,
      bPanel,
      cAt,
      8 * columns,
      m - tail,
      tail,
      n,
      k,
      0,
    );
  else
    kernels.rows(
      aAt,
      8 * k,
      8 * mr * k,
      bAt,
      bStride,
      bPanel,
      cAt,
      8 * columns,
      m - tail,
      tail,
      n,
      k,
      0,
    );
  finish(crew, cAt, 8 * columns, m, n, epilogue);
  if (!home) c.set(doubles.subarray(cAt / 8, cAt / 8 + m * n));
}

/**
 * The address of an operand in the crew's memory: where it lies, or `at`, to which it is copied.
 */
function ensureResident(crew: Executor, operand: Float64Array, at: number): number {
  const home = residentAddress(crew, operand);
  if (home) return home;
  crew.doubles.set(operand, at / 8);
  return at;
}

/** The epilogue on the rows of C at `cAt`, `stride` bytes apart, which end up side by side. */
function finish(
  crew: Executor,
  cAt: number,
  stride: number,
  m: number,
  n: number,
  epilogue: Epilogue | undefined,
): void {
  const { doubles, kernels, map } = crew;
  const { row, relu, mask } = epilogue ?? NOTHING;
  if (row || relu || stride !== 8 * n) {
    const name: EpilogueName = row ? (relu ? "rowRelu" : "row") : relu ? "relu" : "dense";
    if (row) doubles.set(row, map.row / 8);
    kernels[name](cAt, stride, m, n, map.row, 0);
  }
  if (!mask) return;
  const home = residentAddress(crew, mask);
  if (!home) doubles.set(mask, map.bBuffers[0] / 8);
  kernels.mask(cAt, 8 * n, m, n, 0, home || map.bBuffers[0]);
}

const NOTHING: Epilogue = {};
