// Where the cells of a CSV text begin and end, one at a time: numbers are read in place, and only a
// cell that is no number becomes a string. The grammar is in csv.ts. The text may come in pieces:
// at the end of a piece that is not the last one, the record is marked incomplete and is read
// again, together with the next piece.

import { show } from "../../base/checks.ts";
import { FormatError } from "../../base/errors.ts";
import type { DecimalPoint } from "../../base/number-text.ts";
import { scanDecimal, scanned } from "./decimal.ts";

const NUL = 0;
const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;

/** What a scanner has to know about a file. */
export type CellSyntax = {
  /** One character; a blank stands for a run of blanks and tabs. */
  delimiter: string;
  decimal?: DecimalPoint | undefined;
  /** Whether lines that begin with # are comments. */
  comments?: boolean | undefined;
};

/** A position in a text, and its 1-based line. */
export type TextPlace = { position: number; line: number };

export class CsvScanner {
  /** The file's name in messages. */
  readonly name: string;
  text: string;
  /** Whether nothing follows the text. */
  final = true;
  /** The offset of the text in its file, in UTF-16 units. */
  base = 0;
  /** Where the next cell begins. */
  position = 0;
  /** The 1-based line of `position`. */
  line = 1;

  // The cell just read:
  /** Its number; NaN when it is text or an identifier such as 007, which is in `string`. */
  value = NaN;
  string = "";
  /** Where it begins in the text, after blanks and with its quote, and where its number ends. */
  start = 0;
  end = 0;
  quoted = false;
  /** Whether its record ended with it. */
  last = false;
  /** Whether the text ended before the record did, and more text follows. */
  incomplete = false;

  readonly #delimiter: number;
  /** The point of numbers in quotes, and of those without: where commas delimit, not a comma. */
  readonly #quotedPoint: number;
  readonly #point: number;
  readonly #comments: boolean;

  constructor(name: string, text: string, { delimiter, decimal = ".", comments }: CellSyntax) {
    this.name = name;
    this.text = text;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quotedPoint = decimal.charCodeAt(0);
    this.#point = (delimiter === decimal ? "." : decimal).charCodeAt(0);
    this.#comments = comments ?? false;
  }

  /**
   * The error `name:line:column: message`; `column` counts cells from 1, `at` is a position in the
   * text. To be thrown by the caller.
   */
  error(line: number, column: number, message: string, at: number): FormatError {
    return new FormatError("csv", message, {
      source: this.name,
      line,
      column,
      offset: this.base + at,
    });
  }

  /** Where the next cell begins. */
  get place(): TextPlace {
    return { position: this.position, line: this.line };
  }

  /** Goes to that place, from which the next cell is read. */
  seek({ position, line }: TextPlace): void {
    this.position = position;
    this.line = line;
  }

  /** The cell's text as in the file, without quotes and the blanks around it. */
  get spelling(): string {
    return this.quoted || this.value !== this.value
      ? this.string
      : this.text.slice(this.start, this.end);
  }

  /** Moves past empty lines and comments. False at the end of the text. */
  toRecord(): boolean {
    this.incomplete = false;
    for (;;) {
      const code = this.text.charCodeAt(this.position);
      if (code === LF || code === CR) {
        // A CR at the end of a piece may be half of a line end.
        if (code === CR && !this.final && this.position + 1 === this.text.length) return false;
        this.#endLine(code);
      } else if (code === HASH && this.#comments) {
        const end = lineEnd(this.text, this.position);
        if (end === this.text.length && !this.final) return false;
        this.position = end;
      } else if (this.#delimiter === SPACE && (code === SPACE || code === TAB)) {
        this.position = blanksEnd(this.text, this.position);
      } else {
        return this.position < this.text.length;
      }
    }
  }

