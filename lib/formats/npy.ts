// npy, NumPy's file of one array
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
//
//   6 bytes   93 4e 55 4d 50 59 ("\x93NUMPY")
//   2 bytes   the version: 1 0, 2 0 or 3 0
//   2 or 4    the header's length, little-endian; 2 bytes in version 1.0, 4 in the others
//   header    a Python dictionary, as in {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4),
//             }, then spaces and a
//             line break that bring the data to a multiple of 64; Latin-1, in version 3.0 UTF-8
//   data      the elements, row-major, or column-major when fortran_order is True
//
// descr is the byte order (< little, > big, | none, for single bytes), a letter (b bool, i integer,
// u unsigned, f float) and the bytes of an element. Read here: |b1, i1 i2 i4 i8, u1 u2 u4 u8, f2 f4
// f8; written: all but f2.
//
// Refused, before anything is allocated: any header but these three keys once each (a scanner reads
// it; nothing is ever evaluated), a header longer than the file, shapes whose size overflows or is
// not that of the bytes that follow, more than two dimensions, Python objects (pickle), structured
// types, text, dates and complex numbers.

import { checkChoice, checkOptions, show } from "../base/checks.ts";
import type { FormatError } from "../base/errors.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { textDecoder } from "../base/text-codecs.ts";
import { Matrix } from "../matrix/matrix.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import {
  type DType,
  ELEMENT_BYTES,
  readElements,
  type WritableType,
  writeElements,
} from "./dtype.ts";
import {
  checkBytes,
  checkTensor,
  elementCount,
  type StoredTensor,
  showShape,
  spellShape,
  type Tensor,
} from "./tensor.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** The letter and size that descr has for each type. */
const DESCR: Readonly<Record<DType, string>> = {
  float64: "f8",
  float32: "f4",
  float16: "f2",
  bfloat16: "",
  int64: "i8",
  int32: "i4",
  int16: "i2",
  int8: "i1",
  uint64: "u8",
  uint32: "u4",
  uint16: "u2",
  uint8: "u1",
  bool: "b1",
};
const TYPES: ReadonlyMap<string, DType> = new Map(
  Object.entries(DESCR).map(([dtype, descr]) => [descr, dtype as DType]),
);
export const WRITABLE_TYPES = Object.keys(DESCR).filter((dtype) => !/float16$/.test(dtype));

/** What other letters in descr stand for, to refuse them by name. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  O: "Python objects, which only pickle reads",
  S: "byte strings",
  a: "byte strings",
  U: "text",
  V: "raw or structured data",
  c: "complex numbers",
  M: "dates",
  m: "time spans",
  f: "floats of another width",
  i: "integers of another width",
  u: "integers of another width",
};

/**
 * The array in an npy file: a single number as 1×1, one dimension of n as 1×n, two as they are;
 * more are refused. Integers and bools become numbers. Throws FormatError for anything the format
 * does not allow. The data is copied.
 * @example
 * const bytes = serializeNpy(Matrix.fromRows([[1, 2], [3, 4.5]]));
 * console.log(JSON.stringify(parseNpy(bytes).toRows())); // [[1,2],[3,4.5]]
 */
export function parseNpy(bytes: Uint8Array): Matrix {
  checkBytes("parseNpy", bytes);
  return toMatrix(readNpy(bytes));
}

/** A tensor of at most two dimensions as a Matrix; a vector is a row. */
export function toMatrix({ shape, data }: Tensor): Matrix {
  return new Matrix(shape.length === 2 ? shape[0] : 1, shape[shape.length - 1] ?? 1, data);
}

