// Tables of a report page: the scores of each class, and what was decided about the columns.

import { type ConfusionCounts, confusionScores } from "../base/metrics.ts";
import { scroller } from "./report-html.ts";
import { element, escapeMarkup } from "./svg.ts";

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
  rows: readonly (readonly string[])[],
  text: readonly boolean[],
): string {
  const style = (j: number): { class: string | undefined } => ({
    class: text[j] ? "text" : undefined,
  });
  const heads = head.map((title, j) =>
    element("th", { ...style(j), scope: "col" }, escapeMarkup(title)),
  );
  const lines = rows.map((row) =>
    element("tr", {}, ...row.map((cell, j) => element("td", style(j), escapeMarkup(cell)))),
  );
  const thead = `<thead>${element("tr", {}, ...heads)}</thead>`;
  const tbody = `<tbody>\n${lines.join("\n")}\n</tbody>`;
  return scroller(name, `<table>\n${thead}\n${tbody}\n</table>`);
}

/** Rows, precision, recall and F1 of each class. */
export function classTable(counts: ConfusionCounts, classes?: readonly string[]): string {
  const decimals = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : "–");
  const rows = confusionScores(counts).classes.map((scores, c) => [
    classes?.[c] ?? String(c),
    String(scores.rows),
    ...[scores.precision, scores.recall, scores.f1].map(decimals),
  ]);
  return htmlTable("Scores of the classes", ["class", "rows", "precision", "recall", "F1"], rows, [
    true,
  ]);
}

/** The decisions about columns. */
export function columnTable(notes: readonly ColumnNote[]): string {
  const rows = notes.map(({ column, kind, missing, done }) => [
    column,
    kind,
    String(missing),
    done,
  ]);
  return htmlTable("Decisions about columns", ["column", "kind", "missing", "done"], rows, [
    true,
    true,
    false,
    true,
  ]);
}
