// How the bytes of a text format become text: strictly, so that a wrong encoding is an error with
// its place instead of replacement characters. A byte order mark decides; else UTF-8 unless the
// caller says otherwise.

import { show } from "../../base/checks.ts";
import { ArgumentRangeError, FormatError } from "../../base/errors.ts";
import { hex } from "../byte-reader.ts";

/**
 * The text of `bytes`, without its byte order mark. `encoding` is any label TextDecoder knows;
 * `name` is the file's, for messages.
 */
export function decodeText(
  format: string,
  name: string,
  bytes: Uint8Array,
  encoding?: string,
): string {
  const decoder = decoderFor(format, encoding ?? sniffEncoding(bytes));
  try {
    if (decoder.encoding === "utf-8") return decoder.decode(bytes);
    // in one call Node 20 takes windows-1252 for latin1
    return decoder.decode(bytes, { stream: true }) + decoder.decode();
  } catch {
    const offset = decoder.encoding === "utf-8" ? validUtf8Length(bytes) : 0;
    const hint =
      encoding === undefined && decoder.encoding === "utf-8"
        ? '; older files are often encoding "windows-1252"'
        : "";
    const found =
      decoder.encoding === "utf-8" ? hex(bytes.subarray(offset, offset + 1)) : "bytes that are not";
    throw new FormatError(format, `expected ${decoder.encoding} text, got ${found}${hint}`, {
      source: name,
      line: lineAt(bytes, offset),
      offset,
    });
  }
}

function decoderFor(format: string, encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new ArgumentRangeError(
      `${format}: encoding expected a name TextDecoder knows, got ${show(encoding)}`,
    );
  }
}

function sniffEncoding(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return "utf-8";
}

/**
 * How many leading bytes are whole UTF-8 characters (RFC 3629: shortest forms only, no surrogates,
 * at most U+10FFFF).
 */
export function validUtf8Length(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at];
    const length =
      lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > bytes.length) return at;
    // The second byte's range excludes overlong forms, surrogates and what is beyond U+10FFFF.
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (length > 1 && (bytes[at + 1] < low || bytes[at + 1] > high)) return at;
    for (let i = 2; i < length; i++) if ((bytes[at + i] & 0xc0) !== 0x80) return at;
    at += length;
  }
  return at;
}

/** The 1-based line of a byte; LF, CRLF and lone CR end lines. */
function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset; i++) {
    if (bytes[i] === 10 || (bytes[i] === 13 && bytes[i + 1] !== 10)) line++;
  }
  return line;
}
