// twolayer import: a net that another program has trained becomes a model file.

import { inflateRawSync } from "node:zlib";
import type { ClassName } from "../../data/labels.ts";
import type { ColumnStatistics } from "../../data/standardize.ts";
import { parseSafetensors } from "../../formats/safetensors.ts";
import { Matrix } from "../../matrix/matrix.ts";
import { Classifier } from "../../model/classifier.ts";
import {
  classifierFromMetadata,
  hasClassifierMetadata,
  serializeModel,
} from "../../model/model-file.ts";
import { readOnnxNet } from "../../model/net-onnx.ts";
import { readNpzNet } from "../../model/npz-net.ts";
import { netFromSafetensors } from "../../model/safetensors-net.ts";
import type { TwoLayerNet } from "../../net/two-layer-net.ts";
import type { Arguments, Command } from "../arguments.ts";
import { FileError, readFile, writeFile } from "../files.ts";
import { formatOf } from "../formats.ts";
import { netSizes, netSizesJson } from "../model.ts";
import { checkOutputs } from "../outputs.ts";
import { inFile } from "../source.ts";
import { print, printJson } from "../terminal.ts";

export const importModel: Command = {
  name: "import",
  usage: ["FILE --out MODEL [options]"],
  positionals: 1,
  options: {
    out: { value: "MODEL", help: "Write the model to this file." },
    format: {
      value: "NAME",
      help: "Read safetensors, npz or onnx. Default: by the ending of FILE.",
    },
    columns: {
      value: "A,B,…",
      help: "Name the inputs, in order. Default: as the file does, else column_1,column_2,….",
    },
    classes: {
      value: "A,B,…",
      help: "Name the classes, in order. Default: as the file does, else 0,1,….",
    },
    label: {
      value: "COLUMN",
      help: "Name the column of labels, for evaluate. Default: as the file does, else label.",
    },
  },
  examples: [
    "twolayer import torch.safetensors --out model.safetensors --columns sepal_length,sepal_width --classes setosa,virginica",
  ],
  async run(args) {
    checkOutputs(args, ["out"]);
    const out = args.required("out", "MODEL");
    const path = args.positional(0, "FILE");
    const format = formatOf(args, path);
    const bytes = await readFile(path);
    const read = inFile(path, () => readNet(format, bytes));
    const described = hasClassifierMetadata(read.metadata)
      ? inFile(path, () => classifierFromMetadata(read.net, read.metadata).classifier)
      : undefined;
    const classifier = named(args, path, read, described);
    writeFile(out, serializeModel(classifier));
    const { net } = classifier;
    if (args.has("json"))
      await printJson({ command: "import", model: out, format, ...netSizesJson(net) });
    else await print(`${out}  ${netSizes(net)}\n`);
    return 0;
  },
};

type Read = {
  net: TwoLayerNet;
  standardize?: ColumnStatistics;
  metadata: ReadonlyMap<string, string>;
};

function readNet(format: string, bytes: Uint8Array): Read {
  if (format === "onnx") return readOnnxNet(bytes);
  if (format === "npz") return { ...readNpzNet(bytes, inflateRawSync), metadata: new Map() };
  return { net: netFromSafetensors(bytes), metadata: parseSafetensors(bytes).metadata };
}

/**
 * The net with names for its columns and classes: those of the options, else those of the file, else
 * numbers. `described` is the classifier that the file describes, if it describes one.
 */
function named(
  args: Arguments,
  path: string,
  { net, standardize }: Read,
  described?: Classifier,
): Classifier {
  const { inputSize: D, outputSize: C } = net;
  const columns = args.list("columns");
  if (columns !== undefined && columns.length !== D) {
    throw new FileError(`${path}: expected ${D} --columns for ${D} inputs, got ${columns.length}`);
  }
  const classes: readonly ClassName[] =
    args.list("classes") ?? described?.classes ?? Array.from({ length: C }, (_, c) => c);
  if (classes.length !== C)
    throw new FileError(`${path}: expected ${C} --classes, got ${classes.length}`);
  // --columns names the inputs of the net themselves: without categories or means for missing cells
  const names = columns ?? Array.from({ length: D }, (_, j) => `column_${j + 1}`);
  const known =
    columns === undefined && described !== undefined
      ? described.encoding
      : { features: names.map((column) => ({ column, mean: 0 })), missing: "error" as const };
  const label = args.text("label") ?? described?.encoding.label ?? "label";
  // new names do not change how the inputs of the net are standardized
  const { mean, std } = described ??
    standardize ?? { mean: new Matrix(1, D), std: Matrix.filled(1, D, 1) };
  return new Classifier({
    net,
    encoding: { ...known, label, classes: [...classes] },
    mean,
    std,
  });
}
