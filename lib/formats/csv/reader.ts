// Reads the records of a CSV text that comes in pieces of any size, or all at once, into tables.
// The first piece decides about the dialect, the columns and their number; they hold for the whole
// file.

import { show } from "../../base/checks.ts";
import type { FormatError } from "../../base/errors.ts";
import { lazyPattern } from "../../base/lazy-pattern.ts";
import type { Remark } from "../../base/table.ts";
import { type Dialect, type DialectOptions, detectDialect } from "./dialect.ts";
import { distinctNames } from "./header-names.ts";
import { CsvScanner } from "./scanner.ts";
import { CsvCells, CsvTable } from "./table.ts";

// A first line of more names is not that of a table; a Map of its names ends at 2^24.
const MAX_COLUMNS = 2 ** 20;
// A cell in quotes that is longer has most likely lost its closing quote.
const MAX_RECORD = 1 << 26;

// The dialect is decided by this much text, or by the whole file.
const FIRST_PIECE = 1 << 17;

const ROW_NAMES = "row_names";

const END_OF_FILE = "\x1a"; // Ctrl-Z, with which DOS ended texts
const MAX_FOOTER = 10; // lines

// A letter, perhaps after a quote, a bracket or an asterisk.
const WORD = lazyPattern(String.raw`^["'(*]*\p{L}`, "u");

export class CsvReader {
  readonly #name: string;
  readonly #options: DialectOptions;
  #scanner: CsvScanner | undefined;
  #dialect: Dialect | undefined;
  #columns: string[] = [];
  #remarks: Remark[] = [];
  #text = "";
  /** The first line of `#text`, and its offset in the file. */
  #line = 1;
  #base = 0;
  #blankRows = 0;
  /** The first line as it stands in the text, and how often it has occurred again. */
  #headerText = "";
  #repeatedHeaders = 0;
  /** Lines that are no rows, after the last row so far, and the error if a row follows them. */
  #footer: { texts: string[]; error: FormatError } | undefined;
  /** The line after the last record. */
  #nextRecordLine = 0;
  /** Whether the cells of the last record were all empty. */
  #isBlank = false;
  #cells = new CsvCells();
  /** The offset of the first row of the table, and how much text follows the text so far. */
  #begin = 0;
  #following = 0;
  #lines: number[] = [];
  #offsets: number[] = [];

  /** `name` is the file's, for messages. */
  constructor(name: string, options: DialectOptions) {
    this.#name = name;
    this.#options = options;
  }

