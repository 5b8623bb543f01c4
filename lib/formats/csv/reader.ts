// Reads the records of a CSV text that comes in pieces of any size, or all at once, into tables.
// The first piece decides about the dialect, the columns and their number; they hold for the whole
// file.

import { show } from "../../base/checks.ts";
import { counted } from "../../base/counted.ts";
import type { FormatError } from "../../base/errors.ts";
import { lazyPattern } from "../../base/lazy-pattern.ts";
import type { AddRemark, Remark } from "../../base/table.ts";
import { type Dialect, type DialectOptions, detectDialect } from "./dialect.ts";
import { distinctNames } from "./header-names.ts";
import { countLineEnds } from "./line-ends.ts";
import { CsvScanner, type TextPlace } from "./scanner.ts";
import { CsvCells, CsvTable } from "./table.ts";
import { TextDecoding } from "./text-decoding.ts";

// A first line of more names is not that of a table; a Map of its names ends at 2^24.
const MAX_COLUMNS = 2 ** 20;
// A cell in quotes that is longer has most likely lost its closing quote.
const MAX_RECORD = 1 << 26;
// The dialect is decided by this much text, or by the whole file.
const FIRST_PIECE = 1 << 17;
const END_OF_FILE = "\x1a"; // Ctrl-Z, with which DOS ended texts
const MAX_FOOTER = 10; // lines
// A letter, perhaps after a quote, a bracket or an asterisk.
const WORD = lazyPattern(String.raw`^["'(*]*\p{L}`, "u");

type ReaderOptions = DialectOptions & { name?: string | undefined; encoding?: string | undefined };

export class CsvReader {
  readonly #name: string;
  readonly #options: ReaderOptions;
  #decoding: TextDecoding | undefined;
  #scanner: CsvScanner | undefined;
  #dialect: Dialect | undefined;
  #columns: string[] = [];
  #remarks: Remark[] = [];
  /** What has not been read. */
  #text = "";
  /** The first line as it stands in the text. */
  #headerText = "";
  /** The rows of empty cells since the last table, and the lines in which the header occurred. */
  #skipped = { blank: 0, repeated: 0 };
  /** Lines that are no rows, after the last row so far, and the error if a row follows them. */
  #footer: string[] = [];
  #footerError: FormatError | undefined;
  /** The line after the last row. */
  #nextRowLine = 0;
  /** Whether the cells of the last record were all empty. */
  #isBlank = false;
  #cells = new CsvCells();
  /** The offset of the first row of the table, and how much text follows the text so far. */
  #begin = 0;
  #following = 0;
  #lines: number[] = [];
  #offsets: number[] = [];

  /** Adds a remark about the file to the next table. */
  readonly remark: AddRemark = (text, option) => {
    this.#remarks.push(option === undefined ? { text } : { text, option });
  };

  constructor(options: ReaderOptions) {
    this.#name = options.name ?? "csv";
    this.#options = options;
  }

