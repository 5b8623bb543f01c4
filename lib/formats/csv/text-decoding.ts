// How the bytes of a text become text, whole or in pieces: strictly, so that a wrong encoding is an
// error with its place instead of replacement characters. A byte order mark decides; without one,
// bytes that alternate with zeros are UTF-16 and everything else is UTF-8, unless the caller names
// the encoding. A text that is ASCII up to its first byte that is not UTF-8 is read as
// windows-1252, which older spreadsheets write; the remark says so.

import { show } from "../../base/checks.ts";
import { ArgumentRangeError, FormatError } from "../../base/errors.ts";
import type { AddRemark } from "../../base/table.ts";
import { textDecoder } from "../../base/text-codecs.ts";
import { hex } from "../byte-reader.ts";
import { recognize } from "../recognize.ts";
import { countLineEnds } from "./line-ends.ts";

const MARK_LENGTH = 3; // bytes of the longest byte order mark
// Bytes looked at for UTF-16 without a mark, and the share of their pairs in which a zero tells it:
// digits, delimiters and line ends have one in every script.
const SNIFFED = 4096;
const ZERO_SHARE = 0.1;

/** Who reads the text: the line on which the next of it begins, and what is told about it. */
export type TextReader = { readonly nextLine: number; readonly remark: AddRemark };

/** Decodes the bytes of one text, in order, in pieces of any size. */
export class TextDecoding {
  readonly #name: string;
  readonly #encoding: string | undefined;
  readonly #reader: TextReader;
  #decoder: TextDecoder | undefined;
  /** Bytes that wait for the following ones: a possible mark, or the start of a character. */
  #held: Uint8Array = new Uint8Array(0);
  /** The number of bytes decoded so far. */
  #offset = 0;
  /** Whether all was ASCII so far, so that it may be windows-1252. */
  #isAscii = true;

  /** `encoding` is any label TextDecoder knows; `name` is the file's, for messages. */
  constructor(name: string, encoding: string | undefined, reader: TextReader) {
    this.#name = name;
    this.#encoding = encoding;
    this.#reader = reader;
  }

  /**
   * The text of the next bytes; `last` says that no more follow. Throws FormatError for bytes that
   * are not in the encoding.
   */
  decode(bytes: Uint8Array, last: boolean): string {
    const all = this.#held.length === 0 ? bytes : concatenate(this.#held, bytes);
    const atStart = this.#offset === 0;
    const waits = atStart && all.length < MARK_LENGTH;
    const end = last ? all.length : waits ? 0 : completeLength(all);
    this.#held = all.slice(end);
    if (end === 0 && !last) return "";
    if (atStart) this.#refuseOtherFormats(all);
    this.#decoder ??= decoderFor(this.#encoding ?? this.#sniff(all));
    const text = this.#decodeComplete(all.subarray(0, end), last);
    this.#offset += end;
    return text;
  }

  /** Names a file that is no text for what it is. */
  #refuseOtherFormats(bytes: Uint8Array): void {
    const found = recognize(bytes);
    if (found === undefined) return;
    const advice = found.advice === undefined ? "" : `; ${found.advice}`;
    const message = `expected CSV text, got ${found.description}${advice}`;
    throw new FormatError("csv", message, { source: this.#name });
  }

  #sniff(bytes: Uint8Array): string {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
    const head = bytes.subarray(0, Math.min(SNIFFED, bytes.length & ~1));
    const zeros = [0, 0]; // at even and at odd places
    head.forEach((byte, i) => (zeros[i % 2] += byte === 0 ? 1 : 0));
    const most = Math.max(...zeros);
    if (Math.min(...zeros) > 0 || most <= (ZERO_SHARE * head.length) / 2) return "utf-8";
    const encoding = zeros[1] === most ? "utf-16le" : "utf-16be";
    const text = `read as ${encoding}, without a byte order mark`;
    this.#reader.remark(text, `--encoding ${encoding}`);
    return encoding;
  }

  #decodeComplete(bytes: Uint8Array, last: boolean): string {
    const decoder = this.#decoder!;
    const { encoding } = decoder;
    try {
      // In one call Node 20 takes windows-1252 for latin1; in a stream it does not.
      if (encoding !== "utf-8")
        return decoder.decode(bytes, { stream: true }) + (last ? decoder.decode() : "");
      // Each piece ends with a whole character. A mark is one where the text begins, not later.
      const text = decoderFor(encoding, this.#offset > 0).decode(bytes);
      this.#isAscii &&= text.length === bytes.length;
      return text;
    } catch {
      const isUtf8 = encoding === "utf-8";
      const valid = isUtf8 ? validUtf8Length(bytes) : 0;
      const before = textDecoder().decode(bytes.subarray(0, valid));
      const line = this.#reader.nextLine + countLineEnds(before);
      const offset = this.#offset + valid;
      const isUndecided = isUtf8 && this.#encoding === undefined;
      if (isUndecided && this.#isAscii && before.length === valid) {
        const text = `read as windows-1252: line ${line} is not UTF-8 (byte ${offset})`;
        this.#reader.remark(text, "--encoding windows-1252");
        this.#decoder = decoderFor("windows-1252");
        return this.#decodeComplete(bytes, last);
      }
      const got = isUtf8 ? hex(bytes.subarray(valid, valid + 1)) : "bytes that are not";
      const hint = isUndecided ? '; older files are often encoding "windows-1252"' : "";
      const place = { source: this.#name, line, offset };
      throw new FormatError("csv", `expected ${encoding} text, got ${got}${hint}`, place);
    }
  }
}

function decoderFor(encoding: string, ignoreBOM = false): TextDecoder {
  try {
    return textDecoder(encoding, { fatal: true, ignoreBOM });
  } catch {
    throw new ArgumentRangeError(
      `csv: encoding expected a name TextDecoder knows, got ${show(encoding)}`,
    );
  }
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The length of `bytes` without the UTF-8 character at their end, which may be cut off. */
function completeLength(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= 3 && bytes[length - back] >= 0x80; back++)
    if (bytes[length - back] >= 0xc0) return length - back;
  return length;
}

/** How many leading bytes are whole UTF-8 characters: the longest beginning that decodes. */
export function validUtf8Length(bytes: Uint8Array): number {
  const decodes = (length: number, stream: boolean): boolean => {
    try {
      decoderFor("utf-8").decode(bytes.subarray(0, length), { stream });
      return true;
    } catch {
      return false;
    }
  };
  // The longest beginning that may go on, and the shortest that cannot.
  let length = 0;
  for (let wrong = bytes.length + 1; wrong - length > 1; ) {
    const middle = (length + wrong) >> 1;
    if (decodes(middle, true)) length = middle;
    else wrong = middle;
  }
  while (!decodes(length, false)) length--;
  return length;
}
