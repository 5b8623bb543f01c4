// Tables of a report page: the scores of each class, and what was decided about the columns.

import { type ConfusionCounts, confusionScores } from "../base/metrics.ts";
import { scroller } from "./report-html.ts";
import { element, textElement } from "./svg.ts";

/** What was decided about a column of the training data. */
export type ColumnNote = {
  readonly column: string;
  readonly kind: string;
  /** The number of missing cells. */
  readonly missing: number;
  readonly done: string;
};

/**
 * A table of texts as HTML, called `name` for those who do not see it; `text` says which columns
 * are words, aligned left.
 */
export function htmlTable(
  name: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  text: readonly boolean[],
): string {
  const style = (j: number) => ({ class: text[j] ? "text" : undefined });
  const heads = head.map((title, j) => textElement("th", title, { ...style(j), scope: "col" }));
  const lines = rows.map((row) =>
    element("tr", {}, ...row.map((cell, j) => textElement("td", String(cell), style(j)))),
  );
  const thead = `<thead>${element("tr", {}, ...heads)}</thead>`;
  const tbody = `<tbody>\n${lines.join("\n")}\n</tbody>`;
  return scroller(name, `<table>\n${thead}\n${tbody}\n</table>`);
}

/** Rows, precision, recall and F1 of each class. */
export function classTable(counts: ConfusionCounts, names: readonly string[]): string {
  const rows = confusionScores(counts).classes.map(({ rows: count, ...scores }, c) => [
    names[c],
    count,
    ...[scores.precision, scores.recall, scores.f1].map((score) =>
      Number.isFinite(score) ? score.toFixed(3) : "–",
    ),
  ]);
  const head = ["class", "rows", "precision", "recall", "F1"];
  return htmlTable("Scores of the classes", head, rows, [true]);
}

/** The decisions about columns. */
export function columnTable(notes: readonly ColumnNote[]): string {
  const rows = notes.map(({ column, kind, missing, done }) => [column, kind, missing, done]);
  const head = ["column", "kind", "missing", "done"];
  return htmlTable("Decisions about columns", head, rows, [true, true, false, true]);
}
