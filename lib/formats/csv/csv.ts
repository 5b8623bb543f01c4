// CSV as RFC 4180 has it, and as people write it:
//   file   = [BOM] ["sep=" delimiter line-end] (comment line-end)*
//            record (line-end record)* [line-end]
//   record = cell (delimiter cell)*      every record has as many cells as the first
//   cell   = quoted | plain              blanks around a cell do not belong to it
//   quoted = '"' (any character, '""' for a quote)* '"'
//            may contain delimiters, line ends and blanks
//   plain  = characters other than the delimiter and line ends; a quote inside is a character like
//            any other
//   line-end = CRLF | LF | CR
// Empty lines are no records, and a record of empty cells alone is skipped. The delimiter is , ;
// tab | or a run of blanks (or what the caller says); the first record may name the columns.
// dialect.ts tells these apart, and which rows end with one delimiter more than the header.
//
// Refused: records of other lengths, a quote that is not closed or has text after it, NUL
// characters, bytes that are not in the encoding, no records at all, more than 2^20 columns. Memory
// grows with the cells that are there, by 8 bytes each, and with the distinct strings; never with
// what a header promises.

import {
  checkChoice,
  checkFlag,
  checkOptions,
  checkTextOptions,
  checkTexts,
  show,
} from "../../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../../base/errors.ts";
import { lazyPattern } from "../../base/lazy-pattern.ts";
import type { DecimalPoint } from "../../base/number-text.ts";
import { isUint8Array } from "../../base/realms.ts";
import { linesLength, PIECE } from "./pieces.ts";
import { CsvReader } from "./reader.ts";
import type { CsvTable } from "./table.ts";

/** How a CSV text is read; every option has a default. */
export type CsvOptions = {
  /** The file's name, for messages; default "csv". */
  name?: string | undefined;
  /**
   * One character, where a blank stands for a run of blanks; default the one of `,` `;` tab `|` or
   * blanks that the first lines use.
   */
  delimiter?: string | undefined;
  /** The point of decimal numbers, "." or ","; default the one that the first lines use. */
  decimal?: DecimalPoint | undefined;
  /**
   * Whether the first record names the columns; default: it does unless it holds a number out of
   * quotes, or its cells occur again below it.
   */
  header?: boolean | undefined;
  /** Columns that are needed: when the first record holds one of these names, it is the header. */
  expected?: readonly string[] | undefined;
  /**
   * Of bytes: a label TextDecoder knows; default by byte order mark, else UTF-8, else windows-1252.
   */
  encoding?: string | undefined;
};

/**
 * Reads a CSV text (RFC 4180), or the bytes of one, into a table. A header alone gives a table of
 * no rows. Throws FormatError `name:line:column: …` for records of other lengths than the first, a
 * quote that is not closed or has text after it, NUL characters, bytes that are not in the encoding
 * and no records at all; TypeError or RangeError for wrong options. A FormatError's `offset` counts
 * UTF-16 units of the text, or bytes when they are not in the encoding.
 * @example
 * const fruit = parseCsv('kind;weight\nplum;3\n"pear, ripe";8.5\n');
 * console.log(fruit.columns.join(), fruit.rowCount, fruit.text(1, 0), fruit.number(1, 1));
 * // kind,weight 2 pear, ripe 8.5
 */
export function parseCsv(input: string | Uint8Array, options: CsvOptions = {}): CsvTable {
  checkCsvOptions(options);
  const reader = new CsvReader(options);
  if (typeof input === "string") reader.add(input);
  else if (isUint8Array(input)) addBytes(reader, input);
  else
    throw new ArgumentTypeError(`parseCsv: expected a string or a Uint8Array, got ${show(input)}`);
  reader.read(true);
  return reader.takeTable();
}

/** Adds the text of `bytes`, and reads all of it but the last piece. */
function addBytes(reader: CsvReader, bytes: Uint8Array): void {
  let rest = bytes;
  while (rest.length > PIECE) {
    const length = linesLength(rest.subarray(0, PIECE));
    reader.addBytes(rest.subarray(0, length), false);
    rest = rest.subarray(length);
    reader.read(false, rest.length);
  }
  reader.addBytes(rest, true);
}

export function checkCsvOptions(options: CsvOptions): void {
  const known = ["name", "delimiter", "decimal", "header", "expected", "encoding"];
  checkOptions("parseCsv", options, known);
  checkTextOptions("parseCsv", options, ["name", "delimiter", "encoding"]);
  const { delimiter = ",", decimal = ".", header, expected = [] } = options;
  checkChoice("parseCsv", "decimal", decimal, [".", ","]);
  checkFlag("parseCsv", "header", header);
  checkTexts("parseCsv", "expected", expected);
  if (delimiter.length === 1 && !NO_DELIMITER().test(delimiter)) return;
  const what = "one character that is no letter, digit, quote, sign, point or line end";
  throw new ArgumentRangeError(`parseCsv: delimiter expected ${what}, got ${show(delimiter)}`);
}

const NO_DELIMITER = lazyPattern(String.raw`[\p{L}\p{N}"+.\r\n\0-]`, "u");

/**
 * One record without its line end: cells in quotes where they need them, numbers in JavaScript's
 * spelling. parseCsv reads it back.
 */
export function serializeCsvRecord(cells: readonly (string | number)[], delimiter = ","): string {
  checkCsvOptions({ delimiter });
  // A record of empty cells alone would be skipped, and one that begins with # could be a comment.
  const isBlank = cells.every((cell) => cell === "");
  return cells
    .map((cell, j) => {
      const text = String(cell);
      const needsQuotes =
        /["\r\n]|^\s|\s$/.test(text) ||
        text.includes(delimiter) ||
        (j === 0 && (isBlank || text.startsWith("#")));
      return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(delimiter);
}
