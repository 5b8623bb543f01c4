// How the four parameters of a net are named and laid out as tensors, for safetensors and npz
// alike.
//
//   layout       names                                    weights     biases
//   "twolayer"   W1 b1 W2 b2                              (in, out)   (1, out)
//   "torch"      0.weight 0.bias 2.weight 2.bias          (out, in)   (out)
//
// "torch" is the state_dict of nn.Sequential(nn.Linear(D, H), nn.ReLU(), nn.Linear(H, C)).
import { checkChoice, checkOptions, show, showName } from "../base/checks.ts";
import { ArgumentTypeError, FormatError } from "../base/errors.ts";
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
import { Matrix } from "../matrix/matrix.ts";
import { PARAM_NAMES, type Params } from "../net/params.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";

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

/** Throws a TypeError unless `net` is a TwoLayerNet, or an object with the same params. */
export function checkNet(where: string, net: TwoLayerNet): void {
  if (typeof net?.params === "object" && net.params !== null) return;
  throw new ArgumentTypeError(`${where}: net expected a TwoLayerNet, got ${show(net)}`);
}

/**
 * Returns the net's four parameters as named tensors, for `serializeSafetensors` or `serializeNpz`.
 * The layout "twolayer" (default) gives W1 b1 W2 b2, which share the net's memory; "torch" gives
 * the state_dict of nn.Sequential(Linear, ReLU, Linear), for `model.load_state_dict`. Throws
 * TypeError for another layout or net.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * const tensors = netToTensors(net, { layout: "torch" });
 * console.log([...tensors.keys()].join(" ")); // 0.weight 0.bias 2.weight 2.bias
 */
export function netToTensors(
  net: TwoLayerNet,
  options: { layout?: Layout | undefined } = {},
): Map<string, Tensor> {
  checkNet("netToTensors", net);
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
  { layout, layers }: TensorOptions = {},
): Params {
  const isTwolayer = PARAM_NAMES.every((name) => tensors.has(name));
  if (isTwolayer && layout !== "torch" && layers === undefined) {
    const [W1, b1, W2, b2] = PARAM_NAMES.map((name) => tensors.get(name)!);
    return checkParams(format, {
      W1: weight(format, "W1", W1),
      b1: bias(format, "b1", b1),
      W2: weight(format, "W2", W2),
      b2: bias(format, "b2", b2),
    });
  }
  if (layers !== undefined)
    return checkParams(format, torchParams(format, tensors, namedModules(format, tensors, layers)));
  const modules = layout === "twolayer" ? undefined : linearModules(tensors);
  if (modules !== undefined)
    return checkParams(format, torchParams(format, tensors, inOrder(format, tensors, modules)));
  const wanted = { twolayer: "W1, b1, W2, b2", torch: "two pairs of NAME.weight and NAME.bias" };
  const expected = layout === undefined ? `${wanted.twolayer} or ${wanted.torch}` : wanted[layout];
  throw refuse(format, `expected tensors ${expected}, got ${listNames(tensors)}`);
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

/** The prefixes of exactly two Linear modules, or undefined when the names are others. */
function linearModules(tensors: ReadonlyMap<string, Tensor>): [string, string] | undefined {
  const weights = [...tensors.keys()].filter((name) => /(^|\.)weight$/.test(name));
  const prefixes = weights.map((name) => name.slice(0, -"weight".length));
  if (prefixes.length !== 2) return undefined;
  const known = new Set(prefixes.flatMap((prefix) => [`${prefix}weight`, `${prefix}bias`]));
  if (![...tensors.keys()].every((name) => known.has(name))) return undefined;
  return [prefixes[0], prefixes[1]];
}

/** The prefixes of the modules that `layers` names. */
function namedModules(
  format: string,
  tensors: ReadonlyMap<string, Tensor>,
  layers: readonly [string, string],
): [string, string] {
  for (const layer of layers)
    if (!tensors.has(`${layer}.weight`))
      throw refuse(
        format,
        `expected a tensor ${show(`${layer}.weight`)}, got ${listNames(tensors)}`,
      );
  return [`${layers[0]}.`, `${layers[1]}.`];
}

/** The two modules, the one that takes the input first. */
function inOrder(
  format: string,
  tensors: ReadonlyMap<string, Tensor>,
  modules: [string, string],
): [string, string] {
  const [a, b] = modules.map((prefix) => `${prefix}weight`);
  const [A, B] = [a, b].map((name) => weight(format, name, tensors.get(name)!)); // (out, in)
  const forward = A.rows === B.cols;
  const backward = B.rows === A.cols;
  const byNumber = compareNumbers(modules[0], modules[1]);
  const shapes = `${a} ${showShape([A.rows, A.cols])} and ${b} ${showShape([B.rows, B.cols])}`;
  if (forward && backward && byNumber === undefined) {
    const advice = `say which comes first with layers (--layers on the command line)`;
    throw refuse(format, `expected weights that fit in one order only, got ${shapes}; ${advice}`);
  }
  const aFirst = byNumber === undefined ? forward : byNumber < 0;
  if (aFirst ? forward : backward) return aFirst ? modules : [modules[1], modules[0]];
  throw refuse(
    format,
    "expected two weights of shape (out, in), the second taking what the first gives, got " +
      `${shapes}`,
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

function torchParams(
  format: string,
  tensors: ReadonlyMap<string, Tensor>,
  [first, second]: [string, string],
): Params {
  const layer = (prefix: string): { W: Matrix; b: Matrix } => {
    const W = weight(format, `${prefix}weight`, tensors.get(`${prefix}weight`)!).transpose();
    const b = tensors.get(`${prefix}bias`); // absent with Linear(bias=False)
    return {
      W,
      b: b === undefined ? new Matrix(1, W.cols) : bias(format, `${prefix}bias`, b),
    };
  };
  const [{ W: W1, b: b1 }, { W: W2, b: b2 }] = [layer(first), layer(second)];
  return { W1, b1, W2, b2 };
}

function weight(format: string, name: string, { shape, data }: Tensor): Matrix {
  // Empty weights are refused here: to transpose a shape of (0, 2^52) would never end.
  if (shape.length !== 2 || data.length === 0) {
    throw refuse(
      format,
      `${showName(name)}, expected 2 dimensions >= 1, got shape ${showShape(shape)}`,
    );
  }
  return new Matrix(shape[0], shape[1], toFloat64(data));
}

function bias(format: string, name: string, { shape, data }: Tensor): Matrix {
  if (shape.length === 1 || (shape.length === 2 && shape[0] === 1))
    return new Matrix(1, data.length, toFloat64(data));
  throw refuse(format, `${showName(name)}, expected shape (n,) or (1, n), got ${showShape(shape)}`);
}

/** `params` themselves, or a FormatError when their shapes disagree or a number is not finite. */
export function checkParams(format: string, params: Params): Params {
  const { W1, b1, W2, b2 } = params;
  if (b1.cols !== W1.cols || W2.rows !== W1.cols || b2.cols !== W2.cols) {
    const shapes = PARAM_NAMES.map(
      (name) => `${name} ${showShape([params[name].rows, params[name].cols])}`,
    ).join(", ");
    throw refuse(format, `expected W1 (D, H), b1 (1, H), W2 (H, C), b2 (1, C), got ${shapes}`);
  }
  for (const name of PARAM_NAMES) {
    const { cols, data } = params[name];
    const i = data.findIndex((value) => !Number.isFinite(value));
    if (i < 0) continue;
    const place = `row ${Math.floor(i / cols)}, column ${i % cols}`;
    throw refuse(format, `${name} expected finite numbers, got ${data[i]} at ${place}`);
  }
  return params;
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
