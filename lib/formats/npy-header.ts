// The header of an npy file: a Python dictionary of three keys, as NumPy writes it and as NumPy
// reads it. It accepts what Python accepts between the tokens: spaces, tabs and line breaks,
// trailing commas, either quote, and the u and the 3L of Python 2.

import { show } from "../base/checks.ts";
import { type ByteReader, MACHINE_IS_LITTLE_ENDIAN } from "./byte-reader.ts";
import { bytesOf, type DType, dtypeOf } from "./dtype.ts";
import { HeaderScanner } from "./header-scanner.ts";

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

const KEYS = "'descr', 'fortran_order' and 'shape'";

/** Reads the dictionary in `text`, which begins at the byte `base` of the reader's file. */
export function parseHeader(text: string, reader: ByteReader, base: number): Header {
  const scanner = new HeaderScanner(text, reader, " \t\n\r\f", (at) => base + at);
  const found: Partial<Header> = {};
  scanner.expect("{");
  while (!scanner.take("}")) {
    const at = scanner.position();
    const key = readString(scanner, KEYS);
    scanner.expect(":");
    if (key === "descr" && found.kind === undefined) Object.assign(found, readDescr(scanner));
    else if (key === "fortran_order" && found.fortranOrder === undefined)
      found.fortranOrder = readBool(scanner);
    else if (key === "shape" && found.shape === undefined) found.shape = readTuple(scanner);
    else throw scanner.unexpected(`${KEYS} once each`, at);
    if (!scanner.take(",") && !scanner.sees("}")) throw scanner.unexpected('"," or "}"');
  }
  const { kind, fortranOrder, shape } = found;
  if (kind === undefined || fortranOrder === undefined || shape === undefined)
    throw scanner.unexpected(KEYS, 0);
  scanner.expectEnd();
  return found as Header;
}

/** 'abc' or "abc", also with Python 2's u before it; no key or type has a backslash in it. */
function readString(scanner: HeaderScanner, what: string): string {
  scanner.take("u");
  return scanner.quoted("'\"", what).slice(1, -1);
}

/** A byte order (< > = | or none) and a type. */
function readDescr(scanner: HeaderScanner): Pick<Header, "kind" | "littleEndian"> {
  const start = scanner.position();
  const descr = readString(scanner, "one type such as '<f8', not a structured one");
  const [, order, type] = /^([<>=|]?)(.*)$/s.exec(descr)!;
  const littleEndian = order === "<" || (order !== ">" && MACHINE_IS_LITTLE_ENDIAN);
  const dtype = type === "" ? undefined : type === "?" ? "bool" : dtypeOf(1, type);
  if (dtype !== undefined) return { kind: { dtype, size: bytesOf(dtype) }, littleEndian };
  const text = /^([USa])(\d{1,9})$/.exec(type);
  if (text !== null) {
    const [bytes, length] = [text[1] !== "U", Number(text[2])];
    const size = bytes ? length : 4 * length;
    return { kind: { dtype: "text", size, length, bytes }, littleEndian };
  }
  const known = "bools, integers of 1, 2, 4, 8 bytes, floats of 2, 4, 8 bytes or text";
  const other = OTHER_KINDS[type[0]];
  throw scanner.error(
    `reading the header, expected ${known}, as in '<f8'${other ? `, not ${other}` : ""}, ` +
      `got ${show(descr)}`,
    start,
  );
}

function readBool(scanner: HeaderScanner): boolean {
  const isTrue = scanner.take("True");
  if (isTrue || scanner.take("False")) return isTrue;
  throw scanner.unexpected("True or False");
}

/** (), (3,) or (3, 4); Python 2 wrote some integers as 3L. */
function readTuple(scanner: HeaderScanner): number[] {
  const sizes: number[] = [];
  scanner.expect("(");
  while (!scanner.take(")")) {
    sizes.push(scanner.integer());
    scanner.take("L");
    if (!scanner.take(",") && (sizes.length === 1 || !scanner.sees(")")))
      throw scanner.unexpected('"," or ")"');
  }
  return sizes;
}
