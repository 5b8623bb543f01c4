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

/** An entry as the directory describes it. */
export type Entry = {
  name: string;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  // offsets: in the directory, of the local header, of the data
  at: number;
  localAt: number;
  start: number;
};

/**
 * Returns all entries, in the directory's order, checked against each other and their local
 * headers.
 */
export function readDirectory(reader: ByteReader, bytes: Uint8Array): Entry[] {
  const { directoryAt, end, count } = readEnd(reader, bytes);
  reader.seek(directoryAt, "the directory");
  const directory = reader.slice(end - directoryAt, "the directory");
  const entries: Entry[] = [];
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const entry = readCentral(directory);
    if (names.has(entry.name))
      throw reader.error(`entry ${show(entry.name)} occurs twice`, entry.at);
    names.add(entry.name);
    entries.push(entry);
  }
  directory.expectEnd(`the ${count} entries of the directory`);
  checkPlaces(reader, entries, directoryAt);
  return entries;
}

/**
 * Reads the local headers, in the order in which they lie: no entry may reach into the next, nor
 * the last into the directory.
 */
function checkPlaces(reader: ByteReader, entries: readonly Entry[], directoryAt: number): void {
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.localAt - b.localAt)) {
    const refuse = (message: string): FormatError =>
      reader.error(`entry ${show(entry.name)}${message}`, entry.at);
    if (entry.localAt < end) throw refuse(" overlaps the one before it");
    if (entry.localAt >= directoryAt) {
      const expected = `expected a local header before the directory at ${directoryAt}`;
      throw refuse(`, ${expected}, got offset ${entry.localAt}`);
    }
    reader.seek(entry.localAt, `the local header of entry ${show(entry.name)}`);
    readLocal(reader, entry);
    end = entry.start + entry.packed;
    if (end > directoryAt) {
      const expected = `its ${entry.packed} bytes to end before the directory at ${directoryAt}`;
      throw refuse(`, expected ${expected}, got ${end}`);
    }
  }
}

/** Where the directory begins and ends, and how many entries it has. */
type Directory = { directoryAt: number; end: number; count: number };

/**
 * Finds the end record, which only a comment may follow, and checks that the directory lies right
 * before it.
 */
function readEnd(reader: ByteReader, bytes: Uint8Array): Directory {
  const at = findEnd(bytes);
  if (at === undefined) {
    const expected =
      "expected a zip archive, got no end record (PK\\x05\\x06) at the end of the file";
    throw reader.error(expected, 0);
  }
  reader.seek(at + 4, "the end record");
  const disks = [reader.u16("the disk number"), reader.u16("the directory's disk")];
  const counts = [reader.u16("the number of entries"), reader.u16("the number of entries")];
  const size = reader.u32("the directory's size");
  const directoryAt = reader.u32("the directory's offset");
  const small = { at, end: at, disks, counts, size, directoryAt };
  const record = readZip64End(reader, bytes, at) ?? small;
  if (record.disks.some((disk) => disk !== 0) || record.counts[0] !== record.counts[1])
    throw reader.error("expected a zip archive in one file, got a part of a spanned one", at);
  if (record.directoryAt + record.size !== record.end) {
    const got = `offset ${record.directoryAt} and ${record.size} bytes`;
    throw reader.error(
      `expected the directory to end at ${record.end}, where the end record is, got ${got}`,
      at,
    );
  }
  return { directoryAt: record.directoryAt, end: record.end, count: record.counts[1] };
}

/** The offset of the end record: the last one whose comment reaches to the end of the file. */
function findEnd(bytes: Uint8Array): number | undefined {
  const last = bytes.length - END_LENGTH;
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT; at--) {
    const comment = bytes[at + 20] + 256 * bytes[at + 21];
    if (comment === last - at && isAt(bytes, at, END)) return at;
  }
  return undefined;
}

function isAt(bytes: Uint8Array, at: number, magic: readonly number[]): boolean {
  return at >= 0 && magic.every((byte, i) => bytes[at + i] === byte);
}

/** The same fields from zip64's end record, when its locator stands before the end record. */
function readZip64End(
  reader: ByteReader,
  bytes: Uint8Array,
  endAt: number,
):
  | { end: number; disks: number[]; counts: number[]; size: number; directoryAt: number }
  | undefined {
  const locatorAt = endAt - LOCATOR_LENGTH;
  if (!isAt(bytes, locatorAt, LOCATOR)) return undefined;
  reader.seek(locatorAt + 4, "the zip64 locator");
  const disk = reader.u32("the end record's disk");
  const end = reader.u64("the end record's offset");
  reader.seek(end, "the zip64 end record");
  reader.magic(END_64, "the zip64 end record");
  const length = reader.u64("the zip64 end record's size");
  if (end + 12 + length !== locatorAt)
    throw reader.error(`expected the zip64 end record to end at ${locatorAt}`, end);
  reader.take(4, "versions");
  return {
    end,
    disks: [disk, reader.u32("the disk number"), reader.u32("the directory's disk")],
    counts: [reader.u64("the number of entries"), reader.u64("the number of entries")],
    size: reader.u64("the directory's size"),
    directoryAt: reader.u64("the directory's offset"),
  };
}

