// The innermost loops of the product, as WebAssembly: the register tile and the two loops that move
// it over a block.
//
//   for each panel of NR columns of B          loop 2 of the BLIS papers; the panel stays in the
//                                         first-level cache
//     for each MR rows of A                    loop 1; they stream by
//       acc = the MR×NR tile of C, or +0       MR·NR/2 registers of two doubles
//       for p in 0..depth                      the micro-kernel: NR/2 loads, MR broadcasts, MR·NR/2
//                                         multiply-adds
//         acc += A[·, p] · B[p, ·]
//       the tile of C = acc
//     the same by lower tiles for the last rows  where those would hang far over the edge
//
// Starting from the stored C makes every sum run through all of k in order whatever the blocks, so
// the bits are those of the plain loop. Tiles may hang over the edge of a block: the surplus reads
// whatever lies there and writes into C's padding, and neither is ever looked at.
//
// 4×4 is the tile that fills multiply and add units without spilling a register of the sixteen (8
// accumulators); fused multiply-add has fewer units to fill but a longer wait for each, which 6×4
// covers (12 accumulators). The pointers to rows of A advance: with one offset for all of them a
// product takes 1.04 to 1.08 of the time on Node 20 and 22, and the same on 24 and 26. V8 unrolls
// the loop over p. By hand, two or four times, it reaches 0.63 to 0.72 of its speed on Node 20 and
// 22, where all loads come first and registers spill, and 0.99 to 1.02 on 24 and 26 (64³ to 1024³
// on a core of Zen 5).

import { NR, TAIL_MR } from "../sizes.ts";
import type { Bytes } from "./encode.ts";
import {
  f64x2_add,
  f64x2_mul,
  f64x2_relaxed_madd,
  i32_add,
  i32_const,
  i32_mul,
  if_else,
  local_get,
  local_set,
  v128_load,
  v128_load64_splat,
  v128_store,
} from "./instructions.ts";
import { increase, repeat } from "./loops.ts";
import { type Func, Scope } from "./module.ts";

/**
 * The parameters of the function that multiplies a block, in order; all are i32, distances in
 * bytes. Element (i, p) of A is at a + i·aRow + p·aStep, one of both being 8, and in panels aStep
 * 8·MR; B(p, j) is at b + p·bStep + 8·j. aPanel is the way from one MR rows of A to the next, and
 * bPanel from one NR columns of B to the next. The first `rows` go by tiles of MR rows, the `tail`
 * after them by tiles of TAIL_MR; `resume` 0 starts from +0, else from C.
 */
export const PARAMETERS = [
  "a",
  "aRow",
  "aStep",
  "aPanel",
  "b",
  "bStep",
  "bPanel",
  "c",
  "cStride",
  "rows",
  "tail",
  "columns",
  "depth",
  "resume",
] as const;

/**
 * How many of a block's last rows go by tiles of TAIL_MR rows, so that tiles of `mr` and these
 * compute the fewest rows in vain; none where A is packed for tiles of `mr`.
 */
export function tailRows(mr: number, rows: number, isPacked: boolean): number {
  if (mr === TAIL_MR || isPacked) return 0;
  const rest = rows % mr;
  return rest === 0 || rest > TAIL_MR
    ? 0
    : rest <= 2 * TAIL_MR - mr && rows > rest
      ? rest + mr
      : rest;
}

/**
 * The product of a block. One function for A along rows and along columns: one that has a single
 * pointer for the columns takes 0.99 to 1.05 of the time.
 */
export function emitProduct(mr: number, fused: boolean): Func {
  const scope = new Scope();
  const block: Block = { mr, fused, ...declareLocals(scope, mr) };
  const { a, aPanel, b, bPanel, c, rows, columns, j, aTile, cTile } = block;
  const body = repeat(
    j,
    NR,
    local_get(columns),
    local_get(a),
    local_set(aTile),
    local_get(c),
    local_set(cTile),
    local_get(rows),
    if_else([emitTiles(block, mr, rows, local_get(aPanel))], []),
    mr === TAIL_MR ? [] : emitTail(block),
    increase(b, local_get(bPanel)),
    increase(c, i32_const(8 * NR)),
  );
  return { name: "product", params: scope.params, locals: scope.locals, body };
}

/** What is multiplied, and how. */
type Block = Locals & {
  readonly mr: number;
  readonly fused: boolean;
};

type Locals = ReturnType<typeof declareLocals>;

