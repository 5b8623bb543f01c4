// IDX, the format of MNIST's files: an array of 1 to 4 dimensions. All numbers are big-endian.
//   offset 0  2 bytes  0 0
//          2  1 byte   element type: 08 uint8, 09 int8, 0b int16, 0c int32, 0d float32, 0e float64
//          3  1 byte   number of dimensions n
//          4  n × 4    the sizes, uint32
//      4+4n            the elements, the last dimension running fastest
//
// Refused: another magic number (other formats are named), a type that does not exist, 0 or more
// than 4 dimensions, and fewer or more elements than the sizes require. Memory is allocated only
// for elements that the file has.

import { ByteReader, ELEMENT_ARRAYS, type ElementArray, hex } from "./byte-reader.ts";
import { refuseOtherFormats } from "./recognize.ts";
import { checkBytes, elementCount, spellShape } from "./tensor.ts";

const TYPES = {
  0x08: "uint8",
  0x09: "int8",
  0x0b: "int16",
  0x0c: "int32",
  0x0d: "float32",
  0x0e: "float64",
} as const;

/** The type of the elements of an IDX file. */
export type IdxType = (typeof TYPES)[keyof typeof TYPES];

/** The array in an IDX file. */
export type IdxArray = {
  dtype: IdxType;
  /** 1 to 4 sizes; a size may be 0. */
  shape: number[];
  /** The elements, row-major, in an array of their type; copied from the file. */
  data: ElementArray<IdxType>;
};

/**
 * Returns the array in an IDX file, the format of MNIST, of 1 to 4 dimensions and any of its
 * element types. Throws FormatError for another format, an unknown type, 0 or more than 4
 * dimensions and for fewer or more elements than the sizes require; TypeError when `bytes` is not a
 * Uint8Array.
 * @example
 * const { dtype, shape, data } = parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9));
 * console.log(dtype, shape.join(), data.join()); // uint8 3 7,0,9
 */
export function parseIdx(bytes: Uint8Array): IdxArray {
  checkBytes("parseIdx", bytes);
  return readIdx(new ByteReader("idx", bytes, { littleEndian: false }), bytes);
}

/** As parseIdx, but the data may be a view of `bytes`, which are put into this machine's order. */
export function takeIdx(bytes: Uint8Array): IdxArray {
  return readIdx(new ByteReader("idx", bytes, { littleEndian: false, owned: true }), bytes);
}

function readIdx(reader: ByteReader, bytes: Uint8Array): IdxArray {
  const { dtype, shape } = readHeader(reader, bytes);
  const count = elementCount(shape);
  const data = reader.array(dtype, count, "the elements", `${dtype} ${spellShape(shape)}`);
  reader.expectEnd("the elements");
  return { dtype, shape, data };
}

/**
 * The bytes of the whole IDX file that begins with `start`, as its header states them. Beyond 2^53
 * the number is rounded; no file has as many bytes. Throws FormatError for another header.
 */
export function idxFileSize(start: Uint8Array): number {
  const reader = new ByteReader("idx", start, { littleEndian: false });
  const { dtype, shape } = readHeader(reader, start);
  return reader.offset + elementCount(shape) * ELEMENT_ARRAYS[dtype].BYTES_PER_ELEMENT;
}

function readHeader(reader: ByteReader, bytes: Uint8Array): { dtype: IdxType; shape: number[] } {
  refuseOtherFormats("idx", "an IDX file", bytes);
  const magic = reader.take(4, "the magic number");
  if (magic[0] !== 0 || magic[1] !== 0)
    throw reader.mismatch("reading the magic number", "00 00", hex(magic.subarray(0, 2)), 0);
  const dtype = TYPES[magic[2] as keyof typeof TYPES] as IdxType | undefined;
  if (dtype === undefined) {
    const known = hex(Object.keys(TYPES).map(Number));
    throw reader.mismatch("reading the element type", `one of ${known}`, hex([magic[2]]), 2);
  }
  const dimensions = magic[3];
  if (dimensions < 1 || dimensions > 4)
    throw reader.mismatch("reading the number of dimensions", "1..4", dimensions, 3);
  const shape = Array.from({ length: dimensions }, (_, i) =>
    reader.uint(4, `the size of dimension ${i}`),
  );
  return { dtype, shape };
}
