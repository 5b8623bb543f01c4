// Which element types npy, safetensors and onnx files hold, and how they become float64 and back.
// Names are NumPy's. Every float and every integer within ±(2^53 − 1) is a float64 exactly; an
// int64 or uint64 beyond that is refused rather than rounded. Which NaN a NaN was is not kept.
import { ArgumentRangeError } from "../base/errors.ts";
import { type ByteReader, ELEMENT_ARRAYS } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

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

const scratch = new DataView(new ArrayBuffer(4));

/** The value of an IEEE 754 half: 1 sign, 5 exponent and 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24; // subnormal, or ±0
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The value of a bfloat16: the upper half of a float32. */
function bfloatToNumber(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

/**
 * The next `count` elements as float64. Throws the reader's FormatError when they are not all
 * there, for an integer beyond ±(2^53 − 1) and for a bool that is neither 0 nor 1; allocates only
 * after the first of these checks.
 */
export function readElements(
  reader: ByteReader,
  dtype: DType,
  count: number,
  what: string,
  detail: string = dtype,
): Float64Array {
  const start = reader.offset;
  const refuse = (i: number, expected: string, got: number | bigint): Error =>
    reader.error(
      `reading ${what}, expected ${expected}, got ${got} at element ${i}`,
      start + i * ELEMENT_BYTES[dtype],
    );
  switch (dtype) {
    case "float64":
      return reader.array("float64", count, what, detail);
    case "float16":
      return Float64Array.from(reader.array("uint16", count, what, detail), halfToNumber);
    case "bfloat16":
      return Float64Array.from(reader.array("uint16", count, what, detail), bfloatToNumber);
    case "bool": {
      const bytes = reader.array("uint8", count, what, detail);
      const odd = bytes.findIndex((byte) => byte > 1);
      if (odd >= 0) throw refuse(odd, "bools of 0 or 1", bytes[odd]);
      return new Float64Array(bytes);
    }
    case "int64":
    case "uint64": {
      const integers = reader.array(dtype, count, what, detail);
      const out = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        out[i] = Number(integers[i]);
        if (!Number.isSafeInteger(out[i]))
          throw refuse(i, `${dtype} within ±(2^53 - 1)`, integers[i]);
      }
      return out;
    }
    default:
      return new Float64Array(reader.array(dtype, count, what, detail));
  }
}

/**
 * Appends `data` as little-endian `dtype`. float64 is exact; float32 is rounded to nearest (24
 * significant bits stay, below 2^-150 nothing). Throws RangeError for a finite number beyond
 * float32 and for a number that an integer type does not hold.
 */
export function writeElements(
  writer: ByteWriter,
  dtype: WritableType,
  data: Float64Array,
  where: string,
  what: string,
): void {
  const refuse = (i: number, expected: string): RangeError =>
    new ArgumentRangeError(
      `${where}: ${what} expected ${expected}, got ${data[i]} at element ${i}`,
    );
  if (dtype === "float64") {
    writer.array(data as Float64Array<ArrayBuffer>); // shared memory does as well
  } else if (dtype === "float32") {
    const rounded = new Float32Array(data);
    const lost = rounded.findIndex(
      (value, i) => !Number.isFinite(value) && Number.isFinite(data[i]),
    );
    if (lost >= 0) throw refuse(lost, "numbers within float32's ±3.4e38");
    writer.array(rounded);
  } else if (dtype === "int64" || dtype === "uint64") {
    const lost = data.findIndex(
      (value) => !Number.isSafeInteger(value) || (dtype === "uint64" && value < 0),
    );
    if (lost >= 0)
      throw refuse(lost, `${dtype} within ${dtype === "int64" ? "±(2^53 - 1)" : "0..2^53 - 1"}`);
    // low and high, as little-endian has them; a tenth of the time of BigInt
    const words = new Uint32Array(2 * data.length);
    for (let i = 0; i < data.length; i++) {
      const high = Math.floor(data[i] / 4294967296);
      words[2 * i] = data[i] - high * 4294967296;
      // modulo 2^32, so that a negative number becomes its two's complement
      words[2 * i + 1] = high;
    }
    writer.array(words);
  } else {
    const integers =
      dtype === "bool"
        ? Uint8Array.from(data, (value) => (value === 1 ? 1 : 0))
        : new ELEMENT_ARRAYS[dtype](data);
    const lost = data.findIndex((value, i) => value !== integers[i]);
    if (lost >= 0)
      throw refuse(lost, dtype === "bool" ? "bools of 0 or 1" : `integers that ${dtype} holds`);
    writer.array(integers);
  }
}
