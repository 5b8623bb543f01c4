// The epilogue of a product as WebAssembly: finished rows of C lose their padding and, on the way,
// get a bias row added, ReLU applied or elements masked, see gemm/epilogue.ts.
import type { Bytes } from "./encode.ts";
import {
  f64_const_one,
  f64x2_add,
  f64x2_gt,
  f64x2_le,
  f64x2_mul,
  f64x2_splat,
  i32_add,
  i32_and,
  i32_const,
  i32_shl,
  if_else,
  local_get,
  local_set,
  local_tee,
  v128_and,
  v128_andnot,
  v128_const_zero,
  v128_load,
  v128_store,
  v128_store64_lane,
} from "./instructions.ts";
import { increase, repeat } from "./loops.ts";
import { type Func, Scope } from "./module.ts";

/**
 * name(c, stride, rows, columns, row, mask, out, outStride): moves rows of C that lie `stride`
 * bytes apart to `out`, where they lie `outStride` bytes apart; `row` is the address of a bias,
 * `mask` that of a mask whose rows lie as those of `out`. `out` is C itself or apart from it. Two
 * elements at a time, and the last of an odd row alone: nothing is written beside the result.
 */
export function emitEpilogue(
  name: string,
  steps: { row?: boolean; relu?: boolean; mask?: boolean },
): Func {
  const scope = new Scope();
  const [c, stride, rows, columns, row, mask, out, outStride] = Array.from({ length: 8 }, () =>
    scope.param("i32"),
  );
  const [i, j8, pairs] = Array.from({ length: 3 }, () => scope.local("i32"));
  const x = scope.local("v128");
  const at = (base: number): Bytes => [...local_get(base), ...local_get(j8), ...i32_add];
  const value: Bytes = [
    ...at(c),
    ...v128_load(),
    ...(steps.row ? [...at(row), ...v128_load(), ...f64x2_add] : []),
    ...(steps.relu ? reluOf(x) : []),
    ...(steps.mask ? [...at(mask), ...v128_load(), ...TIMES_POSITIVE] : []),
  ];
  const inPairs = repeat(j8, 16, local_get(pairs), at(out), value, v128_store());
  const body: Bytes = [
    ...[...local_get(columns), ...i32_const(-2), ...i32_and, ...i32_const(3), ...i32_shl],
    ...local_set(pairs),
    ...repeat(
      i,
      1,
      local_get(rows),
      [...i32_const(0), ...local_set(j8), ...local_get(pairs), ...if_else([inPairs], [])],
      [...local_get(columns), ...i32_const(1), ...i32_and],
      if_else([at(out), value, v128_store64_lane(0)], []),
      increase(c, local_get(stride)),
      increase(out, local_get(outStride)),
      steps.mask ? increase(mask, local_get(outStride)) : [],
    ),
  ];
  return { name, params: scope.params, locals: scope.locals, body };
}

/** The pair on the stack, 0 where it is <= 0; NaN stays. `x` is a local to keep it in. */
const reluOf = (x: number): Bytes => [
  ...local_tee(x),
  ...local_get(x),
  ...v128_const_zero,
  ...f64x2_le,
  ...v128_andnot,
];

/** The second pair of the stack times 1 where the first is > 0, else times 0. */
const TIMES_POSITIVE: Bytes = [
  ...v128_const_zero,
  ...f64x2_gt,
  ...f64_const_one,
  ...f64x2_splat,
  ...v128_and,
  ...f64x2_mul,
];
