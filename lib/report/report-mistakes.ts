// The rows of an evaluation that were predicted wrong, for a report page: as images or as a table.

import { checkCount, checkFunction, checkNumbers } from "../base/checks.ts";
import { counted } from "../base/counted.ts";
import { labelCount } from "../base/metrics.ts";
import { checkMatrixLike, type MatrixLike, rowOf } from "./matrix-like.ts";
import { quiet } from "./report-html.ts";
import { htmlTable } from "./report-tables.ts";
import { extent } from "./scale.ts";
import { element, textElement } from "./svg.ts";
import { tellingInputs } from "./telling-inputs.ts";
import { formatNumber, formatPercent } from "./text.ts";
import { checkImageShape, type ImageShape, thumbnail } from "./thumbnail.ts";

/** Rows with known labels and what the net predicted for them. */
export type Evaluation = {
  /** The name of the rows, as "test". */
  name: string;
  actual: ArrayLike<number>; // (N)
  predicted: ArrayLike<number>; // (N)
  /** (N, C); with them the mistakes are in descending order of the predicted probability. */
  probabilities?: MatrixLike | undefined;
  /** (N, D), before standardization; with them the mistakes are shown and not only counted. */
  inputs?: MatrixLike | undefined;
  /**
   * The user's own cells of a row, in the order of the report's `columns`: the table of mistakes
   * shows them instead of inputs.
   */
  cellsOf?: ((index: number) => readonly string[]) | undefined;
  /**
   * The 0-based number of each row in the file it came from. Default: its index. The page counts
   * from 1.
   */
  rowNumbers?: ArrayLike<number> | undefined;
};

/** A row that was predicted wrong, and the probability that the net gave to the wrong class. */
export type Mistake = { index: number; confidence: number | undefined };

/** How mistakes are shown. */
export type MistakeOptions = {
  image?: ImageShape | undefined;
  columns?: readonly string[] | undefined;
  /** The name of each label. */
  names: readonly string[];
  /** The largest number of mistakes that are shown. */
  limit: number;
};

const MAX_COLUMNS = 8; // input columns in the table

/** Throws a TypeError or RangeError unless the parts have one row for each actual label. */
export function checkEvaluation(where: string, name: string, value: unknown): void {
  const { actual, predicted, probabilities, inputs, rowNumbers, cellsOf } = (value ??
    {}) as Evaluation;
  const checkRows = (part: string, rows: number): void =>
    checkCount(where, `${name}.${part}`, rows, actual.length, "rows, one for each actual label");
  const parts = { actual, predicted, rowNumbers: rowNumbers === undefined ? actual : rowNumbers };
  for (const [part, numbers] of Object.entries(parts)) {
    checkNumbers(where, `${name}.${part}`, numbers);
    checkRows(part, numbers.length);
  }
  for (const [part, matrix] of Object.entries({ probabilities, inputs })) {
    if (matrix === undefined) continue;
    checkMatrixLike(where, `${name}.${part}`, matrix);
    checkRows(part, matrix.rows);
  }
  checkFunction(where, `${name}.cellsOf`, cellsOf);
  labelCount(where, `${name}.predicted`, predicted, probabilities?.cols);
}

/** The mistakes in descending order of confidence, or of rows where there are no probabilities. */
export function worstMistakes({ actual, predicted, probabilities }: Evaluation): Mistake[] {
  const wrong: Mistake[] = [];
  for (let index = 0; index < actual.length; index++) {
    if (actual[index] === predicted[index]) continue;
    const confidence = probabilities?.data[index * probabilities.cols + predicted[index]];
    wrong.push({ index, confidence });
  }
  // the sort is stable: equal ones keep the order of rows
  return wrong.sort((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0));
}

/** The mistakes as HTML, after a sentence that counts them. */
export function drawMistakes(evaluation: Evaluation, options: MistakeOptions): string {
  const { actual, predicted, probabilities, inputs, rowNumbers } = evaluation;
  const { image, names, limit } = options;
  const all = worstMistakes(evaluation);
  if (all.length === 0) return quiet(`None: every one of the ${actual.length} rows is right.`);
  const rows = all.slice(0, limit).map(({ index, confidence }) => {
    const row = String((rowNumbers?.[index] ?? index) + 1);
    const sure = confidence === undefined ? [] : [formatPercent(confidence)];
    return { index, words: [row, names[actual[index]], names[predicted[index]], ...sure] };
  });
  const part = rows.length < all.length ? `${rows.length} of ` : "";
  const order = probabilities
    ? ", the surest first, with the probability given to the wrong class"
    : "";
  const lead = `${part}${counted(all.length, "mistake")}${order}; rows are counted from 1.`;
  const content =
    image && inputs ? imageList(rows, inputs, image) : table(rows, evaluation, options.columns);
  return `${quiet(lead)}\n${content}`;
}

/** A mistake in words: its row, the actual and the predicted class, and how sure it was. */
type Row = { index: number; words: string[] };

function imageList(rows: readonly Row[], inputs: MatrixLike, image: ImageShape): string {
  checkImageShape("reportPage", image, inputs.cols);
  const range = extent([inputs.data]) ?? [0, 0];
  const items = rows.map(({ index, words: [row, actual, predicted, ...sure] }) => {
    const alt = `row ${row}: ${actual}, taken for ${predicted}`;
    const src = thumbnail(rowOf(inputs, index), image, range, false);
    return element(
      "li",
      {},
      element("img", { alt, width: 72, height: 72, src }),
      textElement("b", actual),
      " taken for ",
      textElement("b", predicted),
      "<br>",
      textElement("span", [`row ${row}`, ...sure].join(" · "), { class: "quiet" }),
    );
  });
  return `<ul class="mistakes">\n${items.join("\n")}\n</ul>`;
}

function table(
  rows: readonly Row[],
  { inputs, cellsOf, probabilities, actual }: Evaluation,
  columns: readonly string[] = [],
): string {
  const all = cellsOf ? columns.length : (inputs?.cols ?? 0);
  const order = inputs && !cellsOf ? tellingInputs(inputs, actual) : [...Array(all).keys()];
  const shown = order.slice(0, MAX_COLUMNS);
  const head = ["row", "actual", "taken for", "how sure"].slice(0, probabilities ? 4 : 3);
  const body = rows.map(({ index, words }) => {
    const cells = cellsOf?.(index);
    const values = inputs ? rowOf(inputs, index) : [];
    return [...words, ...shown.map((j) => (cells ? cells[j] : formatNumber(values[j], 6)))];
  });
  head.push(...shown.map((j) => columns[j] ?? `input ${j}`));
  const markup = htmlTable("The worst mistakes", head, body, [false, true, true]);
  if (all <= MAX_COLUMNS) return markup;
  const note = cellsOf
    ? `The first ${MAX_COLUMNS} of ${all} columns are shown.`
    : `${MAX_COLUMNS} of ${all} inputs are shown: those that differ most between the classes, ` +
      "the most telling first.";
  return markup + quiet(note);
}
