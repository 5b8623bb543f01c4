// CSV as RFC 4180 has it, and as people write it:
//   file   = [BOM] record (line-end record)* [line-end] line-end = CRLF | LF | CR; empty lines are
//          no records
//   record = cell (delimiter cell)*                          every record has as many cells as the
//                                         first
//   cell   = quoted | plain
//   quoted = '"' (any character, '""' for a quote)* '"'      may contain delimiters and line ends
//   plain  = characters other than the delimiter and line ends; a quote inside is a character like
//          any other
// The delimiter is , ; tab or | (or what the caller says); the first record may name the columns.
// Blanks belong to a cell's text, but do not keep it from being a number.
//
// Refused: records of other lengths, a quote that is not closed or has text after it, NUL
// characters, bytes that are not in the encoding, no records at all, a column name given twice,
// more than 2^20 columns. Memory grows with the cells that are there, by 8 bytes each, and with the
// distinct strings; never with what a header promises.

import { checkOptions, show } from "../../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../../base/errors.ts";
import { CsvScanner } from "./scanner.ts";
import { CsvCells, CsvTable } from "./table.ts";
import { decodeText } from "./text-decoding.ts";

/** How a CSV text is read; every option has a default. */
export type CsvOptions = {
  /** The file's name, for messages; default "csv". */
  name?: string;
  /** One character; default the one of `,` `;` tab `|` that the first lines use. */
  delimiter?: string;
  /**
   * Whether the first record names the columns; default: it does unless it holds a number out of
   * quotes.
   */
  header?: boolean;
  /** Of bytes: a label TextDecoder knows; default by byte order mark, else UTF-8. */
  encoding?: string;
};

/**
 * Reads a CSV text (RFC 4180), or the bytes of one, into a table. A header alone gives a table of
 * no rows. Throws FormatError `name:line:column: …` for records of other lengths than the first, a
 * quote that is not closed or has text after it, NUL characters, bytes that are not in the
 * encoding, no records at all and a column name given twice; TypeError or RangeError for wrong
 * options. A FormatError's `offset` counts UTF-16 units of the text, or bytes when they are not in
 * the encoding.
 * @example
 * const fruit = parseCsv('kind;weight\nplum;3\n"pear, ripe";8.5\n');
 * console.log(fruit.columns.join(), fruit.rowCount, fruit.text(1, 0), fruit.number(1, 1));
 * // kind,weight 2 pear, ripe 8.5
 */
export function parseCsv(input: string | Uint8Array, options: CsvOptions = {}): CsvTable {
  checkCsvOptions(options);
  if (typeof input !== "string" && !(input instanceof Uint8Array)) {
    throw new ArgumentTypeError(`parseCsv: expected a string or a Uint8Array, got ${show(input)}`);
  }
  const name = options.name ?? "csv";
  const text = typeof input === "string" ? input : decodeText("csv", name, input, options.encoding);
  const scanner = new CsvScanner(name, text, options.delimiter ?? sniffDelimiter(text));
  if (!scanner.toRecord())
    throw scanner.error(1, 1, "expected a header or a row of cells, got nothing", 0);
  const columns = readHeader(scanner, options.header);
  return readRows(scanner, columns);
}

