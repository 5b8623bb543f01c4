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
  bfloatToNumber,
  type DType,
  ELEMENT_BYTES,
  halfToNumber,
  type NumberArray,
  readElements,
  toFloat64,
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
const DTYPES: ReadonlyMap<number, DType> = new Map([
  [1, "float32"],
  [2, "uint8"],
  [3, "int8"],
  [4, "uint16"],
  [5, "int16"],
  [6, "int32"],
  [7, "int64"],
  [9, "bool"],
  [10, "float16"],
  [11, "float64"],
  [12, "uint32"],
  [13, "uint64"],
  [16, "bfloat16"],
]);
const CODES: ReadonlyMap<string, number> = new Map([
  ...[...DTYPES].map(([code, dtype]) => [dtype, code] as const),
  ["text", TEXT],
]);

/** The element type of a code in the file; undefined for one that is not read here. */
export function typeOf(code: number): DType | "text" | undefined {
  return code === TEXT ? "text" : DTYPES.get(code);
}

/** The code of an element type. */
export function codeOf(dtype: DType | "text"): number {
  return CODES.get(dtype)!;
}

/** The field of typed elements for each type. */
function typedField(dtype: DType): number {
  if (dtype === "float32") return 4;
  if (dtype === "float64") return 10;
  if (dtype === "int64") return 7;
  return dtype === "uint32" || dtype === "uint64" ? 11 : 5;
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
    throw message.error(`${what} has elements of type ${code}, expected numbers or text`);
  if (message.has(3)) throw message.error(`${what} is cut into segments, which are not read`);
  if (shape.some((size) => size < 0 || !Number.isSafeInteger(size)))
    throw message.error(`${what}, expected sizes >= 0, got ${showShape(shape)}`);
  const count = elementCount(shape);
  if (count === 0 && shape.some((size) => size > 0x7fffffff)) {
    throw message.error(
      `${what}, expected an empty shape within 2^31 - 1, got ${showShape(shape)}`,
    );
  }
  if (message.has(13) || message.integer(14, "data_location", 0) !== 0) {
    if (dtype === "text") throw message.error(`${what} has its text in another file`);
    return external(message, what, { dtype, shape }, readExternal);
  }
  const held = [9, 4, 5, 6, 7, 10, 11].filter((field) => message.has(field));
  if (held.length > 1)
    throw message.error(`${what} holds its elements twice, in fields ${held.join(" and ")}`);
  if (dtype === "text") return texts(message, what, shape);
  if (message.has(9)) return bytes(message, what, { dtype, shape }, [message.bytes(9, "raw_data")]);
  const field = typedField(dtype);
  return dtype === "float32" || dtype === "float64"
    ? bytes(message, what, { dtype, shape }, message.parts(field))
    : integers(message, what, { dtype, shape }, message.integers(field, "elements"));
}

type Kind = { dtype: DType; shape: number[] };

/** Elements that are bytes of their own type: raw, or floats, packed or one a field. */
function bytes(
  message: Message,
  what: string,
  { dtype, shape }: Kind,
  parts: ByteReader[],
): () => OnnxTensor {
  const size = ELEMENT_BYTES[dtype];
  const needed = elementCount(shape) * size;
  const length = parts.reduce((sum, part) => sum + part.remaining, 0);
  const broken = parts.find(({ remaining }) => remaining % size !== 0);
  if (broken !== undefined) {
    const expected = `bytes of whole ${dtype} elements`;
    throw message.error(`${what}, expected ${expected}, got ${broken.remaining}`);
  }
  if (length !== needed) {
    const expected = `${needed} bytes for ${dtype} ${showShape(shape)}`;
    throw message.error(`${what}, expected ${expected}, got ${length}`);
  }
  return () => {
    const decode = (part: ByteReader): NumberArray =>
      readElements(part, dtype, part.remaining / size, { what });
    if (parts.length === 1) return { dtype, shape, data: decode(parts[0]) };
    const data = new (dtype === "float32" ? Float32Array : Float64Array)(length / size);
    let at = 0;
    for (const part of parts) {
      const some = decode(part);
      data.set(some, at);
      at += some.length;
    }
    return { dtype, shape, data };
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
    throw message.error(`${what}, expected ${expected}, got ${values.length}`);
  }
  const wrong = values.findIndex((value) => !Number.isSafeInteger(value));
  if (wrong >= 0)
    throw message.error(`${what}, expected integers within ±(2^53 - 1), got ${values[wrong]}`);
  return () => {
    if (dtype === "float16" || dtype === "bfloat16") {
      const convert = dtype === "float16" ? halfToNumber : bfloatToNumber;
      const data = Float32Array.from(values, (bits) => convert(bits & 0xffff));
      return { dtype, shape, data };
    }
    // Written and read back as little-endian elements, so that a number beyond the type is refused.
    const writer = new ByteWriter({ capacity: count * ELEMENT_BYTES[dtype] });
    try {
      writeElements(writer, dtype, Float64Array.from(values), "onnx", what);
    } catch {
      throw message.error(`${what} has elements that ${dtype} does not hold`);
    }
    const reader = new ByteReader("onnx", writer.finish());
    return { dtype, shape, data: readElements(reader, dtype, count, { what }) };
  };
}

