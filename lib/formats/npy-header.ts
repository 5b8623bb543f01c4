// The header of an npy file: a Python dictionary of three keys, as NumPy writes it and as NumPy
// reads it. A scanner reads it; nothing is ever evaluated. It accepts what Python accepts between
// the tokens: spaces, tabs and line breaks, trailing commas, either quote, and the 3L of Python 2.

import { show } from "../base/checks.ts";
import type { FormatError } from "../base/errors.ts";
import { type ByteReader, MACHINE_IS_LITTLE_ENDIAN } from "./byte-reader.ts";
import { type DType, ELEMENT_BYTES } from "./dtype.ts";

/** The letter and size that descr has for each type; bfloat16 has none. */
export const DESCR: Readonly<Record<DType, string>> = {
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
const TYPES: ReadonlyMap<string, DType> = new Map([
  ...Object.entries(DESCR).map(([dtype, descr]) => [descr, dtype as DType] as const),
  ["?", "bool"],
]);

/** What other letters in descr stand for, to refuse them by name. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  O: "Python objects, which only pickle reads",
  V: "raw or structured data",
  c: "complex numbers",
  M: "dates",
  m: "time spans",
  f: "floats of another width",
  i: "integers of another width",
  u: "integers of another width",
};

/** What the elements are: numbers, or text of `length` characters (or bytes, when `bytes`). */
export type ElementKind =
  | { dtype: DType; size: number }
  | { dtype: "text"; size: number; length: number; bytes: boolean };

/** A header in NumPy's words; `kind.size` is the bytes of one element. */
export type Header = {
  kind: ElementKind;
  littleEndian: boolean;
  fortranOrder: boolean;
  shape: number[];
};

/** Reads the dictionary in `text`, which begins at the byte `base` of the reader's file. */
export function parseHeader(text: string, reader: ByteReader, base: number): Header {
  return new HeaderScanner(text, reader, base).header();
}

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
    while (/[ \t\n\r\f]/.test(this.#text[this.#at] ?? "")) this.#at++;
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
      if (key === "descr" && found.kind === undefined) Object.assign(found, this.#descr());
      else if (key === "fortran_order" && found.fortranOrder === undefined)
        found.fortranOrder = this.#bool();
      else if (key === "shape" && found.shape === undefined) found.shape = this.#tuple();
      else throw this.#unexpected("'descr', 'fortran_order' and 'shape' once each", at);
      if (!this.#take(",") && this.#text[this.#position()] !== "}")
        throw this.#unexpected('"," or "}"');
    }
    const { kind, littleEndian, fortranOrder, shape } = found;
    if (
      kind === undefined ||
      littleEndian === undefined ||
      fortranOrder === undefined ||
      shape === undefined
    ) {
      throw this.#unexpected("'descr', 'fortran_order' and 'shape'", 0);
    }
    if (this.#position() < this.#text.length)
      throw this.#unexpected("spaces and line breaks after the dictionary");
    return { kind, littleEndian, fortranOrder, shape };
  }

  /** 'abc' or "abc", also with Python 2's u before it; no key or type has a backslash in it. */
  #string(what: string): string {
    this.#take("u");
    const start = this.#position();
    const quote = this.#text[start];
    const end = quote === "'" || quote === '"' ? this.#text.indexOf(quote, start + 1) : -1;
    if (end < 0) throw this.#unexpected(what);
    this.#at = end + 1;
    return this.#text.slice(start + 1, end);
  }

  /** A byte order (< > = | or none) and a type. */
  #descr(): Pick<Header, "kind" | "littleEndian"> {
    const start = this.#position();
    if (this.#text[start] === "[")
      throw this.#unexpected("one type such as '<f8', not a structured one");
    const descr = this.#string("a type such as '<f8'");
    const [, order, type] = /^([<>=|]?)(.*)$/s.exec(descr)!;
    const littleEndian = order === "<" || (order !== ">" && MACHINE_IS_LITTLE_ENDIAN);
    const dtype = type === "" ? undefined : TYPES.get(type);
    if (dtype !== undefined) return { kind: { dtype, size: ELEMENT_BYTES[dtype] }, littleEndian };
    const text = /^([USa])(\d{1,9})$/.exec(type);
    if (text !== null) {
      const [bytes, length] = [text[1] !== "U", Number(text[2])];
      return {
        kind: { dtype: "text", size: bytes ? length : 4 * length, length, bytes },
        littleEndian,
      };
    }
    const known = "bools, integers of 1, 2, 4, 8 bytes, floats of 2, 4, 8 bytes or text";
    const other = OTHER_KINDS[type[0]];
    throw this.#reader.error(
      `reading the header, expected ${known}, as in '<f8'${other ? `, not ${other}` : ""}, ` +
        `got ${show(descr)}`,
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
