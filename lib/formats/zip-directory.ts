// The directory of a zip archive, checked against the entries' own headers
// (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
//
//   per entry    local header 50 4b 03 04 | version flags method time date | crc-32, packed size,
//                size | name length, extra length | name | extra | packed data | with flag 8 a data
//                descriptor: crc-32 and sizes once more
//   directory    per entry 50 4b 01 02 | the same fields, comment length, attributes, the local
//                header's offset | name | extra | comment
//   zip64 end    50 4b 06 06 | size of the rest | versions | the fields of the end record, wider
//   locator      50 4b 06 07 | disk | offset of the zip64 end | number of disks
//   end          50 4b 05 06 | disk numbers | number of entries, twice | directory's size and
//                offset | comment
//
// All little-endian. Methods: 0 stored, 8 deflated. A size that is ffffffff stands in extra field 1
// instead (zip64; NumPy writes local headers that way). The zip64 end and its locator exist in
// archives of more than 65534 entries or 4 GiB, and wherever a program always writes them. The
// directory is what counts; each local header must agree with it.
//
// Refused: encrypted, patched or spanned archives, entries that overlap each other or the
// directory, bytes between the directory and the end, a local header that contradicts the
// directory, a stored entry of two sizes, a deflated entry whose stated size is more than 1032
// times its packed size (the limit of deflate, so that a wrong size cannot ask for more memory than
// that), duplicate names, names that are absolute, contain "..", a backslash or NUL, or are not
// UTF-8.

import { show } from "../base/checks.ts";
import type { FormatError } from "../base/errors.ts";
import type { ByteReader } from "./byte-reader.ts";

export const LOCAL = [0x50, 0x4b, 3, 4];
export const CENTRAL = [0x50, 0x4b, 1, 2];
export const END = [0x50, 0x4b, 5, 6];
const END_LENGTH = 22;
const END_64 = [0x50, 0x4b, 6, 6];
const LOCATOR = [0x50, 0x4b, 6, 7];
const LOCATOR_LENGTH = 20;
const MAX_COMMENT = 0xffff;
// a deflated bit pair stands for at most 258 bytes (https://zlib.net/zlib_tech.html)
const MAX_GROWTH = 1032;

const ENCRYPTED = 0x0001;
const DESCRIPTOR = 0x0008;
export const UTF8 = 0x0800;
const KNOWN_FLAGS = DESCRIPTOR | UTF8 | 0x0006; // 2 and 4: the compression level

/** An entry as one of its headers describes it: that in the directory, or the local one. */
export type Entry = {
  name: string;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  disk: number;
  // offsets: of the header, of the local header, of the data
  at: number;
  localAt: number;
  start: number;
};

/** The error about an entry; the message begins with what separates it from the name. */
export function refuse(
  reader: ByteReader,
  { name, at }: Pick<Entry, "name" | "at">,
  message: string,
): FormatError {
  return reader.error(`entry ${show(name)}${message}`, at);
}

/**
 * Returns all entries, in the directory's order, checked against each other and their local
 * headers.
 */
export function readDirectory(reader: ByteReader, bytes: Uint8Array): Entry[] {
  const { directoryAt, end, count } = readEnd(reader, bytes);
  reader.seek(directoryAt, "the directory");
  const directory = reader.slice(end - directoryAt, "the directory");
  const entries = new Map<string, Entry>();
  for (let i = 0; i < count; i++) {
    const entry = readHeader(directory, CENTRAL, "a directory entry");
    checkEntry(reader, entry);
    if (entries.has(entry.name)) throw refuse(reader, entry, " occurs twice");
    entries.set(entry.name, entry);
  }
  directory.expectEnd(`the ${count} entries of the directory`);
  checkPlaces(reader, [...entries.values()], directoryAt);
  return [...entries.values()];
}

/**
 * Reads the local headers, in the order in which they lie: no entry may reach into the next, nor
 * the last into the directory.
 */
