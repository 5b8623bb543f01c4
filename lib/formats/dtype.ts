// The element types of npy, safetensors and onnx files, and how their elements are read and
// written. Names are NumPy's. Elements are read into an array of their own type, which takes the
// memory that the file takes. Three types have none in JavaScript that holds numbers: float16 and
// bfloat16 become float32, int64 and uint64 become float64, all of them exactly; an integer beyond
// ±(2^53 − 1) is refused rather than rounded. A NaN stays a NaN, but its payload may change.

import { ArgumentRangeError } from "../base/errors.ts";
import { isFloat64Array } from "../base/realms.ts";
import {
  type ByteReader,
  ELEMENT_ARRAYS,
  type ElementType,
  type NumberArray,
} from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

export type { NumberArray };

/** Types that can be written. */
export type WritableType =
  | "float64"
  | "float32"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint64"
  | "uint32"
  | "uint16"
  | "uint8"
  | "bool";
/** Types that can be read. */
export type DType = WritableType | "float16" | "bfloat16";

/** Each type's bytes for an element, and what it is called in npy, safetensors and onnx files. */
export const DTYPES: Readonly<
  Record<DType, readonly [bytes: number, npy: string, safetensors: string, onnx: number]>
> = {
  float64: [8, "f8", "F64", 11],
  float32: [4, "f4", "F32", 1],
  float16: [2, "f2", "F16", 10],
  bfloat16: [2, "", "BF16", 16], // npy has none
  int64: [8, "i8", "I64", 7],
  int32: [4, "i4", "I32", 6],
  int16: [2, "i2", "I16", 5],
  int8: [1, "i1", "I8", 3],
  uint64: [8, "u8", "U64", 13],
  uint32: [4, "u4", "U32", 12],
  uint16: [2, "u2", "U16", 4],
  uint8: [1, "u1", "U8", 2],
  bool: [1, "b1", "BOOL", 9],
};

/** Bytes of one element. */
export function bytesOf(dtype: DType): number {
  return DTYPES[dtype][0];
}

/** The type whose name in column `format` of the table above is `name`. */
export function dtypeOf(format: 1 | 2 | 3, name: string | number): DType | undefined {
  return (Object.keys(DTYPES) as DType[]).find((dtype) => DTYPES[dtype][format] === name);
}

/** Returns the numbers as float64, without a copy when they are float64 already. */
export function toFloat64(data: NumberArray): Float64Array {
  return isFloat64Array(data) ? data : new Float64Array(data);
}

/** Whether `value` is a typed array of numbers. */
export function isNumberArray(value: unknown): value is NumberArray {
  const tag = Object.prototype.toString.call(value);
  return ArrayBuffer.isView(value) && /^\[object (Float|U?int)\d+Array\]$/i.test(tag);
}

/** The value of an IEEE 754 half: 1 sign, 5 exponent and 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24; // subnormal, or ±0
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The values of 16-bit floats, given as their bits. A bfloat16 is the upper half of a float32. */
export function fromHalves(dtype: "float16" | "bfloat16", bits: ArrayLike<number>): Float32Array {
  const out = new Float32Array(bits.length);
  const words = new Uint32Array(out.buffer);
  for (let i = 0; i < out.length; i++) {
    if (dtype === "float16") out[i] = halfToNumber(bits[i]);
    else words[i] = bits[i] << 16;
  }
  return out;
}

/**
 * Returns the next `count` elements; `what` and `detail` are as for ByteReader.array. Throws the
 * reader's FormatError when they are not all there, for an integer beyond ±(2^53 − 1) and for a
 * bool that is neither 0 nor 1; allocates only after the first of these checks.
 */
export function readElements(
  reader: ByteReader,
  dtype: DType,
  count: number,
  what: string,
  detail: string = dtype,
): NumberArray {
  if (dtype === "float16" || dtype === "bfloat16")
    return fromHalves(dtype, reader.array("uint16", count, what, detail));
  if (dtype === "int64" || dtype === "uint64") return readLongs(reader, dtype, count, what, detail);
  if (dtype !== "bool") return reader.array(dtype, count, what, detail);
  const start = reader.offset;
  const bytes = reader.array("uint8", count, what, detail);
  const odd = bytes.findIndex((byte) => byte > 1);
  if (odd < 0) return bytes;
  const got = `${bytes[odd]} at element ${odd}`;
  throw reader.mismatch(`reading ${what}`, "bools of 0 or 1", got, start + odd);
}

function readLongs(
  reader: ByteReader,
  dtype: "int64" | "uint64",
  count: number,
  what: string,
  detail: string,
): Float64Array {
  const start = reader.offset;
  const words = reader.array("uint32", 2 * count, what, detail);
  const upper = reader.littleEndian ? 1 : 0;
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const low = words[2 * i + 1 - upper];
    const high = dtype === "int64" ? words[2 * i + upper] | 0 : words[2 * i + upper];
    out[i] = high * 4294967296 + low;
    if (Number.isSafeInteger(out[i])) continue;
    const got = `${(BigInt(high) << 32n) + BigInt(low)} at element ${i}`;
    const expected = `${dtype} within ±(2^53 - 1)`;
    throw reader.mismatch(`reading ${what}`, expected, got, start + 8 * i);
  }
  return out;
}

/**
 * Appends `data` as little-endian `dtype`. float64 is exact; float32 is rounded to the nearest (24
 * significant bits; numbers below 2^-150 become 0). Throws RangeError for a finite number beyond
 * float32 and for a number that an integer type does not hold; `where` and `what` begin its
 * message.
 */
export function writeElements(
  writer: ByteWriter,
  dtype: WritableType,
  data: NumberArray,
  where: string,
  what: string,
): void {
  const isLong = dtype === "int64" || dtype === "uint64";
  const type: ElementType = isLong ? "float64" : dtype === "bool" ? "uint8" : dtype;
  const stored = type === "float64" ? toFloat64(data) : new ELEMENT_ARRAYS[type](data);
  const isLost = (value: number, i: number): boolean => {
    if (dtype === "float32") return !Number.isFinite(value) && Number.isFinite(data[i]);
    if (isLong) return !Number.isSafeInteger(value) || (dtype === "uint64" && value < 0);
    return value !== data[i] || (dtype === "bool" && value > 1);
  };
  const lost = dtype === "float64" ? -1 : stored.findIndex(isLost);
  if (lost >= 0) {
    const got = `${data[lost]} at element ${lost}`;
    throw new ArgumentRangeError(`${where}: ${what} expected ${heldBy(dtype)}, got ${got}`);
  }
  writer.array(isLong ? longWords(data) : stored);
}

/** The numbers that a type holds, for a message. */
function heldBy(dtype: WritableType): string {
  if (dtype === "float32") return "numbers within float32's ±3.4e38";
  if (dtype === "int64") return "int64 within ±(2^53 - 1)";
  if (dtype === "uint64") return "uint64 within 0..2^53 - 1";
  return dtype === "bool" ? "bools of 0 or 1" : `integers that ${dtype} holds`;
}

/** The low and the high word of each integer; takes a tenth of the time of BigInt. */
function longWords(data: NumberArray): Uint32Array {
  const words = new Uint32Array(2 * data.length);
  for (let i = 0; i < data.length; i++) {
    const high = Math.floor(data[i] / 4294967296);
    words[2 * i] = data[i] - high * 4294967296;
    words[2 * i + 1] = high; // modulo 2^32, so that a negative number becomes its two's complement
  }
  return words;
}
