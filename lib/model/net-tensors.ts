// How a net is spelt as named tensors, for safetensors and npz alike.
//
//   layout       names                                    weights     biases
//   "twolayer"   W1 b1 W2 b2                              (in, out)   (1, out)
//   "torch"      0.weight 0.bias 2.weight 2.bias          (out, in)   (out)
//
// "torch" is the state_dict of nn.Sequential(nn.Linear(D, H), nn.ReLU(), nn.Linear(H, C)).
import { checkChoice, show, showName } from "../base/checks.ts";
import { ArgumentTypeError, FormatError } from "../base/errors.ts";
import { showShape, type Tensor } from "../formats/tensor.ts";
import { Matrix } from "../matrix/matrix.ts";
import { PARAM_NAMES, type Params } from "../net/params.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";

/** How a net's tensors are named and turned: W1 b1 W2 b2, or as PyTorch's state_dict has them. */
export type Layout = "twolayer" | "torch";
export const LAYOUTS: readonly Layout[] = ["twolayer", "torch"];

/** Throws a TypeError unless `net` is a TwoLayerNet, or something with the same params. */
export function checkNet(where: string, net: TwoLayerNet): void {
  if (
    typeof net !== "object" ||
    net === null ||
    typeof net.params !== "object" ||
    net.params === null
  ) {
    throw new ArgumentTypeError(`${where}: net expected a TwoLayerNet, got ${show(net)}`);
  }
}

/**
 * The net's four parameters under their names; in the layout "twolayer" they are the net's own
 * numbers, not copies.
 */
export function netToTensors(where: string, net: TwoLayerNet, layout: Layout): Map<string, Tensor> {
  checkNet(where, net);
  checkChoice(where, "layout", layout, LAYOUTS);
  const { params } = net;
  if (layout === "twolayer")
    return new Map(PARAM_NAMES.map((name) => [name, matrixTensor(params[name])]));
  return new Map<string, Tensor>([
    ["0.weight", matrixTensor(params.W1.transpose())],
    ["0.bias", { shape: [params.b1.cols], data: params.b1.data }],
    ["2.weight", matrixTensor(params.W2.transpose())],
    ["2.bias", { shape: [params.b2.cols], data: params.b2.data }],
  ]);
}

function matrixTensor({ rows, cols, data }: Matrix): Tensor {
  return { shape: [rows, cols], data };
}

/**
 * The net that the tensors spell. Without `layout` the names decide: W1 b1 W2 b2 (others beside
 * them are ignored), or exactly two pairs NAME.weight NAME.bias as PyTorch has them for any two
 * Linear modules. Of these the first is the one whose outputs the other takes; where both ways fit,
 * the first in natural order (fc1 before fc2, 2 before 10). Biases may be (n), (1, n) or, in the
 * layout "torch", missing. Throws FormatError of `format` when names or shapes are not such.
 */
export function netFromTensors(
  where: string,
  format: string,
  tensors: ReadonlyMap<string, Tensor>,
  layout?: Layout,
): TwoLayerNet {
  if (layout !== undefined) checkChoice(where, "layout", layout, LAYOUTS);
  const isTwolayer = PARAM_NAMES.every((name) => tensors.has(name));
  if (isTwolayer && layout !== "torch") {
    const [W1, b1, W2, b2] = PARAM_NAMES.map((name) => tensors.get(name)!);
    return createNet(format, {
      W1: weight(format, "W1", W1),
      b1: bias(format, "b1", b1),
      W2: weight(format, "W2", W2),
      b2: bias(format, "b2", b2),
    });
  }
  const modules = layout === "twolayer" ? undefined : linearModules(tensors);
  if (modules === undefined) {
    const wanted = { twolayer: "W1, b1, W2, b2", torch: "two pairs of NAME.weight and NAME.bias" };
    const expected =
      layout === undefined ? `${wanted.twolayer} or ${wanted.torch}` : wanted[layout];
    throw refuse(format, `expected tensors ${expected}, got ${listNames(tensors)}`);
  }
  return createNet(format, torchParams(format, tensors, modules));
}

