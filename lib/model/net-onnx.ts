// A net as an ONNX graph (formats/onnx/onnx.ts), which ONNX Runtime and the programs that embed it
// evaluate, and back (onnx/graph.ts).
//
//   X (N, D) → [Sub mean → Div std] → MatMul W1 → Add b1 → Relu
//            → MatMul W2 → Add b2 → scores (N, C)
//   scores → [Softmax → probabilities (N, C)]   scores → [ArgMax → labels (N), int64]
//
// Opset 13 and IR version 7, which every ONNX Runtime since 1.6 (2020) reads. Products are MatMul
// and Add: until version 1.17 ONNX Runtime fuses a Gemm and a Relu into a kernel that exists for
// float32 only, so that it cannot load a float64 graph with Gemm (onnxruntime#6320).
// Standardization stays two nodes: they are the operations that made the training data, in the same
// order, whereas multiplied into W1 and b1 it would round differently and cancel where a mean is
// large beside its std.

import { checkChoice, checkFunction, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import type { ClassName } from "../data/labels.ts";
import { type ColumnStatistics, checkStatistics } from "../data/standardize.ts";
import {
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxOptions,
  type OnnxValue,
  parseOnnx,
  serializeOnnx,
} from "../formats/onnx/onnx.ts";
import type { OnnxTensor } from "../formats/onnx/onnx-tensor.ts";
import { metadataEntries } from "../formats/safetensors.ts";
import { checkBytes } from "../formats/tensor.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { PARAM_NAMES } from "../net/params.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { METADATA_KEY } from "./model-file.ts";
import { binaryParams, checkFiniteNet } from "./net-tensors.ts";
import { foldScaling, graphNet, refuse } from "./onnx/graph.ts";

/** What a graph computes: scores (N, C), their softmax, or the class of each row (N). */
export type OnnxOutput = "scores" | "probabilities" | "labels";

/** The types of numbers that a graph may compute with. */
export type OnnxFloat = "float64" | "float32";
export const FLOATS: readonly OnnxFloat[] = ["float64", "float32"];
const OUTPUTS: readonly OnnxOutput[] = ["scores", "probabilities", "labels"];

/** What netToOnnx takes. */
export type NetToOnnxOptions = {
  /** "float64" (default) is exact; "float32", which GPUs and browsers take, rounds to 24 bits. */
  dtype?: "float64" | "float32" | undefined;
  /** The graph's outputs, in their order; default the scores alone. */
  outputs?: readonly OnnxOutput[] | undefined;
  /** What is done to each input column first: (x − mean) / std. Both (1, D). */
  standardize?: ColumnStatistics | undefined;
  /** Strings by name, kept as the file's metadata_props. */
  metadata?: { readonly [key: string]: string } | undefined;
};

/**
 * Returns the net as an ONNX file with the input X (N, D) and the `outputs` asked for. The same net
 * and options give the same bytes. Throws TypeError, RangeError or ShapeError for other values,
 * and for weights that are not finite.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * const bytes = netToOnnx(net, { dtype: "float32", outputs: ["probabilities", "labels"] });
 * console.log(parseOnnx(bytes).outputs.map(({ name, dtype }) => `${name}: ${dtype}`).join(", "));
 * // probabilities: float32, labels: int64
 */
export function netToOnnx(net: TwoLayerNet, options: NetToOnnxOptions = {}): Uint8Array {
  const where = "netToOnnx";
  checkFiniteNet(where, net);
  checkOptions(where, options, ["dtype", "outputs", "standardize", "metadata"]);
  const { dtype = "float64", outputs = ["scores"], standardize, metadata = {} } = options;
  checkChoice(where, "dtype", dtype, FLOATS);
  if (!Array.isArray(outputs) || outputs.length === 0)
    throw new ArgumentTypeError(
      `${where}: outputs expected an array of at least one, got ${show(outputs)}`,
    );
  for (const output of outputs) checkChoice(where, "outputs", output, OUTPUTS);
  if (new Set(outputs).size !== outputs.length)
    throw new ArgumentRangeError(`${where}: outputs expected each once, got ${outputs.join(", ")}`);
  if (standardize !== undefined)
    checkStatistics(`${where}: standardize`, { rows: 1, cols: net.inputSize }, standardize);
  const graph: Graph = { dtype, nodes: [], initializers: new Map() };
  addNet(graph, net, { outputs, standardize });
  return serializeGraph({
    graph: "two-layer-net",
    metadata: new Map(metadataEntries(where, metadata)),
    ...graph,
    inputs: [{ name: "X", dtype, shape: ["N", net.inputSize] }],
    outputs: outputs.map(
      (name): OnnxValue =>
        name === "labels"
          ? { name, dtype: "int64", shape: ["N"] }
          : { name, dtype, shape: ["N", net.outputSize] },
    ),
  });
}

/** The bytes of a graph in the versions of this package. */
export function serializeGraph(
  graph: Omit<OnnxModel, "irVersion" | "opset" | "otherOpsets" | "producer">,
  otherOpsets: ReadonlyMap<string, number> = new Map(),
): Uint8Array {
  return serializeOnnx({
    irVersion: 7,
    opset: 13,
    otherOpsets: new Map(otherOpsets),
    producer: "twolayer",
    ...graph,
  });
}

/** The input of the net in a graph that computes it from columns (classifier-onnx.ts). */
export const ENCODED_INPUT = "twolayer/X";

/** A graph in the making. */
export type Graph = {
  readonly dtype: OnnxFloat;
  readonly nodes: OnnxNode[];
  readonly initializers: Map<string, OnnxTensor>;
};

/** What addNet takes; `prefix` stands before the names of all values and weights. */
type AddNetOptions = {
  outputs: readonly OnnxOutput[];
  standardize: ColumnStatistics | undefined;
  prefix?: string;
};

/** Adds the nodes from the value X to the outputs, and the weights that they take. */
export function addNet(
  { dtype, nodes, initializers }: Graph,
  { params }: TwoLayerNet,
  { outputs, standardize, prefix = "" }: AddNetOptions,
): void {
  const constant = (name: string, { data, shape }: Matrix, isRow: boolean): unknown =>
    initializers.set(prefix + name, { dtype, shape: isRow ? [data.length] : [...shape], data });
  const add = (op: string, inputs: string[], output: string, attributes?: Attributes): unknown =>
    nodes.push(
      node(
        op,
        inputs.map((name) => prefix + name),
        prefix + output,
        attributes,
      ),
    );
  if (standardize !== undefined) {
    constant("mean", standardize.mean, true);
    constant("std", standardize.std, true);
    add("Sub", ["X", "mean"], "centered");
    add("Div", ["centered", "std"], "standardized");
  }
  for (const name of PARAM_NAMES) constant(name, params[name], name[0] === "b");
  add("MatMul", [standardize === undefined ? "X" : "standardized", "W1"], "product1");
  add("Add", ["product1", "b1"], "affine");
  add("Relu", ["affine"], "hidden");
  add("MatMul", ["hidden", "W2"], "product2");
  add("Add", ["product2", "b2"], "scores");
  if (outputs.includes("probabilities")) add("Softmax", ["scores"], "probabilities");
  if (outputs.includes("labels"))
    add("ArgMax", ["scores"], "labels", { axis: { int: 1 }, keepdims: { int: 0 } });
}

type Attributes = { readonly [name: string]: OnnxAttribute };

/** A node named like its output. */
export function node(
  op: string,
  inputs: string[],
  output: string,
  attributes: Attributes = {},
  domain = "",
): OnnxNode {
  const entries = Object.entries(attributes);
  return { op, domain, name: output, inputs, outputs: [output], attributes: new Map(entries) };
}

/**
 * Returns the two-layer ReLU net that the graph in an ONNX file computes: what netToOnnx writes,
 * what PyTorch, scikit-learn (skl2onnx) and others make of such a net, and equivalent graphs. A
 * scaling of the input is multiplied into W1 and b1, and batch normalization into the layers, so
 * that the net takes the graph's own input. A net of one output, as PyTorch's BCEWithLogitsLoss
 * trains for two classes, becomes one of two with scores (0, z). Throws FormatError for other
 * graphs, naming the operator that does not belong and its place, and for weights that are not
 * finite.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * console.log(netFromOnnx(netToOnnx(net)).params.W2.equals(net.params.W2)); // true
 */
export function netFromOnnx(bytes: Uint8Array, options: OnnxOptions = {}): TwoLayerNet {
  checkBytes("netFromOnnx", bytes);
  checkOptions("netFromOnnx", options, ["readExternal"]);
  checkFunction("netFromOnnx", "readExternal", options.readExternal);
  const { net, standardize } = readOnnxNet(bytes, options);
  return standardize === undefined ? net : new TwoLayerNet(foldScaling(net.params, standardize));
}

/** A net out of an ONNX file, with what the file says about it. */
export type OnnxNet = {
  net: TwoLayerNet;
  standardize?: ColumnStatistics | undefined;
  classes?: readonly ClassName[] | undefined;
  metadata: Map<string, string>;
};

/**
 * As netFromOnnx, with the standardization kept apart, the names of the classes and the metadata.
 */
export function readOnnxNet(bytes: Uint8Array, { readExternal }: OnnxOptions = {}): OnnxNet {
  const model = parseOnnx(bytes, { readExternal });
  if (model.opset < 7) throw refuse(`expected opset 7 or later, got ${model.opset}`);
  // Before IR version 4 the initializers had to be listed as inputs as well.
  const inputs = model.inputs
    .map(({ name }) => name)
    .filter((name) => !model.initializers.has(name));
  // In a graph of classifierToOnnx the metadata describes how its columns become the net's input.
  const isEncoded =
    model.metadata.has(METADATA_KEY) &&
    model.nodes.some(({ outputs }) => outputs[0] === ENCODED_INPUT);
  if (inputs.length !== 1 && !isEncoded)
    throw refuse(`expected one input, got ${inputs.map(show).join(", ") || "none"}`);
  const start = isEncoded ? ENCODED_INPUT : inputs[0];
  const { params, standardize, classes } = graphNet(model, start);
  return {
    net: new TwoLayerNet(binaryParams(params)),
    ...(standardize && { standardize }),
    ...(classes && { classes }),
    metadata: model.metadata,
  };
}
