// twolayer export: a model for other programs.

import { deflateRawSync } from "node:zlib";
import { classifierMetadata } from "../../model/model-file.ts";
import { netToOnnx } from "../../model/net-onnx.ts";
import { classifierToNpz } from "../../model/npz-net.ts";
import { netToSafetensors } from "../../model/safetensors-net.ts";
import { type Arguments, type Command, UsageError } from "../arguments.ts";
import { writeFile } from "../files.ts";
import { readModel } from "../model.ts";
import { print, printJson } from "../terminal.ts";
import { checkOutputs } from "../training.ts";

export const FORMATS = ["safetensors", "npz", "onnx"] as const;
const DTYPES = ["float64", "float32", "f64", "f32"] as const;

export const exportModel: Command = {
  name: "export",
  usage: ["MODEL --out FILE [options]"],
  positionals: 1,
  options: {
    out: { value: "FILE", help: "where to; its ending chooses the format unless --format does" },
    format: { value: "NAME", help: "safetensors | npz | onnx" },
    dtype: { value: "TYPE", help: "float64 | float32, or f64 | f32; default: float64" },
    layout: {
      value: "NAME",
      help: "twolayer (W1 b1 W2 b2) | torch (0.weight …, for load_state_dict); not for onnx",
    },
    compress: { help: "deflate an npz" },
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
    if (format === "onnx" && layout !== undefined)
      throw new UsageError("--layout is for safetensors and npz, got onnx");
    if (format !== "npz" && args.has("compress"))
      throw new UsageError(`--compress is for npz, got ${format}`);
    const { classifier } = await readModel(args.word(0, "MODEL"));
    const { net, mean, std } = classifier;
    const bytes =
      format === "npz"
        ? classifierToNpz(classifier, {
            dtype,
            layout,
            ...(args.has("compress") && { deflate: deflateRawSync }),
          })
        : format === "onnx"
          ? netToOnnx(net, {
              dtype,
              outputs: ["labels", "probabilities"],
              standardize: { mean, std },
              metadata: classifierMetadata(classifier),
            })
          : netToSafetensors(net, { dtype, layout, metadata: classifierMetadata(classifier) });
    writeFile(out, bytes);
    const standardized =
      format === "onnx"
        ? "takes rows as they are and standardizes them itself"
        : format === "npz"
          ? "takes standardized rows, (x - mean) / std, with mean and std in the file"
          : "takes standardized rows";
    if (args.has("json"))
      await printJson({ command: "export", out, format, dtype, bytes: bytes.length });
    else await print(`${out}  ${format}, ${dtype}, ${bytes.length} bytes; ${standardized}\n`);
    return 0;
  },
};

/** The format that --format or the file's ending names. */
export function formatOf(args: Arguments, path: string): (typeof FORMATS)[number] {
  const ending = FORMATS.find((format) => path.toLowerCase().endsWith(`.${format}`));
  const format = args.choice("format", FORMATS) ?? ending;
  if (format === undefined)
    throw new UsageError(
      `expected a file ending in .safetensors, .npz or .onnx, or --format, got ${path}`,
    );
  return format;
}