  /** Reads the next cell of the record; `column` (from 1) is for messages. */
  cell(column: number): void {
    const text = this.text;
    let at = this.position;
    let code = text.charCodeAt(at);
    while ((code === SPACE || code === TAB) && code !== this.#delimiter)
      code = text.charCodeAt(++at);
    this.start = at;
    this.quoted = code === QUOTE;
    if (this.quoted) {
      this.#quotedCell(column);
      return;
    }
    const value = scanDecimal(text, at, this.#point);
    at = scanned.end;
    const delimiter = this.#delimiter;
    // The usual case. A run of blanks may stand for one delimiter.
    if (text.charCodeAt(at) === delimiter && value === value && delimiter !== SPACE) {
      if (!scanned.identifier) {
        this.value = value;
        this.end = at;
        this.position = at + 1;
        this.last = false;
        return;
      }
    }
    this.#plainCell(column, value);
  }

  /** A cell without quotes at `start`, whose beginning is the number `value`, NaN if none. */
  #plainCell(column: number, value: number): void {
    const text = this.text;
    const { end, identifier } = scanned;
    let at = end;
    let code = text.charCodeAt(at);
    while (!this.#ends(code)) {
      if (code === NUL) throw this.#nulError(column, at);
      code = text.charCodeAt(++at);
    }
    const isNumber = value === value && !identifier && blanksEnd(text, end) >= at;
    this.value = isNumber ? value : NaN;
    this.end = end;
    if (!isNumber) this.string = trimmed(text, this.start, at);
    this.#finish(at, code);
  }

  /** A cell in quotes: everything up to the closing quote belongs to it, "" is a quote. */
  #quotedCell(column: number): void {
    const text = this.text;
    const line = this.line;
    let at = this.start + 1;
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
        if (!this.final) {
          this.#stop();
          return;
        }
        const message = "expected a closing quote, got the end of the text";
        throw this.error(line, column, message, this.start);
      } else if (code === NUL) {
        throw this.#nulError(column, at);
      } else {
        at++;
      }
    }
    this.#closeQuoted(column, at, doubled);
  }

  /** Ends a cell whose closing quote is at `quote`; `doubled` says whether "" occurs in it. */
  #closeQuoted(column: number, quote: number, doubled: boolean): void {
    const text = this.text;
    const inner = text.slice(this.start + 1, quote);
    let at = quote + 1;
    let code = text.charCodeAt(at);
    while ((code === SPACE || code === TAB) && !this.#ends(code)) code = text.charCodeAt(++at);
    if (!this.#ends(code)) {
      const what = "a delimiter or the end of the line after the closing quote";
      const hint = text[quote - 1] === "\\" ? '; a quote inside a cell is written "", not \\"' : "";
      throw this.error(this.line, column, `expected ${what}, got ${show(text[at])}${hint}`, at);
    }
    this.string = doubled ? inner.replaceAll('""', '"') : inner;
    const value = scanDecimal(this.string, blanksEnd(this.string, 0), this.#quotedPoint);
    const whole = blanksEnd(this.string, scanned.end) === this.string.length;
    this.value = whole && !scanned.identifier ? value : NaN;
    this.#finish(at, code);
  }

  /** Whether `code` ends a cell; past the end of the text it is NaN. */
  #ends(code: number): boolean {
    return (
      code === this.#delimiter ||
      code === LF ||
      code === CR ||
      code !== code ||
      (code === TAB && this.#delimiter === SPACE)
    );
  }

  #finish(end: number, first: number): void {
    let at = end;
    let code = first;
    if (this.#delimiter === SPACE) {
      at = blanksEnd(this.text, at);
      const after = this.text.charCodeAt(at);
      if (at > end && after === after && after !== LF && after !== CR) {
        this.position = at;
        this.last = false;
        return;
      }
      code = after;
    }
    this.position = at;
    this.last = code !== this.#delimiter;
    if (!this.last) this.position++;
    else if (!this.final && (code !== code || (code === CR && at + 1 === this.text.length)))
      this.#stop();
    else if (code === code) this.#endLine(code);
  }

  #stop(): void {
    this.incomplete = true;
    this.last = true;
  }

  #nulError(column: number, at: number): FormatError {
    const hint = "is the file binary, or UTF-16 without a byte order mark?";
    const message = `expected text, got a NUL character; ${hint}`;
    return this.error(this.line, column, message, at);
  }

  #endLine(code: number): void {
    this.position += code === CR && this.text.charCodeAt(this.position + 1) === LF ? 2 : 1;
    this.line++;
  }
}

/** Where the line at `start` ends, before its line end. */
function lineEnd(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code !== LF && code !== CR && code === code; )
    code = text.charCodeAt(++at);
  return at;
}

/** Where the blanks at `start` end. */
function blanksEnd(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code === SPACE || code === TAB; )
    code = text.charCodeAt(++at);
  return at;
}

/** The text from `start` to `end` without the white space at its ends. */
function trimmed(text: string, start: number, end: number): string {
  const first = text.charCodeAt(start);
  const last = text.charCodeAt(end - 1);
  const plain = first > SPACE && first < 0x80 && last > SPACE && last < 0x80;
  const cell = text.slice(start, end);
  return plain ? cell : cell.trim();
}
