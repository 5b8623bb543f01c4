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
import type { FormatError } from "../base/errors.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { isMap } from "../base/realms.ts";
import { textEncoder } from "../base/text-codecs.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { type DType, ELEMENT_BYTES, readElements, writeElements } from "./dtype.ts";
import {
  checkBytes,
  checkTensors,
  elementCount,
  type NamedTensors,
  type StoredTensor,
  showShape,
} from "./tensor.ts";

const MAX_HEADER = 100_000_000;
const METADATA = "__metadata__";

const DTYPES: ReadonlyMap<string, DType> = new Map([
  ["BOOL", "bool"],
  ["U8", "uint8"],
  ["I8", "int8"],
  ["U16", "uint16"],
  ["I16", "int16"],
  ["U32", "uint32"],
  ["I32", "int32"],
  ["U64", "uint64"],
  ["I64", "int64"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
  ["F32", "float32"],
  ["F64", "float64"],
]);

type Entry = {
  name: string;
  at: number;
  dtype: DType;
  shape: number[];
  begin: number;
  end: number;
};

/**
 * The tensors and the metadata of a safetensors file, in the header's order. Throws FormatError for
 * anything the format does not allow. A file without tensors or metadata gives empty Maps. The data
 * is copied.
 * @example
 * const bytes = serializeSafetensors({ a: Matrix.identity(2) }, { metadata: { note: "hello" } });
 * const { tensors, metadata } = parseSafetensors(bytes);
 * console.log(tensors.get("a")?.shape.join("×"), tensors.get("a")?.dtype, metadata.get("note")); // 2×2 float64 hello
 */
export function parseSafetensors(bytes: Uint8Array): {
  tensors: Map<string, StoredTensor>;
  metadata: Map<string, string>;
} {
  checkBytes("parseSafetensors", bytes);
  const reader = new ByteReader("safetensors", bytes);
  const headerLength = reader.u64("the header's length");
  if (headerLength > MAX_HEADER)
    throw reader.error(`expected a header of at most ${MAX_HEADER} bytes, got ${headerLength}`, 0);
  const scanner = new HeaderScanner(reader.text(headerLength, "the header"), reader);
  const { entries, metadata } = parseHeader(scanner);

  // In the order of the data every tensor begins where the one before ends, and the last ends with
  // the file.
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    const { name, at, dtype, shape } = entry;
    const needed = elementCount(shape) * ELEMENT_BYTES[dtype];
    if (entry.end - entry.begin !== needed) {
      const got = `data_offsets [${entry.begin}, ${entry.end}]`;
      throw scanner.error(
        `tensor ${show(name)}, expected ${needed} bytes for ${dtype} ${showShape(shape)}, got ${got}`,
        at,
      );
    }
    if (entry.begin !== end) {
      const expected = `data_offsets from ${end}, where the tensor before ends`;
      throw scanner.error(`tensor ${show(name)}, expected ${expected}, got ${entry.begin}`, at);
    }
    end = entry.end;
  }
  const data = reader.slice(end, "the data", "the tensors of the header");
  reader.expectEnd("the data of the tensors");

  const dataAt = data.offset;
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin } of entries) {
    data.seek(dataAt + begin, `tensor ${show(name)}`);
    tensors.set(name, {
      dtype,
      shape,
      data: readElements(data, dtype, elementCount(shape), `tensor ${show(name)}`),
    });
  }
  return { tensors, metadata };
}

/**
 * Every value's kind is known from its place, so this is no JSON parser but a list of expectations.
 */
function parseHeader(scanner: HeaderScanner): { entries: Entry[]; metadata: Map<string, string> } {
  const entries: Entry[] = [];
  const names = new Set<string>();
  let metadata = new Map<string, string>();
  scanner.start();
  scanner.object((name, at) => {
    if (names.has(name)) throw scanner.error(`name ${show(name)} occurs twice`, at);
    names.add(name);
    if (name === METADATA) metadata = parseMetadata(scanner);
    else entries.push(parseEntry(scanner, name, at));
  });
  scanner.end();
  return { entries, metadata };
}

