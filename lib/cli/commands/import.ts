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
import { inFile } from "../source.ts";
import { print, printJson } from "../terminal.ts";
import { checkOutputs } from "../training.ts";
import { formatOf } from "./export.ts";

export const importModel: Command = {
  name: "import",
  usage: ["FILE --out MODEL [options]"],
  positionals: 1,
  options: {
    out: { value: "MODEL", help: "the model file to write" },
    format: { value: "NAME", help: "safetensors | npz | onnx; default: by the file's ending" },
    columns: {
      value: "A,B,…",
      help: "the inputs' names in their order; default: what the file says or column_1,column_2,…",
    },
    classes: {
      value: "A,B,…",
      help: "the classes' names in their order; default: what the file says or 0,1,…",
    },
    label: {
      value: "COLUMN",
      help: "what the column of labels is called, for evaluate; default: what the file says or label",
    },
  },
  examples: [
    "twolayer import torch.safetensors --out model.safetensors --columns sepal_length,sepal_width --classes setosa,virginica",
  ],
  async run(args) {
    checkOutputs(args, ["out"]);
    const out = args.required("out", "MODEL");
    const path = args.word(0, "FILE");
    const format = formatOf(args, path);
    const bytes = await readFile(path);
    const read = inFile(path, () => readNet(format, bytes));
    const described = hasClassifierMetadata(read.metadata)
      ? inFile(path, () => classifierFromMetadata(read.net, read.metadata).classifier)
      : undefined;
    const classifier = named(args, path, read, described);
    writeFile(out, serializeModel(classifier));
    const { inputSize, hiddenSize, outputSize } = classifier.net;
    if (args.has("json"))
      await printJson({
        command: "import",
        model: out,
        format,
        inputs: inputSize,
        hidden: hiddenSize,
        classes: outputSize,
      });
    else
      await print(
        `${out}  ${inputSize} inputs, ${hiddenSize} hidden units, ${outputSize} classes\n`,
      );
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
 * A classifier whose columns and classes are named by the options, else by the file's description,
 * else by number.
 */
function named(
  args: Arguments,
  path: string,
  { net, standardize }: Read,
  described?: Classifier,
): Classifier {
  const { inputSize: D, outputSize: C } = net;
  const columns =
    args.list("columns") ??
    (described === undefined ? Array.from({ length: D }, (_, j) => `column_${j + 1}`) : undefined);
  const labels: readonly ClassName[] =
    args.list("classes") ?? described?.classes ?? Array.from({ length: C }, (_, c) => c);
  if (columns !== undefined && columns.length !== D)
    throw new FileError(
      `${path}: expected ${D} --columns for as many inputs, got ${columns.length}`,
    );
  if (labels.length !== C)
    throw new FileError(`${path}: expected ${C} --classes, got ${labels.length}`);
  // Columns that are named anew are the net's inputs themselves, with no categories and no means
  // for missing cells.
  const features = columns?.map((column) => ({ column, mean: 0 })) ?? described!.encoding.features;
  const missing = columns === undefined ? described!.encoding.missing : "error";
  const label = args.text("label") ?? described?.encoding.label ?? "label";
  // Other names change nothing about how the net wants its inputs standardized.
  const { mean, std } = described ??
    standardize ?? { mean: new Matrix(1, D), std: Matrix.filled(1, D, 1) };
  return new Classifier({
    net,
    encoding: { features, label, classes: [...labels], missing },
    mean,
    std,
  });
}