/** The array with its shape and type as stored; at most two dimensions. */
export function readNpy(bytes: Uint8Array): StoredTensor {
  const reader = new ByteReader("npy", bytes);
  reader.magic(MAGIC, "the magic string");
  const version = [reader.u8("the version"), reader.u8("the version")].join(".");
  if (!["1.0", "2.0", "3.0"].includes(version))
    throw reader.error(`expected version 1.0, 2.0 or 3.0, got ${version}`, 6);
  const length =
    version === "1.0" ? reader.u16("the header's length") : reader.u32("the header's length");
  const headerAt = reader.offset;
  const header = reader.take(length, "the header");
  const text = textDecoder(version === "3.0" ? "utf-8" : "latin1").decode(header);
  const { dtype, littleEndian, fortranOrder, shape } = new HeaderScanner(
    text,
    reader,
    headerAt,
  ).header();

  if (shape.length > 2)
    throw reader.error(`expected at most 2 dimensions, got ${showShape(shape)}`, headerAt);
  const count = elementCount(shape);
  const detail = `${dtype} ${showShape(shape)}`;
  if (count === 0 && shape.some((size) => size > 0x7fffffff)) {
    throw reader.error(
      `expected an empty shape within 2^31 - 1, got ${showShape(shape)}`,
      headerAt,
    );
  }
  reader.littleEndian = littleEndian;
  reader.need(count * ELEMENT_BYTES[dtype], "array data", detail);
  const data = readElements(reader, dtype, count, "array data", detail);
  reader.expectEnd("array data");
  if (!fortranOrder || shape.length < 2 || count === 0) return { dtype, shape, data };
  return { dtype, shape, data: new Matrix(shape[1], shape[0], data).transpose().data };
}

type Header = { dtype: DType; littleEndian: boolean; fortranOrder: boolean; shape: number[] };

/**
 * Reads the dictionary, which can hold nothing but a string, a bool and a tuple of integers under
 * their three keys.
 */
class HeaderScanner {
  readonly #text: string;
  readonly #reader: ByteReader;
  readonly #base: number;
  #at = 0;

  constructor(text: string, reader: ByteReader, base: number) {
    this.#text = text;
    this.#reader = reader;
    this.#base = base;
  }

