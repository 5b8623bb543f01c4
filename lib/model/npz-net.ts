// A net as an npz file (formats/npz.ts), which numpy.load reads, and back. A classifier's has
// `mean` and `std` (1, D) beside the weights: rows are standardized, (x − mean) / std, before the
// net takes them.
import { checkOptions } from "../base/checks.ts";
import { FormatError } from "../base/errors.ts";
import type { ColumnStatistics } from "../data/standardize.ts";
import { readNpz, serializeNpz } from "../formats/npz.ts";
import { checkBytes, showShape, type Tensor } from "../formats/tensor.ts";
import type { Deflate, Inflate } from "../formats/zip.ts";
import { Matrix } from "../matrix/matrix.ts";
import type { TwoLayerNet } from "../net/two-layer-net.ts";
import type { Classifier } from "./classifier.ts";
import { type Layout, netFromTensors, netToTensors } from "./net-tensors.ts";

const STATISTICS = ["mean", "std"] as const;

/** What netToNpz takes. */
type NpzOptions = { dtype?: "float64" | "float32"; layout?: Layout; deflate?: Deflate };

/**
 * The net as an npz file. `dtype` and `layout` are as for netToSafetensors; `deflate` compresses:
 * in Node pass deflateRawSync of node:zlib (weights hardly shrink). Throws as netToSafetensors
 * does.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * console.log([...parseNpz(netToNpz(net)).keys()].join()); // W1,b1,W2,b2
 */
export function netToNpz(net: TwoLayerNet, options: NpzOptions = {}): Uint8Array {
  checkOptions("netToNpz", options, ["dtype", "layout", "deflate"]);
  const { dtype, layout = "twolayer", deflate } = options;
  return serializeNpz(netToTensors("netToNpz", net, layout), { dtype, deflate });
}

/** As netToNpz, with the classifier's `mean` and `std` (1, D) beside the net. */
export function classifierToNpz(
  { net, mean, std }: Classifier,
  { dtype, layout = "twolayer", deflate }: NpzOptions = {},
): Uint8Array {
  return serializeNpz(
    new Map<string, Tensor | Matrix>([
      ...netToTensors("classifierToNpz", net, layout),
      ["mean", mean],
      ["std", std],
    ]),
    { dtype, deflate },
  );
}

/**
 * The net in an npz file of any float or integer type, spelt as netFromSafetensors takes it.
 * `inflate` is needed for files of np.savez_compressed: in Node pass inflateRawSync of node:zlib.
 * Arrays `mean` and `std` beside the net, as `twolayer export` writes them, are left out: such a
 * net takes standardized rows. Throws FormatError when the file is none or holds no such net.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * console.log(netFromNpz(netToNpz(net)).params.W1.equals(net.params.W1)); // true
 */
export function netFromNpz(
  bytes: Uint8Array,
  options: { layout?: Layout; inflate?: Inflate } = {},
): TwoLayerNet {
  checkBytes("netFromNpz", bytes);
  checkOptions("netFromNpz", options, ["layout", "inflate"]);
  return netOf("netFromNpz", readNpz(bytes, options.inflate), options.layout);
}

/**
 * The net, and the standardization where the file has a `mean` and a `std`. Throws as netFromNpz,
 * and for ones that do not fit.
 */
export function readNpzNet(
  bytes: Uint8Array,
  inflate?: Inflate,
): { net: TwoLayerNet; standardize?: ColumnStatistics } {
  const tensors = readNpz(bytes, inflate);
  const net = netOf("readNpzNet", tensors);
  if (!STATISTICS.some((name) => tensors.has(name))) return { net };
  const [mean, std] = STATISTICS.map((name) => statistic(name, tensors.get(name), net.inputSize));
  return { net, standardize: { mean, std } };
}

function netOf(where: string, tensors: ReadonlyMap<string, Tensor>, layout?: Layout): TwoLayerNet {
  const standardized = STATISTICS.every((name) => tensors.has(name));
  const rest = standardized
    ? new Map([...tensors].filter(([name]) => name !== "mean" && name !== "std"))
    : tensors;
  return netFromTensors(where, "npz", rest, layout);
}

function statistic(
  name: (typeof STATISTICS)[number],
  tensor: Tensor | undefined,
  D: number,
): Matrix {
  if (tensor === undefined) throw refuse(`expected mean and std together, got no ${name}`);
  const { shape, data } = tensor;
  if (data.length !== D || shape[shape.length - 1] !== D)
    throw refuse(`${name}, expected shape (1, ${D}) or (${D},), got ${showShape(shape)}`);
  const wrong = data.findIndex(
    (value) => !(Number.isFinite(value) && (name === "mean" || value > 0)),
  );
  if (wrong >= 0)
    throw refuse(
      `${name}, expected finite numbers${name === "std" ? " > 0" : ""}, got ${data[wrong]} in column ${wrong}`,
    );
  return new Matrix(1, D, Float64Array.from(data));
}

function refuse(message: string): FormatError {
  return new FormatError("npz", message);
}
