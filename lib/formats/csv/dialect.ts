// Which kind of CSV a file is, decided by its first lines: what separates the cells, how decimal
// numbers are written, and whether the first line names the columns. Every decision that the
// caller did not make becomes a remark unless it is the usual case.

import { type DecimalPoint, readNumberText } from "../../base/number-text.ts";
import type { Remark } from "../../base/table.ts";
import { type CellSyntax, CsvScanner } from "./scanner.ts";

/** What the caller already knows about a file. */
export type DialectOptions = {
  delimiter?: string | undefined;
  decimal?: DecimalPoint | undefined;
  header?: boolean | undefined;
  /** Names of columns that are needed: when the first line holds one, it is the header. */
  expected?: readonly string[] | undefined;
};

export type Dialect = {
  delimiter: string;
  decimal: DecimalPoint;
  comments: boolean;
  header: boolean;
  /** Where in the text the header or the first row begins, and on which line. */
  begin: { position: number; line: number };
  /** Whether the rows have one cell more than the header: an empty last one, or a first one. */
  extraCell: "none" | "last" | "first";
  remarks: Remark[];
};

/** A cell of the sample. */
type Cell = { text: string; isNumber: boolean; quoted: boolean };

const SAMPLE_LENGTH = 1 << 16;
const SAMPLE_RECORDS = 100;
const DELIMITERS = [",", ";", "\t", "|"];
const BLANKS = " ";

/** The dialect of a file that begins with `text`, which holds at least its first record. */
export function detectDialect(text: string, options: DialectOptions): Dialect {
  const remarks: Remark[] = [];
  const preamble = readPreamble(text, remarks);
  const { position } = preamble;
  const delimiter = options.delimiter ?? preamble.delimiter ?? sniffDelimiter(text, position);
  let records = sampleRecords(text, position, { delimiter });
  const decimal = options.decimal ?? sniffDecimal(records, delimiter);
  if (decimal === ",") {
    records = sampleRecords(text, position, { delimiter, decimal });
    if (options.decimal === undefined)
      remarks.push({ text: "decimal numbers are written with a comma", option: "--decimal ," });
  }
  const [first = [], ...rows] = records;
  const header = options.header ?? sniffHeader(first, rows, options.expected, remarks);
  return {
    delimiter,
    decimal,
    comments: preamble.comments,
    header,
    begin: { position: preamble.position, line: preamble.line },
    extraCell: header ? sniffExtraCell(first.length, rows, remarks) : "none",
    remarks,
  };
}

/** What stands before the table: a byte order mark, `sep=;`, and lines of comments. */
function readPreamble(
  text: string,
  remarks: Remark[],
): { position: number; line: number; comments: boolean; delimiter: string | undefined } {
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  const head = text.slice(position, position + 64);
  const separator = /^"?sep=([^"\r\n])"?(?:\r\n|\n|\r)/i.exec(head);
  if (separator !== null) {
    position += separator[0].length;
    line++;
  }
  let comments = 0;
  const skipped = /(#[^\r\n]*)?(?:\r\n|\n|\r)/y; // an empty line or a comment
  for (;;) {
    skipped.lastIndex = position;
    const found = skipped.exec(text);
    if (found === null) break;
    const [, comment] = found;
    const after = skipped.lastIndex;
    if (comment !== undefined && namesColumns(comment, text.slice(after, after + 1000))) {
      position += /^#\s*/.exec(comment)![0].length;
      break;
    }
    if (comment !== undefined) comments++;
    position = after;
    line++;
  }
  if (comments > 0)
    remarks.push({
      text: `skipped ${comments} comment line${comments === 1 ? "" : "s"} at the top`,
    });
  return { position, line, comments: comments > 0, delimiter: separator?.[1] };
}