function readCentral(reader: ByteReader): Entry {
  const at = reader.offset;
  reader.magic(CENTRAL, "a directory entry");
  reader.take(4, "versions");
  const flags = reader.u16("flags");
  const method = reader.u16("the method");
  reader.take(4, "time and date");
  const crc = reader.u32("a CRC-32");
  const sizes = [reader.u32("a packed size"), reader.u32("a size")];
  const nameLength = reader.u16("a name's length");
  const extraLength = reader.u16("an extra field's length");
  const commentLength = reader.u16("a comment's length");
  const disk = reader.u16("a disk number");
  reader.take(6, "attributes");
  const localAt32 = reader.u32("a local header's offset");
  const name = readName(reader, nameLength, flags);
  const extra = reader.slice(extraLength, "an extra field");
  reader.take(commentLength, "a comment");
  const [size, packed, localAt] = widen(extra, [sizes[1], sizes[0], localAt32]);

  if (disk !== 0)
    throw reader.error(`entry ${show(name)} lies in another file of a spanned archive`, at);
  const entry = { name, flags, method, crc, packed, size, localAt, at, start: 0 };
  checkEntry(reader, entry);
  return entry;
}

/** Throws unless the entry is one that is read here. */
function checkEntry(reader: ByteReader, { name, flags, method, packed, size, at }: Entry): void {
  const refuse = (message: string): FormatError =>
    reader.error(`entry ${show(name)} ${message}`, at);
  if (flags & ENCRYPTED) throw refuse("is encrypted");
  if (flags & ~KNOWN_FLAGS)
    throw refuse(`has flags 0x${flags.toString(16)}, of which some change the meaning of its data`);
  if (method !== 0 && method !== 8)
    throw refuse(`is packed by method ${method}; expected 0 (stored) or 8 (deflated)`);
  if (method === 0 && packed !== size)
    throw refuse(`is stored, expected two equal sizes, got ${packed} and ${size}`);
  if (method === 8 && size > packed * MAX_GROWTH) {
    throw refuse(
      `claims ${size} bytes, expected at most ${MAX_GROWTH} times its ${packed} deflated bytes`,
    );
  }
}

/** Checks the local header against the directory's entry and notes where the data starts. */
function readLocal(reader: ByteReader, entry: Entry): void {
  const at = reader.offset;
  reader.magic(LOCAL, `the local header of entry ${show(entry.name)}`);
  reader.take(2, "a version");
  const flags = reader.u16("flags");
  const method = reader.u16("the method");
  reader.take(4, "time and date");
  const crc = reader.u32("a CRC-32");
  const sizes = [reader.u32("a packed size"), reader.u32("a size")];
  const nameLength = reader.u16("a name's length");
  const extraLength = reader.u16("an extra field's length");
  const name = readName(reader, nameLength, flags);
  const [size, packed] = widen(reader.slice(extraLength, "an extra field"), [sizes[1], sizes[0]]);
  entry.start = reader.offset;
  // With this flag the values may stand behind the data instead.
  const later = (value: number): boolean => (flags & DESCRIPTOR) !== 0 && value === 0;
  if (
    name !== entry.name ||
    flags !== entry.flags ||
    method !== entry.method ||
    (crc !== entry.crc && !later(crc)) ||
    (packed !== entry.packed && !later(packed)) ||
    (size !== entry.size && !later(size))
  ) {
    throw reader.error(
      `entry ${show(entry.name)} is described otherwise by its local header than by the directory`,
      at,
    );
  }
}

/**
 * A name that cannot lead outside a folder. Without the UTF-8 flag it is in some code page: then
 * only ASCII is sure.
 */
function readName(reader: ByteReader, length: number, flags: number): string {
  const at = reader.offset;
  const name = reader.text(length, "an entry's name");
  if (!(flags & UTF8) && /[^\0-\x7f]/.test(name)) {
    throw reader.error(
      `expected an entry's name in ASCII or marked as UTF-8, got ${show(name)}`,
      at,
    );
  }
  const fault = nameFault(name);
  if (fault !== undefined) throw reader.error(`entry ${show(name)}: ${fault}`, at);
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
    const id = extra.u16("an extra field's kind");
    const field = extra.slice(extra.u16("an extra field's length"), "an extra field");
    if (id === 1) wide ??= field;
  }
  return values.map((value) =>
    value === 0xffffffff && wide !== undefined ? wide.u64("a 64-bit size") : value,
  );
}
