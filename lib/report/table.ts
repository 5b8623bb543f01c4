// Rows of values as an aligned text table for terminals and logs.

import { checkArray, checkChoice } from "../base/checks.ts";
import { checkEachOption } from "../base/option-checks.ts";
import { displayWidth, pad, visibleText } from "./text.ts";

/** The value of a cell. */
export type Cell = string | number | boolean | null | undefined;

/** Options of formatTable. */
export type TableOptions = {
  /** The heads of the columns. Default: none. */
  header?: readonly string[] | undefined;
  /**
   * The alignment of each column. Default: right if every cell is a number, a percentage, a dash or
   * empty, else left.
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
  checkEachOption("formatTable", options, {
    header: (where, name, value) => checkArray(where, name, value, "an array of cells"),
    align: checkSides,
  });
  checkArray("formatTable", "rows", rows, "an array of rows");
  for (const [i, row] of rows.entries())
    checkArray("formatTable", `row ${i}`, row, "an array of cells");
  const { header, align = [] } = options;
  const text = [...(header ? [header] : []), ...rows].map((line) => Array.from(line, cellText));
  const columns = text.reduce((most, line) => Math.max(most, line.length), 0);
  const widths = Array.from({ length: columns }, (_, j) =>
    text.reduce((most, line) => Math.max(most, displayWidth(line[j] ?? "")), 0),
  );
  const sides = widths.map(
    (_, j) => align[j] ?? (rows.every((row) => isNumeric(row[j])) ? "right" : "left"),
  );
  const lines = text.map((line) =>
    widths
      .map((width, j) => pad(line[j] ?? "", width, sides[j]))
      .join("  ")
      .trimEnd(),
  );
  if (header) lines.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  return lines.join("\n");
}

function checkSides(where: string, name: string, value: unknown): void {
  checkArray(where, name, value, 'an array of "left" | "right"');
  for (const [j, side] of value.entries())
    if (side !== undefined) checkChoice(where, `${name}[${j}]`, side, ["left", "right"]);
}

function cellText(cell: Cell): string {
  return visibleText(String(cell ?? ""));
}

const NUMERIC =
  /^(?:[+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)? ?(?:%|s|ms)?|[\u00b7\u2013]?)$/i;

/** Whether the cell is a number, also with one of the units %, s and ms, empty, "·" or "–". */
function isNumeric(cell: Cell): boolean {
  return typeof cell === "number" || (typeof cell !== "boolean" && NUMERIC.test(cell ?? ""));
}
