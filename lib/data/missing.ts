// Which cells count as missing, and what becomes of them. Empty cells do, and those that hold one
// of the usual texts for nothing.

import { show } from "../base/checks.ts";
import { isDecimal } from "../base/decimals.ts";
import type { Table } from "../base/table.ts";

export const MISSING = ["error", "drop", "mean"] as const;
/**
 * What a missing cell means: an error, that its row is left out ("drop"), or its column's mean, for
 * a category one of its own ("mean").
 */
export type Missing = (typeof MISSING)[number];

/** The texts that mean a missing cell unless the caller gives others; empty cells always do. */
export const MISSING_TEXTS: readonly string[] = (
  "NA|N/A|na|n/a|N/a|n.a.|N.A.|<NA>|<na>|NaN|nan|NAN|Nan|-nan|-NaN|null|NULL|Null|(null)|(NULL)|" +
  "<null>|<NULL>|nil|NIL|None|\\N|?|-|--|---|\u2013|\u2014|.|#N/A|#n/a|#N/A N/A|#NA|#DIV/0!|" +
  "#VALUE!|#REF!|#NAME?|#NUM!|#NULL!"
).split("|");

/** A cell's text as it should appear in a message. */
export function showCell(text: string): string {
  return text === "" ? "an empty cell" : show(text);
}

/** Whether a cell's text means that there is no value; `na` are the texts that do. */
export type IsMissing = (text: string) => boolean;

/**
 * The table with empty cells where it holds a number that `na` names, such as -999; the table
 * itself when `na` names none.
 */
export function emptyNumbers(table: Table, na: readonly string[] = []): Table {
  const numbers = new Set(na.filter((text) => isDecimal(text.trim())).map(Number));
  if (numbers.size === 0) return table;
  const isEmpty = (row: number, column: number): boolean => numbers.has(table.number(row, column));
  return {
    columns: table.columns,
    rowCount: table.rowCount,
    number: (row, column, unit) => (isEmpty(row, column) ? NaN : table.number(row, column, unit)),
    text: (row, column) => (isEmpty(row, column) ? "" : table.text(row, column)),
    isNumber: (row, column) => !isEmpty(row, column) && table.isNumber(row, column),
    error: (message, row, column) => table.error(message, row, column),
  };
}

/** The test for missing cells: an empty text, or one of `na`. */
export function missingTest(na: readonly string[] = MISSING_TEXTS): IsMissing {
  const texts = new Set(na.map((text) => text.trim()));
  return (text) => text === "" || texts.has(text);
}
