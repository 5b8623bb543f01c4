// A training as one self-contained HTML page: what was trained, its curves, its mistakes, and the
// commands that make it again. The page has no scripts and loads nothing; its
// Content-Security-Policy forbids both.

import {
  checkInteger,
  checkNames,
  checkOptions,
  checkText,
  checkTextOptions,
  checkTexts,
  isRecord,
  show,
  showName,
} from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { confusionAccuracy, confusions, countConfusion } from "../base/metrics.ts";
import { confusionMatrix } from "./confusion-matrix.ts";
import { lineChart } from "./line-chart.ts";
import {
  commandBlock,
  type Facts,
  facts,
  pair,
  quiet,
  scroller,
  section,
  settingsInWords,
  tiles,
} from "./report-html.ts";
import { checkEvaluation, drawMistakes, type Evaluation } from "./report-mistakes.ts";
import { REPORT_CSS } from "./report-style.ts";
import { type ColumnNote, classTable, columnTable } from "./report-tables.ts";
import { element, escapeMarkup } from "./svg.ts";
import { formatPercent } from "./text.ts";
import { checkImageSizes, type ImageShape } from "./thumbnail.ts";
import { accuracyChart, type Curves, checkCurves, lossChart } from "./training-curves.ts";
import { checkMatrixLike, type MatrixLike, weightGrid } from "./weight-grid.ts";

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

const OPTIONS = [
  "title",
  "summary",
  "about",
  "settings",
  "command",
  "accuracy",
  "history",
  "evaluation",
  "weights",
  "image",
  "classes",
  "columns",
  "decisions",
  "mistakes",
] as const;

// The width that figures are drawn for: between a phone and half a wide screen, so that their text
// is readable on both.
const FIGURE_WIDTH = 470;

const COUNTED_CLASSES = 20; // of more classes the matrix has no room for counts
const DRAWN_CLASSES = 50; // of more classes the cells of a matrix are too small to be told apart
const LISTED_CONFUSIONS = 10; // beside a matrix, and in place of one:
const LISTED_INSTEAD = 30;

const POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
].join("; ");

/**
 * The report as an HTML document that loads nothing else. Text is escaped. Throws a TypeError or
 * RangeError for parts that do not fit together.
 * @example
 * const page = reportPage({ title: "Plums & pears", accuracy: { test: 0.97 } });
 * console.log(/<h1>(.*?)<\/h1>/.exec(page)?.[1]); // Plums &amp; pears
 */
export function reportPage(report: Report): string {
  checkOptions("reportPage", report, OPTIONS);
  checkParts(report);
  const { title, about, settings, command, history, evaluation } = report;
  const classes = report.classes && checkNames("reportPage", "classes", report.classes);
  return htmlPage(title, [
    header(report),
    pair(
      about && section("What was trained on what", facts(about)),
      settings && section("Settings", facts(settingsInWords(settings))),
    ),
    history ? curves(history) : "",
    report.decisions?.length
      ? section("What was decided about the columns", columnTable(report.decisions))
      : "",
    pair(evaluation && confusionSection(evaluation, classes), weightSection(report)),
    evaluation && evaluation.actual.length > 0
      ? section(
          "The worst mistakes",
          drawMistakes(evaluation, { ...report, classes, mistakes: report.mistakes ?? 24 }),
        )
      : "",
    command ? section("Do it again", commandBlock(command)) : "",
  ]);
}

/** Throws a TypeError or RangeError for a part that is not what it should be. */
function checkParts(report: Report): void {
  const { columns, decisions, history, evaluation, weights, image, mistakes } = report;
  checkText("reportPage", "title", report.title);
  checkTextOptions("reportPage", report, ["summary", "command"]);
  for (const name of ["about", "settings", "accuracy"] as const)
    if (report[name] !== undefined) checkFacts(name, report[name]);
  if (report.classes !== undefined) checkNames("reportPage", "classes", report.classes);
  if (columns !== undefined) checkTexts("reportPage", "columns", columns);
  if (decisions !== undefined) checkNotes(decisions);
  if (history !== undefined) checkCurves("reportPage", history);
  if (evaluation !== undefined) checkEvaluation(evaluation);
  if (weights !== undefined) checkMatrixLike("reportPage", "weights", weights);
  if (image !== undefined) checkImageSizes("reportPage", image);
  if (mistakes !== undefined) checkInteger("reportPage", "mistakes", mistakes, 0);
}

