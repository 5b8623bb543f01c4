// How the four parameters of a net are named and laid out as tensors, for safetensors and npz
// alike.
//
//   layout       names                                    weights     biases
//   "twolayer"   W1 b1 W2 b2                              (in, out)   (1, out)
//   "torch"      0.weight 0.bias 2.weight 2.bias          (out, in)   (out)
//
// "torch" is the state_dict of nn.Sequential(nn.Linear(D, H), nn.ReLU(), nn.Linear(H, C)).
import { checkChoice, checkOptions, show, showName } from "../base/checks.ts";
import { ArgumentTypeError, asFormatError, FormatError } from "../base/errors.ts";
import { toFloat64 } from "../formats/dtype.ts";
import {
  checkNamed,
  checkTensors,
  isText,
  type NamedTensors,
  showShape,
  type Tensor,
  type TextTensor,
} from "../formats/tensor.ts";
import { checkFiniteElements } from "../matrix/dataset.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkParams as checkShapes, PARAM_NAMES, type Params } from "../net/params.ts";
import { checkNet, TwoLayerNet } from "../net/two-layer-net.ts";

/** The names and the orientation of a net's tensors: W1 b1 W2 b2, or a PyTorch state_dict. */
export type Layout = "twolayer" | "torch";
const LAYOUTS: readonly Layout[] = ["twolayer", "torch"];

/** Which tensors of a file are the net. */
export type TensorOptions = {
  /** Default: W1 b1 W2 b2 where all four exist, else PyTorch's names. */
  layout?: Layout | undefined;
  /** The names of the two Linear modules in their order, as ["encoder", "decoder"]. */
  layers?: readonly [string, string] | undefined;
};

/**
 * Throws a TypeError unless `net` is a TwoLayerNet, and a RangeError for a parameter that is not
 * finite: no reader would take the file.
 */
export function checkFiniteNet(where: string, net: TwoLayerNet): void {
  checkNet(where, net);
  checkFiniteParams(where, net.params);
}

/**
 * Returns the net's four parameters as named tensors, for `serializeSafetensors` or `serializeNpz`.
 * The layout "twolayer" (default) gives W1 b1 W2 b2, which share the net's memory; "torch" gives
 * the state_dict of nn.Sequential(Linear, ReLU, Linear), for `model.load_state_dict`. Throws
 * TypeError for another layout or net, RangeError for weights that are not finite.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * const tensors = netToTensors(net, { layout: "torch" });
 * console.log([...tensors.keys()].join(" ")); // 0.weight 0.bias 2.weight 2.bias
 */
export function netToTensors(
  net: TwoLayerNet,
  options: { layout?: Layout | undefined } = {},
): Map<string, Tensor> {
  checkFiniteNet("netToTensors", net);
  checkOptions("netToTensors", options, ["layout"]);
  const { layout = "twolayer" } = options;
  checkChoice("netToTensors", "layout", layout, LAYOUTS);
  const { W1, b1, W2, b2 } = net.params;
  if (layout === "twolayer")
    return new Map(PARAM_NAMES.map((name) => [name, matrixTensor(net.params[name])]));
  return new Map<string, Tensor>([
    ["0.weight", matrixTensor(W1.transpose())],
    ["0.bias", { shape: [b1.cols], data: b1.data }],
    ["2.weight", matrixTensor(W2.transpose())],
    ["2.bias", { shape: [b2.cols], data: b2.data }],
  ]);
}

function matrixTensor({ rows, cols, data }: Matrix): Tensor {
  return { shape: [rows, cols], data };
}

/**
 * Returns the net that the tensors of a file hold. Without `layout` the names decide: W1 b1 W2 b2
 * (other tensors beside them are ignored), or exactly two pairs NAME.weight and NAME.bias, as
 * PyTorch names two Linear modules. Their order follows from the shapes; where both orders fit,
 * from the numbers in names that differ in nothing else (fc1 before fc2), or from `layers`. Biases
 * may have shape (n,) or (1, n), or be absent with PyTorch's names. A net of one output, as
 * PyTorch's BCEWithLogitsLoss and scikit-learn train for two classes, becomes one of two with
 * scores (0, z). Text and the arrays `mean` and `std` are left out, as `twolayer export` writes
 * them beside a net that takes standardized rows. Throws FormatError for other names and shapes,
 * and for weights that are not finite.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * const { tensors } = parseSafetensors(serializeSafetensors(netToTensors(net)));
 * console.log(netFromTensors(tensors).params.W1.equals(net.params.W1)); // true
 */
