// The legend of a figure: what each color, dash or shape stands for.

import { type Block, label, SMALL } from "./svg.ts";
import { fitText, textWidth } from "./text.ts";

const MAX_WIDTH = 240; // of a name
const SPACE = 12; // between two entries

/** Where a legend is, and the sizes of its parts. */
export type LegendLayout = {
  left: number;
  right: number;
  top: number;
  /** The height of a row. */
  row: number;
  /** The width before a name, for its swatch, and after it. */
  swatch: number;
  after: number;
};

/**
 * The names in rows, each after the swatch that `drawSwatch` draws for entry `i` at the left and
 * top of its row.
 */
export function drawLegend(
  names: readonly string[],
  layout: LegendLayout,
  drawSwatch: (i: number, left: number, top: number) => string,
): Block {
  const { left, right, row, swatch, after } = layout;
  let [x, y] = [left, layout.top];
  const parts = names.flatMap((name, i) => {
    const text = fitText(name, SMALL, Math.min(right - left - swatch, MAX_WIDTH));
    const width = swatch + textWidth(text, SMALL) + after;
    if (x > left && x + width > right) [x, y] = [left, y + row];
    const entry = [drawSwatch(i, x, y), label(x + swatch, y + row - 7, text, { color: "ink" })];
    x += width + SPACE;
    return entry;
  });
  return { parts, bottom: y + row };
}
