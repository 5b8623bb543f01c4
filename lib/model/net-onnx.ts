// A net as an ONNX graph (formats/onnx/onnx.ts), which ONNX Runtime and whatever embeds it
// evaluates, and back.
//
//   X (N, D) → [Sub mean → Div std →] Gemm W1 b1 → Relu → Gemm W2 b2 → scores (N, C)
//   scores → [Softmax → probabilities (N, C)]   scores → [ArgMax → labels (N), int64]
//
// Opset 13 and IR version 7, which every ONNX Runtime since 1.6 (2020) reads. Weights lie as (in,
// out), so that Gemm needs no attribute. Standardization stays two nodes of its own: they are the
// operations that made the training data, in the same order, whereas multiplied into W1 and b1 it
// would round differently and cancel where a mean is large beside its std.
import { checkChoice, checkOptions, show, showName } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError, FormatError } from "../base/errors.ts";
import {
  type OnnxModel,
  type OnnxNode,
  type OnnxValue,
  parseOnnx,
  serializeOnnx,
} from "../formats/onnx/onnx.ts";
import { type StoredTensor, showShape } from "../formats/tensor.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkMatrix, checkShape, shapeOf } from "../matrix/shape.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { checkNet, createNet } from "./net-tensors.ts";

/** What a graph computes: scores (N, C), their softmax, or the class of each row (N). */
export type OnnxOutput = "scores" | "probabilities" | "labels";
/** What is done to each input column first: (x − mean) / std. Both (1, D). */
export type Standardization = { mean: Matrix; std: Matrix };

const OUTPUTS: readonly OnnxOutput[] = ["scores", "probabilities", "labels"];

/**
 * The net as an ONNX file with input X and the `outputs` asked for, in their order (default scores
 * alone). `dtype` "float64" (default) is exact; "float32", which is what GPUs and browsers take,
 * rounds the weights to 24 significant bits and the graph computes in float32. `standardize` is put
 * before the net. `metadata` becomes metadata_props. The same net and options give the same bytes.
 * Throws TypeError, RangeError or ShapeError for other values.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * const bytes = netToOnnx(net, { dtype: "float32", outputs: ["probabilities", "labels"] });
 * console.log(parseOnnx(bytes).outputs.map(({ name, dtype }) => `${name}: ${dtype}`).join(", "));
 * // probabilities: float32, labels: int64
 */
export function netToOnnx(
  net: TwoLayerNet,
  options: {
    dtype?: "float64" | "float32";
    outputs?: readonly OnnxOutput[];
    standardize?: Standardization;
    metadata?: { readonly [key: string]: string };
  } = {},
): Uint8Array {
  const where = "netToOnnx";
  checkNet(where, net);
  checkOptions(where, options, ["dtype", "outputs", "standardize", "metadata"]);
  const { dtype = "float64", outputs = ["scores"], standardize, metadata = {} } = options;
  checkChoice(where, "dtype", dtype, ["float64", "float32"]);
  if (!Array.isArray(outputs) || outputs.length === 0) {
    throw new ArgumentTypeError(
      `${where}: outputs expected an array of at least one, got ${show(outputs)}`,
    );
  }
  for (const output of outputs) checkChoice(where, "outputs", output, OUTPUTS);
  if (new Set(outputs).size !== outputs.length) {
    throw new ArgumentRangeError(`${where}: outputs expected each once, got ${outputs.join(", ")}`);
  }

  const { params, inputSize, hiddenSize, outputSize } = net;
  const { W1, b1, W2, b2 } = params;
  const initializers = new Map<string, StoredTensor>();
  const constant = (name: string, shape: number[], { data }: Matrix): unknown =>
    initializers.set(name, { dtype, shape, data });
  const nodes: OnnxNode[] = [];
  if (standardize !== undefined) {
    checkStandardization(where, standardize, inputSize);
    constant("mean", [inputSize], standardize.mean);
    constant("std", [inputSize], standardize.std);
    nodes.push(
      node("Sub", ["X", "mean"], "centred"),
      node("Div", ["centred", "std"], "standardized"),
    );
  }
  constant("W1", [inputSize, hiddenSize], W1);
  constant("b1", [hiddenSize], b1);
  constant("W2", [hiddenSize, outputSize], W2);
  constant("b2", [outputSize], b2);
  nodes.push(
    node("Gemm", [standardize === undefined ? "X" : "standardized", "W1", "b1"], "affine"),
  );
  nodes.push(node("Relu", ["affine"], "hidden"), node("Gemm", ["hidden", "W2", "b2"], "scores"));
  if (outputs.includes("probabilities")) nodes.push(node("Softmax", ["scores"], "probabilities"));
  if (outputs.includes("labels"))
    nodes.push(node("ArgMax", ["scores"], "labels", { axis: 1, keepdims: 0 }));

  return serializeOnnx({
    irVersion: 7,
    opset: 13,
    producer: "twolayer",
    metadata: new Map(
      Object.entries(metadata).map(([key, value]) => {
        if (typeof value !== "string")
          throw new ArgumentTypeError(
            `${where}: metadata ${show(key)} expected a string, got ${show(value)}`,
          );
        return [key, value];
      }),
    ),
    graph: "two-layer-net",
    nodes,
    initializers,
    inputs: [{ name: "X", dtype, shape: ["N", inputSize] }],
    outputs: outputs.map(
      (name): OnnxValue =>
        name === "labels"
          ? { name, dtype: "int64", shape: ["N"] }
          : { name, dtype, shape: ["N", outputSize] },
    ),
  });
}

