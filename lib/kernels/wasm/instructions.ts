// The instructions the kernels use, by their names in the specification with dots as underscores
// (https://webassembly.github.io/spec/core/binary/instructions.html), each a function that returns
// its bytes. Operands are written before operators, as on the machine's stack: `...local_get(x),
// ...local_get(y), ...i32_add`.
import { type Bytes, s32, u32 } from "./encode.ts";

// Control. A label is the number of enclosing blocks and loops between the branch and its target.
const EMPTY = 0x40; // the block type of blocks without a value
export const loop = (...body: Bytes[]): Bytes => [0x03, EMPTY, ...body.flat(), 0x0b];
/** Runs `then` when the value on the stack is not 0, else `otherwise`. */
export const if_else = (then: readonly Bytes[], otherwise: readonly Bytes[]): Bytes => [
  0x04,
  EMPTY,
  ...then.flat(),
  0x05,
  ...otherwise.flat(),
  0x0b,
];
export const br_if = (label: number): Bytes => [0x0d, ...u32(label)];

// Variables.
export const local_get = (index: number): Bytes => [0x20, ...u32(index)];
export const local_set = (index: number): Bytes => [0x21, ...u32(index)];
export const local_tee = (index: number): Bytes => [0x22, ...u32(index)];

// Integers, for addresses and counts.
export const i32_const = (value: number): Bytes => [0x41, ...s32(value)];
export const i32_lt_u: Bytes = [0x49];
export const i32_add: Bytes = [0x6a];
export const i32_mul: Bytes = [0x6c];
export const i32_and: Bytes = [0x71];
export const i32_shl: Bytes = [0x74];

/** Doubles. The constants as eight bytes, the lowest first. */
export const f64_add: Bytes = [0xa0];
export const f64_const_zero: Bytes = [0x44, 0, 0, 0, 0, 0, 0, 0, 0];
export const f64_const_one: Bytes = [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f];

// Two doubles at a time. A memory operand is an alignment, as an exponent of two, and an offset:
// addresses here are multiples of 8.
const memarg = (align: number, offset: number): Bytes => [...u32(align), ...u32(offset)];
const simd = (opcode: number): Bytes => [0xfd, ...u32(opcode)];
export const v128_load = (offset = 0): Bytes => [...simd(0), ...memarg(3, offset)];
export const v128_load64_splat = (offset = 0): Bytes => [...simd(10), ...memarg(3, offset)];
export const v128_store = (offset = 0): Bytes => [...simd(11), ...memarg(3, offset)];
/** Stores one of the two doubles. */
export const v128_store64_lane = (lane: number): Bytes => [...simd(91), ...memarg(3, 0), lane];
/** The constant +0, +0. */
export const v128_const_zero: Bytes = [...simd(12), ...new Array<number>(16).fill(0)];
/** Sixteen bytes out of the two operands' thirty-two. */
export const i8x16_shuffle = (lanes: readonly number[]): Bytes => [...simd(13), ...lanes];
export const f64x2_splat: Bytes = simd(20);
export const f64x2_extract_lane = (lane: number): Bytes => [...simd(33), lane];
export const f64x2_gt: Bytes = simd(74);
export const f64x2_le: Bytes = simd(75);
export const v128_and: Bytes = simd(78);
/** x and not y. */
export const v128_andnot: Bytes = simd(79);
export const f64x2_sqrt: Bytes = simd(239);
export const f64x2_add: Bytes = simd(240);
export const f64x2_sub: Bytes = simd(241);
export const f64x2_mul: Bytes = simd(242);
export const f64x2_div: Bytes = simd(243);
/** x·y + z, rounded once or twice as the machine prefers (relaxed SIMD). */
export const f64x2_relaxed_madd: Bytes = simd(263);
