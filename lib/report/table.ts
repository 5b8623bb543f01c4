// Rows of values as an aligned text table for terminals and logs.

import { checkChoice, checkOptions, show } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { displayWidth, pad, visibleText } from "./text.ts";

/** The value of a cell. */
export type Cell = string | number | boolean | null | undefined;

/** Options of formatTable. */
export type TableOptions = {
  /** The heads of the columns. Default: none. */
  header?: readonly string[] | undefined;
  /**
   * The alignment of each column. Default: right if every cell is a number, a percentage or empty,
   * else left.
   */
  align?: readonly ("left" | "right")[] | undefined;
};

/**
 * The rows as an aligned text table, one line per row, without spaces at the ends of lines and
 * without a last newline. Missing cells, null and undefined are empty; control characters are
 * spelled out. Without rows and header the text is "". Throws a TypeError for a row that is not an
 * array.
 * @example
 * console.log(formatTable([["plum", 3], ["pear", 10]], { header: ["fruit", "count"] }));
 * // fruit  count
 * // ─────  ─────
 * // plum       3
 * // pear      10
 */
export function formatTable(
  rows: readonly (readonly Cell[])[],
  options: TableOptions = {},
): string {
  checkOptions("table", options, ["header", "align"]);
  const { header, align: given } = options;
  if (!Array.isArray(rows))
    throw new ArgumentTypeError(`table: rows expected an array of rows, got ${show(rows)}`);
  if (header !== undefined && !Array.isArray(header))
    throw new ArgumentTypeError(`table: header expected an array of cells, got ${show(header)}`);
  if (given !== undefined && !Array.isArray(given))
    throw new ArgumentTypeError(
      `table: align expected an array of "left" | "right", got ${show(given)}`,
    );
  for (const [j, side] of (given ?? []).entries())
    if (side !== undefined) checkChoice("table", `align[${j}]`, side, ["left", "right"]);
  const lines = header ? [header, ...rows] : rows;
  for (const [i, line] of lines.entries()) {
    if (!Array.isArray(line))
      throw new ArgumentTypeError(`table: row ${i} expected an array of cells, got ${show(line)}`);
  }
  const columns = lines.reduce((most, line) => Math.max(most, line.length), 0);
  const text = lines.map((line) => Array.from({ length: columns }, (_, j) => cellText(line[j])));
  const widths = Array.from({ length: columns }, (_, j) =>
    text.reduce((most, line) => Math.max(most, displayWidth(line[j])), 0),
  );
  const align = widths.map(
    (_, j) => options.align?.[j] ?? (rows.every((row) => isNumeric(row[j])) ? "right" : "left"),
  );
  const out = text.map((line) =>
    line
      .map((cell, j) => pad(cell, widths[j], align[j]))
      .join("  ")
      .trimEnd(),
  );
  if (options.header) out.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  return out.join("\n");
}

function cellText(cell: Cell): string {
  return cell === null || cell === undefined ? "" : visibleText(String(cell));
}

const NUMERIC = /^[+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)? ?(?:%|s|ms)?$/i;

/** Whether the cell is empty, a number, or a number with one of the units %, s and ms. */
function isNumeric(cell: Cell): boolean {
  if (cell === null || cell === undefined || cell === "" || typeof cell === "number") return true;
  return typeof cell === "string" && NUMERIC.test(cell);
}