function node(
  op: string,
  inputs: string[],
  output: string,
  attributes: { [name: string]: number } = {},
): OnnxNode {
  const entries = Object.entries(attributes).map(([name, int]) => [name, { int }] as const);
  return { op, domain: "", name: output, inputs, outputs: [output], attributes: new Map(entries) };
}

function checkStandardization(
  where: string,
  standardize: Standardization,
  inputSize: number,
): void {
  checkOptions(where, standardize, ["mean", "std"]);
  for (const name of ["mean", "std"] as const) {
    const row = standardize[name];
    checkMatrix(where, `standardize.${name}`, row);
    const fits = row.rows === 1 && row.cols === inputSize;
    checkShape(
      fits,
      () => `${where}: standardize.${name} expected a 1×${inputSize} row, got ${shapeOf(row)}`,
    );
  }
  const zero = standardize.std.data.findIndex((value) => !(value > 0 && value < Infinity));
  if (zero >= 0) {
    const got = `${standardize.std.data[zero]} in column ${zero}`;
    throw new ArgumentRangeError(
      `${where}: standardize.std expected finite numbers > 0, got ${got}`,
    );
  }
}

/**
 * The net in an ONNX file, whose graph may standardize its input, must then be Gemm, Relu, Gemm,
 * and may end in Softmax and ArgMax: what netToOnnx writes, and what PyTorch's exporter makes of
 * nn.Sequential(Linear, ReLU, Linear) (weights (out, in) with transB, float32). A standardization
 * is multiplied into W1 and b1, so that the net takes the graph's own input. Throws FormatError for
 * other graphs, naming the node that does not belong.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * console.log(netFromOnnx(netToOnnx(net)).params.W2.equals(net.params.W2)); // true
 */
export function netFromOnnx(bytes: Uint8Array): TwoLayerNet {
  const { net, standardize } = readOnnxNet(bytes);
  if (standardize === undefined) return net;
  // ((x − mean) / std)·W1 + b1 = x·(W1 / std) + (b1 − (mean / std)·W1)
  const { W1, b1, W2, b2 } = net.params;
  const { mean, std } = standardize;
  const scaled = W1.map((value, i) => value / std.data[i]);
  return new TwoLayerNet({ W1: scaled, b1: b1.sub(mean.matmul(scaled)), W2, b2 });
}

/**
 * As netFromOnnx, with the standardization kept apart, the file's metadata and the names of its
 * outputs.
 */
