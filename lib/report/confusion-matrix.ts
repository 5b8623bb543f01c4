// Confusion counts as a text table and as a figure.

import { checkFinite, checkNames, checkOptions, checkText } from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import {
  type ConfusionCounts,
  checkCounts,
  column,
  confusions,
  diagonal,
  sum,
  total,
} from "../base/metrics.ts";
import { paint } from "./palette.ts";
import { coordinate, element, escapeMarkup, figure, heading, label } from "./svg.ts";
import { formatTable } from "./table.ts";
import { fitText, formatPercent, groupThousands, printableText, textWidth } from "./text.ts";

/** Options of confusionTable and confusionMatrix. */
export type ConfusionOptions = {
  /** The names of the classes. Default: "0", "1", …. */
  classes?: readonly (string | number)[] | undefined;
};

const TEXT_CLASSES = 30; // a text table of more classes is wider than a terminal
const LISTED_CONFUSIONS = 20; // instead of the table

/**
 * The counts as a text table: a row per actual class with its recall, a column per predicted class
 * with its precision below, dots for zeros. For more than 30 classes it lists the 20 most frequent
 * confusions instead. Throws a TypeError or RangeError unless the counts are a square of integers.
 * @example
 * console.log(confusionTable([[1, 1], [0, 2]], { classes: ["fig", "plum"] }));
 * // actual ↓ predicted →     fig   plum  recall
 * // ────────────────────  ──────  ─────  ──────
 * // fig                        1      1   50.0%
 * // plum                       ·      2  100.0%
 * // precision             100.0%  66.7%
 * //
 * // accuracy 75.0% (3 of 4)
 */
export function confusionTable(counts: ConfusionCounts, options: ConfusionOptions = {}): string {
  checkOptions("confusionTable", options, ["classes"]);
  const names = namesOf("confusionTable", counts, options.classes);
  const table =
    counts.length > TEXT_CLASSES ? frequentConfusions(counts, names) : fullTable(counts, names);
  const right = diagonal(counts);
  return `${table}\n\naccuracy ${share(right, total(counts))} (${right} of ${total(counts)})`;
}

function fullTable(counts: ConfusionCounts, names: readonly string[]): string {
  const rows = counts.map((row, i) => [
    names[i],
    ...row.map((n) => (n === 0 ? "·" : n)),
    share(row[i], sum(row)),
  ]);
  const precision = counts.map((row, j) => share(row[j], sum(column(counts, j))));
  return formatTable([...rows, ["precision", ...precision, ""]], {
    header: ["actual ↓ predicted →", ...names, "recall"],
    align: ["left", ...names.map(() => "right" as const), "right"],
  });
}

function frequentConfusions(counts: ConfusionCounts, names: readonly string[]): string {
  const rows = confusions(counts)
    .slice(0, LISTED_CONFUSIONS)
    .map(({ actual, predicted, count }) => [names[actual], names[predicted], count]);
  return formatTable(rows, {
    header: ["actual", "predicted", "count"],
    align: ["left", "left", "right"],
  });
}

// The strongest shade: text keeps a contrast over 4.5:1 on it in both color schemes.
const MAX_OPACITY = 0.5;
const DOT = 2.5; // the smallest width of a cell that is not zero
const COLUMN_NAMES = 60; // of more classes only the rows have names

/**
 * The counts as an SVG document: rows are actual classes, shades are fractions of the row, the
 * diagonal is blue and confusions are vermilion. Throws as confusionTable does.
 * @example
 * console.log(confusionMatrix([[1, 1], [0, 2]]).slice(0, 12)); // <svg xmlns="
 */
export function confusionMatrix(
  counts: ConfusionCounts,
  options: ConfusionOptions & { title?: string | undefined; width?: number | undefined } = {},
): string {
  checkOptions("confusionMatrix", options, ["classes", "title", "width"]);
  const { title = "Confusion matrix", width = 560 } = options;
  checkText("confusionMatrix", "title", title);
  checkFinite("confusionMatrix", "width", width, 240);
  const names = namesOf("confusionMatrix", counts, options.classes).map(printableText);
  const [right, all] = [diagonal(counts), total(counts)];
  const order = names.length > COLUMN_NAMES ? `, some of ${names.length} names` : "";
  const axes = "rows: actual, columns: predicted";
  const caption = `accuracy ${share(right, all)}, ${right} of ${all} · ${axes}`;
  const head = heading(title, caption + order, width);
  const layout = layOut(names, width, head.bottom);
  const { left, top, cell, size, bottom, withScores } = layout;
  const side = cell * names.length;
  const border = { x: left, y: top, width: side, height: side, ...paint({ stroke: "grid" }) };
  const body = [
    head.markup,
    ...drawNames(names, layout),
    ...counts.flatMap((row, i) => [
      ...drawCells(row, i, names, layout),
      ...(withScores ? [drawRecall(row, i, layout)] : []),
    ]),
    element("rect", border),
  ];
  const [isScored, description] = [withScores && names.length > 0, describe(counts, names)];
  const page = { title, width, height: bottom + (isScored ? 34 : 16), description };
  if (!isScored) return figure(page, ...body);
  return figure(
    page,
    ...body,
    label(left + side + 8, top - 8, "recall", { size }),
    label(left - 8, bottom + 18, "precision", { size, anchor: "end" }),
    ...counts.map((_, j) => drawPrecision(counts, j, layout)),
  );
}

/** Where the parts of the figure are; `left` and `top` are those of the cells. */
type Layout = {
  /** The font size of names and counts. */
  size: number;
  nameWidth: number;
  left: number;
  top: number;
  bottom: number;
  /** Width and height of a cell. */
  cell: number;
  /** Whether column names are drawn at an angle because they are wider than a cell. */
  slanted: boolean;
  /** Whether recall and precision are drawn beside the cells. */
  withScores: boolean;
};

