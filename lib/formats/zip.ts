// Zip archives as npz needs them: entries that are stored or deflated, unpacked one at a time when
// they are asked for. The directory is read and checked first (zip-directory.ts). Inflating and
// deflating are handed in, so that this file runs in every JavaScript runtime.
//
// Refused when an entry is unpacked: a size or CRC-32 that differs from the directory's, and more
// deflated data in all than the caller allows.

import { show } from "../base/checks.ts";
import { crc32 } from "../base/crc32.ts";
import { ArgumentRangeError, errorText } from "../base/errors.ts";
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
  refuse,
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
    const { name, method, start: at, packed, size, crc } = entry;
    const owned = method !== 0;
    let content: Uint8Array = bytes.subarray(at, at + packed);
    if (owned) {
      if (unpacked + size > maxBytes) {
        const sum = unpacked === 0 ? "" : ` after ${unpacked} of other entries`;
        const expected = `expected at most ${maxBytes} in all (option maxBytes)`;
        throw refuse(reader, entry, ` unpacks to ${size} bytes${sum}, ${expected}`);
      }
      unpacked += size;
      content = unpack(reader, entry, content, inflate);
    }
    if (crc32(content) === crc) return { bytes: content, owned };
    const damage = " is damaged: its CRC-32 differs from the stored one";
    throw refuse(reader, { name, at }, damage);
  };
  return new Map(readDirectory(reader, bytes).map((entry) => [entry.name, () => read(entry)]));
}

function unpack(
  reader: ByteReader,
  entry: Entry,
  packed: Uint8Array,
  inflate: Inflate | undefined,
): Uint8Array {
  const { name, size, start: at } = entry;
  if (inflate === undefined) {
    const advice = "pass the option inflate, in Node inflateRawSync of node:zlib";
    throw refuse(reader, entry, ` is deflated; ${advice}`);
  }
  let got: string;
  try {
    // node:zlib refuses a limit of 0
    const content = inflate(packed, { maxOutputLength: Math.max(1, size) });
    if (content.length === size) return content;
    got = `got ${content.length}`;
  } catch (error) {
    got = errorText(error);
  }
  throw refuse(reader, { name, at }, ` does not inflate to ${size} bytes: ${got}`);
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
  const writer = new ByteWriter(4096);
  const directory = new ByteWriter(1024);
  for (const [name, content] of entries) {
    const fault = nameFault(name);
    if (fault !== undefined)
      throw new ArgumentRangeError(`${where}: entry ${show(name)}: ${fault}`);
    const encoded = textEncoder().encode(name);
    const packed = deflate === undefined ? content : deflate(content);
    const localAt = writer.length;
    const common = commonFields(encoded, content, packed, deflate !== undefined);
    writer.bytes(LOCAL).bytes(common).bytes(encoded).bytes(packed);
    directory.bytes(CENTRAL).uints(2, 20).bytes(common).pad(10).uints(4, localAt).bytes(encoded);
    if (encoded.length > 0xffff || content.length >= 0xffffffff || writer.length >= 0xffffffff) {
      throw new ArgumentRangeError(
        `${where}: expected names below 64 KiB and an archive below 4 GiB, ` +
          `got more at entry ${show(name)}`,
      );
    }
  }
  const directoryAt = writer.length;
  writer.bytes(directory.finish()).bytes(END).uints(2, 0, 0, entries.size, entries.size);
  writer.uints(4, directory.length, directoryAt).uints(2, 0);
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
  return new ByteWriter(26)
    .uints(2, 20, isAscii ? 0 : UTF8, isDeflated ? 8 : 0) // 20: version 2.0
    .uints(2, 0, 0x21) // 1 January 1980
    .uints(4, crc32(content), packed.length, content.length)
    .uints(2, name.length, 0)
    .finish();
}