/** Whether a line that begins with # is the header: as many cells as the numbers after it. */
function namesColumns(line: string, after: string): boolean {
  const delimiter = sniffDelimiter(after);
  const names = sampleRecords(line.replace(/^#\s*/, ""), 0, { delimiter })[0] ?? [];
  const next = sampleRecords(after, 0, { delimiter })[0] ?? [];
  return names.length > 1 && names.length === next.length && next.some((cell) => cell.isNumber);
}

/**
 * The first records after `begin`, as far as they end within the sample; the very first one in any
 * case. The scanner gets the whole text: with slices of it, it would become slower for all cells.
 */
function sampleRecords(text: string, begin: number, syntax: CellSyntax): Cell[][] {
  const records: Cell[][] = [];
  const scanner = new CsvScanner("", text, syntax);
  const end = begin + SAMPLE_LENGTH;
  scanner.position = begin;
  try {
    while (records.length < SAMPLE_RECORDS && scanner.position < end && scanner.toRecord()) {
      const record: Cell[] = [];
      const isComment = text[scanner.position] === "#" && records.length > 0;
      do {
        scanner.cell(record.length + 1);
        const { spelling, value, quoted } = scanner;
        record.push({ text: spelling, isNumber: value === value, quoted });
      } while (!scanner.last);
      if (scanner.position > end && records.length > 0) break;
      if (!isComment) records.push(record);
    }
  } catch {
    // The reader will say what is wrong, with its place.
  }
  return records;
}

/**
 * The delimiter that gives all first records the same number of cells, and the most of them; else
 * the one most frequent in the first record; else the comma. A run of blanks is one when no other
 * is.
 */
export function sniffDelimiter(text: string, begin = 0): string {
  // Scanning for a delimiter that does not occur would also cost the scanner's fast path.
  const sample = text.slice(begin, begin + SAMPLE_LENGTH);
  const samples = DELIMITERS.filter((each) => sample.includes(each)).map((delimiter) => {
    const records = sampleRecords(text, begin, { delimiter });
    return { delimiter, records, width: steadyWidth(records) };
  });
  const steady = samples.filter(({ width }) => width > 1);
  steady.sort((a, b) => b.width - a.width);
  const decimalComma = steady.find(
    ({ delimiter, records }) => delimiter !== "," && hasOnlyDecimalCommas(records),
  );
  if (decimalComma !== undefined) return decimalComma.delimiter;
  if (steady.length > 0) return steady[0].delimiter;
  const blanks = sampleRecords(text, begin, { delimiter: BLANKS });
  const width = steadyWidth(blanks);
  if (blanks.length > 1 && width > (blanks[0].length < width ? 2 : 1)) return BLANKS;
  const widths = samples.map(({ records }) => records[0]?.length ?? 0);
  const most = Math.max(...widths);
  return most > 1 ? samples[widths.indexOf(most)].delimiter : ",";
}

/** The width that all records share, the first one may be one cell shorter; else 0. */
function steadyWidth(records: readonly Cell[][]): number {
  if (records.length === 0) return 0;
  const width = records.at(-1)!.length;
  const [first, ...rest] = records;
  const isSteady = first.length === width || (first.length === width - 1 && width > 2);
  return isSteady && rest.every(({ length }) => length === width) ? width : 0;
}

const DECIMAL_COMMA = /^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+$/;

/** Whether there are commas inside the cells, and all of them are those of decimal numbers. */
function hasOnlyDecimalCommas(records: readonly Cell[][]): boolean {
  const cells = records.flat().filter(({ text, quoted }) => !quoted && text.includes(","));
  return cells.length > 0 && cells.every(({ text }) => DECIMAL_COMMA.test(withoutUnit(text)));
}

/** The text without a currency sign, a percent sign or a short unit around it. */
function withoutUnit(text: string): string {
  return text.replace(/^\p{Sc} ?|\s?(?:[%\p{Sc}]|(?<=\d\s?)[\p{L}°]{1,5})$/gu, "");
}

/** A comma where cells say so, and more often than cells with a decimal point. */
function sniffDecimal(records: readonly Cell[][], delimiter: string): DecimalPoint {
  let commas = 0;
  let groups = 0;
  let undecided = 0;
  let points = 0;
  for (const { text: spelling, isNumber } of records.flat()) {
    const text = withoutUnit(spelling);
    if (isNumber) points += text.includes(".") && !/^[+-]?\d{1,3}\.\d{3}$/.test(text) ? 1 : 0;
    else if (/^[+-]?\d{1,3},\d{3}$/.test(text)) undecided++;
    else if (DECIMAL_COMMA.test(text) || /^[+-]?\d{1,3}(?:\.\d{3}){2,}$/.test(text)) commas++;
    else if (text.includes(",") && readNumberText(text) !== undefined) groups++;
  }
  const undecidedIsDecimal = delimiter === ";" && groups === 0 && points === 0;
  if (undecidedIsDecimal) commas += undecided;
  return commas > points + groups ? "," : ".";
}

const GENERATED = /^column_\d+$/;
const RECURRING = 0.9; // share of the first line's cells that occur again below, in words

/** Whether the first line names the columns. */
function sniffHeader(
  first: readonly Cell[],
  rows: readonly Cell[][],
  expected: readonly string[] = [],
  remarks: Remark[],
): boolean {
  const texts = new Set(first.map(({ text }) => text));
  if (expected.some((name) => texts.has(name.trim()))) return true;
  if (expected.length > 0 && expected.every((name) => GENERATED.test(name))) return false;
  if (first.some(({ isNumber, quoted }) => isNumber && !quoted)) return false;
  const named = first.filter(({ text }) => text !== "");
  const recurs = first.filter(
    ({ text }, j) => text !== "" && rows.some((row) => row[j]?.text === text),
  );
  if (rows.length < 3 || recurs.length < RECURRING * named.length) return true;
  remarks.push({
    text: "the first line is data, since its cells occur again below; the columns are column_1, …",
    option: "--no-header",
  });
  return false;
}

/** Whether every row has one cell more than the header, and which. */
function sniffExtraCell(
  width: number,
  rows: readonly Cell[][],
  remarks: Remark[],
): Dialect["extraCell"] {
  if (rows.length === 0 || !rows.every(({ length }) => length === width + 1)) return "none";
  if (rows.every((row) => row[width].text === "" && !row[width].quoted)) {
    remarks.push({ text: "every row ends with a delimiter that the header lacks" });
    return "last";
  }
  remarks.push({
    text: 'the header lacks a name for the first column, which is called "row_names"',
  });
  return "first";
}
