// What separates the cells of a CSV text, decided by its first records, and these records for
// others who decide about the text.

import { show } from "../../base/checks.ts";
import { lazyPattern } from "../../base/lazy-pattern.ts";
import type { AddRemark } from "../../base/table.ts";
import { type CellSyntax, CsvScanner } from "./scanner.ts";

/** A cell of the sample. */
export type Cell = { text: string; isNumber: boolean; quoted: boolean };

const SAMPLE_LENGTH = 1 << 16;
const SAMPLE_RECORDS = 100;
export const DELIMITERS = [",", ";", "\t", "|"];
export const BLANKS = " ";
// Tried when no other delimiter is there; \x01 and \x1f are those of Hive and of ASCII.
const UNUSUAL = ["^", "~", ":", "\xa6", "\x01", "\x1f"];

/** The delimiter that the text uses; an unusual one is a remark. */
export function chooseDelimiter(text: string, begin: number, remark: AddRemark): string {
  const delimiter = sniffDelimiter(text, begin);
  const option = delimiter < " " ? undefined : `--delimiter "${delimiter}"`;
  if (UNUSUAL.includes(delimiter)) remark(`the cells are separated by ${show(delimiter)}`, option);
  return delimiter;
}

/**
 * The first records after `begin`, at most `count` and as far as they end within the sample; the
 * very first one in any case. The scanner gets the whole text: with slices of it, it would become
 * slower for all cells.
 */
export function sampleRecords(
  text: string,
  begin: number,
  syntax: CellSyntax,
  count = SAMPLE_RECORDS,
): Cell[][] {
  const records: Cell[][] = [];
  const scanner = new CsvScanner("", text, syntax);
  const end = begin + SAMPLE_LENGTH;
  scanner.position = begin;
  try {
    while (records.length < count && scanner.position < end && scanner.toRecord()) {
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

/** The record at `begin`; no cells if there is none. */
export function recordAt(text: string, begin: number, delimiter: string): Cell[] {
  return sampleRecords(text, begin, { delimiter }, 1)[0] ?? [];
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
  const unusual = UNUSUAL.filter((each) => samples.length === 0 && sample.includes(each)).find(
    (each) => isTableOf(sampleRecords(text, begin, { delimiter: each })),
  );
  if (unusual !== undefined) return unusual;
  const widths = samples.map(({ records }) => records[0]?.length ?? 0);
  const most = Math.max(...widths);
  return most > 1 ? samples[widths.indexOf(most)].delimiter : ",";
}

/** Whether there are several records, all of the same width, which is not 1. */
function isTableOf(records: readonly Cell[][]): boolean {
  const width = steadyWidth(records);
  return width > 1 && records.length > 1 && records[0].length === width;
}

/** The width that all records share, the first one may be one cell shorter; else 0. */
function steadyWidth(records: readonly Cell[][]): number {
  if (records.length === 0) return 0;
  const width = records.at(-1)!.length;
  const [first, ...rest] = records;
  const isSteady = first.length === width || (first.length === width - 1 && width > 2);
  return isSteady && rest.every(({ length }) => length === width) ? width : 0;
}

export const DECIMAL_COMMA = /^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+$/;

/** Whether there are commas inside the cells, and all of them are those of decimal numbers. */
function hasOnlyDecimalCommas(records: readonly Cell[][]): boolean {
  const cells = records.flat().filter(({ text, quoted }) => !quoted && text.includes(","));
  return cells.length > 0 && cells.every(({ text }) => DECIMAL_COMMA.test(withoutUnit(text)));
}

const UNIT = lazyPattern(
  String.raw`^\p{Sc} ?|\s?(?:[%\p{Sc}]|(?<=\d\s?)[\p{L}\u00b0]{1,5})$`,
  "gu",
);

/** The text without a currency sign, a percent sign or a short unit around it. */
export function withoutUnit(text: string): string {
  return text.replace(UNIT(), "");
}