function checkPlaces(reader: ByteReader, entries: Entry[], directoryAt: number): void {
  const before = `before the directory at ${directoryAt}`;
  let end = 0;
  for (const entry of entries.sort((a, b) => a.localAt - b.localAt)) {
    if (entry.localAt < end) throw refuse(reader, entry, " overlaps the one before it");
    if (entry.localAt >= directoryAt) {
      const got = `offset ${entry.localAt}`;
      throw refuse(reader, entry, `, expected a local header ${before}, got ${got}`);
    }
    checkLocal(reader, entry);
    end = entry.start + entry.packed;
    if (end > directoryAt) {
      const expected = `, expected its ${entry.packed} bytes to end ${before}`;
      throw refuse(reader, entry, `${expected}, got ${end}`);
    }
  }
}

/** Checks the local header against the directory's entry and notes where the data starts. */
function checkLocal(reader: ByteReader, entry: Entry): void {
  const what = `the local header of entry ${show(entry.name)}`;
  reader.seek(entry.localAt, what);
  const local = readHeader(reader, LOCAL, what);
  entry.start = local.start;
  if (local.flags & DESCRIPTOR)
    // the values may stand behind the data instead
    for (const key of ["crc", "packed", "size"] as const) local[key] ||= entry[key];
  for (const key of ["name", "flags", "method", "crc", "packed", "size"] as const) {
    if (local[key] === entry[key]) continue;
    const message = ` has another ${key} in its local header than in the directory`;
    throw refuse(reader, { name: entry.name, at: local.at }, message);
  }
}

/** Unsigned integers of so many bytes each. */
function readUints(reader: ByteReader, what: string, ...sizes: number[]): number[] {
  return sizes.map((size) => reader.uint(size, what));
}

/** Where the directory begins and ends, and how many entries it has. */
type Directory = { directoryAt: number; end: number; count: number };

/**
 * Finds the end record, which only a comment may follow, and checks that the directory lies right
 * before it.
 */
function readEnd(reader: ByteReader, bytes: Uint8Array): Directory {
  const at = findEnd(bytes);
  if (at < 0) {
    const got = "no end record (PK\\x05\\x06) at the end of the file";
    throw reader.error(`expected a zip archive, got ${got}`, 0);
  }
  reader.seek(at + 4, "the end record");
  const record = isAt(bytes, at - LOCATOR_LENGTH, LOCATOR)
    ? readZip64End(reader, at - LOCATOR_LENGTH)
    : [at, ...readUints(reader, "the end record", 2, 2, 2, 2, 4, 4)];
  const [end, disk, directoryDisk, count, allCount, size, directoryAt] = record;
  if (disk > 0 || directoryDisk > 0 || count !== allCount)
    throw reader.error("expected a zip archive in one file, got a part of a spanned one", at);
  if (directoryAt + size !== end) {
    const expected = `expected the directory to end at ${end}, where the end record is`;
    throw reader.error(`${expected}, got offset ${directoryAt} and ${size} bytes`, at);
  }
  return { directoryAt, end, count };
}

/** The offset of the end record: the last one whose comment reaches to the end of the file. */
function findEnd(bytes: Uint8Array): number {
  const last = bytes.length - END_LENGTH;
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT; at--) {
    const comment = bytes[at + 20] + 256 * bytes[at + 21];
    if (comment === last - at && isAt(bytes, at, END)) return at;
  }
  return -1;
}

function isAt(bytes: Uint8Array, at: number, magic: readonly number[]): boolean {
  return at >= 0 && magic.every((byte, i) => bytes[at + i] === byte);
}

