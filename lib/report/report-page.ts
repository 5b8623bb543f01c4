// A training as one self-contained HTML page: what was trained, its curves, its mistakes, and the
// commands that make it again. The page has no scripts and loads nothing; its
// Content-Security-Policy forbids both.

import {
  checkArray,
  checkNames,
  checkText,
  checkTexts,
  isRecord,
  showName,
  wrongType,
} from "../base/checks.ts";
import { counted } from "../base/counted.ts";
import { type ConfusionCounts, confusionScores, countConfusion } from "../base/metrics.ts";
import { checkEachOption, integerIn } from "../base/option-checks.ts";
import { confusionMatrix, namedConfusions } from "./confusion-matrix.ts";
import { lineChart } from "./line-chart.ts";
import { checkMatrixLike, type MatrixLike } from "./matrix-like.ts";
import {
  commandBlock,
  type Facts,
  facts,
  pair,
  quiet,
  section,
  settingInWords,
  tiles,
} from "./report-html.ts";
import { checkEvaluation, drawMistakes, type Evaluation } from "./report-mistakes.ts";
import { REPORT_CSS } from "./report-style.ts";
import { type ColumnNote, classTable, columnTable, htmlTable } from "./report-tables.ts";
import { textElement } from "./svg.ts";
import { formatPercent } from "./text.ts";
import { checkImageSizes, type ImageShape } from "./thumbnail.ts";
import { accuracyChart, type Curves, checkCurves, lossChart } from "./training-curves.ts";
import { weightGrid } from "./weight-grid.ts";

/** The parts of a report page; a part that is missing has no section. */
export type Report = {
  title: string;
  /** One sentence under the title. */
  summary?: string | undefined;
  /** What was trained on what: the sizes of the net, the file, its rows and columns, …. */
  about?: Facts | undefined;
  /** Learning rate, batch size, seed, …. */
  settings?: Facts | undefined;
  /** The commands that make this page or its net again, one per line. */
  command?: string | undefined;
  /** Accuracies (0..1) by name: { train: 0.99, validation: 0.97, test: 0.97 }. */
  accuracy?: Readonly<Record<string, number | undefined>>;
  history?: Curves | undefined;
  evaluation?: Evaluation | undefined;
  /** W1 (D, H); drawn as images if `image` is given. */
  weights?: MatrixLike | undefined;
  /** The image that a row of inputs, or the weights of a hidden unit, is. Default: not an image. */
  image?: ImageShape | undefined;
  /** The names of the classes. Default: "0", "1", …. */
  classes?: readonly (string | number)[] | undefined;
  /** The names of the input columns, for the table of mistakes. Default: "input 0", …. */
  columns?: readonly string[] | undefined;
  /** What was decided about the columns of the training data. */
  decisions?: readonly ColumnNote[] | undefined;
  /** The largest number of mistakes that are shown. Default: 24. */
  mistakes?: number | undefined;
};

// The width that figures are drawn for: between a phone and half a wide screen, so that their text
// is readable on both.
const FIGURE_WIDTH = 470;

const COUNTED_CLASSES = 20; // of more classes the matrix has no room for counts
const DRAWN_CLASSES = 50; // of more classes the cells of a matrix are too small to be told apart
const LISTED_CONFUSIONS = 10; // beside a matrix, and in place of one:
const LISTED_INSTEAD = 30;

const POLICY =
  "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; " +
  "img-src data:";

/**
 * The report as an HTML document that loads nothing else. Text is escaped. Throws a TypeError or
 * RangeError for parts that do not fit together.
 * @example
 * const page = reportPage({ title: "Plums & pears", accuracy: { test: 0.97 } });
 * console.log(/<h1>(.*?)<\/h1>/.exec(page)?.[1]); // Plums &amp; pears
 */
export function reportPage(report: Report): string {
  checkReport(report);
  const { title, summary, about, settings, command, accuracy, history, decisions } = report;
  const { evaluation, weights, image } = report;
  const [confusion, mistakes] = evaluation ? evaluationParts(evaluation, report) : [];
  return htmlPage(title, [
    "<header>",
    textElement("h1", title),
    summary && quiet(summary),
    accuracy && tiles(accuracy),
    "</header>",
    pair(
      about && section("What was trained on what", facts(about)),
      settings && section("Settings", facts(settings, settingInWords)),
    ),
    history && section("How the training went", curves(history)),
    decisions?.length && section("What was decided about the columns", columnTable(decisions)),
    pair(
      confusion,
      weights &&
        image &&
        section(
          "What the hidden units look for",
          weightGrid(weights, { ...image, size: FIGURE_WIDTH }),
        ),
    ),
    mistakes,
    command && section("Do it again", commandBlock(command)),
  ]);
}