function refuse(format: string, message: string): FormatError {
  return new FormatError(format, message);
}

function listNames(tensors: ReadonlyMap<string, Tensor>): string {
  const names = [...tensors.keys()];
  if (names.length === 0) return "none";
  return (
    names.slice(0, 8).map(show).join(", ") +
    (names.length > 8 ? ` and ${names.length - 8} more` : "")
  );
}

/**
 * The prefixes of exactly two Linear modules in natural order, or undefined when the names are
 * otherwise.
 */
function linearModules(tensors: ReadonlyMap<string, Tensor>): [string, string] | undefined {
  const weights = [...tensors.keys()].filter((name) => /(^|\.)weight$/.test(name));
  const prefixes = weights.map((name) => name.slice(0, -"weight".length));
  if (prefixes.length !== 2) return undefined;
  const known = new Set(prefixes.flatMap((prefix) => [`${prefix}weight`, `${prefix}bias`]));
  if (![...tensors.keys()].every((name) => known.has(name))) return undefined;
  const [a, b] = prefixes;
  return new Intl.Collator("en", { numeric: true }).compare(a, b) <= 0 ? [a, b] : [b, a];
}

function torchParams(
  format: string,
  tensors: ReadonlyMap<string, Tensor>,
  modules: [string, string],
): Params {
  // (out, in)
  const weights = modules.map((prefix) =>
    weight(format, `${prefix}weight`, tensors.get(`${prefix}weight`)!),
  );
  const inOrder = weights[0].rows === weights[1].cols;
  const swapped = weights[1].rows === weights[0].cols;
  if (!inOrder && !swapped) {
    const shapes = modules
      .map((prefix, i) => `${prefix}weight ${showShape([weights[i].rows, weights[i].cols])}`)
      .join(" and ");
    throw refuse(
      format,
      `expected two weights of shape (out, in) of which one takes what the other gives, got ${shapes}`,
    );
  }
  const order = inOrder ? [0, 1] : [1, 0];
  const [W1, W2] = order.map((i) => weights[i].transpose());
  const [b1, b2] = order.map((i) => {
    const name = `${modules[i]}bias`;
    const tensor = tensors.get(name);
    // Linear(bias=False)
    return tensor === undefined ? new Matrix(1, weights[i].rows) : bias(format, name, tensor);
  });
  return { W1, b1, W2, b2 };
}

function weight(format: string, name: string, { shape, data }: Tensor): Matrix {
  // Empty ones are refused here already: turned about, a shape of (0, 2^52) would take for ever.
  if (shape.length !== 2 || data.length === 0) {
    throw refuse(
      format,
      `${showName(name)}, expected 2 dimensions >= 1, got shape ${showShape(shape)}`,
    );
  }
  return new Matrix(shape[0], shape[1], data);
}

function bias(format: string, name: string, { shape, data }: Tensor): Matrix {
  if (shape.length === 1 || (shape.length === 2 && shape[0] === 1))
    return new Matrix(1, data.length, data);
  throw refuse(format, `${showName(name)}, expected shape (n,) or (1, n), got ${showShape(shape)}`);
}

/**
 * A TwoLayerNet of weights that are not empty, or a FormatError with all four shapes when they do
 * not agree.
 */
export function createNet(format: string, params: Params): TwoLayerNet {
  const { W1, b1, W2, b2 } = params;
  const fits = b1.cols === W1.cols && W2.rows === W1.cols && b2.cols === W2.cols;
  if (fits) return new TwoLayerNet(params);
  const shapes = PARAM_NAMES.map(
    (name) => `${name} ${showShape([params[name].rows, params[name].cols])}`,
  ).join(", ");
  throw refuse(format, `expected W1 (D, H), b1 (1, H), W2 (H, C), b2 (1, C), got ${shapes}`);
}
