// twolayer import: a net that another program has trained becomes a model file.

import { dirname, join } from "node:path";
import type { ClassName } from "../../data/labels.ts";
import type { ColumnStatistics } from "../../data/standardize.ts";
import { Matrix } from "../../matrix/matrix.ts";
import { Classifier } from "../../model/classifier.ts";
import { type ForeignNet, readForeignNet } from "../../model/foreign-net.ts";
import { classifierFromMetadata, METADATA_KEY, serializeModel } from "../../model/model-file.ts";
import { type Arguments, type Command, readNumber, UsageError } from "../arguments.ts";
import { inflateOnce } from "../arrays.ts";
import { FileError, inFile, readFile, readPlainFile } from "../files.ts";
import { formatOf } from "../formats.ts";
import { netSizes, netSizesJson } from "../model.ts";
import { writeFile } from "../output-file.ts";
import { checkOutputs } from "../outputs.ts";
import { printResult } from "../terminal.ts";

export const importModel: Command = {
  name: "import",
  usage: ["FILE --out MODEL [options]"],
  positionals: 1,
  options: {
    out: ["MODEL", "Write the model to this file."],
    format: ["NAME", "Read safetensors, npz or onnx. Default: by the ending of FILE."],
    layers: [
      "A,B",
      "Take the tensors A.weight and B.weight as the layers, in this order; not for onnx.",
    ],
    columns: [
      "A,B,…",
      "Name the inputs, in order. Default: as the file does, else column_1,column_2,….",
    ],
    classes: ["A,B,…", "Name the classes, in order. Default: as the file does, else 0,1,…."],
    label: [
      "COLUMN",
      "Name the column of labels, for evaluate. Default: as the file does, else label.",
    ],
    scale: ["S", "Divide the inputs by S, as 255 for pixels, before --mean and --std. Default: 1."],
    mean: ["M", "Subtract this from the inputs: one number, or one for each, A,B,…. Default: 0."],
    std: ["S", "Divide the inputs by this after --mean: one number, or one for each. Default: 1."],
  },
  examples: [
    "twolayer import torch.safetensors --out model.safetensors --classes setosa,virginica",
    "twolayer import mnist.onnx --out mnist.safetensors --scale 255 --mean 0.1307 --std 0.3081",
  ],
  async run(args) {
    checkOutputs(args, ["out"]);
    const out = args.required("out", "MODEL");
    const path = args.positional(0, "FILE");
    const format = formatOf(args, path);
    const layers = layersOf(args, format);
    const bytes = await readFile(path);
    const read = inFile(path, () =>
      readForeignNet(format, bytes, {
        layers,
        inflate: inflateOnce,
        readExternal: (location) => readPlainFile(join(dirname(path), location)),
      }),
    );
    const described = read.metadata.has(METADATA_KEY)
      ? inFile(path, () => classifierFromMetadata(read.net, read.metadata).classifier)
      : undefined;
    const classifier = named(args, path, read, described);
    await writeFile(out, serializeModel(classifier));
    const { net } = classifier;
    const result = { model: out, format, ...netSizesJson(net) };
    await printResult(args, result, `${out}  ${netSizes(net)}\n`);
    return 0;
  },
};

/** The two names of --layers. */
function layersOf(args: Arguments, format: string): [string, string] | undefined {
  const layers = args.list("layers");
  if (layers === undefined) return undefined;
  if (format === "onnx") args.refuse("layers", "safetensors and npz", format);
  if (layers.length !== 2)
    throw new UsageError(`--layers expected two names, got ${layers.length}`);
  return [layers[0], layers[1]];
}

/**
 * The net with names for its columns and classes: those of the options, else those of the file,
 * else numbers. `described` is the classifier that the file describes, if it describes one.
 */
function named(
  args: Arguments,
  path: string,
  read: ForeignNet,
  described?: Classifier,
): Classifier {
  const { inputSize: D, outputSize: C } = read.net;
  const columns = args.list("columns") ?? (described === undefined ? read.columns : undefined);
  if (columns !== undefined && columns.length !== D) {
    throw new FileError(`${path}: expected ${D} --columns for ${D} inputs, got ${columns.length}`);
  }
  const classes: readonly ClassName[] =
    args.list("classes") ??
    described?.classes ??
    read.classes ??
    Array.from({ length: C }, (_, c) => c);
  if (classes.length !== C)
    throw new FileError(`${path}: expected ${C} --classes, got ${classes.length}`);
  // --columns names the inputs of the net themselves: without categories or means for missing cells
  const names = columns ?? Array.from({ length: D }, (_, j) => `column_${j + 1}`);
  const known =
    columns === undefined && described !== undefined
      ? described.encoding
      : { features: names.map((column) => ({ column, mean: 0 })), missing: "error" as const };
  const label = args.text("label") ?? described?.encoding.label ?? "label";
  return new Classifier({
    net: read.net,
    encoding: { ...known, label, classes: [...classes] },
    ...scaled(args, D, described ?? read.standardize),
  });
}

/**
 * How the inputs are standardized: as the file says, after what --scale, --mean and --std say that
 * the other program did first.
 */
function scaled(args: Arguments, D: number, inFile?: ColumnStatistics): ColumnStatistics {
  const scale = args.number("scale", 0, true) ?? 1;
  const first = numbers(args, "mean", D, 0);
  const second = numbers(args, "std", D, 1);
  const { mean, std } = inFile ?? { mean: new Matrix(1, D), std: Matrix.filled(1, D, 1) };
  // ((x / scale − first) / second − mean) / std
  return {
    mean: mean.map((value, _, j) => (value * second[j] + first[j]) * scale),
    std: std.map((value, _, j) => value * second[j] * scale),
  };
}

/** The numbers of an option, one for each of the D inputs; a single one stands for all. */
function numbers(args: Arguments, name: "mean" | "std", D: number, missing: number): number[] {
  const texts = args.list(name) ?? [String(missing)];
  if (texts.length !== 1 && texts.length !== D)
    throw new UsageError(`--${name} expected 1 number or ${D}, got ${texts.length}`);
  const isStd = name === "std";
  const values = texts.map((text) => readNumber(name, text, isStd ? 0 : -Infinity, isStd));
  return Array.from({ length: D }, (_, j) => values[values.length === 1 ? 0 : j]);
}