function texts(message: Message, what: string, shape: number[]): () => OnnxTensor {
  const data = message.texts(6, "string_data");
  const count = elementCount(shape);
  if (data.length !== count)
    throw message.error(
      `${what}, expected ${count} texts for ${showShape(shape)}, got ${data.length}`,
    );
  return () => ({ dtype: "text", shape, data });
}

/** Elements in another file, which the caller reads. */
function external(
  message: Message,
  what: string,
  kind: Kind,
  readExternal?: ReadExternal,
): () => OnnxTensor {
  const { dtype, shape } = kind;
  const { location, offset, length } = externalPlace(message, what, kind);
  if (!/^(\.\/)?[^/\\:\0]+$/.test(location) || /^(\.\/)?\.\.?$/.test(location)) {
    const expected = "a file in the model's own folder";
    throw message.error(`${what} has its data in ${show(location)}, expected ${expected}`);
  }
  if (readExternal === undefined) {
    throw message.error(
      `${what} has its data in another file, ${show(location)}: pass the option readExternal, ` +
        "or export it with external_data=False",
    );
  }
  return () => {
    const file = readExternal(location.replace(/^\.\//, ""));
    if (offset + length > file.length) {
      const expected = `bytes ${offset} to ${offset + length} of ${show(location)}`;
      throw message.error(`${what}, expected ${expected}, got ${file.length} bytes`);
    }
    const reader = new ByteReader("onnx", file.subarray(offset, offset + length));
    return { dtype, shape, data: readElements(reader, dtype, elementCount(shape), { what }) };
  };
}

/** The file, and the bytes of it, that hold the elements. */
function externalPlace(
  message: Message,
  what: string,
  { dtype, shape }: Kind,
): { location: string; offset: number; length: number } {
  const entries = new Map(
    message
      .messages(13, "external_data")
      .map((entry) => [entry.text(1, "a key"), entry.text(2, "a value")]),
  );
  const needed = elementCount(shape) * ELEMENT_BYTES[dtype];
  const integer = (key: string, missing: number): number => {
    const value = entries.get(key);
    if (value === undefined) return missing;
    if (/^\d{1,16}$/.test(value) && Number.isSafeInteger(Number(value))) return Number(value);
    throw message.error(`${what}, expected a ${key} in bytes, got ${show(value)}`);
  };
  const [offset, length] = [integer("offset", 0), integer("length", needed)];
  if (length !== needed) {
    const expected = `${needed} bytes for ${dtype} ${showShape(shape)}`;
    throw message.error(`${what}, expected ${expected}, got a length of ${length}`);
  }
  return { location: entries.get("location") ?? "", offset, length };
}

/** The message of a tensor, without its name. */
export function writeTensor(tensor: OnnxTensor, name: string): MessageWriter {
  const { dtype, shape } = tensor;
  if (dtype === "float16" || dtype === "bfloat16") {
    throw new ArgumentTypeError(
      `serializeOnnx: tensor ${show(name)} cannot be written as ${dtype}`,
    );
  }
  const message = new MessageWriter();
  for (const size of shape) message.integer(1, size);
  message.integer(2, codeOf(dtype));
  if (tensor.dtype === "text") {
    for (const text of tensor.data) message.text(6, text);
    return message;
  }
  const raw = new ByteWriter({ capacity: tensor.data.length * ELEMENT_BYTES[dtype as DType] });
  const numbers = toFloat64(tensor.data);
  writeElements(raw, dtype as "float64", numbers, "serializeOnnx", `tensor ${show(name)}`);
  return message.bytes(9, raw.finish());
}
