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
import { DTYPES, type DType, dtypeOf } from "./dtype.ts";
import { HeaderScanner } from "./header-scanner.ts";

/** The member that holds strings and no tensor. */
export const METADATA = "__metadata__";

/** A tensor as the header describes it; `at` is where in the header. */
export type Entry = {
  name: string;
  at: number;
  dtype: DType;
  shape: number[];
  begin: number;
  end: number;
};

/** What the header says; the scanner makes errors about it. */
export type Header = {
  scanner: HeaderScanner;
  entries: Entry[];
  metadata: Map<string, string>;
};

/** Reads the whole header, which begins at byte 8 of the reader's file. */
export function parseHeader(text: string, reader: ByteReader): Header {
  const offsetOf = (at: number): number => 8 + textEncoder().encode(text.slice(0, at)).length;
  const scanner = new HeaderScanner(text, reader, " \t\n\r", offsetOf);
  if (text[0] !== "{") throw scanner.unexpected('"{" as its first byte');
  const entries: Entry[] = [];
  let metadata = new Map<string, string>();
  readObject(scanner, (name, at) => {
    if (name !== METADATA) entries.push(readEntry(scanner, name, at));
    else metadata = readObject(scanner, () => readString(scanner, "a string as metadata value"));
  });
  scanner.expectEnd();
  return { scanner, entries, metadata };
}

/** Reads { key: value, … }, of which no key may occur twice; `read` reads the value of a key. */
function readObject<T>(
  scanner: HeaderScanner,
  read: (key: string, at: number) => T,
): Map<string, T> {
  const members = new Map<string, T>();
  scanner.expect("{");
  if (scanner.take("}")) return members;
  do {
    const at = scanner.position();
    const key = readString(scanner, "a key in quotes");
    scanner.expect(":");
    if (members.has(key)) throw scanner.error(`key ${show(key)} occurs twice`, at);
    members.set(key, read(key, at));
  } while (scanner.take(","));
  if (!scanner.take("}")) throw scanner.unexpected('"," or "}"');
  return members;
}

function readEntry(scanner: HeaderScanner, name: string, at: number): Entry {
  const refuse = (message: string, place = at): FormatError =>
    scanner.error(`tensor ${show(name)}${message}`, place);
  const members = readObject(scanner, (key, keyAt) => {
    if (key === "dtype") return readDType(scanner, refuse);
    if (key === "shape" || key === "data_offsets") return readIntegers(scanner);
    throw refuse(`, expected dtype, shape and data_offsets, got ${show(key)}`, keyAt);
  });
  for (const key of ["dtype", "shape", "data_offsets"])
    if (!members.has(key)) throw refuse(` has no ${key}`);
  const [begin, end, ...more] = members.get("data_offsets") as number[];
  if (end === undefined || more.length > 0) {
    const got = (members.get("data_offsets") as number[]).length;
    throw refuse(`, expected 2 data_offsets, got ${got}`);
  }
  const dtype = members.get("dtype") as DType;
  return { name, at, dtype, shape: members.get("shape") as number[], begin, end };
}

function readDType(
  scanner: HeaderScanner,
  refuse: (message: string, at: number) => FormatError,
): DType {
  const at = scanner.position();
  const code = readString(scanner, "a dtype");
  const dtype = dtypeOf(2, code);
  if (dtype !== undefined) return dtype;
  const known = Object.values(DTYPES).map((names) => names[2]);
  throw refuse(`, expected a dtype of ${known.join(", ")}, got ${show(code)}`, at);
}

/** A string in quotes, which JSON.parse decodes and checks. */
function readString(scanner: HeaderScanner, what: string): string {
  const start = scanner.position();
  const quoted = scanner.quoted('"', what);
  try {
    const value: string = JSON.parse(quoted);
    if (!/[\ud800-\udfff]/u.test(value)) return value;
  } catch {} // refused below
  throw scanner.unexpected(`${what}, correct and well-formed`, start);
}

/** [0, 12, …], integers in 0..2^53 − 1. */
function readIntegers(scanner: HeaderScanner): number[] {
  const values: number[] = [];
  scanner.expect("[");
  if (scanner.take("]")) return values;
  do values.push(scanner.integer());
  while (scanner.take(","));
  if (!scanner.take("]")) throw scanner.unexpected('"," or "]"');
  return values;
}