  /** The 1-based line on which the next piece of text begins. */
  get nextLine(): number {
    return (this.#scanner?.line ?? 1) + countLineEnds(this.#text);
  }

  /** Whether rows have been read that no table holds yet. */
  get hasRows(): boolean {
    return this.#lines.length > 0;
  }

  /** How much text waits to be read, in UTF-16 units. */
  get waiting(): number {
    return this.#text.length;
  }

  /** Adds text without reading it yet. */
  add(text: string): void {
    this.#text += text;
  }

  /** Adds the text of bytes; `last` says that no more follow. */
  addBytes(bytes: Uint8Array, last: boolean): void {
    this.#decoding ??= new TextDecoding(this.#name, this.#options.encoding, this);
    this.add(this.#decoding.decode(bytes, last));
  }

  /**
   * Reads all records that have ended; `last` says that no more text follows, and `following` about
   * how much does, as far as that is known. Throws FormatError for what is not CSV.
   */
  read(last: boolean, following = 0): void {
    this.#following = following;
    const text = last && this.#text.endsWith(END_OF_FILE) ? this.#text.slice(0, -1) : this.#text;
    if (this.#scanner === undefined && !last && text.length < FIRST_PIECE) return;
    const scanner = this.#prepare(text, last);
    if (scanner === undefined) return;
    this.#readRows(scanner);
    const { position } = scanner;
    this.#text = text.slice(position);
    if (!last && this.#text.length > MAX_RECORD) {
      const message = `expected a closing quote, got none in ${MAX_RECORD} characters`;
      throw scanner.error(scanner.line, 1, message, position);
    }
    scanner.base += position;
    scanner.position = 0;
  }

  /** The rows read since the last table, with the remarks about them. */
  takeTable(): CsvTable {
    this.#remarkOnSkipped();
    const table = new CsvTable(
      this.#name,
      this.#columns,
      this.#cells.finish(),
      { lines: Uint32Array.from(this.#lines), offsets: Float64Array.from(this.#offsets) },
      { decimal: this.#dialect!.decimal, remarks: this.#remarks },
    );
    this.#cells = new CsvCells();
    this.#lines = [];
    this.#offsets = [];
    this.#remarks = [];
    return table;
  }

  /** Adds remarks about the lines that were skipped since the last table. */
  #remarkOnSkipped(): void {
    const { blank, repeated } = this.#skipped;
    const footer = this.#footer;
    if (blank > 0) this.remark(`skipped ${counted(blank, "blank row")}`);
    if (repeated > 0)
      this.remark(`skipped ${counted(repeated, "line")} in which the header stands again`);
    if (footer.length > 0)
      this.remark(`left out ${counted(footer.length, "line")} at the end: ${show(footer[0])}`);
    this.#skipped = { blank: 0, repeated: 0 };
  }

  /** The scanner at the first row of the text; undefined when the header has not ended yet. */
  #prepare(text: string, last: boolean): CsvScanner | undefined {
    if (this.#scanner !== undefined) {
      this.#scanner.text = text;
      this.#scanner.final = last;
      return this.#scanner;
    }
    const remarks = this.#remarks.length;
    const dialect = detectDialect(text, this.#options, this.remark);
    const scanner = new CsvScanner(this.#name, text, dialect);
    scanner.final = last;
    scanner.seek(dialect.begin);
    if (!this.#readHeader(scanner, dialect)) {
      this.#remarks.length = remarks; // the dialect is decided again
      return undefined;
    }
    this.#dialect = dialect;
    this.#scanner = scanner;
    return scanner;
  }

  /** Reads the column names, up to the first row. False when they have not ended. */
  #readHeader(scanner: CsvScanner, dialect: Dialect): boolean {
    if (!scanner.toRecord())
      throw scanner.error(1, 1, "expected a header or a row of cells, got nothing", 0);
    const { place } = scanner;
    const names: string[] = [];
    do {
      scanner.cell(names.length + 1);
      names.push(scanner.spelling.trim());
      if (names.length > MAX_COLUMNS) {
        const message = `expected at most ${MAX_COLUMNS} columns, got more`;
        const hint = "; is the delimiter right?";
        throw scanner.error(scanner.line, names.length, message + hint, scanner.start);
      }
    } while (!scanner.last);
    if (scanner.incomplete) return false;
    if (dialect.header) {
      if (names.length > 1) this.#headerText = recordText(scanner, place.position);
      if (dialect.extraCell === "first") names.unshift("row_names");
      this.#columns = distinctNames(names, this.remark);
    } else {
      scanner.seek(place);
      this.#columns = names.map((_, j) => `column_${j + 1}`);
    }
    return true;
  }

  #readRows(scanner: CsvScanner): void {
    const cells = this.#cells;
    const width = this.#columns.length;
    if (cells.length === 0) this.#begin = scanner.base + scanner.position;
    while (scanner.toRecord()) {
      const { place } = scanner;
      const first = cells.length;
      const count = this.#readCells(scanner);
      if (scanner.incomplete) {
        cells.truncate(first);
        scanner.seek(place);
        return;
      }
      if (!this.#isRow(scanner, count, place)) {
        cells.truncate(first);
        continue;
      }
      if (count > width) cells.truncate(first + width);
      this.#nextRowLine = scanner.line;
      this.#lines.push(place.line);
      this.#offsets.push(scanner.base + place.position);
    }
  }

  /** Reads the cells of a record and returns their number. */
  #readCells(scanner: CsvScanner): number {
    const cells = this.#cells;
    let count = 0;
    let isBlank = true;
    do {
      if (cells.isFull) {
        const left = scanner.text.length - scanner.position + this.#following;
        cells.grow(1 + left / (scanner.base + scanner.position - this.#begin));
      }
      scanner.cell(++count);
      if (scanner.value === scanner.value) {
        cells.addNumber(scanner.value);
        isBlank = false;
      } else {
        cells.addText(scanner.string);
        isBlank &&= scanner.string === "" && !scanner.quoted;
      }
    } while (!scanner.last);
    this.#isBlank = isBlank;
    return count;
  }

  /** Whether the record that was just read is a row of the table; counts it if it is none. */
  #isRow(scanner: CsvScanner, count: number, at: TextPlace): boolean {
    const width = this.#columns.length;
    const header = this.#headerText;
    const isBlank = this.#isBlank && (width > 1 || count > 1);
    const mayRepeat = header !== "" && scanner.text.startsWith(header, at.position);
    if (isBlank || (mayRepeat && recordText(scanner, at.position) === header)) {
      this.#skipped[isBlank ? "blank" : "repeated"]++;
      return false;
    }
    if (count !== width && !this.#hasEmptyExtraCell(scanner, count)) {
      if (scanner.text[at.position] !== "#") this.#addToFooter(scanner, count, at);
      return false;
    }
    if (this.#footerError !== undefined) throw this.#footerError;
    return true;
  }

  /** Whether the record has the additional empty cell that every row of the file has. */
  #hasEmptyExtraCell({ value, string }: CsvScanner, count: number): boolean {
    const isExtra = this.#dialect!.extraCell === "last" && count === this.#columns.length + 1;
    return isExtra && value !== value && string === "";
  }

  /**
   * Takes a record that is too short for a line below the table, such as a total or a source: it is
   * one text alone or comes after a blank line, and no row follows. Throws for any other record.
   */
  #addToFooter(scanner: CsvScanner, count: number, at: TextPlace): void {
    const width = this.#columns.length;
    const text = recordText(scanner, at.position);
    const nextLine = this.#nextRowLine;
    const begins = (count === 1 && width > 2) || at.line > nextLine;
    const goesOn = this.#footer.length === 0 ? begins : this.#footer.length < MAX_FOOTER;
    const isFooter = count < width && nextLine > 0 && goesOn && WORD().test(text);
    const delimiter = show(this.#dialect!.delimiter);
    const hint =
      count > width ? `; a cell that contains the delimiter ${delimiter} needs quotes` : "";
    const message = `expected ${width} cells as in the first line, got ${count}${hint}`;
    const column = Math.min(count, width) + 1;
    this.#footerError ??= scanner.error(at.line, column, message, at.position);
    if (!isFooter) throw this.#footerError;
    this.#footer.push(text);
  }
}

/** The record from `position`, which has just been read, as it stands in the text. */
function recordText({ text, position: end }: CsvScanner, position: number): string {
  return text.slice(position, end).trim();
}
