// How a matrix looks as text: a first line with the shape, then aligned columns of whole integers
// and of other numbers to five significant digits, with the middle left out when it is large.

import { show } from "../base/checks.ts";
import { type Dense, shapeOf } from "./shape.ts";

const EDGE = 3; // rows and columns shown at either end of an elided matrix, as NumPy
const MOST = 10; // more rows or columns than this are elided

/**
 * "Matrix 2×3", then one line of aligned numbers a row; `…` stands for what is left out. Only the
 * first line when empty.
 */
export function print(matrix: Dense): string {
  const rows = visible(matrix.rows);
  const cols = visible(matrix.cols);
  const cells = rows.map((i) =>
    cols.map((j) => (i < 0 || j < 0 ? "…" : format(matrix.data[i * matrix.cols + j]))),
  );
  const widths = cols.map((_, j) => Math.max(...cells.map((row) => row[j].length)));
  const lines = cells.map(
    (row) => "  " + row.map((cell, j) => cell.padStart(widths[j])).join("  "),
  );
  return [`Matrix ${shapeOf(matrix)}`, ...(matrix.cols === 0 ? [] : lines)].join("\n");
}

/** 0..size−1, or the two ends with −1 for the gap between them. */
function visible(size: number): number[] {
  if (size <= MOST) return Array.from({ length: size }, (_, i) => i);
  const ends = Array.from({ length: EDGE }, (_, i) => i);
  return [...ends, -1, ...ends.map((i) => size - EDGE + i)];
}

/** Five significant digits, but integers whole: 123456 must not read 123460. */
function format(value: number): string {
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) return show(value); // with −0
  const [digits, exponent] = value.toPrecision(5).split("e");
  return exponent === undefined ? String(Number(digits)) : `${Number(digits)}e${exponent}`;
}
