// Confusion counts as a text table and as a figure.

import { checkCount, checkNames, checkText } from "../base/checks.ts";
import { counted } from "../base/counted.ts";
import {
  type ConfusionCounts,
  checkCounts,
  confusionScores,
  confusions,
  diagonal,
  sum,
} from "../base/metrics.ts";
import { atLeast, checkEachOption } from "../base/option-checks.ts";
import { element, figure, heading, label, path, textElement } from "./svg.ts";
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
  checkEachOption("confusionTable", options, { classes: checkNames });
  const names = namesOf("confusionTable", counts, options.classes);
  const { accuracy, rows } = confusionScores(counts);
  const table =
    counts.length > TEXT_CLASSES
      ? formatTable(namedConfusions(counts, names).slice(0, LISTED_CONFUSIONS), {
          header: ["actual", "predicted", "count"],
          align: ["left", "left"],
        })
      : fullTable(counts, names);
  return `${table}\n\naccuracy ${formatPercent(accuracy)} (${diagonal(counts)} of ${rows})`;
}

function fullTable(counts: ConfusionCounts, names: readonly string[]): string {
  const { classes } = confusionScores(counts);
  const rows = counts.map((row, i) => [
    names[i],
    ...row.map((count) => (count === 0 ? "·" : count)),
    formatPercent(classes[i].recall),
  ]);
  const precisions = classes.map(({ precision }) => formatPercent(precision));
  return formatTable([...rows, ["precision", ...precisions]], {
    header: ["actual ↓ predicted →", ...names, "recall"],
    align: ["left"],
  });
}