function checkFacts(name: string, facts: unknown): void {
  if (!isRecord(facts))
    throw new ArgumentTypeError(`reportPage: ${name} expected an object, got ${show(facts)}`);
  if (name !== "accuracy") return;
  for (const [key, value] of Object.entries(facts))
    if (value !== undefined && typeof value !== "number")
      throw new ArgumentTypeError(
        `reportPage: accuracy.${showName(key)} expected a number, got ${show(value)}`,
      );
}

function checkNotes(notes: unknown): void {
  if (!Array.isArray(notes))
    throw new ArgumentTypeError(`reportPage: decisions expected an array, got ${show(notes)}`);
  for (const [i, note] of notes.entries())
    if (!isRecord(note))
      throw new ArgumentTypeError(
        `reportPage: decisions[${i}] expected an object, got ${show(note)}`,
      );
}

function htmlPage(title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
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

function header({ title, summary, accuracy }: Report): string {
  const parts = [
    `<header>\n${element("h1", {}, escapeMarkup(title))}`,
    summary ? element("p", { class: "quiet" }, escapeMarkup(summary)) : "",
    accuracy ? tiles(accuracy) : "",
    "</header>",
  ];
  return parts.filter(Boolean).join("\n");
}

function curves(history: Curves): string {
  const figures = [lossChart(history), accuracyChart(history)].map(([series, options]) =>
    lineChart(series, { ...options, width: FIGURE_WIDTH, height: 270 }),
  );
  return section("How the training went", `<div class="pair">\n${figures.join("\n")}\n</div>`);
}

function confusionSection(evaluation: Evaluation, classes?: readonly string[]): string {
  const { actual, predicted, name } = evaluation;
  const counts = countConfusion(actual, predicted, classes?.length);
  const content =
    actual.length === 0
      ? quiet("There are no rows to evaluate.")
      : (counts.length <= DRAWN_CLASSES
          ? confusionMatrix(counts, { classes, width: FIGURE_WIDTH })
          : "") +
        confusionText(counts, actual.length, classes) +
        (counts.length > COUNTED_CLASSES ? frequentConfusions(counts, classes) : "") +
        classTable(counts, classes);
  return section(`Where it is right and wrong, ${name} rows`, content);
}

/**
 * Of many classes the matrix shows no counts, and of very many there is none, so a table lists the
 * most frequent confusions.
 */
function frequentConfusions(counts: number[][], classes?: readonly string[]): string {
  const name = (label: number) => classes?.[label] ?? String(label);
  const all = confusions(counts);
  const most = counts.length <= DRAWN_CLASSES ? LISTED_CONFUSIONS : LISTED_INSTEAD;
  const shown = all.slice(0, most);
  if (shown.length === 0) return "";
  const rows = shown.map(({ actual, predicted, count }) => {
    const cells = [name(actual), name(predicted)].map((text) =>
      element("td", { class: "text" }, escapeMarkup(text)),
    );
    return element("tr", {}, ...cells, element("td", {}, String(count)));
  });
  const titles = ["actual", "taken for"].map((text) =>
    element("th", { class: "text", scope: "col" }, text),
  );
  const head = element("tr", {}, ...titles, element("th", { scope: "col" }, "rows"));
  const note = quiet(`The ${shown.length} most frequent of ${all.length} confusions:`);
  return `${note}${scroller("Most frequent confusions", `<table>${head}${rows.join("")}</table>`)}`;
}

function confusionText(counts: number[][], rows: number, classes?: readonly string[]): string {
  const name = (label: number) => classes?.[label] ?? String(label);
  const right = `${formatPercent(confusionAccuracy(counts))} of ${rows} rows are right.`;
  const [worst] = confusions(counts);
  if (worst === undefined) return quiet(right);
  const times = `${worst.count} ${worst.count === 1 ? "time" : "times"}`;
  return quiet(
    `${right} Most often ${name(worst.actual)} is taken for ${name(worst.predicted)}: ${times}.`,
  );
}

function weightSection({ weights, image }: Report): string | undefined {
  if (!weights || !image) return undefined;
  const grid = weightGrid(weights, { ...image, size: FIGURE_WIDTH });
  return section("What the hidden units look for", grid);
}
