// twolayer report: one HTML page about a model and its mistakes on rows with known labels.

import { accuracyOf } from "../../base/metrics.ts";
import { columnIndices } from "../../data/column-names.ts";
import { describeCells } from "../../data/shown-cells.ts";
import { Matrix } from "../../matrix/matrix.ts";
import type { Classifier } from "../../model/classifier.ts";
import { parseRecordedCommand, type RecordedCommand } from "../../model/training-record.ts";
import type { Evaluation } from "../../report/report-mistakes.ts";
import { type Report, reportPage } from "../../report/report-page.ts";
import { formatPercent, shortNumber } from "../../report/text.ts";
import type { ImageShape } from "../../report/thumbnail.ts";
import { type Arguments, type Command, UsageError } from "../arguments.ts";
import { COMPUTE_OPTIONS, checkCompute } from "../compute.ts";
import { evaluateSource, PART_NAMES, type Evaluation as SourceEvaluation } from "../evaluation.ts";
import { type Model, netSizes, readModel } from "../model.ts";
import { writeFile } from "../output-file.ts";
import { checkOutputs } from "../outputs.ts";
import { commandLine } from "../provenance.ts";
import { columnsOf, readSource, SOURCE_OPTIONS, type Source, STRICT_OPTION } from "../source.ts";
import { printResult } from "../terminal.ts";

export const report: Command = {
  name: "report",
  usage: [
    "MODEL DATA --out FILE [options]",
    "MODEL --images FILE --labels FILE --out FILE",
    "MODEL --cifar10 DIR --out FILE",
  ],
  positionals: 2,
  options: {
    out: ["FILE", "Write the page to this file; it needs no other file."],
    image: ["WxH[xC]", "Show rows of a CSV as images of this size, with C = 1 or 3 channels."],
    title: ["TEXT", "Set the title of the page. Default: the names of the model and the data."],
    ...COMPUTE_OPTIONS,
    ...SOURCE_OPTIONS,
    ...STRICT_OPTION,
  },
  examples: ["twolayer report digits.safetensors digits-test.csv --image 8x8 --out report.html"],
  async run(args) {
    checkOutputs(args, ["out"]);
    checkCompute(args);
    const out = args.required("out", "FILE");
    const path = args.positional(0, "MODEL");
    const model = await readModel(path);
    const source = await readSource(args, 1, "test", { expected: columnsOf(model.classifier) });
    const evaluation = evaluateSource(args, model, source);
    await writeFile(out, page(args, path, model, source, evaluation));
    const { y, labels, remarks, cells } = evaluation;
    const [rows, accuracy] = [y.length, accuracyOf(y, labels)];
    const text = `${out}  ${rows} rows, accuracy ${formatPercent(accuracy)}\n`;
    await printResult(args, { out, rows, accuracy, remarks, cells }, text);
    return 0;
  },
};

/** The page about the model, which was read from `path`, and an evaluation on the source. */
function page(
  args: Arguments,
  path: string,
  model: Model,
  source: Source,
  { X, y, rows, labels, probabilities, part }: SourceEvaluation,
): string {
  const { classifier } = model;
  const { encoding } = classifier;
  const name = PART_NAMES[part] + source.name;
  const command = parseRecordedCommand(model.run?.command ?? model.training.command);
  return reportPage({
    title: args.text("title") ?? `${path} on ${source.name}`,
    about: about(model, command, `${y.length} ${name} rows`),
    ...trainingParts(model, command),
    command: commands(args, path, model, command),
    accuracy: { ...trainingAccuracies(model), [name]: accuracyOf(y, labels) },
    evaluation: {
      name,
      actual: y,
      predicted: labels,
      probabilities,
      rowNumbers: rows,
      ...shownRows(classifier, source, X, rows, args.has("image")),
    },
    ...shownWeights(args, classifier, source),
    classes: encoding.classes.map(String),
    columns: source.kind === "images" ? undefined : classifier.columns,
    decisions: encoding.decisions,
  });
}

function about(
  model: Model,
  command: RecordedCommand | undefined,
  evaluatedOn: string,
): Report["about"] {
  const { note } = model.state?.history ?? model.training;
  return {
    net: netSizes(model.classifier.net),
    "trained on": trainedOn(model, command),
    "evaluated on": evaluatedOn,
    ...(note !== undefined && { note }),
  };
}

