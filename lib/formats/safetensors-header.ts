// The header of a safetensors file: one JSON object whose members are known, so that it is read
// without a JSON parser. See safetensors.ts for the format.
//
// Refused: any JSON but the documented members (no other keys, no nesting, so no nesting bomb) and
// a name that occurs twice (JSON.parse would silently keep the last). Names are kept in a Map:
// "__proto__" is one like any other.

import { show } from "../base/checks.ts";
import type { FormatError } from "../base/errors.ts";
import { textEncoder } from "../base/text-codecs.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { DType } from "./dtype.ts";

/** The member that holds strings and no tensor. */
export const METADATA = "__metadata__";

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

/** A tensor as the header describes it; `at` is where in the header. */
export type Entry = {
  name: string;
  at: number;
  dtype: DType;
  shape: number[];
  begin: number;
  end: number;
};

/**
 * Reads the whole header. The kind of every value follows from its place, so a general JSON parser
 * is not needed.
 */
export function parseHeader(scanner: HeaderScanner): {
  entries: Entry[];
  metadata: Map<string, string>;
} {
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
export class HeaderScanner {
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

  /** Requires the opening brace as the first byte, as the format does. */
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
   * Reads { key: value, … }. `member` is called after each colon with the key and its place, and
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

  /** Reads a string: finds its closing quote, and lets JSON.parse decode and check it. */
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
    if (/[\ud800-\udfff]/u.test(value))
      throw this.unexpected(`${what}, in well-formed Unicode`, start);
    this.#at = end + 1;
    return value;
  }

  /** Reads [0, 12, …], integers in 0..2^53 − 1. */
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

  /** Throws unless only padding follows. */
  end(): void {
    if (this.position() < this.#text.length) throw this.unexpected("its end");
  }
}
