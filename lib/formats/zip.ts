// Zip archives as npz needs them: entries that are stored or deflated, unpacked one at a time when
// they are asked for. The directory is read and checked first (zip-directory.ts). Inflating and
// deflating are handed in, so that this file runs in every JavaScript runtime.
//
// Refused when an entry is unpacked: a size or CRC-32 that differs from the directory's, and more
// deflated data in all than the caller allows.

import { show } from "../base/checks.ts";
import { crc32 } from "../base/crc32.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { textEncoder } from "../base/text-codecs.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import {
  CENTRAL,
  END,
  type Entry,
  LOCAL,
  nameFault,
  readDirectory,
  UTF8,
} from "./zip-directory.ts";

/**
 * Unpacks raw deflate data to at most `maxOutputLength` bytes; node:zlib's inflateRawSync is one.
 */
export type Inflate = (packed: Uint8Array, limit: { maxOutputLength: number }) => Uint8Array;
/** Packs to raw deflate data; node:zlib's deflateRawSync is one. */
export type Deflate = (bytes: Uint8Array) => Uint8Array;

/** How the deflated entries of an archive are read. */
export type ZipOptions = {
  inflate?: Inflate | undefined;
  /** The most bytes that the deflated entries that are read may become in all. */
  maxBytes?: number | undefined;
};

/** Unpacked bytes; `owned` when they are not a view of the archive. */
export type ZipContent = { bytes: Uint8Array; owned: boolean };

/** The default limit of all deflated entries together when unpacked: 2 GiB. */
export const MAX_UNPACKED = 2 ** 31;

/**
 * Returns the entries by name, in the directory's order, each as a function that unpacks it: a view
 * of `bytes` when it is stored. Throws a FormatError of `format` for a directory that is refused;
 * an entry's function throws one for damage, for a deflated entry without `inflate`, and beyond the
 * limit.
 */
export function openZip(
  format: string,
  bytes: Uint8Array,
  { inflate, maxBytes = MAX_UNPACKED }: ZipOptions = {},
): Map<string, () => ZipContent> {
  const reader = new ByteReader(format, bytes);
  let unpacked = 0;
  const read = (entry: Entry): ZipContent => {
    const packed = bytes.subarray(entry.start, entry.start + entry.packed);
    if (entry.method === 0) {
      checkCrc(reader, entry, packed);
      return { bytes: packed, owned: false };
    }
    if (inflate === undefined) {
      const advice = "pass the option inflate, in Node inflateRawSync of node:zlib";
      throw reader.error(`entry ${show(entry.name)} is deflated; ${advice}`, entry.at);
    }
    if (unpacked + entry.size > maxBytes) {
      const sum = unpacked === 0 ? "" : ` after ${unpacked} of other entries`;
      throw reader.error(
        `entry ${show(entry.name)} unpacks to ${entry.size} bytes${sum}, ` +
          `expected at most ${maxBytes} in all (option maxBytes)`,
        entry.at,
      );
    }
    unpacked += entry.size;
    const content = unpack(reader, entry, packed, inflate);
    checkCrc(reader, entry, content);
    return { bytes: content, owned: true };
  };
  return new Map(readDirectory(reader, bytes).map((entry) => [entry.name, () => read(entry)]));
}

function checkCrc(reader: ByteReader, entry: Entry, content: Uint8Array): void {
  if (crc32(content) === entry.crc) return;
  throw reader.error(
    `entry ${show(entry.name)} is damaged: its CRC-32 differs from the stored one`,
    entry.start,
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
  if (content.length === entry.size) return content;
  const expected = `${entry.size} bytes when inflated`;
  throw reader.error(
    `entry ${show(entry.name)}, expected ${expected}, got ${content.length}`,
    entry.start,
  );
}

/**
 * Returns an archive of the entries, stored, or deflated when `deflate` is given. All dates are 1
 * January 1980, so the same entries give the same bytes. Throws RangeError for a name that openZip
 * refuses and for 65535 entries or more.
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
    const common = commonFields(encoded, content, packed, deflate !== undefined);
    writer.bytes(LOCAL).bytes(common).bytes(encoded).bytes(packed);
    directory.bytes(CENTRAL).u16(20).bytes(common).pad(10).u32(localAt).bytes(encoded);
    if (encoded.length > 0xffff || content.length >= 0xffffffff || writer.length >= 0xffffffff) {
      throw new ArgumentRangeError(
        `${where}: expected names below 64 KiB and an archive below 4 GiB, ` +
          `got more at entry ${show(name)}`,
      );
    }
  }
  const directoryAt = writer.length;
  writer.bytes(directory.finish()).bytes(END).u32(0).u16(entries.size).u16(entries.size);
  writer.u32(directory.length).u32(directoryAt).u16(0);
  return writer.finish();
}

/**
 * The fields that the local header and the directory share, from the version to the extra length.
 */
function commonFields(
  name: Uint8Array,
  content: Uint8Array,
  packed: Uint8Array,
  isDeflated: boolean,
): Uint8Array {
  const isAscii = name.every((byte) => byte < 0x80);
  return new ByteWriter({ capacity: 26 })
    .u16(20) // version 2.0
    .u16(isAscii ? 0 : UTF8)
    .u16(isDeflated ? 8 : 0)
    .u16(0)
    .u16(0x21) // 1 January 1980
    .u32(crc32(content))
    .u32(packed.length)
    .u32(content.length)
    .u16(name.length)
    .u16(0)
    .finish();
}
