// npy, NumPy's file of one array
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
//
//   6 bytes   93 4e 55 4d 50 59 ("\x93NUMPY")
//   2 bytes   the version: 1 0, 2 0 or 3 0
//   2 or 4    the header's length, little-endian; 2 bytes in version 1.0, 4 in the others
//   header    a Python dictionary (npy-header.ts), padded with spaces and a line break so that the
//             data begins at a multiple of 64; Latin-1, in version 3.0 UTF-8
//   data      the elements, row-major, or column-major when fortran_order is True
//
// The dictionary's descr is the byte order (< little, > big, = or none: this machine's), a letter
// (b bool, i integer, u unsigned, f float, U text, S bytes of text) and the size of an element.
// Read here: b1, i1 i2 i4 i8, u1 u2 u4 u8, f2 f4 f8, U and S of any length; written: all but f2 and
// S.
//
// Refused, before anything is allocated: any header but the three keys once each, a header longer
// than the file, shapes whose size overflows or is not that of the bytes that follow, Python
// objects (pickle), structured types, dates and complex numbers.

import { checkChoice, checkOptions, show, showName } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { textDecoder } from "../base/text-codecs.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import {
  DTYPES,
  type NumberArray,
  readElements,
  type WritableType,
  writeElements,
} from "./dtype.ts";
import { type ElementKind, type Header, parseHeader } from "./npy-header.ts";
import { refuseOtherFormats } from "./recognize.ts";
import {
  checkBytes,
  checkShapeOf,
  checkTensor,
  elementCount,
  isText,
  type StoredTensor,
  showShape,
  spellShape,
  type Tensor,
  type Text,
  type TextTensor,
} from "./tensor.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
export const WRITABLE_TYPES = Object.keys(DTYPES).filter((dtype) => !/float16$/.test(dtype));

/** An array in an npy file: numbers in a typed array of their own type, or text. */
export type NpyArray = StoredTensor | TextTensor;

/** What serializeNpy writes: a matrix, numbers of any shape, or text of any shape. */
export type WritableArray = Matrix | Tensor | Text;

/**
 * Returns the array in an npy file: its type, its shape of any number of dimensions and its
 * elements, row-major. Integers and floats come in a typed array of their own type (int64 and
 * uint64 as float64, float16 as float32, bool as uint8); NumPy's text comes as strings. The data is
 * a copy. `toMatrix` makes a Matrix of it. Throws FormatError for anything the format does not
 * allow.
 * @example
 * const bytes = serializeNpy(Matrix.fromRows([[1, 2], [3, 4.5]]));
 * console.log(JSON.stringify(toMatrix(parseNpy(bytes)).toRows())); // [[1,2],[3,4.5]]
 */
export function parseNpy(bytes: Uint8Array): NpyArray {
  checkBytes("parseNpy", bytes);
  return readNpy(new ByteReader("npy", bytes), bytes);
}

/** As parseNpy, but the data may be a view of `bytes`, which are put into this machine's order. */
export function takeNpy(bytes: Uint8Array): NpyArray {
  return readNpy(new ByteReader("npy", bytes, { owned: true }), bytes);
}

/** As parseNpy. When the reader owns `bytes`, the data may be a view of them. */
function readNpy(reader: ByteReader, bytes: Uint8Array): NpyArray {
  const header = readHeader(reader, bytes);
  const { kind, shape } = header;
  const count = elementCount(shape);
  const what = "array data";
  const detail = `${kind.dtype} ${showShape(shape)}`;
  reader.need(count * kind.size, what, detail);
  const data =
    kind.dtype === "text"
      ? readTexts(reader, kind, count)
      : readElements(reader, kind.dtype, count, what, detail);
  reader.expectEnd(what);
  return { dtype: kind.dtype, shape, data: rowMajor(header, data) } as NpyArray;
}

/** The header, checked; the reader stands at the data and has its byte order. */
function readHeader(reader: ByteReader, bytes: Uint8Array): Header {
  refuseOtherFormats("npy", "an npy file", bytes);
  reader.magic(MAGIC, "the magic string");
  const version = [reader.u8("the version"), reader.u8("the version")].join(".");
  if (!["1.0", "2.0", "3.0"].includes(version))
    throw reader.error(`expected version 1.0, 2.0 or 3.0, got ${version}`, reader.offset - 2);
  const length = reader.uint(version === "1.0" ? 2 : 4, "the header's length");
  const at = reader.offset;
  const encoded = reader.take(length, "the header");
  const text = textDecoder(version === "3.0" ? "utf-8" : "latin1").decode(encoded);
  const header = parseHeader(text, reader, at);
  const { kind, shape } = header;
  if (elementCount(shape) === 0 && shape.some((size) => size > 0x7fffffff)) {
    throw reader.error(`expected an empty shape within 2^31 - 1, got ${showShape(shape)}`, at);
  }
  if (kind.size === 0 && elementCount(shape) > 0)
    throw reader.error("expected text of at least 1 character, got 0", at);
  reader.littleEndian = header.littleEndian;
  return header;
}

/** Text of a fixed length, padded with NUL: code points of 4 bytes, or bytes of UTF-8. */
function readTexts(
  reader: ByteReader,
  { length, bytes }: Extract<ElementKind, { dtype: "text" }>,
  count: number,
): string[] {
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    const what = `text ${i}`;
    const text = bytes ? reader.text(length, what) : readPoints(reader, length, what);
    let end = text.length;
    while (text[end - 1] === "\0") end--;
    texts.push(text.slice(0, end));
  }
  return texts;
}