  #unexpected(what: string, at = this.#at): FormatError {
    const got = at < this.#text.length ? show(this.#text.slice(at, at + 24)) : "its end";
    return this.#reader.error(
      `reading the header, expected ${what}, got ${got}`,
      this.#base + Math.min(at, this.#text.length),
    );
  }

  /** The next token's start. */
  #position(): number {
    while (this.#text[this.#at] === " ") this.#at++;
    return this.#at;
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#position())) return false;
    this.#at += token.length;
    return true;
  }

  header(): Header {
    const found: Partial<Header> = {};
    if (!this.#take("{")) throw this.#unexpected('"{"');
    while (!this.#take("}")) {
      const at = this.#position();
      const key = this.#string("'descr', 'fortran_order' or 'shape'");
      if (!this.#take(":")) throw this.#unexpected('":"');
      if (key === "descr" && found.dtype === undefined) Object.assign(found, this.#descr());
      else if (key === "fortran_order" && found.fortranOrder === undefined)
        found.fortranOrder = this.#bool();
      else if (key === "shape" && found.shape === undefined) found.shape = this.#tuple();
      else throw this.#unexpected("'descr', 'fortran_order' and 'shape' once each", at);
      if (!this.#take(",") && this.#text[this.#position()] !== "}")
        throw this.#unexpected('"," or "}"');
    }
    const { dtype, littleEndian, fortranOrder, shape } = found;
    if (
      dtype === undefined ||
      littleEndian === undefined ||
      fortranOrder === undefined ||
      shape === undefined
    ) {
      throw this.#unexpected("'descr', 'fortran_order' and 'shape'", 0);
    }
    if (this.#position() !== this.#text.length - 1 || this.#text[this.#at] !== "\n") {
      throw this.#unexpected("spaces and one line break at its end");
    }
    return { dtype, littleEndian, fortranOrder, shape };
  }

  /** 'abc' or "abc"; no key or type has a backslash in it. */
  #string(what: string): string {
    const start = this.#position();
    const quote = this.#text[start];
    const end = quote === "'" || quote === '"' ? this.#text.indexOf(quote, start + 1) : -1;
    if (end < 0) throw this.#unexpected(what);
    this.#at = end + 1;
    return this.#text.slice(start + 1, end);
  }

  #descr(): { dtype: DType; littleEndian: boolean } {
    const start = this.#position();
    if (this.#text[start] === "[")
      throw this.#unexpected("one type such as '<f8', not a structured one");
    const descr = this.#string("a type such as '<f8'");
    const dtype = descr === "" ? undefined : TYPES.get(descr.slice(1));
    if (
      dtype !== undefined &&
      (descr[0] === "<" || descr[0] === ">" || (descr[0] === "|" && ELEMENT_BYTES[dtype] === 1))
    ) {
      return { dtype, littleEndian: descr[0] !== ">" };
    }
    const kind = OTHER_KINDS[descr[1]];
    const expected = `bools, integers of 1, 2, 4, 8 or floats of 2, 4, 8 bytes as in '<f8'${kind ? `, not ${kind}` : ""}`;
    throw this.#reader.error(
      `reading the header, expected ${expected}, got ${show(descr)}`,
      this.#base + start,
    );
  }

  #bool(): boolean {
    if (this.#take("True")) return true;
    if (this.#take("False")) return false;
    throw this.#unexpected("True or False");
  }

  /** (), (3,) or (3, 4); Python 2 wrote some integers as 3L. */
  #tuple(): number[] {
    const sizes: number[] = [];
    if (!this.#take("(")) throw this.#unexpected('"("');
    while (!this.#take(")")) {
      const start = this.#position();
      const digits = /\d*/y;
      digits.lastIndex = start;
      const size = digits.exec(this.#text)![0];
      if (size === "" || !Number.isSafeInteger(Number(size)))
        throw this.#unexpected("an integer in 0..2^53 - 1", start);
      sizes.push(Number(size));
      this.#at += size.length;
      this.#take("L");
      if (!this.#take(",") && (sizes.length === 1 || this.#text[this.#position()] !== ")"))
        throw this.#unexpected('"," or ")"');
    }
    return sizes;
  }
}

/**
 * An npy file, version 1.0, of a matrix or of a tensor of any shape ({ shape: [n], data } is what
 * NumPy calls an array). `dtype` "float64" (default) is exact, "float32" rounds each number to 24
 * significant bits, the integer types and "bool" take only numbers that they hold. Throws TypeError
 * or RangeError otherwise.
 * @example
 * const bytes = serializeNpy({ shape: [3], data: Float64Array.of(1, 2, 3) }, { dtype: "int32" });
 * console.log(bytes.length, new TextDecoder("latin1").decode(bytes.subarray(10, 70)).trim());
 * // 140 {'descr': '<i4', 'fortran_order': False, 'shape': (3,), }
 */
export function serializeNpy(
  array: Matrix | Tensor,
  options: { dtype?: WritableType } = {},
): Uint8Array {
  checkOptions("serializeNpy", options, ["dtype"]);
  checkChoice("serializeNpy", "dtype", options.dtype ?? "float64", WRITABLE_TYPES);
  return writeNpy(
    "serializeNpy",
    "array",
    checkTensor("serializeNpy", "array", array),
    options.dtype ?? "float64",
  );
}

/** As serializeNpy; `where` and `what` begin the message of an error. */
export function writeNpy(
  where: string,
  what: string,
  { shape, data }: Tensor,
  dtype: WritableType,
): Uint8Array {
  const descr = `${ELEMENT_BYTES[dtype] === 1 ? "|" : "<"}${DESCR[dtype]}`;
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${spellShape(shape)}, }`;
  const preamble = MAGIC.length + 4; // magic, version, length
  const dataAt = Math.ceil((preamble + header.length + 1) / 64) * 64;
  if (dataAt - preamble > 0xffff) {
    throw new ArgumentRangeError(
      `${where}: ${what} expected a shape within 65535 bytes of header, got ${shape.length} dimensions`,
    );
  }
  const writer = new ByteWriter({ capacity: dataAt + data.length * ELEMENT_BYTES[dtype] });
  writer
    .bytes(MAGIC)
    .u8(1)
    .u8(0)
    .u16(dataAt - preamble)
    .text(header)
    .pad(dataAt - preamble - header.length - 1, 0x20)
    .text("\n");
  writeElements(writer, dtype, data, where, what);
  return writer.finish();
}
