// Which classes are taken for which, as a text table and as a figure.

import { checkFinite, checkOptions } from "../base/checks.ts";
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

/** How classes are called in confusionTable and confusionMatrix. */
export type ConfusionOptions = {
  /** The classes' names; default "0", "1", … */
  classes?: readonly string[];
};

const TEXT_CLASSES = 30; // a wider text table fits no terminal
// the strongest shade: ink keeps a contrast over 4.5:1 on it in both color schemes
const SHADE = 0.5;

/**
 * The matrix as text: a row per actual class with its recall, a column per predicted class with its
 * precision at the foot, zeros as dots. Over 30 classes the 20 most frequent confusions are listed
 * instead. Throws TypeError or RangeError for counts that are no square of integers.
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
  const names = checkNames("confusionTable", counts, options.classes);
  const accuracy = `accuracy ${share(diagonal(counts), total(counts))} (${diagonal(counts)} of ${total(counts)})`;
  if (counts.length > TEXT_CLASSES) {
    const worst = confusions(counts).slice(0, 20);
    const rows = worst.map(({ actual, predicted, count }) => [
      names[actual],
      names[predicted],
      count,
    ]);
    return [
      formatTable(rows, {
        header: ["actual", "predicted", "count"],
        align: ["left", "left", "right"],
      }),
      "",
      accuracy,
    ].join("\n");
  }
  const rows = counts.map((row, i) => [
    names[i],
    ...row.map((n) => (n === 0 ? "·" : n)),
    fixedShare(row[i], sum(row)),
  ]);
  const precision = counts.map((row, j) => fixedShare(row[j], sum(column(counts, j))));
  return [
    formatTable([...rows, ["precision", ...precision, ""]], {
      header: ["actual ↓ predicted →", ...names, "recall"],
      align: ["left", ...names.map(() => "right" as const), "right"],
    }),
    "",
    accuracy,
  ].join("\n");
}

/**
 * The matrix as an SVG document: rows are actual classes, shades are shares of the row, the
 * diagonal in blue, confusions in vermilion. Throws as confusionTable.
 * @example
 * console.log(confusionMatrix([[1, 1], [0, 2]]).slice(0, 12)); // <svg xmlns="
 */
