// How rows that are already JavaScript objects are encoded like those of a file.

import { show, showName } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { readNumberText } from "../base/number-text.ts";
import type { Table } from "../base/table.ts";

/**
 * A row as an object: column name to number or text; null, undefined, NaN and "" are empty cells.
 * Arrays and objects other than dates and the like, which have a toJSON, are no cells.
 */
export type TableRow = Readonly<Record<string, unknown>>;

/**
 * A table over `records` (kept, not copied) whose columns are the first record's own keys; a key
 * missing from another is an empty cell. Blanks around a text do not count. A string that spells a
 * number, such as "1,234" or "5 cm", is one where a number is asked for, and true and false are 1
 * and 0. `name` is for messages, as in `rows[3].age: expected a number, got "n/a"`. Throws a
 * TypeError unless every record is an object, and when a cell is read that is none.
 */
export function tableFromRecords(records: readonly TableRow[], name = "rows"): Table {
  checkRecords(records, name);
  const columns = Object.keys(records[0] ?? {});
  const placeOf = (row: number, column: number): string =>
    `${name}[${row}].${showName(columns[column])}`;
  const cell = (row: number, column: number): unknown => {
    const key = columns[column];
    if (!Object.hasOwn(records[row], key)) return undefined;
    const value = records[row][key];
    if (isCell(value)) return value;
    const expected = "a number, a string, true, false, null or a date";
    throw wrongRecord(placeOf(row, column), expected, value);
  };
  return {
    columns,
    rowCount: records.length,
    number: (row, column, unit = "") => numberOf(cell(row, column), unit),
    text: (row, column) => textOf(cell(row, column)),
    isNumber(row, column) {
      const value = cell(row, column);
      return typeof value === "bigint" || Number.isFinite(value);
    },
    error(message, row, column) {
      const isCell = row !== undefined && column !== undefined;
      return new ArgumentRangeError(`${isCell ? placeOf(row, column) : name}: ${message}`);
    },
  };
}

function checkRecords(records: unknown, name: string): void {
  if (!Array.isArray(records)) throw wrongRecord(name, "an array of objects", records);
  for (const [i, record] of records.entries()) {
    if (typeof record !== "object" || record === null || Array.isArray(record))
      throw wrongRecord(`${name}[${i}]`, "an object of column names and values", record);
  }
}

function wrongRecord(place: string, expected: string, value: unknown): ArgumentTypeError {
  return new ArgumentTypeError(`${place}: expected ${expected}, got ${show(value)}`);
}

/** Whether a value of a record can be a cell: what else would become "[object Object]". */
function isCell(value: unknown): boolean {
  if (typeof value === "object")
    return value === null || typeof (value as { toJSON?: unknown }).toJSON === "function";
  return typeof value !== "symbol" && typeof value !== "function";
}

/** A cell as a number, NaN when it is none; `unit` may stand behind it. */
function numberOf(value: unknown, unit: string): number {
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : NaN;
  const read = typeof value === "string" ? readNumberText(value.trim()) : undefined;
  return read !== undefined && (read.unit === "" || read.unit === unit) ? read.value : NaN;
}

/** A cell as a text, "" when it is empty. */
function textOf(value: unknown): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  // dates and their like, whatever realm they come from
  const { toJSON } = value as { toJSON?: unknown };
  const plain = typeof toJSON === "function" ? toJSON.call(value) : value;
  return plain === null ? "" : String(plain).trim();
}
