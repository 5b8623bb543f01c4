// twolayer export: a model for other programs.

import { deflateRawSync } from "node:zlib";
import { featureNames } from "../../data/encoding.ts";
import type { WritableArray } from "../../formats/npy.ts";
import { serializeNpz } from "../../formats/npz.ts";
import { serializeSafetensors } from "../../formats/safetensors.ts";
import type { Classifier } from "../../model/classifier.ts";
import { classifierToOnnx } from "../../model/classifier-onnx.ts";
import type { NetFormat } from "../../model/foreign-net.ts";
import { classifierMetadata } from "../../model/model-file.ts";
import { netToOnnx } from "../../model/net-onnx.ts";
import { type Layout, netToTensors } from "../../model/net-tensors.ts";
import { visibleText } from "../../report/text.ts";
import type { Command } from "../arguments.ts";
import { formatOf } from "../formats.ts";
import { readModel } from "../model.ts";
import { writeFile } from "../output-file.ts";
import { checkOutputs } from "../outputs.ts";
import { printResult } from "../terminal.ts";

const DTYPES = ["float64", "float32", "f64", "f32"] as const;

export const exportModel: Command = {
  name: "export",
  usage: ["MODEL --out FILE [options]"],
  positionals: 1,
  options: {
    out: ["FILE", "Write to this file; its ending chooses the format."],
    format: ["NAME", "Write safetensors, npz or onnx. Default: by the ending of --out."],
    dtype: ["TYPE", "Write float64 or float32 (f64, f32). Default: float64."],
    layout: [
      "NAME",
      "Name the tensors as twolayer (W1 b1 W2 b2) or torch (0.weight …) does; not for onnx.",
    ],
    compress: ["", "Compress an npz."],
    inputs: [
      "KIND",
      "Let an ONNX file take the columns of the data (columns) or X made of them (matrix). " +
        "Default: columns; for images matrix.",
    ],
  },
  examples: [
    "twolayer export iris.safetensors --out iris.onnx --dtype float32",
    "twolayer export iris.safetensors --out torch.safetensors --layout torch",
  ],
  async run(args) {
    checkOutputs(args, ["out"]);
    const out = args.required("out", "FILE");
    const format = formatOf(args, out);
    const dtype = /32$/.test(args.choice("dtype", DTYPES) ?? "") ? "float32" : "float64";
    const layout = args.choice("layout", ["twolayer", "torch"]);
    const inputs = args.choice("inputs", ["columns", "matrix"]);
    if (format === "onnx") args.refuse("layout", "safetensors and npz", format);
    else args.refuse("inputs", "onnx", format);
    if (format !== "npz") args.refuse("compress", "npz", format);
    const { classifier } = await readModel(args.positional(0, "MODEL"));
    const takesColumns = (inputs ?? (isOfImages(classifier) ? "matrix" : "columns")) === "columns";
    const compress = args.has("compress");
    const bytes =
      format === "onnx" && takesColumns
        ? classifierToOnnx(classifier, { dtype })
        : serialize(classifier, format, { dtype, layout, compress });
    await writeFile(out, bytes);
    const taken = describeInputs(classifier, format, takesColumns);
    const text = `${out}  ${format}, ${dtype}, ${bytes.length} bytes; takes ${taken}\n`;
    await printResult(args, { out, format, dtype, bytes: bytes.length }, text);
    return 0;
  },
};

/** Whether the columns are the pixels of images, as prepareImages names them. */
function isOfImages({ columns }: Classifier): boolean {
  return columns.every((column, j) => column === `pixel_${j}`);
}

/** What the exported net takes, as the end of a sentence. */
function describeInputs(
  { encoding, net }: Classifier,
  format: NetFormat,
  takesColumns: boolean,
): string {
  if (format === "onnx" && takesColumns) {
    const named = (isText: boolean): string => {
      const features = encoding.features.filter((feature) => "categories" in feature === isText);
      const names = shorten(features.map(({ column }) => visibleText(column)));
      return names === "" ? "" : `${names} (${isText ? "text" : "numbers"})`;
    };
    const columns = [named(false), named(true)].filter((list) => list !== "");
    return `the columns ${columns.join(" and ")}, each (N, 1)`;
  }
  const names = shorten(featureNames(encoding).map(visibleText));
  const X = `X (N, ${net.inputSize}), the columns ${names}`;
  if (format === "onnx") return `${X}, and standardizes them`;
  return `(X - mean) / std, X (N, ${net.inputSize}) being the columns ${names}`;
}

function shorten(names: readonly string[]): string {
  const more = names.length > 8 ? ` and ${names.length - 8} more` : "";
  return names.slice(0, 8).join(", ") + more;
}

type SerializeOptions = { dtype: "float64" | "float32"; layout?: Layout; compress: boolean };

function serialize(
  classifier: Classifier,
  format: NetFormat,
  { dtype, layout, compress }: SerializeOptions,
): Uint8Array {
  const { net, mean, std } = classifier;
  const metadata = classifierMetadata(classifier);
  if (format === "npz") return classifierToNpz(classifier, { dtype, layout, compress });
  if (format === "safetensors")
    return serializeSafetensors(netToTensors(net, { layout }), {
      dtype,
      metadata: layout === "torch" ? { format: "pt", ...metadata } : metadata,
    });
  return netToOnnx(net, {
    dtype,
    outputs: ["labels", "probabilities"],
    standardize: { mean, std },
    metadata,
  });
}

/** The net's arrays with mean and std, the names of inputs and classes, and the whole encoding. */
function classifierToNpz(
  classifier: Classifier,
  { dtype, layout, compress }: SerializeOptions,
): Uint8Array {
  const { net, mean, std, encoding, classes } = classifier;
  const text = (data: readonly string[]): WritableArray => ({ shape: [data.length], data });
  const names = classes.every((name) => typeof name === "string")
    ? text(classes)
    : { shape: [classes.length], data: Float64Array.from(classes as number[]), dtype: "float64" };
  const [[key, description]] = Object.entries(classifierMetadata(classifier));
  return serializeNpz(
    new Map<string, WritableArray>([
      ...netToTensors(net, { layout }),
      ["mean", mean],
      ["std", std],
      ["columns", text(featureNames(encoding))],
      ["classes", names],
      [key, { shape: [], data: [description] }],
    ]),
    { dtype, deflate: compress ? deflateRawSync : undefined },
  );
}
