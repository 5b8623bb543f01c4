// Finds the two-layer ReLU net that an ONNX graph computes. The graph is followed from its input to
// its outputs; every value is given the form that it has in such a net (values.ts), by the operator
// that computes it. What no net computes is named only when an output depends on it.

import { show, showName } from "../../base/checks.ts";
import { FormatError } from "../../base/errors.ts";
import type { ClassName } from "../../data/labels.ts";
import type { ColumnStatistics } from "../../data/standardize.ts";
import type { OnnxModel, OnnxNode } from "../../formats/onnx/onnx.ts";
import { Matrix } from "../../matrix/matrix.ts";
import type { Params } from "../../net/params.ts";
import { binaryParams, checkParams } from "../net-tensors.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { LAYERS } from "./layers.ts";
import type { Operator } from "./operation.ts";
import { RESULTS } from "./results.ts";
import { SHAPES } from "./shapes.ts";
import { describe, Refusal, type ResultValue, type ScoresValue, type Value } from "./values.ts";

/** Operators by name, those of other domains than the standard one as "domain:name". */
const OPERATORS: Readonly<Record<string, Operator>> = {
  ...ELEMENTWISE,
  ...LAYERS,
  ...RESULTS,
  ...SHAPES,
};

/** The attributes of each operator, by the specification: with another one it is not understood. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  Gemm: ["alpha", "beta", "transA", "transB"],
  Clip: ["min", "max"],
  Softmax: ["axis"],
  LogSoftmax: ["axis"],
  ArgMax: ["axis", "keepdims", "select_last_index"],
  Concat: ["axis"],
  Cast: ["to", "saturate", "round_mode"],
  Dropout: ["ratio", "seed", "is_test"],
  Flatten: ["axis"],
  Reshape: ["shape", "allowzero"],
  Shape: ["start", "end"],
  Gather: ["axis"],
  Unsqueeze: ["axes"],
  Squeeze: ["axes"],
  Transpose: ["perm"],
  BatchNormalization: ["epsilon", "momentum", "training_mode", "spatial"],
  "ai.onnx.ml:Scaler": ["offset", "scale"],
  "ai.onnx.ml:ZipMap": ["classlabels_strings", "classlabels_int64s"],
};

// PyTorch's and skl2onnx's graphs of such nets have 3 to 30 nodes. The limit bounds the time that a
// hostile graph takes, in which every node may copy a weight.
const MAX_STEPS = 256;

/** A net with what the graph says about its input and its classes. */
export type GraphNet = {
  params: Params;
  standardize?: ColumnStatistics;
  classes?: readonly ClassName[];
};

/**
 * Returns the net that the graph computes from the value `start`. Throws FormatError for other
 * graphs, naming the operator that does not belong and its place.
 */
export function graphNet(model: OnnxModel, start: string): GraphNet {
  const values = new Map<string, Value>();
  for (const [name, tensor] of model.initializers) values.set(name, { kind: "constant", tensor });
  const input = model.inputs.find(({ name }) => name === start);
  const [mean, std] = [Float64Array.of(0), Float64Array.of(1)];
  const dims = input?.shape ?? ["N", "?"];
  values.set(start, { kind: "input", dims, scaling: { mean, std } });
  evaluate(model, values, start);
  const results = model.outputs.map(({ name }) => {
    const value = values.get(name);
    if (value === undefined)
      throw refuse(`no node computes the output ${show(name)} from the input`);
    return resultOf(name, value);
  });
  const scores = results.map((result) => ("scores" in result ? result.scores : result));
  if (scores.length === 0) throw refuse("expected the scores or what follows them, got no output");
  if (scores.some((other) => other !== scores[0]))
    throw refuse("expected outputs of one net, got those of two");
  return { ...netOf(scores[0]), classes: classesOf(results) };
}

function refuse(reason: string): FormatError {
  return new FormatError("onnx", reason);
}

/** Gives every node's output its value. */
function evaluate(model: OnnxModel, values: Map<string, Value>, start: string): void {
  let steps = 0;
  for (const index of evaluationOrder(model.nodes)) {
    const node = model.nodes[index];
    if (node.outputs.includes(start)) continue;
    const value = evaluateNode(node, index, values, model.opset);
    if (value.kind !== "foreign" && ++steps > MAX_STEPS)
      throw refuse(`expected at most ${MAX_STEPS} nodes of a two-layer net, got more`);
    node.outputs.forEach((output, i) => {
      if (output === "") return;
      if (values.has(output)) throw refuse(`value ${show(output)} is computed twice`);
      const reason = `${placeOf(node, index)}: expected its first output to be used`;
      values.set(output, i === 0 ? value : { kind: "foreign", reason });
    });
  }
}

/**
 * The indices of the nodes, each after those that compute its inputs, as the specification wants
 * them in a file. Nodes of a cycle are left out.
 */
function evaluationOrder(nodes: readonly OnnxNode[]): number[] {
  const producers = new Set(nodes.flatMap(({ outputs }) => outputs));
  const takers = new Map<string, number[]>();
  const missing = nodes.map(({ inputs }, index) => {
    const computed = inputs.filter((name) => name !== "" && producers.has(name));
    for (const name of computed) takers.set(name, [...(takers.get(name) ?? []), index]);
    return computed.length;
  });
  const order = missing.flatMap((count, index) => (count === 0 ? [index] : []));
  const done = new Set<string>();
  for (const index of order) {
    for (const output of nodes[index].outputs) {
      if (done.has(output)) continue;
      done.add(output);
      for (const taker of takers.get(output) ?? []) if (--missing[taker] === 0) order.push(taker);
    }
  }
  return order;
}

