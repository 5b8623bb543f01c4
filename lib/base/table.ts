// A table of text cells, whatever it was read from: what data preparation and prediction ask of it.

import { show } from "./checks.ts";
import { ArgumentTypeError } from "./errors.ts";

/** Something decided while a table was read that the user may want to decide otherwise. */
export type Remark = {
  /** A clause, such as "decimal numbers are written with a comma". */
  text: string;
  /** The option of the command line that says the same explicitly, such as "--decimal ,". */
  option?: string | undefined;
};

/** Adds a remark. */
export type AddRemark = (text: string, option?: string) => void;

/** Cells by 0-based row and column, as parseCsv and tableFromRecords give them. */
export type Table = {
  readonly columns: readonly string[];
  readonly rowCount: number;
  /** What was decided while reading. */
  readonly remarks?: readonly Remark[] | undefined;
  /** The cell's number, NaN when it holds none; one with a unit counts where that unit is given. */
  number(row: number, column: number, unit?: string): number;
  /** The cell's text, empty when there is nothing in it. */
  text(row: number, column: number): string;
  /** Whether the cell is a number and nothing but: false for an identifier such as 007. */
  isNumber(row: number, column: number): boolean;
  /** The error that says where in the table's source something is wrong. */
  error(message: string, row?: number, column?: number): Error;
};

/** Throws a TypeError unless `value` is a table. */
export function checkTable(where: string, value: unknown): void {
  const table = value as Partial<Table> | null | undefined;
  if (Array.isArray(table?.columns) && typeof table.text === "function") return;
  throw new ArgumentTypeError(
    `${where}: table expected a table, such as parseCsv returns, got ${show(value)}`,
  );
}