export function confusionMatrix(
  counts: ConfusionCounts,
  options: ConfusionOptions & { title?: string; width?: number } = {},
): string {
  checkOptions("confusionMatrix", options, ["classes", "title", "width"]);
  const { title = "Confusion matrix", width = 560 } = options;
  checkFinite("confusionMatrix", "width", width, 240);
  const names = checkNames("confusionMatrix", counts, options.classes).map(printableText);
  const n = counts.length;
  const margins = n <= 20; // recall and precision beside the matrix
  const size = n <= 12 ? 12 : 10;
  const nameWidth = Math.min(
    130,
    width / 4,
    Math.max(
      0,
      ...(margins ? [...names, "precision"] : names).map((name) => textWidth(name, size)),
    ),
  );
  const left = 16 + nameWidth + 10;
  const cell = Math.min(56, (width - left - (margins ? 62 : 16)) / Math.max(1, n));
  const slanted = names.some((name) => textWidth(name, size) > cell - 4);
  const head = heading(
    title,
    `accuracy ${share(diagonal(counts), total(counts))}, ${diagonal(counts)} of ${total(counts)} · rows: actual, columns: predicted`,
    width,
  );
  const top = head.bottom + (slanted ? Math.min(nameWidth, 90) * 0.75 + 14 : 18);
  const right = left + cell * n;
  const bottom = top + cell * n;
  const parts = [head.markup];
  // with cells lower than a line of text not every class gets its name
  const every = Math.max(1, Math.ceil((size + 2) / Math.max(cell, 0.01)));
  for (let i = 0; i < n; i += every) {
    const middle = (i + 0.5) * cell;
    parts.push(
      label(left - 8, top + middle + size / 3, names[i], {
        size,
        anchor: "end",
        color: "ink",
        maxWidth: nameWidth + 1,
      }),
    );
    const name = fitText(names[i], size, slanted ? 90 : cell);
    parts.push(
      slanted
        ? element(
            "g",
            {
              transform: `translate(${coordinate(left + middle + size / 3)} ${coordinate(top - 8)}) rotate(-45)`,
            },
            label(0, 0, name, { size, color: "ink" }),
          )
        : label(left + middle, top - 8, name, { size, anchor: "middle", color: "ink" }),
    );
  }
  for (let i = 0; i < n; i++) {
    const rowSum = sum(counts[i]);
    for (let j = 0; j < n; j++) {
      const count = counts[i][j];
      if (count === 0) continue;
      // the root: one error in fifty must still be seen
      const strength = SHADE * Math.max(0.35, Math.sqrt(count / rowSum));
      const [x, y] = [left + j * cell, top + i * cell];
      const shade = element(
        "rect",
        {
          x: x + 0.5,
          y: y + 0.5,
          width: Math.max(cell - 1, 0.5),
          height: Math.max(cell - 1, 0.5),
          "fill-opacity": strength,
          ...paint({ fill: i === j ? "series0" : "series1" }),
        },
        element(
          "title",
          {},
          escapeMarkup(`${count} of ${rowSum} ${names[i]} predicted as ${names[j]}`),
        ),
      );
      const text = groupThousands(String(count));
      const fits = cell >= 16 && textWidth(text, size) <= cell - 2;
      parts.push(
        shade +
          (fits
            ? label(x + cell / 2, y + cell / 2 + size / 3, text, {
                size,
                anchor: "middle",
                color: "ink",
                weight: i === j ? "600" : undefined,
              })
            : ""),
      );
    }
    if (margins)
      parts.push(
        label(right + 8, top + (i + 0.5) * cell + size / 3, share(counts[i][i], rowSum), { size }),
      );
  }
  parts.push(
    element("rect", {
      x: left,
      y: top,
      width: cell * n,
      height: cell * n,
      ...paint({ stroke: "grid" }),
    }),
  );
  let height = bottom + 16;
  if (margins && n > 0) {
    parts.push(label(right + 8, top - 8, "recall", { size }));
    parts.push(label(left - 8, bottom + 18, "precision", { size, anchor: "end" }));
    for (let j = 0; j < n; j++) {
      const roomy = cell >= 46;
      const text = share(counts[j][j], sum(column(counts, j)), roomy ? 1 : 0);
      parts.push(
        label(left + (j + 0.5) * cell, bottom + 18, text, {
          size: roomy ? size : 10,
          anchor: "middle",
          maxWidth: cell,
        }),
      );
    }
    height += 18;
  }
  return figure({ title, width, height, description: describeConfusion(counts, names) }, ...parts);
}

function describeConfusion(counts: ConfusionCounts, names: readonly string[]): string {
  const worst = confusions(counts)
    .slice(0, 3)
    .map(
      ({ actual, predicted, count }) =>
        `${names[actual]} as ${names[predicted]} ${count} ${count === 1 ? "time" : "times"}`,
    );
  return (
    `Accuracy ${share(diagonal(counts), total(counts))}: ${diagonal(counts)} of ${total(counts)} predictions over ${counts.length} classes are right.` +
    (worst.length > 0 ? ` Most frequent confusions: ${worst.join("; ")}.` : "")
  );
}

/** The classes' names, after checking the counts and that there are as many names. */
function checkNames(
  where: string,
  counts: ConfusionCounts,
  classes?: readonly string[],
): readonly string[] {
  checkCounts(where, counts);
  if (classes !== undefined && classes.length !== counts.length) {
    throw new ArgumentRangeError(
      `${where}: expected ${counts.length} classes, got ${classes.length}`,
    );
  }
  return classes ?? counts.map((_, i) => String(i));
}

/** part / whole as a percentage; "–" where the whole is nothing. */
function share(part: number, whole: number, decimals = 1): string {
  return whole === 0 ? "–" : formatPercent(part / whole, decimals);
}

/** The same with one decimal always, for columns of a text table. */
function fixedShare(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((part / whole) * 100).toFixed(1)}%`;
}
