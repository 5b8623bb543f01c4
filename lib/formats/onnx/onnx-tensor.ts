// ONNX's tensors: weights and constants, read from every field in which programs keep elements.
//
//   1 dims, 2 data_type, 8 name, and the elements in one of:
//   9 raw_data    the bytes, little-endian, of any type but text
//   4 float_data  float32          10 double_data  float64
//   5 int32_data  int32 and smaller, bool, and float16 and bfloat16 as their bits
//   7 int64_data  int64            11 uint64_data  uint32 and uint64
//   6 string_data text
//   13 external_data, 14 data_location: the bytes lie in another file (location, offset, length)
//
// Refused, before elements are decoded: a shape that is not that of the elements (overflow
// included), elements in two fields, segments, a type that is none of these, and data in another
// file unless the caller reads it, by a plain name without folders.

import { show } from "../../base/checks.ts";
import { ArgumentTypeError } from "../../base/errors.ts";
import { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";
import {
  bytesOf,
  DTYPES,
  type DType,
  dtypeOf,
  fromHalves,
  readElements,
  toFloat64,
  type WritableType,
  writeElements,
} from "../dtype.ts";
import { elementCount, type StoredTensor, showShape, type TextTensor } from "../tensor.ts";
import type { Message } from "./message.ts";
import { MessageWriter } from "./protobuf.ts";

/** A tensor of an ONNX file. */
export type OnnxTensor = StoredTensor | TextTensor;

/** Returns the bytes of the file `location` beside the model; throws when there is none. */
export type ReadExternal = (location: string) => Uint8Array;

const TEXT = 8;
const MAX_SIZE = Number.MAX_SAFE_INTEGER;

/** The element type of a code in the file; undefined for one that is not read here. */
export function typeOf(code: number): DType | "text" | undefined {
  return code === TEXT ? "text" : dtypeOf(3, code);
}

/** The code of an element type. */
export function codeOf(dtype: DType | "text"): number {
  return dtype === "text" ? TEXT : DTYPES[dtype][3];
}

/** Checks a tensor whole; the function that is returned decodes it. */
export function checkTensor(
  message: Message,
  what: string,
  readExternal?: ReadExternal,
): () => OnnxTensor {
  const shape = message.integers(1, "dims");
  const code = message.integer(2, "data_type");
  const dtype = typeOf(code);
  if (dtype === undefined)
    throw message.mismatch(what, "numbers or text", `elements of type ${code}`);
  if (message.has(3)) throw message.error(`${what} is cut into segments, which are not read`);
  const count = elementCount(shape);
  const isEmpty = count === 0;
  if (shape.some((size) => !(size >= 0 && size <= (isEmpty ? 0x7fffffff : MAX_SIZE))))
    throw message.mismatch(what, `sizes in 0..2^${isEmpty ? 31 : 53} - 1`, showShape(shape));
  if (message.has(13) || message.integer(14, "data_location", 0) !== 0) {
    if (dtype === "text") throw message.error(`${what} has its text in another file`);
    return external(message, what, { dtype, shape }, readExternal);
  }
  const held = [9, 4, 5, 6, 7, 10, 11].filter((field) => message.has(field));
  if (held.length > 1)
    throw message.error(`${what} holds its elements twice, in fields ${held.join(" and ")}`);
  if (dtype === "text") {
    const data = message.texts(6, "string_data");
    if (data.length === count) return () => ({ dtype, shape, data });
    throw message.mismatch(what, `${count} texts for ${showShape(shape)}`, data.length);
  }
  const kind = { dtype, shape };
  if (message.has(9)) return bytes(message, what, kind, [message.bytes(9, "raw_data")]);
  if (dtype === "float32") return bytes(message, what, kind, message.parts(4, "elements", 5));
  if (dtype === "float64") return bytes(message, what, kind, message.parts(10, "elements", 1));
  const field = dtype === "int64" ? 7 : dtype === "uint32" || dtype === "uint64" ? 11 : 5;
  return integers(message, what, kind, message.integers(field, "elements"));
}

type Kind = { dtype: DType; shape: number[] };

/** How many bytes the elements of a tensor take, and the words for it. */
function needed({ dtype, shape }: Kind): { size: number; expected: string } {
  const size = elementCount(shape) * bytesOf(dtype);
  return { size, expected: `${size} bytes for ${dtype} ${showShape(shape)}` };
}

/** Elements that are bytes of their own type: raw, or floats, packed or one a field. */
function bytes(message: Message, what: string, kind: Kind, parts: ByteReader[]): () => OnnxTensor {
  const { dtype, shape } = kind;
  const { size, expected } = needed(kind);
  const length = parts.reduce((sum, part) => sum + part.remaining, 0);
  if (length !== size || parts.some(({ remaining }) => remaining % bytesOf(dtype) !== 0)) {
    const fields = parts.length === 1 ? "" : ` in ${parts.length} fields of whole elements`;
    throw message.mismatch(what, expected + fields, length);
  }
  return () => {
    let [whole] = parts;
    if (parts.length !== 1) {
      const writer = new ByteWriter(length);
      for (const part of parts) writer.bytes(part.take(part.remaining, what));
      whole = new ByteReader("onnx", writer.finish());
    }
    return { dtype, shape, data: readElements(whole, dtype, elementCount(shape), what) };
  };
}

/** Elements that are varints. */
function integers(
  message: Message,
  what: string,
  { dtype, shape }: Kind,
  values: number[],
): () => OnnxTensor {
  const count = elementCount(shape);
  if (values.length !== count) {
    const expected = `${count} elements for ${dtype} ${showShape(shape)}`;
    throw message.mismatch(what, expected, values.length);
  }
  const wrong = values.find((value) => !Number.isSafeInteger(value));
  if (wrong !== undefined) throw message.mismatch(what, "integers within ±(2^53 - 1)", wrong);
  return () => {
    if (dtype === "float16" || dtype === "bfloat16")
      return { dtype, shape, data: fromHalves(dtype, values) };
    // Written and read back as little-endian elements, so that a number beyond the type is refused.
    const writer = new ByteWriter(count * bytesOf(dtype));
    try {
      writeElements(writer, dtype, Float64Array.from(values), "onnx", what);
    } catch {
      throw message.error(`${what} has elements that ${dtype} does not hold`);
    }
    const reader = new ByteReader("onnx", writer.finish());
    return { dtype, shape, data: readElements(reader, dtype, count, what) };
  };
}

/** Elements in another file, which the caller reads. */
function external(
  message: Message,
  what: string,
  kind: Kind,
  readExternal?: ReadExternal,
): () => OnnxTensor {
  const entries = message
    .messages(13, "external_data")
    .map((entry) => [entry.text(1, "a key"), entry.text(2, "a value")] as const);
  const values = new Map(entries);
  const { size, expected } = needed(kind);
  const integer = (key: string, missing: number): number => {
    const value = values.get(key) ?? `${missing}`;
    if (/^\d{1,16}$/.test(value) && Number.isSafeInteger(Number(value))) return Number(value);
    throw message.mismatch(what, `a ${key} in bytes`, show(value));
  };
  const start = integer("offset", 0);
  const length = integer("length", size);
  if (length !== size) throw message.mismatch(what, expected, `a length of ${length}`);
  const location = values.get("location") ?? "";
  if (!/^(\.\/)?[^/\\:\0]+$/.test(location) || /^(\.\/)?\.\.?$/.test(location))
    throw message.mismatch(what, "its data in the model's own folder", show(location));
  if (readExternal === undefined) {
    throw message.error(
      `${what} has its data in another file, ${show(location)}: pass the option readExternal, ` +
        "or export it with external_data=False",
    );
  }
  return () => {
    const file = readExternal(location.replace(/^\.\//, ""));
    const end = start + size;
    if (end > file.length) {
      const place = `bytes ${start} to ${end} of ${show(location)}`;
      throw message.mismatch(what, place, `${file.length} bytes`);
    }
    const { dtype, shape } = kind;
    const reader = new ByteReader("onnx", file.subarray(start, end));
    return { dtype, shape, data: readElements(reader, dtype, elementCount(shape), what) };
  };
}

/** The message of a tensor, without its name. */
export function writeTensor(tensor: OnnxTensor, name: string): MessageWriter {
  const { dtype, shape } = tensor;
  const what = `tensor ${show(name)}`;
  const message = new MessageWriter();
  for (const size of shape) message.integer(1, size);
  message.integer(2, codeOf(dtype));
  if (tensor.dtype === "text") {
    for (const text of tensor.data) message.text(6, text);
    return message;
  }
  if (dtype === "float16" || dtype === "bfloat16")
    throw new ArgumentTypeError(`serializeOnnx: ${what} cannot be written as ${dtype}`);
  const raw = new ByteWriter(tensor.data.length * bytesOf(tensor.dtype));
  writeElements(raw, dtype as WritableType, toFloat64(tensor.data), "serializeOnnx", what);
  return message.bytes(9, raw.finish());
}