function parseMetadata(scanner: HeaderScanner): Map<string, string> {
  const metadata = new Map<string, string>();
  scanner.object((key, at) => {
    if (metadata.has(key)) throw scanner.error(`metadata key ${show(key)} occurs twice`, at);
    metadata.set(key, scanner.string("a string as metadata value"));
  });
  return metadata;
}

function parseEntry(scanner: HeaderScanner, name: string, at: number): Entry {
  let dtype: DType | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  scanner.object((key, keyAt) => {
    if (key === "dtype" && dtype === undefined) {
      const typeAt = scanner.position();
      const code = scanner.string("a dtype");
      dtype = DTYPES.get(code);
      if (dtype === undefined) {
        const known = [...DTYPES.keys()].join(", ");
        throw scanner.error(
          `tensor ${show(name)}, expected a dtype of ${known}, got ${show(code)}`,
          typeAt,
        );
      }
    } else if (key === "shape" && shape === undefined) shape = scanner.integers();
    else if (key === "data_offsets" && offsets === undefined) offsets = scanner.integers();
    else
      throw scanner.error(
        `tensor ${show(name)}, expected dtype, shape and data_offsets once each, got ${show(key)}`,
        keyAt,
      );
  });
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    const missing = dtype === undefined ? "dtype" : shape === undefined ? "shape" : "data_offsets";
    throw scanner.error(`tensor ${show(name)} has no ${missing}`, at);
  }
  if (offsets.length !== 2)
    throw scanner.error(`tensor ${show(name)}, expected 2 data_offsets, got ${offsets.length}`, at);
  return { name, at, dtype, shape, begin: offsets[0], end: offsets[1] };
}

/**
 * Walks over the header's JSON. `at` counts UTF-16 units of the text; errors convert it to a byte
 * of the file.
 */
class HeaderScanner {
  readonly #text: string;
  readonly #reader: ByteReader;
  #at = 0;

  constructor(text: string, reader: ByteReader) {
    this.#text = text;
    this.#reader = reader;
  }

  error(message: string, at: number): FormatError {
    return this.#reader.error(message, 8 + textEncoder().encode(this.#text.slice(0, at)).length);
  }

  unexpected(what: string, at = this.#at): FormatError {
    const got = at < this.#text.length ? show(this.#text.slice(at, at + 12)) : "its end";
    return this.error(`reading the header, expected ${what}, got ${got}`, at);
  }