/** The offset of zip64's end record, which its locator names, and the fields of the end record. */
function readZip64End(reader: ByteReader, locatorAt: number): number[] {
  reader.seek(locatorAt + 4, "the zip64 locator");
  const [locatorDisk, end] = readUints(reader, "the zip64 locator", 4, 8);
  const what = "the zip64 end record";
  reader.seek(end, what);
  reader.magic(END_64, what);
  const length = reader.uint(8, what);
  if (end + 12 + length !== locatorAt)
    throw reader.error(`expected ${what} to end at ${locatorAt}`, end);
  const [, disk, ...rest] = readUints(reader, what, 4, 4, 4, 8, 8, 8, 8);
  return [end, locatorDisk + disk, ...rest];
}

/** An entry's header in the directory (CENTRAL) or before its data (LOCAL). */
function readHeader(reader: ByteReader, magic: readonly number[], what: string): Entry {
  const at = reader.offset;
  reader.magic(magic, what);
  const isCentral = magic === CENTRAL;
  if (isCentral) reader.take(2, what); // the version that made it
  const shared = readUints(reader, what, 2, 2, 2, 4, 4, 4, 4, 2, 2);
  const [, flags, method, , crc, packed32, size32, nameLength, extraLength] = shared;
  const more = isCentral ? readUints(reader, what, 2, 2, 6, 4) : [0, 0, 0, 0];
  const [commentLength, disk, , localAt32] = more;
  const name = readName(reader, nameLength, flags);
  const extra = reader.slice(extraLength, what);
  reader.take(commentLength, what);
  const [size, packed, localAt] = widen(extra, [size32, packed32, localAt32]);
  return { name, flags, method, crc, packed, size, disk, at, localAt, start: reader.offset };
}

/** Throws unless the entry is one that is read here. */
function checkEntry(reader: ByteReader, entry: Entry): void {
  const { flags, method, packed, size, disk } = entry;
  let fault = "";
  if (disk !== 0) fault = "lies in another file of a spanned archive";
  else if (flags & ENCRYPTED) fault = "is encrypted";
  else if (flags & ~KNOWN_FLAGS)
    fault = `has flags 0x${flags.toString(16)}, of which some change the meaning of its data`;
  else if (method !== 0 && method !== 8)
    fault = `is packed by method ${method}; expected 0 (stored) or 8 (deflated)`;
  else if (method === 0 && packed !== size)
    fault = `is stored, expected two equal sizes, got ${packed} and ${size}`;
  else if (method === 8 && size > packed * MAX_GROWTH)
    fault = `claims ${size} bytes, expected at most ${MAX_GROWTH} times ${packed} deflated ones`;
  if (fault !== "") throw refuse(reader, entry, ` ${fault}`);
}

/**
 * A name that cannot lead outside a folder. Without the UTF-8 flag it is in some code page: then
 * only ASCII is sure.
 */
function readName(reader: ByteReader, length: number, flags: number): string {
  const at = reader.offset;
  const name = reader.text(length, "an entry's name");
  const fault =
    !(flags & UTF8) && /[^\0-\x7f]/.test(name)
      ? "expected a name in ASCII or marked as UTF-8"
      : nameFault(name);
  if (fault !== undefined) throw refuse(reader, { name, at }, `: ${fault}`);
  return name;
}

/** What is wrong with an entry's name, as a clause of a message. */
export function nameFault(name: string): string | undefined {
  if (name === "") return "expected a name, got none";
  if (/[\0\\]/.test(name)) return "expected a name without backslash and NUL";
  if (/^(\/|[A-Za-z]:)/.test(name) || name.split("/").includes(".."))
    return 'expected a relative name without ".."';
  return undefined;
}

/**
 * Replaces each value of ffffffff by the 64-bit one that extra field 1 holds for it, in this order.
 */
function widen(extra: ByteReader, values: number[]): number[] {
  let wide: ByteReader | undefined;
  while (extra.remaining > 0) {
    const [id, length] = readUints(extra, "an extra field", 2, 2);
    const field = extra.slice(length, "an extra field");
    if (id === 1) wide ??= field;
  }
  return values.map((value) =>
    value === 0xffffffff && wide !== undefined ? wide.uint(8, "a 64-bit size") : value,
  );
}
