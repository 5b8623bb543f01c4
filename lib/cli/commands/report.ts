// twolayer report: a model and rows with known labels as one HTML page.

import { accuracyOf } from "../../base/metrics.ts";
import { featureNames } from "../../data/encoding.ts";
import { imagesToMatrix } from "../../data/images.ts";
import { encodeFeatures } from "../../data/table.ts";
import { reportPage } from "../../report/report-page.ts";
import type { ImageShape } from "../../report/thumbnail.ts";
import { type Arguments, type Command, UsageError } from "../arguments.ts";
import { predictSource } from "../evaluation.ts";
import { writeFile } from "../files.ts";
import { readModel } from "../model.ts";
import { asHistory, asRecordedCommand, commandLine } from "../provenance.ts";
import { imageInputs, readSource, SOURCE_OPTIONS, type Source } from "../source.ts";
import { print, printJson } from "../terminal.ts";
import { checkOutputs } from "../training.ts";
import { short } from "../words.ts";

export const report: Command = {
  name: "report",
  usage: [
    "MODEL DATA --out FILE [options]",
    "MODEL --images FILE --labels FILE --out FILE",
    "MODEL --cifar10 DIR --out FILE",
  ],
  positionals: 2,
  options: {
    out: { value: "FILE", help: "the page; it needs nothing else" },
    image: {
      value: "WxH[xC]",
      help: "show rows of a CSV as images of this size, with C = 1 or 3 channels",
    },
    title: { value: "TEXT", help: "default: the names of the model and the data" },
    ...SOURCE_OPTIONS,
  },
  examples: ["twolayer report digits.safetensors digits-test.csv --image 8x8 --out report.html"],
  async run(args) {
    checkOutputs(args, ["out"]);
    const out = args.required("out", "FILE");
    const path = args.word(0, "MODEL");
    const { classifier, training, state, run } = await readModel(path);
    const source = await readSource(args, 1, "test");
    const { actual, predicted, rows } = predictSource(classifier, source);
    const { net, encoding } = classifier;
    const raw =
      source.kind === "images"
        ? imagesToMatrix(source.images, { divideBy: 1 })
        : encodeFeatures(source.table, encoding).X;
    const X =
      source.kind === "images"
        ? imageInputs(classifier, source.images, source.name)
        : classifier.inputs(source.table).takeRows(rows);
    const accuracy = accuracyOf(actual, predicted);
    const given = asRecordedCommand(run?.command ?? training.command);
    const { rows: trainRows, validationRows } = state ?? training;
    const trainedOn = [
      typeof training.data === "string"
        ? training.data
        : (given?.words[0] ?? given?.options.images ?? given?.options.cifar10),
      typeof trainRows === "number" && `${trainRows} rows`,
      typeof validationRows === "number" &&
        validationRows > 0 &&
        `${validationRows} more for validation`,
      state && `${state.iteration} of ${state.settings.iterations} iterations`,
    ]
      .filter(Boolean)
      .join(", ");
    const page = reportPage({
      title: args.text("title") ?? `${path} on ${source.name}`,
      about: {
        net: `${net.inputSize} inputs, ${net.hiddenSize} hidden units, ${net.outputSize} classes`,
        "trained on": trainedOn,
        "evaluated on": `${source.name}, ${actual.length} rows`,
      },
      settings: settingsOf(
        state?.settings ?? training.settings ?? training.candidate,
        given?.options.seed,
      ),
      command: [
        given &&
          commandLine({
            ...given,
            options: { ...given.options, [state ? "checkpoint" : "out"]: path },
          }),
        commandLine({
          name: "report",
          words: args.positionals,
          options: args.pick(args.given.filter((name) => name !== "json")),
        }),
      ]
        .filter(Boolean)
        .join("\n"),
      accuracy: {
        train: numberOf(state ? state.history.trainAccuracy.at(-1) : training.trainAccuracy),
        validation: numberOf(
          state ? state.history.valAccuracy.at(-1) : training.validationAccuracy,
        ),
        [source.name]: accuracy,
      },
      history: state?.history ?? asHistory(training.history),
      evaluation: {
        name: source.name,
        actual,
        predicted,
        probabilities: net.predictProba(X),
        inputs: source.kind === "images" ? raw : raw.takeRows(rows),
        rowNumbers: rows,
      },
      weights: net.params.W1,
      image: imageOf(args, source, net.inputSize),
      labels: encoding.classes.map(String),
      columns: source.kind === "images" ? undefined : featureNames(encoding),
    });
    writeFile(out, page);
    if (args.has("json"))
      await printJson({ command: "report", out, rows: actual.length, accuracy });
    else await print(`${out}  ${actual.length} rows, accuracy ${(accuracy * 100).toFixed(1)}%\n`);
    return 0;
  },
};

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The settings of a training, each as a short text. */
function settingsOf(
  settings: unknown,
  seed: string | true = "0",
): Record<string, string> | undefined {
  if (typeof settings !== "object" || settings === null) return undefined;
  const known = Object.entries({ ...settings, seed }).filter(([, value]) => value !== null);
  return Object.fromEntries(known.map(([name, value]) => [name, settingText(value)]));
}

function settingText(value: unknown): string {
  if (typeof value === "number") return short(value, 6);
  if (typeof value !== "object" || value === null) return String(value);
  const { name, ...rest } = value as { name?: unknown };
  return [name, ...Object.entries(rest).map(([key, each]) => `${key} ${String(each)}`)].join(", ");
}

/** How a row is read as an image: as the files say, or as --image does. */
function imageOf(args: Arguments, source: Source, size: number): ImageShape | undefined {
  const text = args.text("image");
  if (text !== undefined) {
    const parts = /^(\d+)x(\d+)(?:x([13]))?$/.exec(text);
    if (parts === null)
      throw new UsageError(`--image expected WIDTHxHEIGHT or WIDTHxHEIGHTx3, got "${text}"`);
    const [width, height, channels] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 1)];
    if (width * height * channels !== size)
      throw new UsageError(
        `--image expected a size of ${size} values, as the model takes, got ${text}`,
      );
    return { width, height, channels };
  }
  if (source.kind === "table") return undefined;
  const { shape } = source.images;
  if (shape.length === 3) return { width: shape[2], height: shape[1] };
  return shape.length === 4 && (shape[1] === 1 || shape[1] === 3)
    ? { width: shape[3], height: shape[2], channels: shape[1] }
    : undefined;
}