/** The confusions with the names of their classes, the most frequent first. */
export function namedConfusions(
  counts: ConfusionCounts,
  names: readonly string[],
): [actual: string, predicted: string, count: number][] {
  return confusions(counts).map(({ actual, predicted, count }) => [
    names[actual],
    names[predicted],
    count,
  ]);
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
  checkEachOption("confusionMatrix", options, {
    classes: checkNames,
    title: checkText,
    width: atLeast(240),
  });
  const names = namesOf("confusionMatrix", counts, options.classes).map(printableText);
  const { title = "Confusion matrix", width = 560 } = options;
  const { accuracy, rows } = confusionScores(counts);
  const caption = `accuracy ${formatPercent(accuracy)}, ${diagonal(counts)} of ${rows}`;
  const order = names.length > COLUMN_NAMES ? `, some of ${names.length} names` : "";
  const axes = `rows: actual, columns: predicted${order}`;
  const head = heading(title, `${caption} · ${axes}`, width);
  const layout = layOut(names, width, head.bottom);
  const { left, top, cell, bottom, withScores } = layout;
  const side = cell * names.length;
  const height = bottom + (withScores ? 34 : 16);
  return figure(
    { title, width, height, description: describe(counts, names) },
    ...head.parts,
    ...drawNames(names, layout),
    ...counts.flatMap((row, i) => drawCells(row, i, names, layout)),
    element("rect", { x: left, y: top, width: side, height: side, stroke: "grid" }),
    ...(withScores ? drawScores(counts, layout) : []),
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
  const withScores = n > 0 && n <= 20;
  const size = n <= 12 ? 12 : 10;
  const widths = names.map((text) => textWidth(text, size));
  const widest = Math.max(0, ...widths, withScores ? textWidth("precision", size) : 0);
  const nameWidth = Math.min(130, width / 4, widest);
  const left = 16 + nameWidth + 10;
  const cell = Math.min(56, (width - left - (withScores ? 62 : 16)) / Math.max(1, n));
  const slanted = n <= COLUMN_NAMES && widths.some((each) => each > cell - 4);
  const top = start + (slanted ? Math.min(nameWidth, 90) * 0.75 + 14 : 18);
  return { size, nameWidth, left, top, bottom: top + cell * n, cell, slanted, withScores };
}

function drawNames(names: readonly string[], layout: Layout): string[] {
  const { size, nameWidth, left, top, cell, slanted } = layout;
  const style = { size, color: "ink" } as const;
  const ofRow = { ...style, anchor: "end", maxWidth: nameWidth + 1 } as const;
  // cells lower than a line of text have a name for every second class, or fewer
  const every = Math.max(1, Math.ceil((size + 2) / cell));
  return names.flatMap((name, i) => {
    if (i % every > 0) return [];
    const middle = (i + 0.5) * cell;
    const row = label(left - 8, top + middle + size / 3, name, ofRow);
    if (names.length > COLUMN_NAMES) return [row];
    const [x, y] = [left + middle, top - 8];
    const text = fitText(name, size, slanted ? 90 : cell);
    if (!slanted) return [row, label(x, y, text, { ...style, anchor: "middle" })];
    const transform = path`translate(${x + size / 3} ${y}) rotate(-45)`;
    return [row, element("g", { transform }, label(0, 0, text, style))];
  });
}

/** The cells of row `i` that are not zero, each with its count if there is room for it. */
function drawCells(
  row: readonly number[],
  i: number,
  names: readonly string[],
  { left, top, cell, size }: Layout,
): string[] {
  const rowSum = sum(row);
  const side = Math.max(cell - 1, DOT);
  // of the square root, so that one error in fifty is visible; a dot has no text on it
  const strongest = cell < 2 * DOT ? 1 : MAX_OPACITY;
  return row.flatMap((count, j) => {
    if (count === 0) return [];
    const [x, y] = [left + j * cell, top + i * cell];
    const shade = {
      x: x + 0.5,
      y: y + 0.5,
      width: side,
      height: side,
      "fill-opacity": strongest * Math.max(0.35, Math.sqrt(count / rowSum)),
      fill: i === j ? "series0" : "series1",
    } as const;
    const hint = `${count} of ${rowSum} ${names[i]} predicted as ${names[j]}`;
    const rect = element("rect", shade, textElement("title", hint));
    const text = groupThousands(String(count));
    if (cell < 16 || textWidth(text, size) > cell - 2) return [rect];
    const style = { size, anchor: "middle", color: "ink", bold: i === j } as const;
    return [rect + label(x + cell / 2, y + cell / 2 + size / 3, text, style)];
  });
}

/** The recall of each class right of its row, and the precision below its column. */
function drawScores(counts: ConfusionCounts, { left, top, bottom, cell, size }: Layout): string[] {
  const [right, below, roomy] = [left + cell * counts.length + 8, bottom + 18, cell >= 46];
  const style = { size: roomy ? size : 10, anchor: "middle", maxWidth: cell } as const;
  return [
    label(right, top - 8, "recall", { size }),
    label(left - 8, below, "precision", { size, anchor: "end" }),
    ...confusionScores(counts).classes.flatMap(({ recall, precision }, i) => {
      const middle = (i + 0.5) * cell;
      return [
        label(right, top + middle + size / 3, formatPercent(recall), { size }),
        label(left + middle, below, formatPercent(precision, roomy ? 1 : 0), style),
      ];
    }),
  ];
}

/** The figure in words, for screen readers. */
function describe(counts: ConfusionCounts, names: readonly string[]): string {
  const { accuracy, rows } = confusionScores(counts);
  const worst = namedConfusions(counts, names)
    .slice(0, 3)
    .map(([actual, predicted, count]) => `${actual} as ${predicted} ${counted(count, "time")}`);
  return (
    `Accuracy ${formatPercent(accuracy)}: ${diagonal(counts)} of ${rows} predictions over ` +
    `${counts.length} classes are right.` +
    (worst.length > 0 ? ` Most frequent confusions: ${worst.join("; ")}.` : "")
  );
}

/** The classes' names, after checking the counts and that there are as many names. */
function namesOf(
  where: string,
  counts: ConfusionCounts,
  classes?: readonly (string | number)[],
): string[] {
  checkCounts(where, counts);
  const names = (classes ?? [...counts.keys()]).map(String);
  checkCount(where, "classes", names.length, counts.length, "names");
  return names;
}