export function netFromTensors(
  tensors: NamedTensors<Tensor | TextTensor | Matrix>,
  options: TensorOptions = {},
): TwoLayerNet {
  const where = "netFromTensors";
  const numbers = checkNamed(where, tensors).filter(
    (entry): entry is [string, Tensor | Matrix] =>
      !isText(entry[1]) && entry[0] !== "mean" && entry[0] !== "std",
  );
  const named = new Map(checkTensors(where, new Map(numbers)));
  checkOptions(where, options, ["layout", "layers"]);
  const { layout, layers } = options;
  if (layout !== undefined) checkChoice(where, "layout", layout, LAYOUTS);
  const isPair = Array.isArray(layers) && layers.length === 2;
  if (layers !== undefined && !(isPair && layers.every((name) => typeof name === "string")))
    throw new ArgumentTypeError(`${where}: layers expected two names, got ${show(layers)}`);
  return new TwoLayerNet(binaryParams(findParams("tensors", named, options)));
}

/** The parameters that the tensors hold, as netFromTensors finds them, with as many outputs. */
export function findParams(
  format: string,
  tensors: ReadonlyMap<string, Tensor>,
  options: TensorOptions = {},
): Params {
  const { layout, layers } = options;
  const isTwolayer = PARAM_NAMES.every((name) => tensors.has(name));
  if (!isTwolayer || layout === "torch" || layers !== undefined)
    return checkParams(format, torchParams(format, tensors, options));
  const [W1, W2] = (["W1", "W2"] as const).map((name) => weight(format, tensors, name));
  const [b1, b2] = (["b1", "b2"] as const).map((name) => bias(format, tensors, name));
  return checkParams(format, { W1, b1, W2, b2 });
}

function refuse(format: string, reason: string): FormatError {
  return new FormatError(format, reason);
}

function listNames(tensors: ReadonlyMap<string, Tensor>): string {
  const names = [...tensors].map(([name, { shape }]) => `${show(name)} ${showShape(shape)}`);
  if (names.length === 0) return "none";
  const more = names.length > 8 ? ` and ${names.length - 8} more` : "";
  return names.slice(0, 8).join(", ") + more;
}

/** A Linear module: what its tensors' names begin with, and its weight (out, in). */
type Linear = { readonly prefix: string; readonly W: Matrix };

function torchParams(
  format: string,
  tensors: ReadonlyMap<string, Tensor>,
  options: TensorOptions,
): Params {
  const modules = prefixesOf(format, tensors, options).map((prefix) => ({
    prefix,
    W: weight(format, tensors, `${prefix}weight`),
  }));
  const [first, second] = options.layers === undefined ? inOrder(format, modules) : modules;
  const biasOf = ({ prefix, W }: Linear): Matrix => {
    const name = `${prefix}bias`; // absent with Linear(bias=False)
    return tensors.has(name) ? bias(format, tensors, name) : new Matrix(1, W.rows);
  };
  return {
    W1: first.W.transpose(),
    b1: biasOf(first),
    W2: second.W.transpose(),
    b2: biasOf(second),
  };
}

/** The prefixes of the two Linear modules: those of `layers`, or all that there are. */
function prefixesOf(
  format: string,
  tensors: ReadonlyMap<string, Tensor>,
  { layout, layers }: TensorOptions,
): string[] {
  if (layers !== undefined) return layers.map((layer) => `${layer}.`);
  const names = [...tensors.keys()];
  const prefixes = names
    .filter((name) => /(^|\.)weight$/.test(name))
    .map((name) => name.slice(0, -"weight".length));
  const isOther = (name: string): boolean =>
    !prefixes.some((prefix) => name === `${prefix}weight` || name === `${prefix}bias`);
  if (layout !== "twolayer" && prefixes.length === 2 && !names.some(isOther)) return prefixes;
  const wanted = { twolayer: "W1, b1, W2, b2", torch: "two pairs of NAME.weight and NAME.bias" };
  const expected = layout === undefined ? `${wanted.twolayer} or ${wanted.torch}` : wanted[layout];
  throw refuse(format, `expected tensors ${expected}, got ${listNames(tensors)}`);
}