function readPoints(reader: ByteReader, length: number, what: string): string {
  const start = reader.offset;
  const points = reader.array("uint32", length, what);
  const wrong = points.findIndex(
    (point) => point > 0x10ffff || (point >= 0xd800 && point < 0xe000),
  );
  if (wrong < 0) return Array.from(points, (point) => String.fromCodePoint(point)).join("");
  const got = `0x${points[wrong].toString(16)}`;
  throw reader.mismatch(`reading ${what}`, "Unicode", got, start + 4 * wrong);
}

/** The data in row-major order: column-major data is copied element by element. */
function rowMajor<T extends NumberArray | string[]>({ fortranOrder, shape }: Header, data: T): T {
  if (!fortranOrder || shape.length < 2 || data.length === 0) return data;
  const out = data.slice() as T;
  let stride = 1;
  const strides = shape.map((size) => (stride *= size) / size);
  const index = shape.map(() => 0);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from];
    for (let k = shape.length - 1; k >= 0; k--) {
      from += strides[k];
      if (++index[k] < shape[k]) break;
      from -= strides[k] * shape[k];
      index[k] = 0;
    }
  }
  return out;
}

/**
 * Returns an npy file, version 1.0, of a matrix, of numbers of any shape ({ shape: [n], data } is
 * what NumPy calls an array), or of text. `dtype` is by default the array's own, if it came out of
 * a file, else "float64", which is exact; "float32" rounds each number to 24 significant bits, the
 * integer types and "bool" accept only numbers that they hold. Throws TypeError or RangeError
 * otherwise.
 * @example
 * const bytes = serializeNpy({ shape: [3], data: Float64Array.of(1, 2, 3) }, { dtype: "int32" });
 * console.log(bytes.length, new TextDecoder("latin1").decode(bytes.subarray(10, 70)).trim());
 * // 140 {'descr': '<i4', 'fortran_order': False, 'shape': (3,), }
 */
export function serializeNpy(
  array: WritableArray,
  options: { dtype?: WritableType | undefined } = {},
): Uint8Array {
  checkOptions("serializeNpy", options, ["dtype"]);
  return writeNpy("serializeNpy", "array", array, options.dtype);
}

/** As serializeNpy; `where` and `what` begin the message of an error. */
export function writeNpy(
  where: string,
  what: string,
  array: WritableArray,
  dtype?: WritableType,
): Uint8Array {
  if (dtype !== undefined) checkChoice(where, "dtype", dtype, WRITABLE_TYPES);
  if (isText(array)) return writeText(where, what, array);
  const tensor = checkTensor(where, what, array);
  const type = dtype ?? writableType(tensor);
  const [bytes, code] = DTYPES[type];
  const descr = (bytes === 1 ? "|" : "<") + code;
  const writer = writePreamble(where, what, {
    descr,
    shape: tensor.shape,
    dataSize: tensor.data.length * bytes,
  });
  writeElements(writer, type, tensor.data, where, showName(what));
  return writer.finish();
}

/** The tensor's own type, float32 for halves, float64 for a tensor that came out of no file. */
function writableType({ dtype = "float64" }: Partial<StoredTensor>): WritableType {
  return dtype === "float16" || dtype === "bfloat16" ? "float32" : dtype;
}

function writeText(where: string, what: string, { shape, data }: Text): Uint8Array {
  const wrong = data.findIndex(
    (text) => typeof text !== "string" || /[\ud800-\udfff]|\0$/u.test(text),
  );
  if (wrong >= 0) {
    const expected = "text in well-formed Unicode that does not end with NUL";
    throw new ArgumentTypeError(
      `${where}: ${showName(what)} expected ${expected}, got ${show(data[wrong])} at ${wrong}`,
    );
  }
  checkShapeOf(where, what, shape, data.length);
  const points = data.map((text) => Array.from(text, (character) => character.codePointAt(0)!));
  const length = points.reduce((most, text) => Math.max(most, text.length), 1);
  const dataSize = 4 * length * data.length;
  const writer = writePreamble(where, what, { descr: `<U${length}`, shape, dataSize });
  for (const text of points) writer.array(Uint32Array.from(text)).pad(4 * (length - text.length));
  return writer.finish();
}

/** A writer with everything before the data, and room for the data. */
function writePreamble(
  where: string,
  what: string,
  { descr, shape, dataSize }: { descr: string; shape: readonly number[]; dataSize: number },
): ByteWriter {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${spellShape(shape)}, }`;
  const preamble = MAGIC.length + 4; // magic, version, length
  const dataAt = Math.ceil((preamble + header.length + 1) / 64) * 64;
  if (dataAt - preamble > 0xffff) {
    throw new ArgumentRangeError(
      `${where}: ${showName(what)} expected a shape within 65535 bytes of header, ` +
        `got ${shape.length} dimensions`,
    );
  }
  return new ByteWriter(dataAt + dataSize)
    .bytes([...MAGIC, 1, 0])
    .uints(2, dataAt - preamble)
    .text(header)
    .pad(dataAt - preamble - header.length - 1, 0x20)
    .text("\n");
}