function placeOf({ name, op }: OnnxNode, index: number): string {
  return `node ${index}${name === "" ? "" : `, ${show(name)}`}: ${showName(op)}`;
}

/** What the node's first output stands for. */
function evaluateNode(
  node: OnnxNode,
  index: number,
  values: ReadonlyMap<string, Value>,
  opset: number,
): Value {
  const place = placeOf(node, index);
  const domain = node.domain === "ai.onnx" ? "" : node.domain;
  if (node.op === "Constant" && domain === "") return constantOf(node, place);
  const inputs = node.inputs.map((name): Value | undefined =>
    name === ""
      ? undefined
      : (values.get(name) ?? {
          kind: "foreign",
          reason: `${place} takes ${show(name)}, which no node before it computes`,
        }),
  );
  const foreign = inputs.find((value) => value?.kind === "foreign");
  if (foreign !== undefined) return foreign;
  const key = domain === "" ? node.op : `${domain}:${node.op}`;
  const operator = Object.hasOwn(OPERATORS, key) ? OPERATORS[key] : undefined;
  if (operator === undefined) {
    const of = domain === "" ? "" : ` of ${show(domain)}`;
    return { kind: "foreign", reason: `${place}${of} is no part of a two-layer ReLU net` };
  }
  const known = ATTRIBUTES[key] ?? [];
  const other = [...node.attributes.keys()].find((name) => !known.includes(name));
  if (other !== undefined && key !== "ai.onnx.ml:LabelEncoder")
    return { kind: "foreign", reason: `${place} has an unknown attribute ${show(other)}` };
  try {
    return operator({ node, inputs, opset });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: "foreign", reason: `${place} ${error.message}` };
  }
}

/** The value of a Constant node, in any attribute that may hold it. */
function constantOf({ attributes }: OnnxNode, place: string): Value {
  for (const attribute of attributes.values()) {
    const scalar = "int" in attribute ? attribute.int : "float" in attribute && attribute.float;
    if ("tensor" in attribute) return { kind: "constant", tensor: attribute.tensor };
    const list =
      typeof scalar === "number"
        ? [scalar]
        : "ints" in attribute
          ? attribute.ints
          : "floats" in attribute
            ? attribute.floats
            : undefined;
    if (list === undefined) continue;
    const shape = typeof scalar === "number" ? [] : [list.length];
    return {
      kind: "constant",
      tensor: { dtype: "float64", shape, data: Float64Array.from(list) },
    };
  }
  return { kind: "foreign", reason: `${place} expected a value of numbers` };
}

/** The value of a graph's output, which must be the scores or what follows them. */
function resultOf(name: string, value: Value): ScoresValue | ResultValue {
  if (value.kind === "foreign") throw refuse(value.reason);
  if (value.kind === "scores" || ("scores" in value && value.kind !== "complement")) return value;
  const expected = "expected the scores, the probabilities or the labels of a two-layer ReLU net";
  throw refuse(`output ${show(name)}, ${expected}, got ${describe(value)}`);
}

/** The names of the classes, where the graph has them. */
function classesOf(
  results: readonly (ScoresValue | ResultValue)[],
): readonly ClassName[] | undefined {
  return results.map((result) => ("classes" in result ? result.classes : undefined)).find(Boolean);
}

/** The net of the scores, its input's scaling apart where that is a standardization. */
function netOf({ layer, W: W2, b: b2 }: ScoresValue): Pick<GraphNet, "params" | "standardize"> {
  const params = checkParams("onnx", { W1: layer.W, b1: layer.b, W2, b2 });
  const D = params.W1.rows;
  const [mean, std] = [layer.scaling.mean, layer.scaling.std].map((values, k) => {
    if (values.length !== 1 && values.length !== D) {
      const name = k === 0 ? "mean" : "std";
      throw refuse(`expected a ${name} of ${D} columns, as W1 has rows, got ${values.length}`);
    }
    return Matrix.filled(1, D, values[0]).map((_, _i, j) => values[values.length === 1 ? 0 : j]);
  });
  const wrong = mean.data.findIndex(
    (value, j) => !(Number.isFinite(value) && Number.isFinite(std.data[j]) && std.data[j] !== 0),
  );
  if (wrong >= 0) {
    const got = `mean ${mean.data[wrong]} and std ${std.data[wrong]} in column ${wrong}`;
    throw refuse(`expected an input scaled by finite numbers other than 0, got ${got}`);
  }
  if (mean.data.every((value) => value === 0) && std.data.every((value) => value === 1))
    return { params: binaryParams(params) };
  const standardize = { mean, std };
  if (std.data.every((value) => value > 0)) return { params: binaryParams(params), standardize };
  return { params: binaryParams(foldScaling(params, standardize)) };
}

/**
 * The parameters of a net that takes rows as they are: ((x − mean) / std)·W1 + b1 = x·(W1 / std) +
 * (b1 − (mean / std)·W1).
 */
export function foldScaling(params: Params, { mean, std }: ColumnStatistics): Params {
  const W1 = params.W1.map((value, i) => value / std.data[i]);
  return { ...params, W1, b1: params.b1.sub(mean.matmul(W1)) };
}
