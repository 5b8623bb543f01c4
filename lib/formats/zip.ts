// Zip archives as npz needs them (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
//
//   per entry    local header 50 4b 03 04 | version flags method time date | crc-32, packed size,
//                size | name length, extra
//                length | name | extra | packed data | with flag 8 a data descriptor: crc-32 and
//                sizes once more
//   directory    per entry 50 4b 01 02 | the same fields, comment length, attributes, the local
//                header's offset | name |
//                extra | comment
//   end          50 4b 05 06 | disk numbers | number of entries, twice | directory's size and
//                offset | comment
//
// All little-endian. Methods: 0 stored, 8 deflated. A size that is ffffffff stands in extra field 1
// instead (zip64; NumPy writes local headers that way). The directory is what counts; each local
// header must agree with it.
//
// Refused, all before the first entry is unpacked: encrypted, patched or spanned archives, archives
// that need zip64's own end record (more than 65534 entries or 4 GiB), entries that overlap each
// other or the directory, bytes between the directory and the end, a local header that contradicts
// the directory, a stored entry of two sizes, a deflated entry said to grow more than 1032-fold
// (deflate's limit, so no size that lies asks for more than 1032 times the file), duplicate names,
// names that are absolute, contain "..", a backslash or NUL, or are not UTF-8. After unpacking: a
// size or CRC-32 that is not the promised one.

import { show } from "../base/checks.ts";
import { crc32 } from "../base/crc32.ts";
import type { FormatError } from "../base/errors.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { textEncoder } from "../base/text-codecs.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

/**
 * Unpacks raw deflate data to at most `maxOutputLength` bytes; node:zlib's inflateRawSync is one.
 */
export type Inflate = (packed: Uint8Array, limit: { maxOutputLength: number }) => Uint8Array;
/** Packs to raw deflate data; node:zlib's deflateRawSync is one. */
export type Deflate = (bytes: Uint8Array) => Uint8Array;

const LOCAL = [0x50, 0x4b, 3, 4];
const CENTRAL = [0x50, 0x4b, 1, 2];
const END = [0x50, 0x4b, 5, 6];
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
// a deflated bit pair stands for at most 258 bytes (https://zlib.net/zlib_tech.html)
const MAX_GROWTH = 1032;

const ENCRYPTED = 0x0001;
const DESCRIPTOR = 0x0008;
const UTF8 = 0x0800;
const KNOWN_FLAGS = DESCRIPTOR | UTF8 | 0x0006; // 2 and 4 say how hard the packer tried

type Entry = {
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
 * The entries by name, in the directory's order, unpacked; stored ones are views of `bytes`. Throws
 * FormatError of `format` for anything that is refused above, and for a deflated entry when there
 * is no `inflate`.
 */
export function readZip(
  format: string,
  bytes: Uint8Array,
  inflate?: Inflate,
): Map<string, Uint8Array> {
  const reader = new ByteReader(format, bytes);
  const { directoryAt, count } = readEnd(reader, bytes);
  reader.seek(directoryAt, "the directory");
  const directory = reader.slice(bytes.length - directoryAt, "the directory");
  const entries: Entry[] = [];
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const entry = readCentral(directory);
    if (names.has(entry.name))
      throw reader.error(`entry ${show(entry.name)} occurs twice`, entry.at);
    names.add(entry.name);
    entries.push(entry);
  }
  directory.magic(END, "the end of the directory");

  // Local headers and data, in the order in which they lie: none may reach into the next, nor the
  // last into the directory.
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.localAt - b.localAt)) {
    if (entry.localAt < end)
      throw reader.error(`entry ${show(entry.name)} overlaps the one before it`, entry.at);
    if (entry.localAt >= directoryAt) {
      const expected = `expected a local header before the directory at ${directoryAt}`;
      throw reader.error(
        `entry ${show(entry.name)}, ${expected}, got offset ${entry.localAt}`,
        entry.at,
      );
    }
    reader.seek(entry.localAt, `the local header of entry ${show(entry.name)}`);
    readLocal(reader, entry);
    end = entry.start + entry.packed;
    if (end > directoryAt) {
      const expected = `expected its ${entry.packed} bytes to end before the directory at ${directoryAt}`;
      throw reader.error(`entry ${show(entry.name)}, ${expected}, got ${end}`, entry.at);
    }
  }

  const deflated = entries.find(({ method }) => method === 8);
  if (deflated !== undefined && inflate === undefined) {
    const advice = "pass the option inflate, in Node inflateRawSync of node:zlib";
    throw reader.error(`entry ${show(deflated.name)} is deflated; ${advice}`, deflated.at);
  }
  const contents = new Map<string, Uint8Array>();
  for (const entry of entries) {
    const packed = bytes.subarray(entry.start, entry.start + entry.packed);
    const content = entry.method === 0 ? packed : unpack(reader, entry, packed, inflate!);
    if (crc32(content) !== entry.crc) {
      throw reader.error(
        `entry ${show(entry.name)} is damaged: its CRC-32 is not the promised one`,
        entry.start,
      );
    }
    contents.set(entry.name, content);
  }
  return contents;
}

/**
 * Finds the end record, which only a comment may follow, and checks that the directory lies right
 * before it.
 */
