// Which kind of CSV a file is, decided by its first lines: what separates the cells, how decimal
// numbers are written, and whether the first line names the columns. Every decision that the
// caller did not make becomes a remark unless it is the usual case.

import { show } from "../../base/checks.ts";
import { counted } from "../../base/counted.ts";
import { type DecimalPoint, readNumberText } from "../../base/number-text.ts";
import type { AddRemark } from "../../base/table.ts";
import {
  BLANKS,
  type Cell,
  chooseDelimiter,
  DECIMAL_COMMA,
  DELIMITERS,
  recordAt,
  sampleRecords,
  sniffDelimiter,
  withoutUnit,
} from "./delimiter.ts";
import type { TextPlace } from "./scanner.ts";

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
  begin: TextPlace;
  /** Whether the rows have one cell more than the header: an empty last one, or a first one. */
  extraCell: "none" | "last" | "first";
};

/** The dialect of a file that begins with `text`, which holds at least its first record. */
export function detectDialect(text: string, options: DialectOptions, remark: AddRemark): Dialect {
  const preamble = readPreamble(text, remark);
  const begin = skipToHeader(text, preamble, options, remark);
  const { position } = begin;
  const delimiter =
    options.delimiter ?? preamble.delimiter ?? chooseDelimiter(text, position, remark);
  let records = sampleRecords(text, position, { delimiter });
  const decimal = options.decimal ?? sniffDecimal(records, delimiter);
  if (decimal === ",") {
    records = sampleRecords(text, position, { delimiter, decimal });
    if (options.decimal === undefined)
      remark("decimal numbers are written with a comma", "--decimal ,");
  }
  const [first = [], ...rows] = records;
  const header = options.header ?? sniffHeader(first, rows, options.expected, remark);
  const extraCell = header ? sniffExtraCell(first.length, rows, remark) : "none";
  return { delimiter, decimal, comments: preamble.comments, header, begin, extraCell };
}

/** What stands before the table: a byte order mark, `sep=;`, and lines of comments. */
function readPreamble(
  text: string,
  remark: AddRemark,
): TextPlace & { comments: boolean; delimiter: string | undefined } {
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
    if (comment !== undefined) {
      if (namesColumns(comment, text.slice(after, after + 1000))) {
        position += HASH.exec(comment)![0].length;
        break;
      }
      comments++;
    }
    position = after;
    line++;
  }
  if (comments > 0) remark(`skipped ${counted(comments, "comment line")} at the top`);
  return { position, line, comments: comments > 0, delimiter: separator?.[1] };
}

const HASH = /^#\s*/;
const SEARCHED_LINES = 20; // above a header, as a spreadsheet's title and remarks take

/**
 * Where the header begins: at the first of a few lines that holds a name that is needed, when the
 * very first line holds none; else where the text begins. Below the first line it holds no number.
 */
function skipToHeader(
  text: string,
  { position, line }: TextPlace,
  { expected = [], header, delimiter }: DialectOptions,
  remark: AddRemark,
): TextPlace {
  const begin = { position, line };
  if (header === false || expected.length === 0) return begin;
  const names = new Set(expected.map((name) => name.trim()));
  const delimiters = delimiter === undefined ? [...DELIMITERS, BLANKS] : [delimiter];
  const lineEnd = /\r\n|\n|\r/g;
  for (let at = position, skipped = 0; skipped < SEARCHED_LINES; skipped++) {
    lineEnd.lastIndex = at;
    const found = lineEnd.exec(text);
    if (found === null) break;
    const isHeader = (each: string): boolean => {
      const cells = recordAt(text, at, each);
      const hasName = cells.some((cell) => names.has(cell.text));
      const isTitle = cells.length === 1 || cells.some(({ isNumber }) => isNumber);
      return hasName && (skipped === 0 || !isTitle);
    };
    const isEmpty = text.slice(at, found.index).trim() === "";
    if (!isEmpty && delimiters.some(isHeader)) {
      if (skipped === 0) return begin;
      const [first] = text
        .slice(position, position + 200)
        .trim()
        .split(/[\r\n]/);
      remark(`skipped ${counted(skipped, "line")} above the header: ${show(first)}`);
      return { position: at, line: line + skipped };
    }
    at = lineEnd.lastIndex;
  }
  return begin;
}

/** Whether a line that begins with # is the header: as many cells as the numbers after it. */
function namesColumns(line: string, after: string): boolean {
  const delimiter = sniffDelimiter(after);
  const names = recordAt(line.replace(HASH, ""), 0, delimiter);
  const next = recordAt(after, 0, delimiter);
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
  remark: AddRemark,
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
  remark(
    "the first line is data, since its cells occur again below; the columns are column_1, …",
    "--no-header",
  );
  return false;
}

/** Whether every row has one cell more than the header, and which. */
function sniffExtraCell(
  width: number,
  rows: readonly Cell[][],
  remark: AddRemark,
): Dialect["extraCell"] {
  if (rows.length === 0 || !rows.every(({ length }) => length === width + 1)) return "none";
  if (rows.every((row) => row[width].text === "" && !row[width].quoted)) {
    remark("every row ends with a delimiter that the header lacks");
    return "last";
  }
  remark('the header lacks a name for the first column, which is called "row_names"');
  return "first";
}