/** The numbers of the parameters and locals. */
function declareLocals(scope: Scope, mr: number) {
  const parameters = Object.fromEntries(
    PARAMETERS.map((name) => [name, scope.param("i32")]),
  ) as Record<(typeof PARAMETERS)[number], number>;
  const i32 = () => scope.local("i32");
  const v128 = () => scope.local("v128");
  const times = (count: number, make: () => number) => Array.from({ length: count }, make);
  return {
    ...parameters,
    i: i32(), // the tile's place in the block
    j: i32(),
    p: i32(), // counts the steps of k
    aTile: i32(),
    bRow: i32(),
    cTile: i32(),
    cRow: i32(),
    aRows: times(mr, i32),
    bPairs: times(NR / 2, v128),
    acc: Array.from({ length: mr }, () => times(NR / 2, v128)),
    x: v128(),
    // never set: locals begin as +0, and reading one takes 2 bytes where the constant takes 18
    zero: v128(),
  };
}

/** Loop 1: tiles of `height` rows, `count` rows in all, one below the other. */
function emitTiles(block: Block, height: number, count: number, advance: Bytes): Bytes {
  const { aRow, b, cStride, resume, i, p, depth, aTile, bRow, cTile, aRows, zero } = block;
  const acc = block.acc.slice(0, height);
  const load = eachRowOfC(block, acc, (pair, offset) => [...v128_load(offset), ...local_set(pair)]);
  const store = eachRowOfC(block, acc, (pair, offset) => [
    ...local_get(pair),
    ...v128_store(offset),
  ]);
  const clear = acc.flat().flatMap((pair) => [...local_get(zero), ...local_set(pair)]);
  const firstRow: Bytes = [...local_get(aTile), ...local_set(aRows[0])];
  const otherRows = aRows
    .slice(1, height)
    .flatMap((row, r) => [
      ...local_get(aRows[r]),
      ...local_get(aRow),
      ...i32_add,
      ...local_set(row),
    ]);
  return repeat(
    i,
    height,
    local_get(count),
    local_get(resume),
    if_else([load], [clear]),
    local_get(b),
    local_set(bRow),
    firstRow,
    otherRows,
    repeat(p, 1, local_get(depth), emitStep(block, acc)),
    store,
    increase(aTile, advance),
    increase(cTile, local_get(cStride), i32_const(height), i32_mul),
  );
}

/** Loop 1 for the last rows of a block, by tiles of TAIL_MR rows. */
function emitTail(block: Block): Bytes {
  const { aRow, tail } = block;
  const advance = [...local_get(aRow), ...i32_const(TAIL_MR), ...i32_mul];
  return [...local_get(tail), ...if_else([emitTiles(block, TAIL_MR, tail, advance)], [])];
}

/** Code for each pair of the tile, after the address of its row of C and with its offset there. */
function eachRowOfC(
  { cTile, cRow, cStride }: Block,
  acc: readonly number[][],
  code: (pair: number, offset: number) => Bytes,
): Bytes {
  return [
    ...local_get(cTile),
    ...local_set(cRow),
    ...acc.flatMap((row, r) => [
      ...(r === 0 ? [] : increase(cRow, local_get(cStride))),
      ...row.flatMap((pair, q) => [...local_get(cRow), ...code(pair, 16 * q)]),
    ]),
  ];
}

/** The micro-kernel: one step of k. */
function emitStep(block: Block, acc: readonly number[][]): Bytes {
  const { aStep, bStep, bRow, aRows, bPairs, x } = block;
  return [
    ...bPairs.flatMap((pair, q) => [...local_get(bRow), ...v128_load(16 * q), ...local_set(pair)]),
    ...acc.flatMap((row, r) => [
      ...[...local_get(aRows[r]), ...v128_load64_splat(), ...local_set(x)],
      ...row.flatMap((sum, q) => multiplyAdd(block, sum, bPairs[q])),
    ]),
    ...increase(bRow, local_get(bStep)),
    ...acc.flatMap((_, r) => increase(aRows[r], local_get(aStep))),
  ];
}

/** sum += x · y */
function multiplyAdd({ fused, x }: Block, sum: number, y: number): Bytes {
  return fused
    ? [
        ...local_get(x),
        ...local_get(y),
        ...local_get(sum),
        ...f64x2_relaxed_madd,
        ...local_set(sum),
      ]
    : [
        ...local_get(sum),
        ...local_get(x),
        ...local_get(y),
        ...f64x2_mul,
        ...f64x2_add,
        ...local_set(sum),
      ];
}
