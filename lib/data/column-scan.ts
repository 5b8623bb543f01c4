// What the cells of one column are, counted in one pass over all rows.

import { isDecimal } from "../base/decimals.ts";
import { isCurrency, unitOf } from "../base/number-text.ts";
import type { Table } from "../base/table.ts";
import type { IsMissing } from "./missing.ts";

// Different texts that are counted; a column with more of them names things.
const MAX_TEXTS = 100_000;

// A column of numbers with a unit may hold so many texts beside them, as a share.
const SLIP_SHARE = 0.1;

/** Whether a text is an integer whose spelling says more than its value, such as 007. */
export function isCode(text: string): boolean {
  return /^[+-]?(?:0\d+|\d{16,})$/.test(text);
}

/** What is in a column besides plain numbers. */
type OthersOfColumn = {
  missing: number;
  /** The first number written in another way than a decimal number, such as 1,234 or TRUE. */
  unusual: string | undefined;
  /** The unit that the numbers are written with, such as "cm"; undefined for none. */
  unit: string | undefined;
  /** The different texts with their numbers of cells, and the first row that holds each. */
  texts: Map<string, { count: number; row: number }>;
};

/** The cells of a column by kind. Every cell is missing, a number or a text. */
export type ColumnScan = { rows: number } & Omit<NumberScan, "add"> & OthersOfColumn;

/** Scans column `index` in the rows given. Codes such as 007 count as texts. */
export function scanColumn(
  table: Table,
  index: number,
  isMissing: IsMissing,
  rows: Int32Array,
): ColumnScan {
  const others: OthersOfColumn = {
    missing: 0,
    unusual: undefined,
    unit: undefined,
    texts: new Map(),
  };
  const numbers = new NumberScan();
  // an index is faster here than the iterator of a typed array
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (table.isNumber(row, index) || addText(table, row, index, isMissing, others))
      numbers.add(table.number(row, index), row);
  }
  const { texts } = others;
  // A minus is a value of its own where there is a plus, and a missing cell elsewhere.
  const minus = texts.get("-");
  if (minus !== undefined && isMissing("-")) {
    if (texts.has("+")) others.missing -= minus.count;
    else texts.delete("-");
  }
  const scan = { rows: rows.length, ...others, ...numbers };
  readUnit(table, index, scan, rows);
  return scan;
}

/** Counts a cell that is no plain number. True when it is a number written in another way. */
function addText(
  table: Table,
  row: number,
  index: number,
  isMissing: IsMissing,
  scan: OthersOfColumn,
): boolean {
  const { texts } = scan;
  const text = table.text(row, index);
  const isAbsent = isMissing(text);
  const value = isAbsent ? NaN : table.number(row, index);
  if (value === value && !isCode(text)) {
    if (!isDecimal(text)) scan.unusual ??= text;
    return true;
  }
  if (isAbsent) scan.missing++;
  if (isAbsent && text !== "-") return false;
  const known = texts.get(text);
  if (known !== undefined) known.count++;
  else if (texts.size <= MAX_TEXTS) texts.set(text, { count: 1, row });
  return false;
}

/** The numbers of a column, one after the other. */
class NumberScan {
  numbers = 0;
  /** The row of the first number. */
  firstRow = 0;
  min = Infinity;
  max = -Infinity;
  last = -Infinity;
  /** Whether all numbers are integers, and whether each is greater than the one before. */
  integers = true;
  increasing = true;

  add(value: number, row: number): void {
    if (this.numbers++ === 0) this.firstRow = row;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.integers &&= Number.isInteger(value);
    this.increasing &&= value > this.last;
    this.last = value;
  }
}

/**
 * Takes texts for numbers where all share one unit: "12 cm" and "9 cm", but not "12 cm" and "1 m",
 * and not "5 more" beside plain numbers. A currency may be left out in some cells.
 */
function readUnit(table: Table, index: number, scan: ColumnScan, rows: Int32Array): void {
  const unit = unitOfTexts(scan);
  if (unit === undefined) return;
  for (const [text] of scan.texts) {
    if (unitOf(text) !== unit) continue;
    scan.unusual ??= text;
    scan.texts.delete(text);
  }
  const numbers = new NumberScan();
  for (const row of rows) {
    const value = table.number(row, index, unit);
    if (value === value) numbers.add(value, row);
  }
  Object.assign(scan, numbers, { unit });
}

/** The unit of nearly all cells that are texts; undefined when they have none or several. */
function unitOfTexts({ texts, numbers, rows, missing }: ColumnScan): string | undefined {
  let unit: string | undefined;
  let others = 0;
  const allowed = SLIP_SHARE * (rows - missing);
  for (const [text, { count }] of texts) {
    const own = unitOf(text) || undefined;
    unit ??= own;
    if (own === undefined) others += count;
    if (others > allowed || (own !== undefined && own !== unit)) return undefined;
  }
  return unit === undefined || (numbers > 0 && !isCurrency(unit)) ? undefined : unit;
}

/** The different cells of a column that are not missing, with their numbers. */
export function countCells(
  table: Table,
  index: number,
  isMissing: IsMissing,
  rows: Int32Array,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i < rows.length; i++) {
    const text = table.text(rows[i], index);
    if (!isMissing(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** How many different numbers a column holds, which are written with `unit`. */
export function countNumbers(
  table: Table,
  index: number,
  unit: string | undefined,
  rows: Int32Array,
): number {
  const seen = new Set<number>();
  for (let i = 0; i < rows.length; i++) {
    const value = table.number(rows[i], index, unit);
    if (value === value) seen.add(value);
  }
  return seen.size;
}
