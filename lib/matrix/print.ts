// How a matrix looks as text: a first line with the shape, then aligned columns of at most five significant digits,
// with the middle left out when it is large.

import { shapeOf } from "./shape.ts";
import type { Dense } from "./shape.ts";

const EDGE = 3; // rows and columns shown at either end of an elided matrix, as NumPy
const MOST = 10; // more rows or columns than this are elided

/** "Matrix 2×3", then one line of aligned numbers a row; `…` stands for what is left out. Only the first line when empty. */
export function print(matrix: Dense): string {
  const rows = visible(matrix.rows);
  const cols = visible(matrix.cols);
  const cells = rows.map((i) => cols.map((j) => (i < 0 || j < 0 ? "…" : format(matrix.data[i * matrix.cols + j]))));
  const widths = cols.map((_, j) => Math.max(...cells.map((row) => row[j].length)));
  const lines = cells.map((row) => "  " + row.map((cell, j) => cell.padStart(widths[j])).join("  "));
  return [`Matrix ${shapeOf(matrix)}`, ...(matrix.cols === 0 ? [] : lines)].join("\n");
}

/** 0..size−1, or the two ends with −1 for the gap between them. */
function visible(size: number): number[] {
  if (size <= MOST) return Array.from({ length: size }, (_, i) => i);
  const ends = Array.from({ length: EDGE }, (_, i) => i);
  return [...ends, -1, ...ends.map((i) => size - EDGE + i)];
}

function format(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : String(value);
}
