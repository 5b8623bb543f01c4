// Blocks of B -> micro-panels, as WebAssembly. A panel is NR columns wide and `depth` long, row by
// row, so that the micro-kernel reads it from end to end:
//
//   panel 0: b00 b01 b02 b03  b10 b11 b12 b13  …      panel 1: b04 b05 b06 b07  b14 …
//
// What hangs over the last column is whatever lay there; the products with it are never looked at.
// Of A only columns are packed, in panels of MR; its rows are read in place, see micro-kernel.ts.
import type { Bytes } from "./encode.ts";
import {
  i8x16_shuffle,
  i32_add,
  i32_const,
  i32_mul,
  local_get,
  local_set,
  local_tee,
  v128_load,
  v128_store,
} from "./instructions.ts";
import { increase, repeat } from "./loops.ts";
import { type Func, Scope } from "./module.ts";

/**
 * name(from, stride, to, panel, rows, columns): `rows` rows that lie `stride` bytes apart become
 * the next rows of panels of `width` that begin `panel` bytes apart. Four rows at a time, so that
 * whole cache lines are written: panels lie a power of two apart, and lines that are written in
 * pieces would drive each other out of the cache. A number of rows that is no multiple of four
 * writes junk rows after the last.
 */
export function emitPackRows(name: string, width: number): Func {
  const scope = new Scope();
  const [from, stride, to, panel, rows, columns] = Array.from({ length: 6 }, () =>
    scope.param("i32"),
  );
  const [i, j, target] = Array.from({ length: 3 }, () => scope.local("i32"));
  const sources = Array.from({ length: 4 }, () => scope.local("i32"));
  const nextSource = (source: number, r: number): Bytes =>
    r === 0
      ? [...local_get(from), ...local_set(source)]
      : [...local_get(sources[r - 1]), ...local_get(stride), ...i32_add, ...local_set(source)];
  const body = repeat(
    i,
    4,
    local_get(rows),
    [...local_get(to), ...local_set(target)],
    ...sources.map(nextSource),
    repeat(
      j,
      width,
      local_get(columns),
      ...sources.flatMap((source, r) =>
        Array.from({ length: width / 2 }, (_, q) => [
          ...[...local_get(target), ...local_get(source)],
          ...[...v128_load(16 * q), ...v128_store(8 * width * r + 16 * q)],
        ]),
      ),
      ...sources.map((source) => increase(source, i32_const(8 * width))),
      increase(target, local_get(panel)),
    ),
    increase(from, local_get(stride), i32_const(4), i32_mul),
    increase(to, i32_const(4 * 8 * width)),
  );
  return { name, params: scope.params, locals: scope.locals, body };
}

// The bytes of the first doubles of two pairs, and of the second.
const LOW = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const HIGH = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];

/**
 * name(from, stride, to, panel, rows, depth): `rows` rows of `depth` elements, `stride` bytes
 * apart, become panels of `width` rows each, transposed: the rows of a panel are read side by side,
 * two elements at a time, and each 2×2 corner is transposed in registers. An odd depth writes one
 * row of junk after the last.
 */
export function emitPackColumns(name: string, width: number): Func {
  const row = 8 * width; // bytes of one row of a panel
  const scope = new Scope();
  const [from, stride, to, panel, rows, depth] = Array.from({ length: 6 }, () =>
    scope.param("i32"),
  );
  const [i, p, source, target] = Array.from({ length: 4 }, () => scope.local("i32"));
  const pairs = Array.from({ length: width }, () => scope.local("v128"));
  const put = (offset: number, x: number, y: number, lanes: readonly number[]): Bytes => [
    ...local_get(target),
    ...local_get(x),
    ...local_get(y),
    ...i8x16_shuffle(lanes),
    ...v128_store(offset),
  ];
  const loadPair = (pair: number, r: number): Bytes =>
    r === 0
      ? [...v128_load(), ...local_set(pair)]
      : [
          ...[...local_get(source), ...local_get(stride), ...i32_add, ...local_tee(source)],
          ...[...v128_load(), ...local_set(pair)],
        ];
  const putTwo = (pair: number, r: number): Bytes =>
    r % 2 === 1
      ? []
      : [...put(8 * r, pair, pairs[r + 1], LOW), ...put(row + 8 * r, pair, pairs[r + 1], HIGH)];
  const body = repeat(
    i,
    width,
    local_get(rows),
    [...local_get(to), ...local_set(target)],
    repeat(
      p,
      2,
      local_get(depth),
      [...local_get(from), ...local_get(p), ...i32_const(8), ...i32_mul, ...i32_add],
      local_tee(source),
      ...pairs.map(loadPair),
      ...pairs.map(putTwo),
      increase(target, i32_const(2 * row)),
    ),
    increase(from, local_get(stride), i32_const(width), i32_mul),
    increase(to, local_get(panel)),
  );
  return { name, params: scope.params, locals: scope.locals, body };
}
