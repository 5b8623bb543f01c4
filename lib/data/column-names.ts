// Where the columns of a table are, by their names, and what is said about a name that is not
// there.

import { checkDistinct, checkTexts, show } from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { didYouMean } from "../base/suggestion.ts";
import type { Table } from "../base/table.ts";
import { listClasses } from "./labels.ts";

const LISTED = 100; // names of columns in a message

/** The index of a column; blanks around the name do not count. Throws the table's error. */
export function columnIndex(table: Table, name: string): number {
  return columnIndices(table, [name])[0];
}

/** The indices of columns. Throws the table's error, naming what is missing and what there is. */
export function columnIndices(table: Table, names: readonly string[]): number[] {
  const places = new Map(table.columns.map((name, j) => [name, j]));
  const found = names.map((name) => places.get(name) ?? places.get(name.trim()));
  const absent = names.filter((_, i) => found[i] === undefined);
  if (absent.length === 0) return found as number[];
  const wanted = absent.length === 1 ? "a column" : "columns";
  const hint = otherCapitals(absent, table.columns) || didYouMean(absent[0], table.columns);
  const list = absent.map(show).join(", ");
  throw table.error(`expected ${wanted} ${list}, got ${listColumns(table.columns)}${hint}`);
}

/** What to do when all of several names are there but for capital letters; else "". */
function otherCapitals(absent: readonly string[], columns: readonly string[]): string {
  const lower = new Set(columns.map((name) => name.toLowerCase()));
  const isThere = absent.every((name) => lower.has(name.trim().toLowerCase()));
  return isThere && absent.length > 1
    ? "; capital letters count: rename the columns of the file"
    : "";
}

/** All names, or as many as a message bears. */
export function listColumns(columns: readonly string[]): string {
  return columns.length === 0 ? "none" : listClasses(columns, LISTED);
}

/**
 * The names in an option, without blanks around them. Throws unless they are a list of the table's
 * columns, each once and none of them the label.
 */
export function checkNames(
  where: string,
  table: Table,
  option: string,
  names: readonly string[] | undefined,
  label: string,
): string[] {
  if (names === undefined) return [];
  checkTexts(where, option, names);
  const columns = columnIndices(table, names).map((index) => table.columns[index]);
  checkDistinct(where, option, columns);
  if (columns.includes(label))
    throw new ArgumentRangeError(
      `${where}: ${option} expected columns other than the label, got ${show(label)}`,
    );
  return columns;
}
