// How rows that are already JavaScript objects are encoded like those of a file.

import { show, showName } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { readNumberText } from "../base/number-text.ts";
import type { Table } from "../base/table.ts";

/**
 * A row as an object: column name to number or text; null, undefined, NaN and "" are empty cells.
 */
export type TableRow = Readonly<Record<string, unknown>>;

/**
 * A table over `records` (kept, not copied) whose columns are the first record's own keys; a key
 * missing from another is an empty cell. Blanks around a text do not count. A string that spells a
 * number, such as "1,234" or "5 cm", is one where a number is asked for, and true and false are 1
 * and 0. `name` is for
 * messages, as in `rows[3].age: expected a number, got "n/a"`. Throws TypeError unless every record
 * is an object.
 */
export function tableFromRecords(records: readonly TableRow[], name = "rows"): Table {
  if (!Array.isArray(records))
    throw new ArgumentTypeError(`${name}: expected an array of objects, got ${show(records)}`);
  records.forEach((record, i) => {
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      throw new ArgumentTypeError(
        `${name}[${i}]: expected an object of column names and values, got ${show(record)}`,
      );
    }
  });
  const columns = Object.keys(records[0] ?? {});
  const cell = (row: number, column: number): unknown =>
    Object.hasOwn(records[row], columns[column]) ? records[row][columns[column]] : undefined;
  return {
    columns,
    rowCount: records.length,
    number(row, column, unit = "") {
      const value = cell(row, column);
      if (typeof value === "boolean") return Number(value);
      if (typeof value === "number") return Number.isFinite(value) ? value : NaN;
      const read = typeof value === "string" ? readNumberText(value.trim()) : undefined;
      return read !== undefined && (read.unit === "" || read.unit === unit) ? read.value : NaN;
    },
    text(row, column) {
      const value = cell(row, column);
      const isEmpty = value === null || value === undefined || Number.isNaN(value);
      if (isEmpty) return "";
      // dates and their like, whatever realm they come from
      const { toJSON } = value as { toJSON?: unknown };
      const plain = typeof toJSON === "function" ? toJSON.call(value) : value;
      return plain === null ? "" : String(plain).trim();
    },
    isNumber: (row, column) => Number.isFinite(cell(row, column)),
    error(message, row, column) {
      const place =
        row === undefined || column === undefined ? "" : `[${row}].${showName(columns[column])}`;
      return new ArgumentRangeError(`${name}${place}: ${message}`);
    },
  };
}
