// What the cells of one column are, counted in one pass over all rows.

import { isDecimal } from "../base/decimals.ts";
import type { Table } from "../base/table.ts";
import type { IsMissing } from "./missing.ts";

// Different texts that are counted; a column with more of them names things.
const MAX_TEXTS = 100_000;

// A number whose spelling says more than its value, such as 007.
const IDENTIFIER = /^[+-]?(?:0\d+|\d{16,})$/;

/** The cells of a column by kind. Every cell is missing, a number or a text. */
export type ColumnScan = {
  rows: number;
  missing: number;
  numbers: number;
  /** The first number written in another way than a decimal number, such as 1,234 or TRUE. */
  unusual: string | undefined;
  min: number;
  max: number;
  /** Whether all numbers are integers, and whether each is greater than the one before. */
  integers: boolean;
  increasing: boolean;
  /** The different texts with their numbers of cells, and the first row that holds each. */
  texts: Map<string, { count: number; row: number }>;
};

/** Scans column `index`. Identifiers such as 007 count as texts. */
export function scanColumn(table: Table, index: number, isMissing: IsMissing): ColumnScan {
  const scan: ColumnScan = {
    rows: table.rowCount,
    missing: 0,
    numbers: 0,
    unusual: undefined,
    min: Infinity,
    max: -Infinity,
    integers: true,
    increasing: true,
    texts: new Map(),
  };
  let last = -Infinity;
  for (let row = 0; row < scan.rows; row++) {
    if (!table.isNumber(row, index) && !addText(table, row, index, isMissing, scan)) continue;
    const value = table.number(row, index);
    scan.numbers++;
    if (value < scan.min) scan.min = value;
    if (value > scan.max) scan.max = value;
    scan.integers &&= value % 1 === 0;
    scan.increasing &&= value > last;
    last = value;
  }
  keepMinusBesidePlus(scan, isMissing);
  return scan;
}

/** Counts a cell that is no plain number. True when it is a number written in another way. */
function addText(
  table: Table,
  row: number,
  index: number,
  isMissing: IsMissing,
  scan: ColumnScan,
): boolean {
  const text = table.text(row, index);
  if (isMissing(text)) {
    scan.missing++;
    if (text === "-") countText(scan, text, row);
    return false;
  }
  const value = table.number(row, index);
  if (value === value && !IDENTIFIER.test(text)) {
    if (!isDecimal(text)) scan.unusual ??= text;
    return true;
  }
  countText(scan, text, row);
  return false;
}

function countText(scan: ColumnScan, text: string, row: number): void {
  const known = scan.texts.get(text);
  if (known !== undefined) known.count++;
  else if (scan.texts.size <= MAX_TEXTS) scan.texts.set(text, { count: 1, row });
}

/** A minus is a value of its own where there is a plus, and a missing cell elsewhere. */
function keepMinusBesidePlus(scan: ColumnScan, isMissing: IsMissing): void {
  const minus = scan.texts.get("-");
  if (minus === undefined || !isMissing("-")) return;
  if (scan.texts.has("+")) scan.missing -= minus.count;
  else scan.texts.delete("-");
}

/** The different cells of a column that are not missing, with their numbers. */
export function countCells(
  table: Table,
  index: number,
  isMissing: IsMissing,
  rows?: ArrayLike<number>,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i < (rows?.length ?? table.rowCount); i++) {
    const text = table.text(rows?.[i] ?? i, index);
    if (!isMissing(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** How many different numbers a column holds; counting ends beyond `limit`. */
export function countNumbers(table: Table, index: number, limit: number): number {
  const seen = new Set<number>();
  for (let row = 0; row < table.rowCount && seen.size <= limit; row++) {
    const value = table.number(row, index);
    if (value === value) seen.add(value);
  }
  return seen.size;
}
