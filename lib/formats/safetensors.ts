// Safetensors, the format in which PyTorch's ecosystem shares weights
// (https://github.com/huggingface/safetensors).
//
//   bytes 0..7     n, the header's length: unsigned 64-bit, little-endian
//   bytes 8..8+n   the header: one JSON object in UTF-8, starting with "{", padded with spaces at
//                  the end
//   then           the data: every tensor's elements, little-endian, row-major
//
// The header maps each tensor's name to { "dtype": "F64", "shape": [3, 4], "data_offsets": [begin,
// end] }, offsets in bytes from the start of the data, and may map "__metadata__" to an object of
// strings. Element types read here: BOOL, U8, I8, U16, I16, U32, I32, U64, I64 (within ±(2^53 −
// 1)), F16, BF16, F32, F64. Written: F64 or F32, and the header is padded so that the data starts
// at a multiple of 8.
//
// Refused, before anything is allocated for the data: a header longer than the file or than 100 MB
// (the original's limit), invalid UTF-8, any JSON but the above (no other keys, no nesting, so no
// nesting bomb), a name that occurs twice (JSON.parse would silently keep the last), a shape and
// type that disagree with the offsets (overflow included), offsets that overlap, leave holes or do
// not cover the data to its end. Names are kept in a Map: "__proto__" is one like any other.

import { checkChoice, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { textEncoder } from "../base/text-codecs.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { bytesOf, DTYPES, readElements, writeElements } from "./dtype.ts";
import { refuseOtherFormats } from "./recognize.ts";
import { type Header, METADATA, parseHeader } from "./safetensors-header.ts";
import {
  checkBytes,
  checkNamed,
  checkTensors,
  checkUnicode,
  elementCount,
  type NamedTensors,
  type StoredTensor,
  showShape,
  type Tensor,
} from "./tensor.ts";

const MAX_HEADER = 100_000_000;

/**
 * Returns the tensors and the metadata of a safetensors file, in the header's order, the elements
 * in typed arrays as `parseNpy` gives them. The data is a copy. A file without tensors or metadata
 * gives empty Maps. Throws FormatError for anything the format does not allow.
 * @example
 * const bytes = serializeSafetensors({ a: Matrix.identity(2) }, { metadata: { note: "hello" } });
 * const { tensors, metadata } = parseSafetensors(bytes);
 * const { dtype, shape } = tensors.get("a")!;
 * console.log(dtype, shape.join("×"), metadata.get("note")); // float64 2×2 hello
 */
export function parseSafetensors(bytes: Uint8Array): {
  tensors: Map<string, StoredTensor>;
  metadata: Map<string, string>;
} {
  checkBytes("parseSafetensors", bytes);
  refuseOtherFormats("safetensors", "a safetensors file", bytes);
  const reader = new ByteReader("safetensors", bytes);
  const headerLength = reader.uint(8, "the header's length");
  if (headerLength > MAX_HEADER)
    throw reader.error(`expected a header of at most ${MAX_HEADER} bytes, got ${headerLength}`, 0);
  const header = parseHeader(reader.text(headerLength, "the header"), reader);
  const { entries, metadata } = header;
  const end = checkOffsets(header);
  const data = reader.slice(end, "the data", "the tensors of the header");
  reader.expectEnd("the data of the tensors");

  const dataAt = data.offset;
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin } of entries) {
    const what = `tensor ${show(name)}`;
    data.seek(dataAt + begin, what);
    const elements = readElements(data, dtype, elementCount(shape), what);
    tensors.set(name, { dtype, shape, data: elements });
  }
  return { tensors, metadata };
}

/**
 * Checks that, in the order of the data, every tensor begins where the one before it ends. Returns
 * where the last one ends.
 */
