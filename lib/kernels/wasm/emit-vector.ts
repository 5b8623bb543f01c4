// The vector kernels of a training step as WebAssembly: two elements at a time, with the bits of
// the kernels of the same names in TypeScript. Addresses and distances are in bytes.
import type { Bytes } from "./encode.ts";
import {
  f64x2_add,
  f64x2_mul,
  i32_add,
  local_get,
  local_set,
  local_tee,
  v128_const_zero,
  v128_load,
  v128_load64_splat,
  v128_store,
} from "./instructions.ts";
import { increase, repeat } from "./loops.ts";
import { type Func, Scope } from "./module.ts";

/** Elements that one turn of the loops takes: counts are multiples of it. */
export const UNROLL = 4;
const PAIRS = [0, 16]; // offsets of a turn's two pairs

/** addScaled(a, b, out, bytes, s): out = a + s·b, where s lies at the address `s`. */
export const emitAddScaled = (): Func => emitScaled("addScaled", true);

/** scale(a, out, bytes, s): out = s·a, where s lies at the address `s`. */
export const emitScale = (): Func => emitScaled("scale", false);

/** A function of s·x, to which it adds the elements of a first parameter if `adds`. */
function emitScaled(name: string, adds: boolean): Func {
  const scope = new Scope();
  const addends = adds ? [scope.param("i32")] : [];
  const [x, out, bytes, s] = Array.from({ length: 4 }, () => scope.param("i32"));
  const i = scope.local("i32");
  const both = scope.local("v128");
  const at = (base: number): Bytes => [...local_get(base), ...local_get(i), ...i32_add];
  const body: Bytes = [
    ...local_get(s),
    ...v128_load64_splat(),
    ...local_set(both),
    ...repeat(
      i,
      8 * UNROLL,
      local_get(bytes),
      ...PAIRS.map((pair) => [
        ...at(out),
        ...addends.flatMap((a) => [...at(a), ...v128_load(pair)]),
        ...at(x),
        ...v128_load(pair),
        ...local_get(both),
        ...f64x2_mul,
        ...addends.flatMap(() => f64x2_add),
        ...v128_store(pair),
      ]),
    ),
  ];
  return { name, params: scope.params, locals: scope.locals, body };
}

/** Loads four running sums at an address into two locals of a pair each. */
const loadSums = (at: number, pairs: readonly number[]): Bytes =>
  pairs.flatMap((pair, q) => [...local_get(at), ...v128_load(PAIRS[q]), ...local_set(pair)]);

/** Stores them again. */
const storeSums = (at: number, pairs: readonly number[]): Bytes =>
  pairs.flatMap((pair, q) => [...local_get(at), ...local_get(pair), ...v128_store(PAIRS[q])]);

/**
 * regularize(a, da, bytes, s, sums): da += s·a, where s lies at the address `s`, and adds every
 * fourth a² to each of four running sums at `sums`.
 */
export function emitRegularize(): Func {
  const scope = new Scope();
  const [a, da, bytes, s, sums] = Array.from({ length: 5 }, () => scope.param("i32"));
  const i = scope.local("i32");
  const [both, x] = Array.from({ length: 2 }, () => scope.local("v128"));
  const squares = PAIRS.map(() => scope.local("v128"));
  const at = (base: number): Bytes => [...local_get(base), ...local_get(i), ...i32_add];
  const body: Bytes = [
    ...local_get(s),
    ...v128_load64_splat(),
    ...local_set(both),
    ...loadSums(sums, squares),
    ...repeat(
      i,
      8 * UNROLL,
      local_get(bytes),
      ...squares.map((pair, q) => [
        ...[...at(da), ...at(da), ...v128_load(PAIRS[q])],
        ...[...at(a), ...v128_load(PAIRS[q]), ...local_tee(x)],
        ...[...local_get(both), ...f64x2_mul, ...f64x2_add, ...v128_store(PAIRS[q])],
        ...[...local_get(pair), ...local_get(x), ...local_get(x)],
        ...[...f64x2_mul, ...f64x2_add, ...local_set(pair)],
      ]),
    ),
    ...storeSums(sums, squares),
  ];
  return { name: "regularize", params: scope.params, locals: scope.locals, body };
}

/** squares(a, bytes, sums): adds every fourth a² to each of four running sums at `sums`. */
export function emitSquares(): Func {
  const scope = new Scope();
  const [a, bytes, sums] = Array.from({ length: 3 }, () => scope.param("i32"));
  const i = scope.local("i32");
  const x = scope.local("v128");
  const squares = PAIRS.map(() => scope.local("v128"));
  const body: Bytes = [
    ...loadSums(sums, squares),
    ...repeat(
      i,
      8 * UNROLL,
      local_get(bytes),
      ...squares.map((pair, q) => [
        ...local_get(pair),
        ...local_get(a),
        ...local_get(i),
        ...i32_add,
        ...v128_load(PAIRS[q]),
        ...local_tee(x),
        ...local_get(x),
        ...f64x2_mul,
        ...f64x2_add,
        ...local_set(pair),
      ]),
    ),
    ...storeSums(sums, squares),
  ];
  return { name: "squares", params: scope.params, locals: scope.locals, body };
}

/**
 * nonFinite(a, bytes, out): writes two doubles to `out`, both 0 when all elements are finite, else
 * one or both NaN: sums of 0·a.
 */
export function emitNonFinite(): Func {
  const scope = new Scope();
  const [a, bytes, out] = Array.from({ length: 3 }, () => scope.param("i32"));
  const i = scope.local("i32");
  const sums = PAIRS.map(() => scope.local("v128"));
  const body: Bytes = [
    ...repeat(
      i,
      8 * UNROLL,
      local_get(bytes),
      ...sums.map((sum, q) => [
        ...local_get(sum),
        ...local_get(a),
        ...local_get(i),
        ...i32_add,
        ...v128_load(PAIRS[q]),
        ...v128_const_zero,
        ...f64x2_mul,
        ...f64x2_add,
        ...local_set(sum),
      ]),
    ),
    ...local_get(out),
    ...sums.flatMap(local_get),
    ...f64x2_add,
    ...v128_store(),
  ];
  return { name: "nonFinite", params: scope.params, locals: scope.locals, body };
}

/**
 * columnSum(a, out, rows, bytes): the sums down the columns of `rows` rows of `bytes` bytes, in the
 * order of the rows, eight columns at a time. What hangs over the last column is junk after the end
 * of `out`.
 */
export function emitColumnSum(): Func {
  const scope = new Scope();
  const [a, out, rows, bytes] = Array.from({ length: 4 }, () => scope.param("i32"));
  const [i, j, at] = Array.from({ length: 3 }, () => scope.local("i32"));
  const sums = Array.from({ length: 4 }, () => scope.local("v128"));
  const body: Bytes = repeat(
    j,
    8 * 8,
    local_get(bytes),
    ...sums.map((sum) => [...v128_const_zero, ...local_set(sum)]),
    local_get(a),
    local_get(j),
    i32_add,
    local_set(at),
    repeat(
      i,
      1,
      local_get(rows),
      ...sums.map((sum, q) => [
        ...local_get(sum),
        ...local_get(at),
        ...v128_load(16 * q),
        ...f64x2_add,
        ...local_set(sum),
      ]),
      increase(at, local_get(bytes)),
    ),
    ...sums.map((sum, q) => [
      ...local_get(out),
      ...local_get(j),
      ...i32_add,
      ...local_get(sum),
      ...v128_store(16 * q),
    ]),
  );
  return { name: "columnSum", params: scope.params, locals: scope.locals, body };
}
