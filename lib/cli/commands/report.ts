// twolayer report: one HTML page about a model and its mistakes on rows with known labels.

import { accuracyOf } from "../../base/metrics.ts";
import { featureNames } from "../../data/encoding.ts";
import { parseRecordedCommand, type RecordedCommand } from "../../model/training-record.ts";
import { type Report, reportPage } from "../../report/report-page.ts";
import { formatPercent, shortNumber } from "../../report/text.ts";
import type { ImageShape } from "../../report/thumbnail.ts";
import { type Arguments, type Command, UsageError } from "../arguments.ts";
import { COMPUTE_OPTIONS, checkCompute } from "../compute.ts";
import { evaluateSource } from "../evaluation.ts";
import { type Model, netSizes, readModel } from "../model.ts";
import { writeFile } from "../output-file.ts";
import { checkOutputs } from "../outputs.ts";
import { commandLine } from "../provenance.ts";
import { columnsOf, readSource, SOURCE_OPTIONS, type Source, STRICT_OPTION } from "../source.ts";
import { print, printJson } from "../terminal.ts";

export const report: Command = {
  name: "report",
  usage: [
    "MODEL DATA --out FILE [options]",
    "MODEL --images FILE --labels FILE --out FILE",
    "MODEL --cifar10 DIR --out FILE",
  ],
  positionals: 2,
  options: {
    out: { value: "FILE", help: "Write the page to this file; it needs no other file." },
    image: {
      value: "WxH[xC]",
      help: "Show rows of a CSV as images of this size, with C = 1 or 3 channels.",
    },
    title: {
      value: "TEXT",
      help: "Set the title of the page. Default: the names of the model and the data.",
    },
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
    const { classifier } = model;
    const source = await readSource(args, 1, "test", { expected: columnsOf(classifier) });
    const { X, y, rows, labels, probabilities, part } = evaluateSource(args, model, source);
    const name = PART_NAMES[part] + source.name;
    const accuracy = accuracyOf(y, labels);
    const command = parseRecordedCommand(model.run?.command ?? model.training.command);
    const { encoding, net } = classifier;
    const page = reportPage({
      title: args.text("title") ?? `${path} on ${source.name}`,
      about: about(model, command, `${y.length} ${name} rows`),
      ...trainingParts(model, command),
      command: commands(args, path, model, command),
      accuracy: { ...trainingAccuracies(model), [name]: accuracy },
      evaluation: {
        name,
        actual: y,
        predicted: labels,
        probabilities,
        inputs: X,
        rowNumbers: rows,
      },
      weights: net.params.W1,
      image: imageOf(args, source, net.inputSize),
      classes: encoding.classes.map(String),
      columns: source.kind === "images" ? undefined : featureNames(encoding),
    });
    await writeFile(out, page);
    if (args.has("json")) await printJson({ command: "report", out, rows: y.length, accuracy });
    else await print(`${out}  ${y.length} rows, accuracy ${formatPercent(accuracy)}\n`);
    return 0;
  },
};

// Stands before the name of the evaluated rows: a score on rows of the training is never shown as
// one on new rows.
const PART_NAMES = {
  all: "",
  "held back": "held-back ",
  "trained on": "trained-on ",
} as const;

function about(
  model: Model,
  command: RecordedCommand | undefined,
  evaluatedOn: string,
): Report["about"] {
  return {
    net: netSizes(model.classifier.net),
    "trained on": trainedOn(model, command),
    "evaluated on": evaluatedOn,
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
function imageOf(args: Arguments, source: Source, size: number): ImageShape | undefined {
  const text = args.text("image");
  if (text !== undefined) return readImageShape(text, size);
  if (source.kind === "table") return undefined;
  const { shape } = source.images;
  if (shape.length === 3) return { width: shape[2], height: shape[1] };
  return shape.length === 4 && (shape[1] === 1 || shape[1] === 3)
    ? { width: shape[3], height: shape[2], channels: shape[1] }
    : undefined;
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