function readEnd(reader: ByteReader, bytes: Uint8Array): { directoryAt: number; count: number } {
  for (
    let at = bytes.length - END_LENGTH;
    at >= 0 && at >= bytes.length - END_LENGTH - MAX_COMMENT;
    at--
  ) {
    const comment = bytes[at + 20] + 256 * bytes[at + 21];
    if (
      comment !== bytes.length - at - END_LENGTH ||
      !END.every((byte, i) => bytes[at + i] === byte)
    )
      continue;
    reader.seek(at + 4, "the end record");
    const disks = [reader.u16("the disk number"), reader.u16("the directory's disk")];
    const counts = [reader.u16("the number of entries"), reader.u16("the number of entries")];
    const size = reader.u32("the directory's size");
    const directoryAt = reader.u32("the directory's offset");
    if (counts[1] === 0xffff || size === 0xffffffff || directoryAt === 0xffffffff) {
      throw reader.error(
        "expected a zip archive below 65535 entries and 4 GiB, got one with a zip64 end record",
        at,
      );
    }
    if (disks[0] !== 0 || disks[1] !== 0 || counts[0] !== counts[1]) {
      throw reader.error("expected a zip archive in one file, got a part of a spanned one", at);
    }
    if (directoryAt + size !== at) {
      const got = `offset ${directoryAt} and ${size} bytes`;
      throw reader.error(
        `expected the directory to end at ${at}, where the end record is, got ${got}`,
        at,
      );
    }
    return { directoryAt, count: counts[1] };
  }
  throw reader.error(
    "expected a zip archive, got no end record (PK\\x05\\x06) at the end of the file",
    0,
  );
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

  const refuse = (message: string): FormatError =>
    reader.error(`entry ${show(name)} ${message}`, at);
  if (flags & ENCRYPTED) throw refuse("is encrypted");
  if (flags & ~KNOWN_FLAGS)
    throw refuse(`has flags 0x${flags.toString(16)}, of which some change the meaning of its data`);
  if (method !== 0 && method !== 8)
    throw refuse(`is packed by method ${method}; expected 0 (stored) or 8 (deflated)`);
  if (disk !== 0) throw refuse("lies in another file of a spanned archive");
  if (method === 0 && packed !== size)
    throw refuse(`is stored, expected two equal sizes, got ${packed} and ${size}`);
  if (method === 8 && size > packed * MAX_GROWTH) {
    throw refuse(
      `claims ${size} bytes, expected at most ${MAX_GROWTH} times its ${packed} deflated bytes`,
    );
  }
  return { name, flags, method, crc, packed, size, localAt, at, start: 0 };
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
  // then it stands behind the data
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

function nameFault(name: string): string | undefined {
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

function unpack(
  reader: ByteReader,
  entry: Entry,
  packed: Uint8Array,
  inflate: Inflate,
): Uint8Array {
  let content: Uint8Array;
  try {
    // node:zlib refuses a limit of 0
    content = inflate(packed, { maxOutputLength: Math.max(1, entry.size) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw reader.error(
      `entry ${show(entry.name)} does not inflate to ${entry.size} bytes: ${reason}`,
      entry.start,
    );
  }
  if (content.length !== entry.size) {
    throw reader.error(
      `entry ${show(entry.name)}, expected ${entry.size} bytes when inflated, got ${content.length}`,
      entry.start,
    );
  }
  return content;
}

/**
 * An archive of the entries, stored, or deflated when `deflate` is given. All dates are 1 January
 * 1980, so the same entries give the same bytes. Throws RangeError for a name that readZip refuses
 * or 65535 entries and more.
 */
export function writeZip(
  where: string,
  entries: ReadonlyMap<string, Uint8Array>,
  deflate?: Deflate,
): Uint8Array {
  if (entries.size >= 0xffff)
    throw new ArgumentRangeError(
      `${where}: expected fewer than 65535 entries, got ${entries.size}`,
    );
  const writer = new ByteWriter({ capacity: 4096 });
  const directory = new ByteWriter({ capacity: 1024 });
  for (const [name, content] of entries) {
    const fault = nameFault(name);
    if (fault !== undefined)
      throw new ArgumentRangeError(`${where}: entry ${show(name)}: ${fault}`);
    const encoded = textEncoder().encode(name);
    const packed = deflate === undefined ? content : deflate(content);
    const localAt = writer.length;
    const common = new ByteWriter({ capacity: 26 });
    // version 2.0
    common
      .u16(20)
      .u16(encoded.length === name.length ? 0 : UTF8)
      .u16(deflate === undefined ? 0 : 8);
    common
      .u16(0)
      .u16(0x21)
      .u32(crc32(content))
      .u32(packed.length)
      .u32(content.length)
      .u16(encoded.length)
      .u16(0);
    writer.bytes(LOCAL).bytes(common.finish()).bytes(encoded).bytes(packed);
    directory.bytes(CENTRAL).u16(20).bytes(common.finish()).pad(10).u32(localAt).bytes(encoded);
    if (encoded.length > 0xffff || content.length >= 0xffffffff || writer.length >= 0xffffffff) {
      throw new ArgumentRangeError(
        `${where}: expected names below 64 KiB and an archive below 4 GiB, got more at entry ${show(name)}`,
      );
    }
  }
  const directoryAt = writer.length;
  writer.bytes(directory.finish()).bytes(END).u32(0).u16(entries.size).u16(entries.size);
  writer.u32(directory.length).u32(directoryAt).u16(0);
  return writer.finish();
}
