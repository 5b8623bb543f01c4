// What may follow a product while it is still in cache, as WebAssembly: finished rows of C lose
// their padding and, on the way, may get a bias row added, negatives cut off (ReLU) or elements
// masked. The bits are those of the separate kernels of reference.ts, one after the other.
import type { Bytes } from "../wasm/encode.ts";
import {
  f64_const_one,
  f64x2_add,
  f64x2_gt,
  f64x2_le,
  f64x2_mul,
  f64x2_splat,
  i32_add,
  i32_const,
  i32_shl,
  local_get,
  local_set,
  local_tee,
  v128_and,
  v128_andnot,
  v128_const_zero,
  v128_load,
  v128_store,
} from "../wasm/instructions.ts";
import { increase, repeat } from "../wasm/loops.ts";
import { type Func, Scope } from "../wasm/module.ts";

/**
 * C = ((op(A)·op(B) + row) cut off at 0) · (mask > 0), each step only where given: `row` (n) is
 * added to every row; `relu` is max(·, 0) as reference.relu; `mask` (m, n) is multiplied as
 * reference.reluMask.
 */
export type Epilogue = {
  readonly row?: Float64Array;
  readonly relu?: boolean;
  readonly mask?: Float64Array;
};

/**
 * name(c, stride, rows, columns, row, mask): rows of C that lie `stride` bytes apart move together,
 * so that they lie `columns` doubles apart; `row` is the address of a bias, `mask` of a mask as
 * dense as the result. Two elements at a time; of an odd row the surplus lands where the next row
 * is about to be written.
 */
export function emitEpilogue(
  name: string,
  steps: { row: boolean; relu: boolean; mask: boolean },
): Func {
  const scope = new Scope();
  const [c, stride, rows, columns, row, mask] = Array.from({ length: 6 }, () => scope.param("i32"));
  const [i, j8, end, out] = Array.from({ length: 4 }, () => scope.local("i32"));
  const x = scope.local("v128");
  const at = (base: number): Bytes => [...local_get(base), ...local_get(j8), ...i32_add];
  const body: Bytes = [
    ...local_get(columns),
    ...i32_const(3),
    ...i32_shl,
    ...local_set(end),
    ...local_get(c),
    ...local_set(out),
    ...repeat(
      i,
      1,
      local_get(rows),
      repeat(
        j8,
        16,
        local_get(end),
        at(out),
        at(c),
        v128_load(),
        steps.row ? [...at(row), ...v128_load(), ...f64x2_add] : [],
        steps.relu
          ? [...local_tee(x), ...local_get(x), ...v128_const_zero, ...f64x2_le, ...v128_andnot]
          : [],
        steps.mask
          ? [
              ...at(mask),
              ...v128_load(),
              ...v128_const_zero,
              ...f64x2_gt,
              ...f64_const_one,
              ...f64x2_splat,
              ...v128_and,
              ...f64x2_mul,
            ]
          : [],
        v128_store(),
      ),
      increase(c, local_get(stride)),
      increase(out, local_get(end)),
      steps.mask ? increase(mask, local_get(end)) : [],
    ),
  ];
  return { name, params: scope.params, locals: scope.locals, body };
}

/** The epilogue in plain TypeScript, in place, for products that did not go through WebAssembly. */
export function applyEpilogue(
  m: number,
  n: number,
  c: Float64Array,
  { row, relu, mask }: Epilogue,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      let v = c[at];
      if (row) v += row[j];
      if (relu) v = v <= 0 ? 0 : v;
      if (mask) v *= +(mask[at] > 0);
      c[at] = v;
    }
  }
}
