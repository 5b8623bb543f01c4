// Where the cells of a CSV text begin and end, one at a time: numbers are read in place, and only a
// cell that is no number becomes a string. The grammar is in csv.ts.

import { show } from "../../base/checks.ts";
import { FormatError } from "../../base/errors.ts";
import { scanDecimal, scanned } from "./decimal.ts";

const NUL = 0;
const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;

export class CsvScanner {
  /** The file's name in messages. */
  readonly name: string;
  readonly text: string;
  /** Where the next cell begins. */
  position = 0;
  /** The 1-based line of `position`. */
  line = 1;

  // The cell just read:
  /** Its number; NaN when it is text or an identifier such as 007, which is in `string`. */
  value = NaN;
  string = "";
  /** Where it begins and ends in the text, its quotes included. */
  start = 0;
  end = 0;
  quoted = false;
  /** Whether its record ended with it. */
  last = false;

  readonly #delimiter: number;

  constructor(name: string, text: string, delimiter: string) {
    this.name = name;
    this.text = text;
    this.#delimiter = delimiter.charCodeAt(0);
    if (text.charCodeAt(0) === 0xfeff) this.position = 1;
  }

  /**
   * The error `name:line:column: message`; `column` counts cells from 1. To be thrown by the
   * caller.
   */
  error(line: number, column: number, message: string, offset: number): FormatError {
    return new FormatError("csv", message, { source: this.name, line, column, offset });
  }

  /** The cell's text as in the file, quotes removed. */
  get spelling(): string {
    return this.quoted || this.value !== this.value
      ? this.string
      : this.text.slice(this.start, this.end);
  }

  /** Moves past empty lines. False at the end of the text. */
  toRecord(): boolean {
    for (;;) {
      const code = this.text.charCodeAt(this.position);
      if (code !== LF && code !== CR) return this.position < this.text.length;
      this.#endLine(code);
    }
  }

  /** Reads the next cell of the record; `column` (from 1) is for messages. */
  cell(column: number): void {
    const text = this.text;
    let at = this.position;
    let code = text.charCodeAt(at);
    this.start = at;
    this.quoted = code === QUOTE;
    if (this.quoted) {
      this.#quotedCell(column);
      return;
    }
    while ((code === SPACE || code === TAB) && code !== this.#delimiter)
      code = text.charCodeAt(++at);
    const value = scanDecimal(text, at);
    if (value === value) {
      at = scanned.end;
      code = text.charCodeAt(at);
      while ((code === SPACE || code === TAB) && code !== this.#delimiter)
        code = text.charCodeAt(++at);
      if (this.#ends(code)) {
        this.value = scanned.identifier ? NaN : value;
        if (scanned.identifier) this.string = text.slice(this.start, at);
        this.#finish(at, code);
        return;
      }
    }
    while (!this.#ends(code)) {
      if (code === NUL) {
        throw this.error(
          this.line,
          column,
          "expected text, got a NUL character; is the file binary, or UTF-16 without a byte order mark?",
          at,
        );
      }
      code = text.charCodeAt(++at);
    }
    this.value = NaN;
    this.string = text.slice(this.start, at);
    this.#finish(at, code);
  }

  /** A cell in quotes: everything up to the closing quote belongs to it, "" is a quote. */
  #quotedCell(column: number): void {
    const text = this.text;
    const line = this.line;
    let at = this.position + 1;
    let doubled = false;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        if (text.charCodeAt(at + 1) !== QUOTE) break;
        doubled = true;
        at += 2;
      } else if (code === LF || code === CR) {
        at += code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
        this.line++;
      } else if (code !== code) {
        throw this.error(
          line,
          column,
          "expected a closing quote, got the end of the text",
          this.start,
        );
      } else if (code === NUL) {
        throw this.error(
          this.line,
          column,
          "expected text, got a NUL character; is the file binary?",
          at,
        );
      } else {
        at++;
      }
    }
    const inner = text.slice(this.position + 1, at);
    const code = text.charCodeAt(++at);
    if (!this.#ends(code)) {
      throw this.error(
        this.line,
        column,
        `expected a delimiter or the end of the line after the closing quote, got ${show(text[at])}`,
        at,
      );
    }
    this.string = doubled ? inner.replaceAll('""', '"') : inner;
    const value = scanDecimal(this.string, blanksEnd(this.string, 0));
    const whole = blanksEnd(this.string, scanned.end) === this.string.length;
    this.value = whole && !scanned.identifier ? value : NaN;
    this.#finish(at, code);
  }

  /** Whether `code` ends a cell; past the end of the text it is NaN. */
  #ends(code: number): boolean {
    return code === this.#delimiter || code === LF || code === CR || code !== code;
  }

  #finish(at: number, code: number): void {
    this.end = at;
    this.position = at;
    this.last = code !== this.#delimiter;
    if (!this.last) this.position++;
    else if (code === code) this.#endLine(code);
  }

  #endLine(code: number): void {
    this.position += code === CR && this.text.charCodeAt(this.position + 1) === LF ? 2 : 1;
    this.line++;
  }
}

/** Where the blanks at `start` end. */
function blanksEnd(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code === SPACE || code === TAB; )
    code = text.charCodeAt(++at);
  return at;
}