function layOut(names: readonly string[], width: number, start: number): Layout {
  const n = names.length;
  const withScores = n <= 20;
  const size = n <= 12 ? 12 : 10;
  const widths = (withScores ? [...names, "precision"] : names).map((text) =>
    textWidth(text, size),
  );
  const nameWidth = Math.min(130, width / 4, Math.max(0, ...widths));
  const left = 16 + nameWidth + 10;
  const cell = Math.min(56, (width - left - (withScores ? 62 : 16)) / Math.max(1, n));
  const slanted = names.some((text) => textWidth(text, size) > cell - 4);
  const named = n <= COLUMN_NAMES;
  const top = start + (slanted && named ? Math.min(nameWidth, 90) * 0.75 + 14 : 18);
  return { size, nameWidth, left, top, bottom: top + cell * n, cell, slanted, withScores };
}

function drawNames(names: readonly string[], layout: Layout): string[] {
  const { size, nameWidth, left, top, cell, slanted } = layout;
  const parts: string[] = [];
  const every = namedClasses(layout);
  for (let i = 0; i < names.length; i += every) {
    const middle = (i + 0.5) * cell;
    const style = { size, color: "ink" } as const;
    parts.push(
      label(left - 8, top + middle + size / 3, names[i], {
        ...style,
        anchor: "end",
        maxWidth: nameWidth + 1,
      }),
    );
    if (names.length > COLUMN_NAMES) continue;
    const name = fitText(names[i], size, slanted ? 90 : cell);
    if (!slanted) parts.push(label(left + middle, top - 8, name, { ...style, anchor: "middle" }));
    else {
      const at = `${coordinate(left + middle + size / 3)} ${coordinate(top - 8)}`;
      parts.push(
        element("g", { transform: `translate(${at}) rotate(-45)` }, label(0, 0, name, style)),
      );
    }
  }
  return parts;
}

/** Cells lower than a line of text have a name for every second class, or fewer. */
function namedClasses({ size, cell }: Layout): number {
  return Math.max(1, Math.ceil((size + 2) / Math.max(cell, 0.01)));
}

/** The cells of row `i` that are not zero, each with its count if there is room for it. */
function drawCells(
  row: readonly number[],
  i: number,
  names: readonly string[],
  { left, top, cell, size }: Layout,
): string[] {
  const rowSum = sum(row);
  return row.flatMap((count, j) => {
    if (count === 0) return [];
    const [x, y] = [left + j * cell, top + i * cell];
    const shade = {
      x: x + 0.5,
      y: y + 0.5,
      width: Math.max(cell - 1, DOT),
      height: Math.max(cell - 1, DOT),
      // of the square root, so that one error in fifty is visible; a dot has no text on it
      "fill-opacity":
        (cell < 2 * DOT ? 1 : MAX_OPACITY) * Math.max(0.35, Math.sqrt(count / rowSum)),
      ...paint({ fill: i === j ? "series0" : "series1" }),
    };
    const hint = `${count} of ${rowSum} ${names[i]} predicted as ${names[j]}`;
    const rect = element("rect", shade, element("title", {}, escapeMarkup(hint)));
    const text = groupThousands(String(count));
    if (cell < 16 || textWidth(text, size) > cell - 2) return [rect];
    const weight = i === j ? "600" : undefined;
    const middle = { size, anchor: "middle", color: "ink", weight } as const;
    return [rect + label(x + cell / 2, y + cell / 2 + size / 3, text, middle)];
  });
}

function drawRecall(row: readonly number[], i: number, { left, top, cell, size }: Layout): string {
  const x = left + cell * row.length + 8;
  return label(x, top + (i + 0.5) * cell + size / 3, share(row[i], sum(row)), { size });
}

function drawPrecision(
  counts: ConfusionCounts,
  j: number,
  { left, bottom, cell, size }: Layout,
): string {
  const roomy = cell >= 46;
  const text = share(counts[j][j], sum(column(counts, j)), roomy ? 1 : 0);
  return label(left + (j + 0.5) * cell, bottom + 18, text, {
    size: roomy ? size : 10,
    anchor: "middle",
    maxWidth: cell,
  });
}

/** The figure in words, for screen readers. */
function describe(counts: ConfusionCounts, names: readonly string[]): string {
  const times = (count: number): string => `${count} ${count === 1 ? "time" : "times"}`;
  const worst = confusions(counts)
    .slice(0, 3)
    .map(
      ({ actual, predicted, count }) => `${names[actual]} as ${names[predicted]} ${times(count)}`,
    );
  const [right, all] = [diagonal(counts), total(counts)];
  return (
    `Accuracy ${share(right, all)}: ${right} of ${all} predictions over ${counts.length} classes ` +
    `are right.${worst.length > 0 ? ` Most frequent confusions: ${worst.join("; ")}.` : ""}`
  );
}

/** The classes' names, after checking the counts and that there are as many names. */
function namesOf(
  where: string,
  counts: ConfusionCounts,
  classes?: readonly (string | number)[],
): readonly string[] {
  checkCounts(where, counts);
  if (classes === undefined) return counts.map((_, i) => String(i));
  const names = checkNames(where, "classes", classes);
  if (names.length !== counts.length) {
    throw new ArgumentRangeError(
      `${where}: expected ${counts.length} classes, got ${names.length}`,
    );
  }
  return names;
}

/** part / whole as a percentage; "–" if the whole is 0. */
function share(part: number, whole: number, decimals = 1): string {
  return formatPercent(part / whole, decimals);
}
