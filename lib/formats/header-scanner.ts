// Walks over the text of a header (npy's Python dictionary, safetensors' JSON) token by token. The
// kind of every value follows from its place, so no general parser is needed, and nothing is ever
// evaluated.

import { show } from "../base/checks.ts";
import type { FormatError } from "../base/errors.ts";
import type { ByteReader } from "./byte-reader.ts";

const SHOWN = 24; // characters of what is there instead

export class HeaderScanner {
  readonly text: string;
  readonly #reader: ByteReader;
  readonly #blanks: string;
  readonly #offsetOf: (at: number) => number;
  #at = 0;

  /**
   * `blanks` are the characters that may stand between tokens; `offsetOf` gives the byte of
   * the reader's file for a place in the text, in UTF-16 units.
   */
  constructor(text: string, reader: ByteReader, blanks: string, offsetOf: (at: number) => number) {
    this.text = text;
    this.#reader = reader;
    this.#blanks = blanks;
    this.#offsetOf = offsetOf;
  }

  /** The error at a place in the text. */
  error(message: string, at: number): FormatError {
    return this.#reader.error(message, this.#offsetOf(Math.min(at, this.text.length)));
  }

  /** The error for what does not follow where it should. */
  unexpected(what: string, at = this.#at): FormatError {
    const got = at < this.text.length ? show(this.text.slice(at, at + SHOWN)) : "its end";
    return this.error(`reading the header, expected ${what}, got ${got}`, at);
  }

  /** The next token's start. */
  position(): number {
    while (this.#at < this.text.length && this.#blanks.includes(this.text[this.#at])) this.#at++;
    return this.#at;
  }

  /** Whether the next token is this one. */
  sees(token: string): boolean {
    return this.text.startsWith(token, this.position());
  }

  /** Moves past the token if it is the next one; returns whether it was. */
  take(token: string): boolean {
    const isNext = this.sees(token);
    if (isNext) this.#at += token.length;
    return isNext;
  }

  /** Moves past the token, which must be the next one. */
  expect(token: string): void {
    if (!this.take(token)) throw this.unexpected(show(token));
  }

  /** The next token, a string between two of one of these quotes, with them and its escapes. */
  quoted(quotes: string, what: string): string {
    const { text } = this;
    const start = this.position();
    const quote = text.charAt(start);
    let end = start + 1;
    while (end < text.length && text[end] !== quote) end += text[end] === "\\" ? 2 : 1;
    if (end >= text.length || !quotes.includes(quote)) throw this.unexpected(what);
    this.#at = end + 1;
    return text.slice(start, end + 1);
  }

  /** The next token, an integer without leading zeros. */
  integer(): number {
    const start = this.position();
    while (this.text[this.#at] >= "0" && this.text[this.#at] <= "9") this.#at++;
    const digits = this.text.slice(start, this.#at);
    const value = Number(digits);
    if (digits === String(value) && Number.isSafeInteger(value)) return value;
    throw this.unexpected("an integer in 0..2^53 - 1", start);
  }

  /** Throws unless only blanks follow. */
  expectEnd(): void {
    if (this.position() < this.text.length) throw this.unexpected("its end");
  }
}