function trainedOn({ training, state }: Model, command: RecordedCommand | undefined): string {
  const data = training.data ?? command?.positionals[0];
  const { images, npz, cifar10 } = command?.options ?? {};
  const { rows, validationRows = 0 } = state ?? training;
  return [
    data ?? images ?? npz ?? cifar10,
    rows !== undefined && `${rows} rows`,
    validationRows > 0 && `${validationRows} more for validation`,
    state && `${state.iteration} of ${state.settings.iterations} iterations`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** The accuracies of the finished model, or the last ones in the history of a checkpoint. */
function trainingAccuracies({ training, state }: Model): Report["accuracy"] {
  const { trainAccuracy, valAccuracy } = state
    ? {
        trainAccuracy: state.history.trainAccuracy.at(-1),
        valAccuracy: state.history.valAccuracy.at(-1),
      }
    : training;
  return { train: trainAccuracy, validation: valAccuracy ?? undefined };
}

function trainingParts(
  { training, state }: Model,
  command: RecordedCommand | undefined,
): Pick<Report, "history" | "settings"> {
  const settings = state?.settings ?? training.settings;
  const history = state?.history ?? training.history;
  if (settings === undefined) return { history };
  const seed = command?.options.seed ?? "0";
  const known = Object.entries({ ...settings, seed }).filter(([, value]) => value !== null);
  return {
    history,
    settings: Object.fromEntries(known.map(([name, value]) => [name, settingText(value)])),
  };
}

/** The setting as a short text: a number, a name, or a name with numbers. */
function settingText(value: unknown): string {
  if (typeof value === "number") return shortNumber(value, 6);
  if (typeof value !== "object" || value === null) return String(value);
  const { name, ...rest } = value as { name?: unknown };
  return [name, ...Object.entries(rest).map(([key, each]) => `${key} ${String(each)}`)].join(", ");
}

/** The commands that make the model and this page again, one per line. */
function commands(
  args: Arguments,
  path: string,
  { state }: Model,
  command: RecordedCommand | undefined,
): string {
  const own = commandLine({
    name: "report",
    positionals: args.positionals,
    options: args.pick(args.given.filter((name) => name !== "json")),
  });
  if (command === undefined) return own;
  const options = { ...command.options, [state ? "checkpoint" : "out"]: path };
  return `${commandLine({ ...command, options })}\n${own}`;
}

/** The image shape of a row: that of --image, or that of the image files. */
function imageOf({ images }: ImageSource): ImageShape | undefined {
  const { shape } = images;
  if (shape.length === 3) return { width: shape[2], height: shape[1] };
  return shape.length === 4 && (shape[1] === 1 || shape[1] === 3)
    ? { width: shape[3], height: shape[2], channels: shape[1] }
    : undefined;
}

type ImageSource = Extract<Source, { kind: "images" }>;

/** The rows as the page shows them: their cells, or the pixels of images. */
function shownRows(
  classifier: Classifier,
  source: Source,
  X: Matrix,
  rows: Int32Array,
  asImages: boolean,
): Pick<Evaluation, "inputs" | "cellsOf"> {
  if (source.kind === "images") return { inputs: X };
  const { table } = source;
  if (!asImages) {
    const cells = describeCells(table, classifier.encoding);
    return { cellsOf: (index) => cells(rows[index]) };
  }
  const pixels = columnIndices(table, pixelColumns(classifier, table.columns));
  const inputs = new Matrix(rows.length, pixels.length);
  rows.forEach((row, i) =>
    pixels.forEach((column, j) => inputs.set(i, j, table.number(row, column) || 0)),
  );
  return { inputs };
}

/** The columns of numbers, with constant ones, which the net does not read. */
function pixelColumns({ encoding, columns }: Classifier, all: readonly string[]): string[] {
  const { decisions = [] } = encoding;
  const constants = decisions.filter(({ kind }) => kind === "constant");
  const pixels = new Set([...columns, ...constants.map(({ column }) => column)]);
  return all.filter((name) => pixels.has(name));
}

/** The weights of the hidden units, and the image that those of a unit are; 0 for constants. */
function shownWeights(
  args: Arguments,
  classifier: Classifier,
  source: Source,
): Pick<Report, "weights" | "image"> {
  const { W1 } = classifier.net.params;
  const text = args.text("image");
  if (source.kind === "images") {
    const size = classifier.net.inputSize;
    return {
      weights: W1,
      image: text === undefined ? imageOf(source) : readImageShape(text, size),
    };
  }
  if (text === undefined) return { weights: W1 };
  const names = pixelColumns(classifier, source.table.columns);
  const image = readImageShape(text, names.length);
  const weights = new Matrix(names.length, W1.cols);
  names.forEach((name, i) => {
    const input = classifier.columns.indexOf(name);
    if (input >= 0) weights.row(i).set(W1.row(input));
  });
  return { weights, image };
}

function readImageShape(text: string, size: number): ImageShape {
  const parts = /^(\d+)x(\d+)(?:x([13]))?$/.exec(text);
  if (parts === null)
    throw new UsageError(`--image expected WIDTHxHEIGHT or WIDTHxHEIGHTx3, got "${text}"`);
  const [width, height, channels] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 1)];
  if (width * height * channels === size) return { width, height, channels };
  throw new UsageError(
    `--image expected a size of ${size} values, as the model takes, got ${text}`,
  );
}