export function readOnnxNet(bytes: Uint8Array): {
  net: TwoLayerNet;
  standardize?: Standardization;
  metadata: Map<string, string>;
  outputs: string[];
} {
  const model = parseOnnx(bytes);
  return {
    ...new GraphWalk(model).net(),
    metadata: model.metadata,
    outputs: model.outputs.map(({ name }) => name),
  };
}

/** The values of Gemm's attributes that change no more than which way a weight lies. */
const GEMM_ATTRIBUTES: ReadonlyMap<string, readonly number[]> = new Map([
  ["alpha", [1]],
  ["beta", [1]],
  ["transA", [0]],
  ["transB", [0, 1]],
]);

function refuse(message: string): FormatError {
  return new FormatError("onnx", message);
}

/**
 * Follows the graph from its input to its outputs. Every node is used once, so even a graph with a
 * cycle ends the walk.
 */
class GraphWalk {
  readonly #model: OnnxModel;
  readonly #constants: Map<string, StoredTensor>;
  readonly #nodes: Set<OnnxNode>;

  constructor(model: OnnxModel) {
    this.#model = model;
    this.#constants = new Map(model.initializers);
    this.#nodes = new Set(model.nodes);
    const outputs = new Set<string>([...this.#constants.keys(), ...this.#inputs()]);
    for (const each of model.nodes) {
      if (each.domain !== "" && each.domain !== "ai.onnx") {
        throw refuse(`expected standard operators, got ${show(each.op)} of ${show(each.domain)}`);
      }
      for (const output of each.outputs) {
        if (outputs.has(output)) throw refuse(`value ${show(output)} is computed twice`);
        outputs.add(output);
      }
      const value = each.op === "Constant" ? each.attributes.get("value") : undefined;
      if (value !== undefined && "tensor" in value) {
        this.#constants.set(each.outputs[0], value.tensor);
        this.#nodes.delete(each);
      }
    }
  }

  /** Before IR version 4 the initializers had to be listed as inputs as well. */
  #inputs(): string[] {
    return this.#model.inputs.map(({ name }) => name).filter((name) => !this.#constants.has(name));
  }

  net(): { net: TwoLayerNet; standardize?: Standardization } {
    if (this.#model.opset < 7) throw refuse(`expected opset 7 or later, got ${this.#model.opset}`);
    const inputs = this.#inputs();
    if (inputs.length !== 1)
      throw refuse(`expected one input, got ${inputs.map(show).join(", ") || "none"}`);
    let at = inputs[0];
    let mean: Matrix | undefined;
    let std: Matrix | undefined;
    const sub = this.#next("Sub", at);
    if (sub !== undefined) [mean, at] = [this.#row(sub, 1), sub.outputs[0]];
    const div = this.#next("Div", at);
    if (div !== undefined) [std, at] = [this.#row(div, 1), div.outputs[0]];
    const first = this.#gemm(at);
    const relu = this.#expect("Relu", first.output);
    const second = this.#gemm(relu.outputs[0]);
    this.#ends(second.output);

    const net = createNet("onnx", { W1: first.W, b1: first.b, W2: second.W, b2: second.b });
    if (mean === undefined && std === undefined) return { net };
    const D = net.inputSize;
    const standardize = { mean: mean ?? new Matrix(1, D), std: std ?? Matrix.filled(1, D, 1) };
    for (const [name, row] of Object.entries(standardize)) {
      if (row.cols !== D)
        throw refuse(`expected a ${name} of ${D} columns, as W1 has rows, got ${row.cols}`);
    }
    if (!standardize.std.data.every((value) => value > 0 && value < Infinity)) {
      throw refuse("expected divisors > 0 for the input");
    }
    return { net, standardize };
  }

  /** Takes the node of this kind whose first input is `value`, if there is one. */
  #next(op: string, value: string): OnnxNode | undefined {
    for (const candidate of this.#nodes) {
      if (candidate.op !== op || candidate.inputs[0] !== value) continue;
      if (candidate.outputs.length !== 1) {
        throw refuse(
          `${op} node ${show(candidate.name)}, expected one output, got ${candidate.outputs.length}`,
        );
      }
      this.#nodes.delete(candidate);
      return candidate;
    }
    return undefined;
  }

  #expect(op: string, value: string): OnnxNode {
    const found = this.#next(op, value);
    if (found !== undefined) return found;
    const others = [...this.#nodes]
      .filter(({ inputs }) => inputs.includes(value))
      .map((other) => showName(other.op));
    throw refuse(
      `expected Gemm, Relu, Gemm, got ${others.join(", ") || "nothing"} where ${op} takes ${show(value)}`,
    );
  }

  #gemm(value: string): { W: Matrix; b: Matrix; output: string } {
    const gemm = this.#expect("Gemm", value);
    let transB = false;
    for (const [name, attribute] of gemm.attributes) {
      const given =
        "int" in attribute ? attribute.int : "float" in attribute ? attribute.float : NaN;
      if (!GEMM_ATTRIBUTES.get(name)?.includes(given)) {
        throw refuse(
          `Gemm node ${show(gemm.name)}, expected alpha and beta 1 and transA 0, got ${showName(name)} ${given}`,
        );
      }
      if (name === "transB") transB = given === 1;
    }
    const stored = this.#constant(gemm, 1);
    if (stored.shape.length !== 2 || stored.data.length === 0) {
      throw refuse(
        `Gemm node ${show(gemm.name)}, expected a weight of 2 dimensions >= 1, got shape ${showShape(stored.shape)}`,
      );
    }
    const weight = new Matrix(stored.shape[0], stored.shape[1], stored.data);
    const W = transB ? weight.transpose() : weight;
    const hasBias = gemm.inputs.length > 2 && gemm.inputs[2] !== "";
    return { W, b: hasBias ? this.#row(gemm, 2) : new Matrix(1, W.cols), output: gemm.outputs[0] };
  }

  #constant(from: OnnxNode, index: number): StoredTensor {
    const tensor = this.#constants.get(from.inputs[index]);
    if (tensor === undefined) {
      const got = show(from.inputs[index]);
      throw refuse(
        `${from.op} node ${show(from.name)}, expected a constant as input ${index}, got ${got}`,
      );
    }
    return tensor;
  }

  #row(from: OnnxNode, index: number): Matrix {
    const { shape, data } = this.#constant(from, index);
    if (shape.length === 1 || (shape.length === 2 && shape[0] === 1))
      return new Matrix(1, data.length, data);
    throw refuse(
      `${from.op} node ${show(from.name)}, expected a constant of shape (n,) or (1, n), got ${showShape(shape)}`,
    );
  }

  /** Nothing but Softmax and ArgMax may follow, and every output must be one of the three. */
  #ends(scores: string): void {
    const ends = new Set([scores]);
    const softmax = this.#next("Softmax", scores);
    if (softmax !== undefined) ends.add(softmax.outputs[0]);
    const argmax =
      this.#next("ArgMax", scores) ?? (softmax && this.#next("ArgMax", softmax.outputs[0]));
    if (argmax !== undefined) ends.add(argmax.outputs[0]);
    for (const [end, missing] of [
      [softmax, this.#model.opset < 13 ? 1 : -1],
      [argmax, 0],
    ] as const) {
      const axis = end?.attributes.get("axis") ?? { int: missing };
      if (end !== undefined && !("int" in axis && (axis.int === 1 || axis.int === -1))) {
        const got = "int" in axis ? axis.int : "no integer";
        throw refuse(
          `${end.op} node ${show(end.name)}, expected axis 1, over the classes, got ${got}`,
        );
      }
    }
    for (const { op } of this.#nodes) {
      throw refuse(
        `expected Gemm, Relu, Gemm and at most Softmax and ArgMax, got ${show(op)} beside them`,
      );
    }
    const outputs = this.#model.outputs.map(({ name }) => name);
    const other = outputs.find((name) => !ends.has(name));
    if (outputs.length === 0 || other !== undefined) {
      throw refuse(
        `expected the scores, their Softmax or their ArgMax as outputs, got ${show(other ?? "none")}`,
      );
    }
  }
}
