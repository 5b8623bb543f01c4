// A training in one self-contained HTML page: what was trained on what, how it went, where it is
// wrong, and the command that does it again. No scripts and nothing fetched: the page's own
// Content-Security-Policy forbids both.

import { checkInteger, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { confusionAccuracy, confusions, countConfusion } from "../base/metrics.ts";
import { confusionMatrix } from "./confusion-matrix.ts";
import { lineChart } from "./line-chart.ts";
import { themeCss } from "./palette.ts";
import { extent } from "./scale.ts";
import { element, escapeMarkup } from "./svg.ts";
import { formatNumber, formatPercent } from "./text.ts";
import { checkImageShape, type ImageShape, thumbnail } from "./thumbnail.ts";
import { accuracyChart, type Curves, lossChart } from "./training-curves.ts";
import { checkMatrixLike, type MatrixLike, weightGrid } from "./weight-grid.ts";

/** Facts in the order they are shown; numbers are formatted, undefined ones left out. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Rows with known labels and what the net made of them. */
export type Evaluation = {
  /** What the rows are called, as in "test". */
  name: string;
  actual: ArrayLike<number>; // (N)
  predicted: ArrayLike<number>; // (N)
  /** (N, C); with it the mistakes are ordered by how sure the net was. */
  probabilities?: MatrixLike;
  /**
   * (N, D) as the user knows them, that is before standardization; with them the mistakes are
   * shown, not only counted.
   */
  inputs?: MatrixLike;
  /**
   * Where each row stands in the file it came from, counted from 0; default its index. The page
   * counts from 1: the first is row 1.
   */
  rowNumbers?: ArrayLike<number>;
};

/** What reportPage shows. */
export type Report = {
  title: string;
  /** One sentence under the title. */
  summary?: string;
  /** What was trained on what: the net's sizes, the file, its rows and columns, … */
  about?: Facts;
  /** Learning rate, batch size, seed, … */
  settings?: Facts;
  /** The command line that makes this page or its net again. */
  command?: string;
  /** Accuracies (0..1) by name, shown large: { train: 0.99, validation: 0.97, test: 0.97 }. */
  accuracy?: Readonly<Record<string, number | undefined>>;
  history?: Curves;
  evaluation?: Evaluation;
  /** W1 (D, H); drawn as images when `image` is given. */
  weights?: MatrixLike;
  /**
   * How a row of inputs, or the weights of a hidden unit, is read as an image; leave it out for
   * tables of numbers.
   */
  image?: ImageShape;
  /** The classes' names; default "0", "1", … */
  classes?: readonly string[];
  /** The input columns' names, for the table of mistakes; default none. */
  columns?: readonly string[];
  /** How many mistakes are shown; default 24. */
  mistakes?: number;
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
  "mistakes",
] as const;

const CELLS = 8; // input columns in the table of mistakes
// the width the figures are drawn for: between a phone and half a wide screen, so that their text
// is readable on both
const FIGURE = 470;

const CSS = `${themeCss(":root")}
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1200px;padding:24px 16px 48px;background:var(--tl-surface);color:var(--tl-ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{margin:0;font-size:28px;line-height:1.2;overflow-wrap:anywhere}
h2{margin:40px 0 12px;font-size:19px}
p{margin:8px 0;max-width:75ch;overflow-wrap:anywhere}
.quiet,dt,th{color:var(--tl-muted)}
.tiles{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0 0;padding:0;list-style:none}
.tiles li{min-width:130px;padding:10px 16px;border:1px solid var(--tl-grid);border-radius:8px;color:var(--tl-muted)}
.tiles b{display:block;color:var(--tl-ink);font-size:28px;line-height:1.2;font-variant-numeric:tabular-nums}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:8px 24px;align-items:start}
.pair h2{margin-top:24px}
.pair svg.tl{width:100%;max-width:600px}
dl{display:grid;grid-template-columns:fit-content(45%) minmax(0,1fr);gap:4px 20px;margin:0}
dt,.tiles li{overflow-wrap:anywhere}
dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:4px 12px 4px 0;text-align:right;border-bottom:1px solid var(--tl-grid);white-space:nowrap;font-weight:400}
.text{text-align:left}
.mistakes{display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:16px 12px;margin:0;padding:0;list-style:none}
.mistakes img{display:block;width:72px;height:72px;object-fit:contain;object-position:left;image-rendering:pixelated;margin-bottom:4px}
.mistakes li{font-size:14px;line-height:1.35;overflow-wrap:anywhere}
pre{margin:0;padding:12px 16px;border:1px solid var(--tl-grid);border-radius:8px;overflow-x:auto;font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
@media print{body{max-width:none;padding:0}h2,svg,li{break-inside:avoid}}
`;

/**
 * The report as an HTML document that needs nothing else; every part but the title may be missing,
 * and its section is missing then. Text of yours is escaped. Throws TypeError or RangeError for
 * parts that do not fit together.
 * @example
 * const page = reportPage({ title: "Plums & pears", accuracy: { test: 0.97 }, about: { rows: 150 } });
 * console.log(page.slice(0, 15), /<h1>(.*?)<\/h1>/.exec(page)?.[1]); // <!doctype html> Plums &amp; pears
 */
export function reportPage(report: Report): string {
  checkOptions("reportPage", report, OPTIONS);
  if (typeof report.title !== "string")
    throw new ArgumentTypeError(`reportPage: title expected a string, got ${show(report.title)}`);
  const {
    title,
    summary,
    about,
    settings,
    command,
    accuracy,
    history,
    evaluation,
    weights,
    image,
    classes,
  } = report;
  if (evaluation) checkEvaluation(evaluation);
  if (weights) checkMatrixLike("reportPage", "weights", weights);
  const counts =
    evaluation && countConfusion(evaluation.actual, evaluation.predicted, classes?.length);
  const main = [
    `<header>\n${element("h1", {}, escapeMarkup(title))}`,
    summary ? element("p", { class: "quiet" }, escapeMarkup(summary)) : "",
    accuracy ? tiles(accuracy) : "",
    "</header>",
    pair(
      about && section("What was trained on what", facts(about)),
      settings && section("Hyper-parameters", facts(settings)),
    ),
    history ? curves(history) : "",
    pair(
      evaluation &&
        counts &&
        section(
          `Where it is right and wrong, ${evaluation.name} rows`,
          evaluation.actual.length === 0
            ? quiet("There are no rows to evaluate.")
            : confusionMatrix(counts, { classes, width: FIGURE }) +
                confusionWords(evaluation, counts, classes),
        ),
      weights &&
        image &&
        section("What the hidden units look for", weightGrid(weights, { ...image, size: FIGURE })),
    ),
    evaluation && evaluation.actual.length > 0
      ? section("The worst mistakes", mistakes(report, evaluation))
      : "",
    command
      ? section("Do it again", element("pre", {}, element("code", {}, commandMarkup(command))))
      : "",
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>
${CSS}</style>
</head>
<body>
${main.filter(Boolean).join("\n")}
</body>
</html>
`;
}

/**
 * The rows that were taken for another class, the ones the net was surest about first (in order of
 * rows where there are no probabilities): their index, and the probability of the wrong class.
 */
export function worstMistakes(
  evaluation: Evaluation,
): { index: number; confidence: number | undefined }[] {
  checkEvaluation(evaluation);
  const { actual, predicted, probabilities } = evaluation;
  const wrong: { index: number; confidence: number | undefined }[] = [];
  for (let index = 0; index < actual.length; index++) {
    if (actual[index] === predicted[index]) continue;
    wrong.push({
      index,
      confidence: probabilities?.data[index * probabilities.cols + predicted[index]],
    });
  }
  // sort is stable: equal ones stay in order
  return wrong.sort((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0));
}

function checkEvaluation({
  actual,
  predicted,
  probabilities,
  inputs,
  rowNumbers,
}: Evaluation): void {
  const expect = (name: string, count: number) => {
    if (count !== actual.length)
      throw new ArgumentRangeError(
        `reportPage: ${name} expected ${actual.length} rows, one for each actual label, got ${count}`,
      );
  };
  expect("predicted", predicted.length);
  if (rowNumbers) expect("rowNumbers", rowNumbers.length);
  for (const [name, matrix] of [
    ["probabilities", probabilities],
    ["inputs", inputs],
  ] as const) {
    if (!matrix) continue;
    checkMatrixLike("reportPage", name, matrix);
    expect(name, matrix.rows);
  }
  if (probabilities) {
    for (let i = 0; i < predicted.length; i++)
      checkInteger("reportPage", `predicted label ${i}`, predicted[i], 0, probabilities.cols - 1);
  }
}

function section(heading: string, content: string): string {
  return `<section>\n${element("h2", {}, escapeMarkup(heading))}\n${content}\n</section>`;
}

function pair(...sections: (string | undefined)[]): string {
  const shown = sections.filter(Boolean);
  return shown.length === 0 ? "" : `<div class="pair">\n${shown.join("\n")}\n</div>`;
}

function quiet(text: string): string {
  return element("p", { class: "quiet" }, escapeMarkup(text));
}

function tiles(accuracy: NonNullable<Report["accuracy"]>): string {
  const items = Object.entries(accuracy).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          element(
            "li",
            {},
            element("b", {}, escapeMarkup(formatPercent(value))),
            escapeMarkup(`${name} accuracy`),
          ),
        ],
  );
  return items.length === 0 ? "" : `<ul class="tiles">\n${items.join("\n")}\n</ul>`;
}

function facts(values: Facts): string {
  const rows = Object.entries(values).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          element("dt", {}, escapeMarkup(name)) +
            element(
              "dd",
              {},
              escapeMarkup(typeof value === "number" ? formatNumber(value, 12) : String(value)),
            ),
        ],
  );
  return `<dl>\n${rows.join("\n")}\n</dl>`;
}

function curves(history: Curves): string {
  const figures = [lossChart(history), accuracyChart(history)].map(([series, options]) =>
    lineChart(series, { ...options, width: FIGURE, height: 270 }),
  );
  return section("How the training went", `<div class="pair">\n${figures.join("\n")}\n</div>`);
}

function confusionWords(
  evaluation: Evaluation,
  counts: number[][],
  classes?: readonly string[],
): string {
  const name = (k: number) => classes?.[k] ?? String(k);
  const [worst] = confusions(counts);
  return quiet(
    `${formatPercent(confusionAccuracy(counts))} of ${evaluation.actual.length} rows are right.` +
      (worst
        ? ` Most often ${name(worst.actual)} is taken for ${name(worst.predicted)}: ${worst.count} ${worst.count === 1 ? "time" : "times"}.`
        : ""),
  );
}

function mistakes(report: Report, evaluation: Evaluation): string {
  const { image, columns, classes, mistakes: most = 24 } = report;
  checkInteger("reportPage", "mistakes", most, 0);
  const all = worstMistakes(evaluation);
  if (all.length === 0)
    return quiet(`None: every one of the ${evaluation.actual.length} rows is right.`);
  const shown = all.slice(0, most);
  const { inputs, rowNumbers, actual, predicted } = evaluation;
  const name = (k: number) => classes?.[k] ?? String(k);
  const row = (index: number) => (rowNumbers?.[index] ?? index) + 1;
  const sure = (confidence: number | undefined) =>
    confidence === undefined ? "" : formatPercent(confidence);
  const order = evaluation.probabilities
    ? ", the surest first, with the probability given to the wrong class"
    : "";
  const lead = quiet(
    `${shown.length < all.length ? `${shown.length} of ` : ""}${all.length} ${all.length === 1 ? "mistake" : "mistakes"}${order}; rows are counted from 1.`,
  );
  const values = (index: number) =>
    Array.from({ length: inputs!.cols }, (_, j) => inputs!.data[index * inputs!.cols + j]);

  if (image && inputs) {
    checkImageShape("reportPage", image, inputs.cols);
    const range = extent([inputs.data]) ?? [0, 0];
    const items = shown.map(({ index, confidence }) => {
      const words = `${name(actual[index])}, taken for ${name(predicted[index])}`;
      return element(
        "li",
        {},
        element("img", {
          alt: `row ${row(index)}: ${words}`,
          width: 72,
          height: 72,
          src: thumbnail(values(index), image, range, false),
        }),
        element("b", {}, escapeMarkup(name(actual[index]))),
        " taken for ",
        element("b", {}, escapeMarkup(name(predicted[index]))),
        "<br>",
        element(
          "span",
          { class: "quiet" },
          escapeMarkup([`row ${row(index)}`, sure(confidence)].filter(Boolean).join(" · ")),
        ),
      );
    });
    return `${lead}\n<ul class="mistakes">\n${items.join("\n")}\n</ul>`;
  }

  const used = inputs ? Math.min(inputs.cols, CELLS) : 0;
  const cell = (kind: "th" | "td", text: string, left = false) =>
    element(
      kind,
      { class: left ? "text" : undefined, scope: kind === "th" ? "col" : undefined },
      escapeMarkup(text),
    );
  const head = [
    cell("th", "row"),
    cell("th", "actual", true),
    cell("th", "taken for", true),
    ...(evaluation.probabilities ? [cell("th", "how sure")] : []),
    ...Array.from({ length: used }, (_, j) => cell("th", columns?.[j] ?? `input ${j}`)),
  ];
  const body = shown.map(({ index, confidence }) =>
    element(
      "tr",
      {},
      cell("td", String(row(index))),
      cell("td", name(actual[index]), true),
      cell("td", name(predicted[index]), true),
      ...(evaluation.probabilities ? [cell("td", sure(confidence))] : []),
      ...(used > 0 ? values(index).slice(0, used) : []).map((value) =>
        cell("td", formatNumber(value, 6)),
      ),
    ),
  );
  const rest =
    inputs && inputs.cols > used
      ? quiet(`The first ${used} of ${inputs.cols} inputs are shown.`)
      : "";
  return `${lead}\n<div class="scroll"><table>\n<thead>${element("tr", {}, ...head)}</thead>\n<tbody>\n${body.join("\n")}\n</tbody>\n</table></div>${rest}`;
}

/** A command keeps its line breaks; everything else that is not printable is dropped. */
function commandMarkup(command: string): string {
  return command
    .split(/\r\n|\r|\n/)
    .map(escapeMarkup)
    .join("\n");
}
