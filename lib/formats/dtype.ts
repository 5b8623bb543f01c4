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

/** Bytes of one element. */
export const ELEMENT_BYTES: Readonly<Record<DType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/** Returns the numbers as float64, without a copy when they are float64 already. */
export function toFloat64(data: NumberArray): Float64Array {
  return isFloat64Array(data) ? data : new Float64Array(data);
}

/** Whether `value` is a typed array of numbers. */
export function isNumberArray(value: unknown): value is NumberArray {
  const tag = Object.prototype.toString.call(value);
  return ArrayBuffer.isView(value) && /^\[object (Float|U?int)\d+Array\]$/i.test(tag);
}

const float32View = new DataView(new ArrayBuffer(4));

/** The value of an IEEE 754 half: 1 sign, 5 exponent and 10 fraction bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24; // subnormal, or ±0
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The value of a bfloat16: the upper half of a float32. */
export function bfloatToNumber(bits: number): number {
  float32View.setUint32(0, bits << 16);
  return float32View.getFloat32(0);
}

/** What elements are read for: where messages say so, and the shape they must fill. */
export type ReadContext = {
  /** As in "array data". */
  what: string;
  /** What is missing when the bytes are too few, as in "float64 (3, 4)". Default: the type. */
  detail?: string | undefined;
};

/**
 * Returns the next `count` elements. Throws the reader's FormatError when they are not all there,
 * for an integer beyond ±(2^53 − 1) and for a bool that is neither 0 nor 1; allocates only after
 * the first of these checks.
 */
export function readElements(
  reader: ByteReader,
  dtype: DType,
  count: number,
  { what, detail = dtype }: ReadContext,
): NumberArray {
  switch (dtype) {
    case "float16":
    case "bfloat16":
      return readHalves(reader, dtype, count, { what, detail });
    case "int64":
    case "uint64":
      return readLongs(reader, dtype, count, { what, detail });
    case "bool":
      return readBools(reader, count, { what, detail });
    default:
      return reader.array(dtype, count, what, detail);
  }
}

type Context = Required<ReadContext>;

/** A view of the next `count` elements, for types that are converted one by one. */
function takeView(reader: ByteReader, size: number, count: number, context: Context): DataView {
  const bytes = reader.take(count * size, context.what, context.detail);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readHalves(
  reader: ByteReader,
  dtype: "float16" | "bfloat16",
  count: number,
  context: Context,
): Float32Array {
  const view = takeView(reader, 2, count, context);
  const convert = dtype === "float16" ? halfToNumber : bfloatToNumber;
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = convert(view.getUint16(2 * i, reader.littleEndian));
  return out;
}

function readLongs(
  reader: ByteReader,
  dtype: "int64" | "uint64",
  count: number,
  context: Context,
): Float64Array {
  const start = reader.offset;
  const view = takeView(reader, 8, count, context);
  const little = reader.littleEndian;
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = 8 * i + (little ? 4 : 0);
    const high = dtype === "int64" ? view.getInt32(at, little) : view.getUint32(at, little);
    out[i] = high * 4294967296 + view.getUint32(8 * i + (little ? 0 : 4), little);
    if (Number.isSafeInteger(out[i])) continue;
    const got =
      dtype === "int64" ? view.getBigInt64(8 * i, little) : view.getBigUint64(8 * i, little);
    throw reader.error(
      `reading ${context.what}, expected ${dtype} within ±(2^53 - 1), got ${got} at element ${i}`,
      start + 8 * i,
    );
  }
  return out;
}

function readBools(reader: ByteReader, count: number, { what, detail }: Context): Uint8Array {
  const start = reader.offset;
  const bytes = reader.array("uint8", count, what, detail);
  const odd = bytes.findIndex((byte) => byte > 1);
  if (odd < 0) return bytes;
  throw reader.error(
    `reading ${what}, expected bools of 0 or 1, got ${bytes[odd]} at element ${odd}`,
    start + odd,
  );
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
  const refuse = (i: number, expected: string): RangeError =>
    new ArgumentRangeError(
      `${where}: ${what} expected ${expected}, got ${data[i]} at element ${i}`,
    );
  if (dtype === "float64") writer.array(toFloat64(data));
  else if (dtype === "float32") {
    const rounded = new Float32Array(data);
    const lost = rounded.findIndex(
      (value, i) => !Number.isFinite(value) && Number.isFinite(data[i]),
    );
    if (lost >= 0) throw refuse(lost, "numbers within float32's ±3.4e38");
    writer.array(rounded);
  } else if (dtype === "int64" || dtype === "uint64") {
    const lost = toFloat64(data).findIndex(
      (value) => !Number.isSafeInteger(value) || (dtype === "uint64" && value < 0),
    );
    const range = dtype === "int64" ? "±(2^53 - 1)" : "0..2^53 - 1";
    if (lost >= 0) throw refuse(lost, `${dtype} within ${range}`);
    writer.array(longWords(data));
  } else {
    const type: ElementType = dtype === "bool" ? "uint8" : dtype;
    const integers = new ELEMENT_ARRAYS[type](data);
    const lost = integers.findIndex(
      (value, i) => value !== data[i] || (dtype === "bool" && value > 1),
    );
    if (lost >= 0)
      throw refuse(lost, dtype === "bool" ? "bools of 0 or 1" : `integers that ${dtype} holds`);
    writer.array(integers);
  }
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