/** The two modules, the one that takes the input first. */
function inOrder(format: string, modules: readonly Linear[]): readonly Linear[] {
  const [a, b] = modules;
  const forward = a.W.rows === b.W.cols;
  const backward = b.W.rows === a.W.cols;
  const byNumber = compareNumbers(a.prefix, b.prefix);
  const aFirst = byNumber === undefined ? forward : byNumber < 0;
  const isSure = !(forward && backward && byNumber === undefined);
  if (isSure && (aFirst ? forward : backward)) return aFirst ? modules : [b, a];
  const got = modules.map(({ prefix, W }) => `${prefix}weight ${showShape(W.shape)}`).join(" and ");
  throw refuse(
    format,
    isSure
      ? "expected two weights of shape (out, in), the second taking what the first gives, " +
          `got ${got}`
      : `expected weights that fit in one order only, got ${got}; ` +
          "say which comes first with layers (--layers on the command line)",
  );
}

/**
 * Compares names that differ in their numbers alone: < 0 when `a` is first; undefined for others.
 */
function compareNumbers(a: string, b: string): number | undefined {
  if (a.replace(/\d+/g, "0") !== b.replace(/\d+/g, "0")) return undefined;
  const [left, right] = [a, b].map((name) => (name.match(/\d+/g) ?? []).map(Number));
  const i = left.findIndex((number, k) => number !== right[k]);
  return i < 0 ? undefined : left[i] - right[i];
}

function weight(format: string, tensors: ReadonlyMap<string, Tensor>, name: string): Matrix {
  const tensor = tensors.get(name);
  if (tensor === undefined)
    throw refuse(format, `expected a tensor ${show(name)}, got ${listNames(tensors)}`);
  return weightMatrix(tensor, (reason) => refuse(format, `${showName(name)}, ${reason}`));
}

/** A tensor of two dimensions as a matrix; `refuse` makes the error for others. */
export function weightMatrix({ shape, data }: Tensor, refuse: (reason: string) => Error): Matrix {
  // Empty weights are refused here: to transpose a shape of (0, 2^52) would never end.
  if (shape.length === 2 && data.length > 0) return new Matrix(shape[0], shape[1], toFloat64(data));
  throw refuse(`expected a weight of 2 dimensions >= 1, got shape ${showShape(shape)}`);
}

function bias(format: string, tensors: ReadonlyMap<string, Tensor>, name: string): Matrix {
  const { shape, data } = tensors.get(name)!;
  if (shape.length === 1 || (shape.length === 2 && shape[0] === 1))
    return new Matrix(1, data.length, toFloat64(data));
  throw refuse(format, `${showName(name)}, expected shape (n,) or (1, n), got ${showShape(shape)}`);
}

/** `params` themselves, or a FormatError when their shapes disagree or a number is not finite. */
export function checkParams(format: string, params: Params): Params {
  asFormatError(format, () => {
    checkShapes(format, params);
    checkFiniteParams(format, params);
  });
  return params;
}

function checkFiniteParams(where: string, params: Params): void {
  for (const name of PARAM_NAMES) checkFiniteElements(where, params[name], name);
}

/**
 * `params`, or, when they have one output z, those of a net with two whose scores are (0, z): its
 * softmax is the sigmoid of z.
 */
export function binaryParams(params: Params): Params {
  if (params.W2.cols !== 1) return params;
  const widen = (column: Matrix): Matrix =>
    new Matrix(column.rows, 2).map((_, i, j) => (j === 0 ? 0 : column.data[i]));
  return { ...params, W2: widen(params.W2), b2: widen(params.b2) };
}
