// A net that another program trained: found in a safetensors, npz or ONNX file, with what else the
// file says about it: how inputs are standardized, and the names of columns and classes.
//
//   tensors beside the net   meaning                                     npz   safetensors
//   mean, std   (D,) (1, D)  inputs are standardized: (x − mean) / std    x     x
//   columns     text (D,)    the names of the inputs                      x
//   classes     text or      the names of the classes                     x
//               integers (C,)
//   twolayer    text ()      the metadata of a model file (model-file.ts) x     (as metadata)

import { show } from "../base/checks.ts";
import { asFormatError, FormatError } from "../base/errors.ts";
import type { ClassName } from "../data/labels.ts";
import { type ColumnStatistics, checkStatistics } from "../data/standardize.ts";
import { toFloat64 } from "../formats/dtype.ts";
import type { NpyArray } from "../formats/npy.ts";
import { openNpz } from "../formats/npz.ts";
import type { OnnxOptions } from "../formats/onnx/onnx.ts";
import { parseSafetensors } from "../formats/safetensors.ts";
import { showShape, type Tensor, type TextTensor } from "../formats/tensor.ts";
import type { ZipOptions } from "../formats/zip.ts";
import { Matrix } from "../matrix/matrix.ts";
import { PARAM_NAMES } from "../net/params.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { METADATA_KEY } from "./model-file.ts";
import { readOnnxNet } from "./net-onnx.ts";
import { binaryParams, findParams, type TensorOptions } from "./net-tensors.ts";

/** The formats in which other programs keep nets. */
export const NET_FORMATS = ["safetensors", "npz", "onnx"] as const;
export type NetFormat = (typeof NET_FORMATS)[number];

/** A net out of a file of another program, with what the file says about it. */
export type ForeignNet = {
  net: TwoLayerNet;
  standardize?: ColumnStatistics | undefined;
  columns?: readonly string[] | undefined;
  classes?: readonly ClassName[] | undefined;
  metadata: ReadonlyMap<string, string>;
};

const STATISTICS = ["mean", "std"];
const TEXTS = ["columns", "classes", METADATA_KEY];

/**
 * Returns the net in the bytes of a file. Throws FormatError when the file is not in the format, or
 * holds no two-layer ReLU net.
 */
export function readForeignNet(
  format: NetFormat,
  bytes: Uint8Array,
  options: TensorOptions & ZipOptions & OnnxOptions = {},
): ForeignNet {
  if (format === "onnx") return readOnnxNet(bytes, options);
  if (format === "npz") return readNpzNet(bytes, options);
  const { tensors, metadata } = parseSafetensors(bytes);
  return { ...tensorNet("safetensors", tensors, options), metadata };
}

/** Unpacks only the arrays of the net and what describes it. */
function readNpzNet(bytes: Uint8Array, options: TensorOptions & ZipOptions): ForeignNet {
  const archive = openNpz(bytes, options);
  const { layers } = options;
  const isTwolayer =
    layers === undefined && PARAM_NAMES.every((name) => archive.names.includes(name));
  const known = new Set<string>([...STATISTICS, ...TEXTS, ...(isTwolayer ? PARAM_NAMES : [])]);
  for (const layer of layers ?? []) known.add(`${layer}.weight`).add(`${layer}.bias`);
  if (!isTwolayer && layers === undefined) {
    for (const name of archive.names) if (/(^|\.)(weight|bias)$/.test(name)) known.add(name);
    if (!archive.names.every((name) => known.has(name))) {
      const expected = "W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias";
      const names = archive.names.slice(0, 8).map(show).join(", ");
      throw refuse("npz", `expected arrays ${expected}, got ${names}`);
    }
  }
  const tensors = new Map<string, Tensor>();
  const texts = new Map<string, NpyArray>();
  for (const name of archive.names) {
    if (!known.has(name)) continue;
    const array = archive.read(name);
    if (TEXTS.includes(name)) texts.set(name, array);
    else if (array.dtype === "text") throw refuse("npz", `${name} expected numbers, got text`);
    else tensors.set(name, array);
  }
  const read = tensorNet("npz", tensors, options);
  return { ...read, ...readTexts(texts, read.net) };
}

/** The net in the tensors, and its standardization where `mean` and `std` stand beside it. */
function tensorNet(
  format: string,
  tensors: ReadonlyMap<string, Tensor>,
  options: TensorOptions,
): Pick<ForeignNet, "net" | "standardize"> {
  const weights = new Map([...tensors].filter(([name]) => !STATISTICS.includes(name)));
  const net = new TwoLayerNet(binaryParams(findParams(format, weights, options)));
  if (weights.size === tensors.size) return { net };
  const D = net.inputSize;
  const [mean, std] = STATISTICS.map((name) => rowOf(format, name, tensors.get(name), D));
  const standardize = { mean, std };
  asFormatError(format, () => checkStatistics(format, mean, standardize));
  return { net, standardize };
}

function rowOf(format: string, name: string, tensor: Tensor | undefined, D: number): Matrix {
  if (tensor === undefined) throw refuse(format, `expected mean and std together, got no ${name}`);
  const { shape, data } = tensor;
  if (data.length === D && shape.at(-1) === D) return new Matrix(1, D, toFloat64(data));
  throw refuse(format, `${name}, expected shape (1, ${D}) or (${D},), got ${showShape(shape)}`);
}

/** The names and the metadata in an npz; classes may be text or numbers. */
function readTexts(
  texts: ReadonlyMap<string, NpyArray>,
  net: TwoLayerNet,
): Pick<ForeignNet, "columns" | "classes" | "metadata"> {
  const columns = texts.get("columns");
  const classes = texts.get("classes");
  const description = texts.get(METADATA_KEY);
  const names = (name: string, array: NpyArray, size: number): readonly ClassName[] => {
    if (array.data.length === size) return Array.from<ClassName>(array.data);
    throw refuse("npz", `${name}, expected ${size} names, got ${array.data.length}`);
  };
  const metadata = new Map<string, string>();
  if (description !== undefined)
    metadata.set(METADATA_KEY, text(METADATA_KEY, description).data[0]);
  return {
    metadata,
    ...(columns && {
      columns: names("columns", text("columns", columns), net.inputSize) as string[],
    }),
    ...(classes && { classes: names("classes", classes, net.outputSize) }),
  };
}

function text(name: string, array: NpyArray): TextTensor {
  if (array.dtype === "text" && array.data.length > 0) return array;
  throw refuse("npz", `${name} expected text, got ${array.dtype} ${showShape(array.shape)}`);
}

function refuse(format: string, reason: string): FormatError {
  return new FormatError(format, reason);
}
