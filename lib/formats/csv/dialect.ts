// Which kind of CSV a file is, decided by its first lines: what separates the cells, how decimal
// numbers are written, and whether the first line names the columns. Every decision that the
// caller did not make becomes a remark unless it is the usual case.

import { show } from "../../base/checks.ts";
import { type DecimalPoint, readNumberText } from "../../base/number-text.ts";
import type { Remark } from "../../base/table.ts";
import {
  BLANKS,
  type Cell,
  chooseDelimiter,
  DECIMAL_COMMA,
  DELIMITERS,
  sampleRecords,
  sniffDelimiter,
  withoutUnit,
} from "./delimiter.ts";

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

/** The dialect of a file that begins with `text`, which holds at least its first record. */
export function detectDialect(text: string, options: DialectOptions): Dialect {
  const remarks: Remark[] = [];
  const preamble = readPreamble(text, remarks);
  const begin = skipToHeader(text, preamble, options, remarks);
  const { position } = begin;
  const delimiter =
    options.delimiter ?? preamble.delimiter ?? chooseDelimiter(text, position, remarks);
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
    begin,
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

const SEARCHED_LINES = 20; // above a header, as a spreadsheet's title and remarks take

/**
 * Where the header begins: at the first of a few lines that holds a name that is needed, when the
 * very first line holds none; else where the text begins.
 */
function skipToHeader(
  text: string,
  { position, line }: { position: number; line: number },
  { expected = [], header, delimiter }: DialectOptions,
  remarks: Remark[],
): { position: number; line: number } {
  const begin = { position, line };
  if (header === false || expected.length === 0) return begin;
  const names = new Set(expected.map((name) => name.trim()));
  const delimiters = delimiter === undefined ? [...DELIMITERS, BLANKS] : [delimiter];
  const lineEnd = /\r\n|\n|\r/g;
  for (let at = begin.position, skipped = 0; skipped < SEARCHED_LINES; skipped++) {
    lineEnd.lastIndex = at;
    const found = lineEnd.exec(text);
    if (found === null) break;
    const content = text.slice(at, skipped === 0 ? recordEnd(text, at) : found.index);
    if (delimiters.some((each) => isHeaderWith(names, content, each, skipped))) {
      if (skipped === 0) return begin;
      const first = text
        .slice(position, position + 200)
        .trim()
        .split(/[\r\n]/)[0];
      const what = `skipped ${skipped} line${skipped === 1 ? "" : "s"} above the header`;
      remarks.push({ text: `${what}: ${show(first)}` });
      return { position: at, line: line + skipped };
    }
    at = lineEnd.lastIndex;
  }
  return begin;
}

/** Where the first line ends, or, where it ends within quotes, the line in which they end. */
function recordEnd(text: string, begin: number): number {
  const pattern = /"|\r\n|\n|\r/g;
  let isQuoted = false;
  let firstEnd: number | undefined;
  pattern.lastIndex = begin;
  for (let lines = 0; lines < SEARCHED_LINES; ) {
    const found = pattern.exec(text);
    if (found === null) break;
    if (found[0] === '"') {
      isQuoted = !isQuoted;
      continue;
    }
    firstEnd ??= found.index;
    if (!isQuoted) return found.index;
    lines++;
  }
  return firstEnd ?? text.length;
}

/** Whether a line holds one of the names; below the first line it must hold no number. */
function isHeaderWith(
  names: ReadonlySet<string>,
  line: string,
  delimiter: string,
  skipped: number,
): boolean {
  const [cells = []] = sampleRecords(line, 0, { delimiter });
  if (!cells.some(({ text }) => names.has(text))) return false;
  return skipped === 0 || (cells.length > 1 && !cells.some(({ isNumber }) => isNumber));
}

/** Whether a line that begins with # is the header: as many cells as the numbers after it. */
function namesColumns(line: string, after: string): boolean {
  const delimiter = sniffDelimiter(after);
  const names = sampleRecords(line.replace(/^#\s*/, ""), 0, { delimiter })[0] ?? [];
  const next = sampleRecords(after, 0, { delimiter })[0] ?? [];
  return names.length > 1 && names.length === next.length && next.some((cell) => cell.isNumber);
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
  // A line that is the first one again says nothing: it may be the header in the middle.
  const others = rows.filter((row) => row.some(({ text }, j) => text !== first[j]?.text));
  const recurs = first.filter(
    ({ text }, j) => text !== "" && others.some((row) => row[j]?.text === text),
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