/** Throws a TypeError or RangeError for a part that is not what it should be. */
function checkReport(report: Report): void {
  checkEachOption("reportPage", report, {
    title: checkText,
    summary: checkText,
    about: checkFacts,
    settings: checkFacts,
    command: checkText,
    accuracy: checkAccuracy,
    history: checkCurves,
    evaluation: checkEvaluation,
    weights: checkMatrixLike,
    image: checkImageSizes,
    classes: checkNames,
    columns: checkTexts,
    decisions: checkNotes,
    mistakes: integerIn(0),
  });
  checkText("reportPage", "title", report.title);
}

function checkFacts(where: string, name: string, value: unknown): asserts value is Facts {
  if (!isRecord(value)) throw wrongType(where, name, "an object", value);
}

function checkAccuracy(where: string, name: string, value: unknown): void {
  checkFacts(where, name, value);
  for (const [key, share] of Object.entries(value))
    if (share !== undefined && typeof share !== "number")
      throw wrongType(where, `${name}.${showName(key)}`, "a number", share);
}

function checkNotes(where: string, name: string, value: unknown): void {
  checkArray(where, name, value);
  for (const [i, note] of value.entries()) checkFacts(where, `${name}[${i}]`, note);
}

function htmlPage(title: string, parts: readonly (string | number | undefined)[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${textElement("title", title)}
<style>
${REPORT_CSS}</style>
</head>
<body>
<main>
${parts.filter(Boolean).join("\n")}
</main>
</body>
</html>
`;
}

function curves(history: Curves): string {
  const figures = [lossChart(history), accuracyChart(history)].map(([series, options]) =>
    lineChart(series, { ...options, width: FIGURE_WIDTH, height: 270 }),
  );
  return pair(...figures);
}

/** The section of the confusions, and that of the mistakes if there are rows. */
function evaluationParts(
  evaluation: Evaluation,
  { classes, image, columns, mistakes: limit = 24 }: Report,
): [confusion: string, mistakes?: string] {
  const { actual, predicted, name } = evaluation;
  const title = `Where it is right and wrong, ${name} rows`;
  const counts = countConfusion(actual, predicted, classes?.length);
  const names = (classes ?? [...counts.keys()]).map(String);
  if (actual.length === 0) return [section(title, quiet("There are no rows to evaluate."))];
  const content = [
    counts.length <= DRAWN_CLASSES
      ? confusionMatrix(counts, { classes: names, width: FIGURE_WIDTH })
      : "",
    confusionText(counts, names),
    counts.length > COUNTED_CLASSES ? frequentConfusions(counts, names) : "",
    classTable(counts, names),
  ];
  const mistakes = drawMistakes(evaluation, { image, columns, names, limit });
  return [section(title, content.join("")), section("The worst mistakes", mistakes)];
}

function confusionText(counts: ConfusionCounts, names: readonly string[]): string {
  const { accuracy, rows } = confusionScores(counts);
  const right = `${formatPercent(accuracy)} of ${rows} rows are right.`;
  const [worst] = namedConfusions(counts, names);
  if (worst === undefined) return quiet(right);
  const [actual, predicted, count] = worst;
  return quiet(
    `${right} Most often ${actual} is taken for ${predicted}: ${counted(count, "time")}.`,
  );
}

/**
 * Of many classes the matrix shows no counts, and of very many there is none, so a table lists the
 * most frequent confusions.
 */
function frequentConfusions(counts: ConfusionCounts, names: readonly string[]): string {
  const all = namedConfusions(counts, names);
  const rows = all.slice(0, counts.length <= DRAWN_CLASSES ? LISTED_CONFUSIONS : LISTED_INSTEAD);
  if (rows.length === 0) return "";
  const head = ["actual", "taken for", "rows"];
  const table = htmlTable("Most frequent confusions", head, rows, [true, true]);
  return quiet(`The ${rows.length} most frequent of ${all.length} confusions:`) + table;
}