  /** The format wants the brace in the very first byte. */
  start(): void {
    if (this.#text[0] !== "{") throw this.unexpected('"{" as its first byte');
  }

  /** The start of the next token. */
  position(): number {
    const text = this.#text;
    while (
      text[this.#at] === " " ||
      text[this.#at] === "\n" ||
      text[this.#at] === "\r" ||
      text[this.#at] === "\t"
    )
      this.#at++;
    return this.#at;
  }

  #take(character: string): boolean {
    if (this.#text[this.position()] !== character) return false;
    this.#at++;
    return true;
  }

  /**
   * { key: value, … }: `member` is called behind each colon with the key and where it began, and
   * reads the value.
   */
  object(member: (key: string, at: number) => void): void {
    if (!this.#take("{")) throw this.unexpected('"{"');
    if (this.#take("}")) return;
    do {
      const at = this.position();
      const key = this.string("a key in quotes");
      if (!this.#take(":")) throw this.unexpected('":"');
      member(key, at);
    } while (this.#take(","));
    if (!this.#take("}")) throw this.unexpected('"," or "}"');
  }

  /** The closing quote is found here; what lies between is decoded and checked by JSON.parse. */
  string(what: string): string {
    const start = this.position();
    if (this.#text[start] !== '"') throw this.unexpected(what);
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"')
      end += this.#text[end] === "\\" ? 2 : 1;
    let value: string;
    try {
      value = JSON.parse(this.#text.slice(start, end + 1));
    } catch {
      throw this.unexpected(`${what}, correctly quoted`, start);
    }
    if (/\p{Surrogate}/u.test(value))
      throw this.unexpected(`${what}, in well-formed Unicode`, start);
    this.#at = end + 1;
    return value;
  }

  /** [0, 12, …]: integers in 0..2^53−1. */
  integers(): number[] {
    const values: number[] = [];
    if (!this.#take("[")) throw this.unexpected('"["');
    if (this.#take("]")) return values;
    do {
      const start = this.position();
      while (this.#text[this.#at] >= "0" && this.#text[this.#at] <= "9") this.#at++;
      const digits = this.#text.slice(start, this.#at);
      const value = Number(digits);
      if (
        digits === "" ||
        digits.length > 16 ||
        !Number.isSafeInteger(value) ||
        (digits[0] === "0" && digits !== "0")
      ) {
        throw this.unexpected("an integer in 0..2^53−1", start);
      }
      values.push(value);
    } while (this.#take(","));
    if (!this.#take("]")) throw this.unexpected('"," or "]"');
    return values;
  }

  /** Only padding may follow. */
  end(): void {
    if (this.position() < this.#text.length) throw this.unexpected("its end");
  }
}

/**
 * A safetensors file of the tensors, in their order; the same tensors give the same bytes. `dtype`
 * "float64" (default) is exact, "float32" rounds each number to 24 significant bits. `metadata`
 * maps strings to strings. Throws TypeError or RangeError for what is no tensor or string, and for
 * a finite number beyond float32 when that is asked for.
 * @example
 * const bytes = serializeSafetensors({ a: Matrix.identity(2) });
 * console.log(new TextDecoder().decode(bytes.subarray(8, 64)));
 * // {"a":{"dtype":"F64","shape":[2,2],"data_offsets":[0,32]}
 */
export function serializeSafetensors(
  tensors: NamedTensors,
  options: {
    dtype?: "float64" | "float32";
    metadata?: ReadonlyMap<string, string> | { readonly [key: string]: string };
  } = {},
): Uint8Array {
  const where = "serializeSafetensors";
  const named = checkTensors(where, tensors);
  checkOptions(where, options, ["dtype", "metadata"]);
  const dtype = options.dtype ?? "float64";
  checkChoice(where, "dtype", dtype, ["float64", "float32"]);
  const code = dtype === "float64" ? "F64" : "F32";

  // Written by hand and not as JSON of an object, in which "__proto__" and "1" would not stay where
  // they were put.
  const members: string[] = [];
  const metadata = metadataEntries(where, options.metadata ?? {});
  if (metadata.length > 0) {
    const pairs = metadata.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    members.push(`"${METADATA}":{${pairs.join(",")}}`);
  }
  let end = 0;
  for (const [name, { shape, data }] of named) {
    if (name === METADATA)
      throw new ArgumentRangeError(
        `${where}: a tensor cannot be named "${METADATA}"; pass it as metadata`,
      );
    const begin = end;
    end += data.length * ELEMENT_BYTES[dtype];
    members.push(
      `${JSON.stringify(name)}:{"dtype":"${code}","shape":[${shape.join(",")}],"data_offsets":[${begin},${end}]}`,
    );
  }
  const header = textEncoder().encode(`{${members.join(",")}}`);
  const headerLength = Math.ceil(header.length / 8) * 8;
  if (headerLength > MAX_HEADER) {
    throw new ArgumentRangeError(
      `${where}: expected names and metadata of at most ${MAX_HEADER} bytes, got ${headerLength}`,
    );
  }

  const writer = new ByteWriter({ capacity: 8 + headerLength + end });
  writer.u64(headerLength).bytes(header).align(8, 0x20);
  for (const [name, { data }] of named)
    writeElements(writer, dtype, data, where, `tensor ${show(name)}`);
  return writer.finish();
}

function metadataEntries(where: string, metadata: object): [string, string][] {
  if (typeof metadata !== "object" || metadata === null) {
    throw new ArgumentTypeError(
      `${where}: metadata expected a Map or an object of strings, got ${show(metadata)}`,
    );
  }
  const entries: [unknown, unknown][] = isMap(metadata) ? [...metadata] : Object.entries(metadata);
  return entries.map(([key, value]) => {
    if (typeof key !== "string" || typeof value !== "string") {
      throw new ArgumentTypeError(
        `${where}: metadata expected strings, got ${show(value)} for ${show(key)}`,
      );
    }
    if (/\p{Surrogate}/u.test(key + value))
      throw new ArgumentRangeError(`${where}: metadata ${show(key)} expected well-formed Unicode`);
    return [key, value];
  });
}