function checkCsvOptions(options: CsvOptions): void {
  checkOptions("parseCsv", options, ["name", "delimiter", "header", "encoding"]);
  const { name, delimiter, header, encoding } = options;
  for (const [key, value] of Object.entries({ name, encoding })) {
    if (value !== undefined && typeof value !== "string")
      throw new ArgumentTypeError(`parseCsv: ${key} expected a string, got ${show(value)}`);
  }
  if (
    delimiter !== undefined &&
    (typeof delimiter !== "string" ||
      delimiter.length !== 1 ||
      /[\p{L}\p{N}"+.\r\n\0-]/u.test(delimiter))
  ) {
    const message = `parseCsv: delimiter expected one character that is no letter, digit, quote, sign, point or line end, got ${show(delimiter)}`;
    throw typeof delimiter === "string"
      ? new ArgumentRangeError(message)
      : new ArgumentTypeError(message);
  }
  if (header !== undefined && typeof header !== "boolean")
    throw new ArgumentTypeError(`parseCsv: header expected true or false, got ${show(header)}`);
}

const DELIMITERS = [",", ";", "\t", "|"];
const SNIFFED_LINES = 10;
// beyond, the first line is no table's: a Map of its names ends at 2^24
const MAX_COLUMNS = 2 ** 20;

/**
 * The candidate that occurs equally often, and most often, in each of the first lines; else the one
 * most frequent in the first line; else the comma. Quoted stretches do not count.
 */
export function sniffDelimiter(text: string): string {
  const lines: number[][] = [];
  let counts = DELIMITERS.map(() => 0);
  let empty = true;
  let quoted = false;
  for (let i = 0; i <= text.length && lines.length < SNIFFED_LINES; i++) {
    const code = text.charCodeAt(i); // NaN at the end
    if (code === 34) quoted = !quoted;
    if (code !== code || (!quoted && (code === 10 || code === 13))) {
      if (!empty) lines.push(counts);
      counts = DELIMITERS.map(() => 0);
      empty = true;
    } else {
      empty = false;
      if (quoted) continue;
      for (let d = 0; d < DELIMITERS.length; d++)
        if (code === DELIMITERS[d].charCodeAt(0)) counts[d]++;
    }
  }
  const first = lines[0] ?? counts;
  const steady = first.map((count, d) => (lines.every((line) => line[d] === count) ? count : 0));
  const votes = steady.some((count) => count > 0) ? steady : first;
  const most = Math.max(...votes);
  return most === 0 ? "," : DELIMITERS[votes.indexOf(most)];
}

/**
 * The column names. Leaves the scanner at the first row of cells, which is the first record when
 * that is no header.
 */
function readHeader(scanner: CsvScanner, header: boolean | undefined): string[] {
  const { position, line } = scanner;
  const names: string[] = [];
  const places: number[] = []; // line of each name
  let numbers = false;
  do {
    places.push(scanner.line);
    scanner.cell(names.length + 1);
    names.push(scanner.spelling);
    if (names.length > MAX_COLUMNS) {
      throw scanner.error(
        scanner.line,
        names.length,
        `expected at most ${MAX_COLUMNS} columns, got more; is the delimiter right?`,
        scanner.start,
      );
    }
    numbers ||= scanner.value === scanner.value && !scanner.quoted;
  } while (!scanner.last);
  if (!(header ?? !numbers)) {
    scanner.position = position;
    scanner.line = line;
    return names.map((_, j) => `column_${j + 1}`);
  }
  const seen = new Map<string, number>();
  for (let j = 0; j < names.length; j++) {
    if (names[j] === "") names[j] = `column_${j + 1}`;
    const twin = seen.get(names[j]);
    if (twin !== undefined) {
      const hint =
        header === undefined ? "; if the first line is no header, say header: false" : "";
      throw scanner.error(
        places[j],
        j + 1,
        `expected column names that differ, got ${show(names[j])} as in column ${twin + 1}${hint}`,
        position,
      );
    }
    seen.set(names[j], j);
  }
  return names;
}

function readRows(scanner: CsvScanner, columns: string[]): CsvTable {
  const cells = new CsvCells();
  const width = columns.length;
  const begin = scanner.position;
  const lines: number[] = [];
  const offsets: number[] = [];
  while (scanner.toRecord()) {
    const { line, position } = scanner;
    let count = 0;
    do {
      if (cells.length === cells.capacity)
        cells.reserve(
          nextCapacity(cells.length, scanner.position - begin, scanner.text.length - begin),
        );
      scanner.cell(++count);
      if (count > width) continue; // only counted
      if (scanner.value === scanner.value) cells.addNumber(scanner.value);
      else cells.addText(scanner.string);
    } while (!scanner.last);
    if (count !== width) {
      const at = Math.min(count, width) + 1;
      throw scanner.error(
        line,
        at,
        `expected ${width} cells as in the first line, got ${count}`,
        position,
      );
    }
    lines.push(line);
    offsets.push(position);
  }
  return new CsvTable(
    scanner.name,
    columns,
    cells.finish(),
    Uint32Array.from(lines),
    Uint32Array.from(offsets),
  );
}

/**
 * How many cells to make room for: what the text read so far foretells for the rest, at least half
 * as many again.
 */
function nextCapacity(count: number, read: number, total: number): number {
  if (count < 1024) return 2048;
  return Math.ceil(Math.max(1.02 * count * (total / read), 1.5 * count));
}

/**
 * One record without its line end: cells in quotes where they need them, numbers in JavaScript's
 * spelling. parseCsv reads it back.
 */
export function serializeCsvRecord(cells: readonly (string | number)[], delimiter = ","): string {
  checkCsvOptions({ delimiter });
  const record = cells
    .map((cell) => {
      const text = String(cell);
      return /["\r\n]/.test(text) || text.includes(delimiter)
        ? `"${text.replaceAll('"', '""')}"`
        : text;
    })
    .join(delimiter);
  return record === "" ? '""' : record; // an empty line would be no record
}
