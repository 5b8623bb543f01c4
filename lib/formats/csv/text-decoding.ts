// How the bytes of a text become text, whole or in pieces: strictly, so that a wrong encoding is an
// error with its place instead of replacement characters. A byte order mark decides; without one,
// bytes that alternate with zeros are UTF-16 and everything else is UTF-8, unless the caller names
// the encoding. A text that is ASCII up to its first byte that is not UTF-8 is read as
// windows-1252, which older spreadsheets write; the remark says so.

import { show } from "../../base/checks.ts";
import { ArgumentRangeError, FormatError } from "../../base/errors.ts";
import type { Remark } from "../../base/table.ts";
import { textDecoder } from "../../base/text-codecs.ts";
import { hex } from "../byte-reader.ts";
import { recognize } from "../recognize.ts";

const MARK_LENGTH = 3; // bytes of the longest byte order mark
// Bytes looked at for UTF-16 without a mark, and the share of their pairs in which a zero tells it:
// digits, delimiters and line ends have one in every script.
const SNIFFED = 4096;
const ZERO_SHARE = 0.1;

/** Decodes the bytes of one text, in order, in pieces of any size. */
export class TextDecoding {
  readonly #format: string;
  readonly #name: string;
  readonly #encoding: string | undefined;
  #decoder: TextDecoder | undefined;
  #remark: Remark | undefined;
  /** Bytes that wait for the following ones: a possible mark, or the start of a character. */
  #held: Uint8Array = new Uint8Array(0);
  /** The number of bytes decoded so far. */
  #offset = 0;
  /** Whether windows-1252 is still possible: no mark and only ASCII so far. */
  #isAscii: boolean;

  /** `encoding` is any label TextDecoder knows; `name` is the file's, for messages. */
  constructor(format: string, name: string, encoding?: string) {
    this.#format = format;
    this.#name = name;
    this.#encoding = encoding;
    this.#isAscii = encoding === undefined;
    if (encoding !== undefined) this.#decoder = decoderFor(format, encoding);
  }

  /**
   * The text of the next bytes; `last` says that no more follow. Throws FormatError for bytes that
   * are not in the encoding; `lineOf` gives the 1-based line on which the text returned begins.
   */
  decode(bytes: Uint8Array, last: boolean, lineOf: () => number): string {
    const all = this.#held.length === 0 ? bytes : concatenate(this.#held, bytes);
    const atStart = this.#offset === 0;
    if (atStart && all.length < MARK_LENGTH && !last) {
      this.#held = all.slice();
      return "";
    }
    if (atStart) this.#refuseOtherFormats(all);
    this.#decoder ??= decoderFor(this.#format, this.#sniff(all));
    const end = this.#decoder.encoding === "utf-8" && !last ? completeLength(all) : all.length;
    this.#held = all.slice(end);
    const text = this.#decodeComplete(all.subarray(0, end), last, lineOf);
    this.#offset += end;
    return text;
  }

  /** What was decided about the encoding and should be said, once. */
  takeRemark(): Remark | undefined {
    const remark = this.#remark;
    this.#remark = undefined;
    return remark;
  }

  /** Names a file that is no text of the format for what it is. */
  #refuseOtherFormats(bytes: Uint8Array): void {
    const found = recognize(bytes);
    if (found === undefined) return;
    const advice = found.advice === undefined ? "" : `; ${found.advice}`;
    const what = `${found.description}${advice}`;
    const message = `expected ${this.#format.toUpperCase()} text, got ${what}`;
    throw new FormatError(this.#format, message, { source: this.#name });
  }

  #sniff(bytes: Uint8Array): string {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
    const head = bytes.subarray(0, Math.min(SNIFFED, bytes.length & ~1));
    const zeros = [0, 0]; // at even and at odd places
    head.forEach((byte, i) => (zeros[i % 2] += byte === 0 ? 1 : 0));
    const [high, low] = zeros.map((count) => count > (ZERO_SHARE * head.length) / 2);
    const encoding =
      low && zeros[0] === 0 ? "utf-16le" : high && zeros[1] === 0 ? "utf-16be" : "utf-8";
    if (encoding !== "utf-8") {
      const text = `read as ${encoding}, without a byte order mark`;
      this.#remark = { text, option: `--encoding ${encoding}` };
    }
    return encoding;
  }

  #decodeComplete(bytes: Uint8Array, last: boolean, lineOf: () => number): string {
    const decoder = this.#decoder!;
    const begin = this.#offset === 0 ? markLength(bytes, decoder.encoding) : 0;
    const content = bytes.subarray(begin);
    try {
      // In one call Node 20 takes windows-1252 for latin1; in a stream it does not.
      if (decoder.encoding !== "utf-8")
        return decoder.decode(content, { stream: true }) + (last ? decoder.decode() : "");
      const text = decoder.decode(content);
      this.#isAscii &&= text.length === bytes.length;
      return text;
    } catch {
      const at = decoder.encoding === "utf-8" ? validUtf8Length(bytes) : 0;
      const line = lineOf() + lineAt(bytes, at) - 1;
      const offset = this.#offset + at;
      const isAscii = this.#isAscii && bytes.subarray(0, at).every((byte) => byte < 0x80);
      if (!isAscii || decoder.encoding !== "utf-8") throw this.#error(bytes[at], line, offset);
      this.#useWindows1252(line, offset);
      return this.#decodeComplete(bytes, last, lineOf);
    }
  }

  #useWindows1252(line: number, offset: number): void {
    const text = `read as windows-1252: line ${line} is not UTF-8 (byte ${offset})`;
    this.#remark = { text, option: "--encoding windows-1252" };
    this.#decoder = decoderFor(this.#format, "windows-1252");
  }

  #error(byte: number, line: number, offset: number): FormatError {
    const { encoding } = this.#decoder!;
    const got = encoding === "utf-8" ? hex(Uint8Array.of(byte)) : "bytes that are not";
    const hint =
      this.#encoding === undefined && encoding === "utf-8"
        ? '; older files are often encoding "windows-1252"'
        : "";
    return new FormatError(this.#format, `expected ${encoding} text, got ${got}${hint}`, {
      source: this.#name,
      line,
      offset,
    });
  }
}

function decoderFor(format: string, encoding: string): TextDecoder {
  try {
    return textDecoder(encoding, { fatal: true, ignoreBOM: true });
  } catch {
    throw new ArgumentRangeError(
      `${format}: encoding expected a name TextDecoder knows, got ${show(encoding)}`,
    );
  }
}

/**
 * The length of the byte order mark that `bytes` begin with. It is not decoded: a text without its
 * first character would be a slice, in which every character costs more to read.
 */
function markLength([a, b, c]: Uint8Array, encoding: string): number {
  if (encoding === "utf-8") return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
  const isMark = encoding === "utf-16le" ? a === 0xff && b === 0xfe : a === 0xfe && b === 0xff;
  return isMark && encoding.startsWith("utf-16") ? 2 : 0;
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The length of `bytes` without a UTF-8 character that is cut off at its end. */
function completeLength(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back];
    if (byte < 0x80) return length;
    if (byte >= 0xc0) {
      const wanted = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      return wanted > back ? length - back : length;
    }
  }
  return length;
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
