// The rows of an evaluation that were predicted wrong, for a report page: as images or as a table.

import { checkFunction, checkInteger, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { quiet } from "./report-html.ts";
import { htmlTable } from "./report-tables.ts";
import { extent } from "./scale.ts";
import { element, escapeMarkup } from "./svg.ts";
import { tellingInputs } from "./telling-inputs.ts";
import { formatNumber, formatPercent } from "./text.ts";
import { checkImageShape, type ImageShape, thumbnail } from "./thumbnail.ts";
import { checkMatrixLike, type MatrixLike } from "./weight-grid.ts";

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
  classes?: readonly string[] | undefined;
  /** The largest number of mistakes that are shown. */
  mistakes: number;
};

const MAX_COLUMNS = 8; // input columns in the table

/** Throws a TypeError or RangeError unless the parts have one row for each actual label. */
export function checkEvaluation(evaluation: Evaluation): void {
  const { actual, predicted, probabilities, inputs, rowNumbers } = evaluation ?? {};
  for (const [name, labels] of Object.entries({ actual, predicted }))
    if (typeof labels !== "object" || labels === null || !Number.isSafeInteger(labels.length))
      throw new ArgumentTypeError(
        `reportPage: evaluation.${name} expected an array of labels, got ${show(labels)}`,
      );
  checkRows("predicted", predicted.length, actual.length);
  if (rowNumbers) checkRows("rowNumbers", rowNumbers.length, actual.length);
  for (const [name, matrix] of Object.entries({ probabilities, inputs })) {
    if (!matrix) continue;
    checkMatrixLike("reportPage", name, matrix);
    checkRows(name, matrix.rows, actual.length);
  }
  checkFunction("reportPage", "evaluation.cellsOf", evaluation.cellsOf);
  if (!probabilities) return;
  for (let i = 0; i < predicted.length; i++)
    checkInteger("reportPage", `predicted label ${i}`, predicted[i], 0, probabilities.cols - 1);
}

function checkRows(name: string, count: number, expected: number): void {
  if (count === expected) return;
  throw new ArgumentRangeError(
    `reportPage: ${name} expected ${expected} rows, one for each actual label, got ${count}`,
  );
}

/** The mistakes in descending order of confidence, or of rows where there are no probabilities. */
export function worstMistakes(evaluation: Evaluation): Mistake[] {
  checkEvaluation(evaluation);
  const { actual, predicted, probabilities } = evaluation;
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
  checkInteger("reportPage", "mistakes", options.mistakes, 0);
  const all = worstMistakes(evaluation);
  if (all.length === 0)
    return quiet(`None: every one of the ${evaluation.actual.length} rows is right.`);
  const shown = all.slice(0, options.mistakes);
  const count = shown.length < all.length ? `${shown.length} of ${all.length}` : `${all.length}`;
  const order = evaluation.probabilities
    ? ", the surest first, with the probability given to the wrong class"
    : "";
  const lead = quiet(
    `${count} ${all.length === 1 ? "mistake" : "mistakes"}${order}; rows are counted from 1.`,
  );
  const { image } = options;
  const rows = shown.map((mistake) => describe(mistake, evaluation, options));
  return image && evaluation.inputs
    ? `${lead}\n${imageList(rows, evaluation.inputs, image)}`
    : `${lead}\n${table(rows, evaluation, options)}`;
}

/** A mistake in words. */
type Row = { index: number; row: string; actual: string; predicted: string; confidence: string };

function describe(
  { index, confidence }: Mistake,
  { actual, predicted, rowNumbers }: Evaluation,
  { classes }: MistakeOptions,
): Row {
  const name = (label: number) => classes?.[label] ?? String(label);
  return {
    index,
    row: String((rowNumbers?.[index] ?? index) + 1),
    actual: name(actual[index]),
    predicted: name(predicted[index]),
    confidence: confidence === undefined ? "" : formatPercent(confidence),
  };
}

function valuesOf({ cols, data }: MatrixLike, index: number): number[] {
  return Array.from({ length: cols }, (_, j) => data[index * cols + j]);
}

function imageList(rows: readonly Row[], inputs: MatrixLike, image: ImageShape): string {
  checkImageShape("reportPage", image, inputs.cols);
  const range = extent([inputs.data]) ?? [0, 0];
  const items = rows.map(({ index, row, actual, predicted, confidence }) => {
    const alt = `row ${row}: ${actual}, taken for ${predicted}`;
    const src = thumbnail(valuesOf(inputs, index), image, range, false);
    const place = [`row ${row}`, confidence].filter(Boolean).join(" · ");
    return element(
      "li",
      {},
      element("img", { alt, width: 72, height: 72, src }),
      element("b", {}, escapeMarkup(actual)),
      " taken for ",
      element("b", {}, escapeMarkup(predicted)),
      "<br>",
      element("span", { class: "quiet" }, escapeMarkup(place)),
    );
  });
  return `<ul class="mistakes">\n${items.join("\n")}\n</ul>`;
}

function table(rows: readonly Row[], evaluation: Evaluation, options: MistakeOptions): string {
  const { inputs, cellsOf, probabilities } = evaluation;
  const { columns } = options;
  const all = cellsOf ? (columns?.length ?? 0) : (inputs?.cols ?? 0);
  const shown =
    inputs && !cellsOf
      ? tellingInputs(inputs, evaluation.actual).slice(0, MAX_COLUMNS)
      : Array.from({ length: Math.min(all, MAX_COLUMNS) }, (_, j) => j);
  const head = [
    "row",
    "actual",
    "taken for",
    ...(probabilities ? ["how sure"] : []),
    ...shown.map((j) => columns?.[j] ?? `input ${j}`),
  ];
  const valueAt = (index: number, j: number): string =>
    cellsOf ? cellsOf(index)[j] : formatNumber(inputs!.data[index * inputs!.cols + j], 6);
  const body = rows.map(({ index, row, actual, predicted, confidence }) => [
    row,
    actual,
    predicted,
    ...(probabilities ? [confidence] : []),
    ...shown.map((j) => valueAt(index, j)),
  ]);
  const markup = htmlTable("The worst mistakes", head, body, [false, true, true]);
  return markup + cutNote(shown.length, all, cellsOf !== undefined);
}

/** Says that a table lacks inputs or columns, and which it has. */
function cutNote(shown: number, all: number, ofFile: boolean): string {
  if (all <= shown) return "";
  if (ofFile) return quiet(`The first ${shown} of ${all} columns are shown.`);
  return quiet(
    `${shown} of ${all} inputs are shown: those that differ most between the classes, the most ` +
      "telling first.",
  );
}