  /** The 1-based line on which the next piece of text begins. */
  get nextLine(): number {
    return this.#line + (this.#text.match(/\r\n|\r|\n/g)?.length ?? 0);
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
    this.#base += scanner.position;
    this.#line = scanner.line;
    this.#text = text.slice(scanner.position);
    if (last || this.#text.length <= MAX_RECORD) return;
    const message = `expected a closing quote, got none in ${MAX_RECORD} characters`;
    throw scanner.error(scanner.line, 1, message, scanner.position);
  }

  /** The rows read since the last table, with the remarks about them. */
  takeTable(): CsvTable {
    this.#remarkOnSkipped();
    const table = new CsvTable(
      this.#name,
      this.#columns,
      this.#cells.finish(),
      { lines: Uint32Array.from(this.#lines), offsets: Float64Array.from(this.#offsets) },
      { decimal: this.#dialect?.decimal ?? ".", remarks: this.#remarks },
    );
    this.#cells = new CsvCells();
    this.#lines = [];
    this.#offsets = [];
    this.#remarks = [];
    return table;
  }

  /** Adds remarks about the lines that were skipped since the last table. */
  #remarkOnSkipped(): void {
    const lines = (count: number): string => `${count} line${count === 1 ? "" : "s"}`;
    const blank = this.#blankRows;
    if (blank > 0) this.remark({ text: `skipped ${blank} blank row${blank === 1 ? "" : "s"}` });
    const repeated = this.#repeatedHeaders;
    if (repeated > 0)
      this.remark({ text: `skipped ${lines(repeated)} in which the header stands again` });
    const { texts = [] } = this.#footer ?? {};
    if (texts.length > 0)
      this.remark({ text: `left out ${lines(texts.length)} at the end: ${show(texts[0])}` });
    this.#blankRows = 0;
    this.#repeatedHeaders = 0;
  }

  /** Adds a remark about the file to the next table. */
  remark(remark: Remark | undefined): void {
    if (remark !== undefined) this.#remarks.push(remark);
  }

  /** The scanner at the first row of the text; undefined when the header has not ended yet. */
  #prepare(text: string, last: boolean): CsvScanner | undefined {
    const known = this.#scanner;
    if (known !== undefined) {
      known.text = text;
      known.final = last;
      known.base = this.#base;
      known.position = 0;
      return known;
    }
    const dialect = detectDialect(text, this.#options);
    const scanner = new CsvScanner(this.#name, text, dialect);
    scanner.final = last;
    scanner.position = dialect.begin.position;
    scanner.line = dialect.begin.line;
    if (!this.#readHeader(scanner, dialect)) return undefined;
    this.#remarks.push(...dialect.remarks);
    this.#dialect = dialect;
    this.#scanner = scanner;
    return scanner;
  }

  /** Reads the column names, up to the first row. False when they have not ended. */
  #readHeader(scanner: CsvScanner, dialect: Dialect): boolean {
    if (!scanner.toRecord())
      throw scanner.error(1, 1, "expected a header or a row of cells, got nothing", 0);
    const { position, line } = scanner;
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
      if (names.length > 1)
        this.#headerText = scanner.text.slice(position, scanner.position).trim();
      if (dialect.extraCell === "first") names.unshift(ROW_NAMES);
      this.#columns = distinctNames(names, dialect.remarks);
      return true;
    }
    scanner.position = position;
    scanner.line = line;
    this.#columns = names.map((_, j) => `column_${j + 1}`);
    return true;
  }

  #readRows(scanner: CsvScanner): void {
    const cells = this.#cells;
    const width = this.#columns.length;
    if (cells.length === 0) this.#begin = scanner.base + scanner.position;
    while (scanner.toRecord()) {
      const { line, position } = scanner;
      const first = cells.length;
      const count = this.#readCells(scanner);
      if (scanner.incomplete) {
        cells.truncate(first);
        scanner.position = position;
        scanner.line = line;
        return;
      }
      const isBlank = this.#isBlank && (width > 1 || count > 1);
      if (isBlank) this.#blankRows++;
      const isHeader = this.#repeatsHeader(scanner, position);
      if (isHeader) this.#repeatedHeaders++;
      if (isBlank || isHeader || !this.#fits(scanner, count, { line, position })) {
        cells.truncate(first);
        continue;
      }
      if (this.#footer !== undefined) throw this.#footer.error;
      this.#nextRecordLine = scanner.line;
      if (count > width) cells.truncate(first + width);
      this.#lines.push(line);
      this.#offsets.push(scanner.base + position);
    }
  }

  /** Reads the cells of a record and returns their number. */
  #readCells(scanner: CsvScanner): number {
    const cells = this.#cells;
    let count = 0;
    let isBlank = true;
    do {
      if (cells.length === cells.capacity) {
        const read = scanner.base + scanner.position - this.#begin;
        const total = read + scanner.text.length - scanner.position + this.#following;
        cells.reserve(nextCapacity(cells.length, read, total));
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

  /** Whether the record that was just read has the right number of cells; false for a comment. */
  #fits(scanner: CsvScanner, count: number, at: { line: number; position: number }): boolean {
    const width = this.#columns.length;
    if (count === width) return true;
    const isTrailing = this.#dialect!.extraCell === "last" && count === width + 1;
    if (isTrailing && scanner.value !== scanner.value && scanner.string === "") return true;
    if (scanner.text[at.position] === "#") return false;
    const error = this.#wrongWidth(scanner, count, at);
    const text = scanner.text.slice(at.position, scanner.position).trim();
    if (!this.#mayBeFooter(count, at.line, text)) throw this.#footer?.error ?? error;
    this.#footer ??= { texts: [], error };
    this.#footer.texts.push(text);
    return false;
  }

  /**
   * Whether a record that is too short may stand below the table, as a total or a source: it is one
   * text alone or comes after a blank line. It is one if no row follows.
   */
  #mayBeFooter(count: number, line: number, text: string): boolean {
    const width = this.#columns.length;
    if (count >= width || this.#nextRecordLine === 0 || !WORD().test(text)) return false;
    if (this.#footer !== undefined) return this.#footer.texts.length < MAX_FOOTER;
    return (count === 1 && width > 2) || line > this.#nextRecordLine;
  }

  /** Whether the record from `position`, which has been read, is the first line again. */
  #repeatsHeader({ text, position: end }: CsvScanner, position: number): boolean {
    const header = this.#headerText;
    if (header === "" || !text.startsWith(header, position)) return false;
    return text.slice(position, end).trim() === header;
  }

  #wrongWidth(
    scanner: CsvScanner,
    count: number,
    { line, position }: { line: number; position: number },
  ): FormatError {
    const width = this.#columns.length;
    const { delimiter } = this.#dialect!;
    const message = `expected ${width} cells as in the first line, got ${count}`;
    const hint =
      count > width ? `; a cell that contains the delimiter ${show(delimiter)} needs quotes` : "";
    return scanner.error(line, Math.min(count, width) + 1, message + hint, position);
  }
}

/**
 * The number of cells to make room for: extrapolated from the cells per character so far, at least
 * 1.5 times the number there are.
 */
function nextCapacity(count: number, read: number, total: number): number {
  if (count < 1024) return 2048;
  return Math.ceil(Math.max(1.02 * count * (total / read), 1.5 * count));
}