function checkOffsets({ scanner, entries }: Header): number {
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const { name, at, dtype, shape } = entry;
    const needed = elementCount(shape) * bytesOf(dtype);
    if (entry.end - entry.begin !== needed) {
      const expected = `${needed} bytes for ${dtype} ${showShape(shape)}`;
      const got = `data_offsets [${entry.begin}, ${entry.end}]`;
      throw scanner.error(`tensor ${show(name)}, expected ${expected}, got ${got}`, at);
    }
    if (entry.begin !== end) {
      const expected = `data_offsets from ${end}, where the tensor before ends`;
      throw scanner.error(`tensor ${show(name)}, expected ${expected}, got ${entry.begin}`, at);
    }
    end = entry.end;
  }
  return end;
}

/**
 * Returns a safetensors file of the tensors, in their order; the same tensors give the same bytes.
 * `dtype` "float64" (default) is exact, "float32" rounds each number to 24 significant bits.
 * `metadata` maps strings to strings. Throws TypeError or RangeError for other arguments, and for a
 * finite number beyond float32 when that is asked for.
 * @example
 * const bytes = serializeSafetensors({ a: Matrix.identity(2) });
 * console.log(new TextDecoder().decode(bytes.subarray(8, 64)));
 * // {"a":{"dtype":"F64","shape":[2,2],"data_offsets":[0,32]}
 */
export function serializeSafetensors(
  tensors: NamedTensors,
  options: {
    dtype?: "float64" | "float32" | undefined;
    metadata?: ReadonlyMap<string, string> | { readonly [key: string]: string } | undefined;
  } = {},
): Uint8Array {
  const where = "serializeSafetensors";
  const named = checkTensors(where, tensors);
  checkOptions(where, options, ["dtype", "metadata"]);
  const { dtype = "float64", metadata = {} } = options;
  checkChoice(where, "dtype", dtype, ["float64", "float32"]);
  const { members, end } = headerMembers(where, named, dtype, metadata);
  const header = textEncoder().encode(`{${members.join(",")}}`);
  const headerLength = Math.ceil(header.length / 8) * 8;
  if (headerLength > MAX_HEADER) {
    throw new ArgumentRangeError(
      `${where}: expected names and metadata of at most ${MAX_HEADER} bytes, got ${headerLength}`,
    );
  }

  const writer = new ByteWriter(8 + headerLength + end);
  writer
    .uints(8, headerLength)
    .bytes(header)
    .pad(headerLength - header.length, 0x20);
  for (const [name, { data }] of named)
    writeElements(writer, dtype, data, where, `tensor ${show(name)}`);
  return writer.finish();
}

/** The members of the header's JSON, and where the data ends. */
function headerMembers(
  where: string,
  named: readonly [string, Tensor][],
  dtype: "float64" | "float32",
  given: NamedTensors<string>,
): { members: string[]; end: number } {
  // Not JSON.stringify of an object: its keys "__proto__" and "1" would be lost or reordered.
  const members: string[] = [];
  const metadata = metadataEntries(where, given);
  if (metadata.length > 0) {
    const pairs = metadata.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    members.push(`"${METADATA}":{${pairs.join(",")}}`);
  }
  const [bytes, , code] = DTYPES[dtype];
  let end = 0;
  for (const [name, { shape, data }] of named) {
    if (name === METADATA)
      throw new ArgumentRangeError(
        `${where}: a tensor cannot be named "${METADATA}"; pass it as metadata`,
      );
    const begin = end;
    end += data.length * bytes;
    const offsets = `"data_offsets":[${begin},${end}]`;
    const fields = `"dtype":"${code}","shape":[${shape.join(",")}],${offsets}`;
    members.push(`${JSON.stringify(name)}:{${fields}}`);
  }
  return { members, end };
}

/** The [key, value] pairs of a Map or an object of strings. */
export function metadataEntries(where: string, metadata: NamedTensors<string>): [string, string][] {
  const entries = checkNamed(where, metadata, "metadata", "a key of metadata");
  for (const [key, value] of entries) checkUnicode(where, `metadata ${show(key)}`, value);
  return entries;
}
