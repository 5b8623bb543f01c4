// Finds the two-layer ReLU net that an ONNX graph computes. The graph is followed from its outputs
// back to its input; every value on the way has one of the forms that values have in such a net
// (values.ts), by the operator that computes it. Nodes on which no output depends are ignored.

import { show, showName } from "../../base/checks.ts";
import { FormatError } from "../../base/errors.ts";
import type { ClassName } from "../../data/labels.ts";
import type { ColumnStatistics } from "../../data/standardize.ts";
import type { OnnxModel, OnnxNode } from "../../formats/onnx/onnx.ts";
import type { OnnxTensor } from "../../formats/onnx/onnx-tensor.ts";
import type { Params } from "../../net/params.ts";
import { checkParams } from "../net-tensors.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { LAYERS } from "./layers.ts";
import { input, type Operators } from "./operation.ts";
import { RESULTS } from "./results.ts";
import { SHAPES } from "./shapes.ts";
import { describe, Refusal, type ResultValue, type ScoresValue, type Value } from "./values.ts";

/** Operators by name, those of other domains than the standard one as "domain:name". */
const OPERATORS: Operators = { ...ELEMENTWISE, ...LAYERS, ...RESULTS, ...SHAPES };

// PyTorch's and skl2onnx's graphs of such nets have 3 to 30 nodes. The limit bounds the time that a
// hostile graph takes, in which every node may copy a weight.
const MAX_STEPS = 256;

/** A net with what the graph says about its input and its classes. */
export type GraphNet = {
  params: Params;
  standardize?: ColumnStatistics;
  classes?: readonly ClassName[] | undefined;
};

/**
 * Returns the net that the graph computes from the value `start`. Throws FormatError for other
 * graphs, naming the operator that does not belong and its place.
 */
export function graphNet(model: OnnxModel, start: string): GraphNet {
  const find = follow(model, start);
  const results = model.outputs.map(({ name }) => resultOf(name, find(name)));
  const [scores, ...others] = results.map((each) => (each.kind === "scores" ? each : each.scores));
  if (scores === undefined) throw refuse("expected the scores or what follows them, got no output");
  if (others.some((other) => other !== scores))
    throw refuse("expected outputs of one net, got those of two");
  const classes = results.map((each) => (each.kind === "scores" ? undefined : each.classes));
  return { ...netOf(scores), classes: classes.find(Boolean) };
}

export function refuse(reason: string): FormatError {
  return new FormatError("onnx", reason);
}

/** Gives the value of a name; undefined for one that nothing computes. */
type Find = (name: string) => Value | undefined;

function follow(model: OnnxModel, start: string): Find {
  const places = placesOf(model, start);
  const values = new Map<string, Value>();
  for (const [name, tensor] of model.initializers) values.set(name, { kind: "constant", tensor });
  const dims = model.inputs.find(({ name }) => name === start)?.shape ?? ["N", "?"];
  const [mean, std] = [Float64Array.of(0), Float64Array.of(1)];
  values.set(start, { kind: "input", dims, mean, std });
  let steps = 0;
  const find: Find = (name) => {
    const known = values.get(name);
    const index = places.get(name);
    if (known !== undefined || index === undefined) return known;
    if (++steps > MAX_STEPS)
      throw refuse(`expected at most ${MAX_STEPS} nodes of a two-layer net, got more`);
    values.set(name, { kind: "foreign", reason: `value ${show(name)} depends on itself` });
    const value = evaluate(model, index, name, find);
    values.set(name, value);
    return value;
  };
  return find;
}

/** Which node computes each value. */
function placesOf({ nodes, initializers }: OnnxModel, start: string): Map<string, number> {
  const places = new Map<string, number>();
  for (const [index, { outputs }] of nodes.entries()) {
    if (outputs.includes(start)) continue;
    for (const output of outputs) {
      if (output === "") continue;
      if (places.has(output) || initializers.has(output))
        throw refuse(`value ${show(output)} is computed twice`);
      places.set(output, index);
    }
  }
  return places;
}

/** What an output of a node stands for. */
function evaluate({ nodes, opset }: OnnxModel, index: number, output: string, find: Find): Value {
  const node = nodes[index];
  const { name, op } = node;
  try {
    if (node.outputs[0] !== output) throw new Refusal("expected its first output to be used");
    return operate(node, opset, find);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const place = `node ${index}${name === "" ? "" : `, ${show(name)}`}: ${showName(op)}`;
    return { kind: "foreign", reason: `${place} ${error.message}` };
  }
}

/** What the node's first output stands for. */
function operate(node: OnnxNode, opset: number, find: Find): Value {
  const domain = node.domain === "ai.onnx" ? "" : node.domain;
  const key = domain === "" ? node.op : `${domain}:${node.op}`;
  if (key === "Constant") return { kind: "constant", tensor: constantOf(node) };
  const inputs = node.inputs.map((name) => {
    const value = name === "" ? undefined : find(name);
    if (value !== undefined || name === "") return value;
    throw new Refusal(`takes ${show(name)}, which no node computes`);
  });
  const foreign = inputs.find((value) => value?.kind === "foreign");
  if (foreign !== undefined) return foreign;
  if (!Object.hasOwn(OPERATORS, key)) {
    const of = domain === "" ? "" : `of ${show(domain)} `;
    throw new Refusal(`${of}is no part of a two-layer ReLU net`);
  }
  const [operator, ...known] = OPERATORS[key];
  // by the specification; with another one it is not understood
  const other = [...node.attributes.keys()].find((name) => !known.includes(name));
  if (other !== undefined && node.op !== "LabelEncoder")
    throw new Refusal(`has an unknown attribute ${show(other)}`);
  const operation = { node, inputs, opset };
  return operator(input(operation, 0), operation);
}

/** The value of a Constant node, in any attribute that may hold it. */
function constantOf({ attributes }: OnnxNode): OnnxTensor {
  for (const attribute of attributes.values()) {
    if ("tensor" in attribute) return attribute.tensor;
    const { int, float, ints, floats } = attribute as {
      [kind in "int" | "float"]?: number;
    } & { [kind in "ints" | "floats"]?: number[] };
    const scalar = int ?? float;
    const list = ints ?? floats ?? (scalar === undefined ? undefined : [scalar]);
    if (list === undefined) continue;
    const shape = scalar === undefined ? [list.length] : [];
    return { dtype: "float64", shape, data: Float64Array.from(list) };
  }
  throw new Refusal("expected a value of numbers");
}

/** The value of a graph's output, which must be the scores or what follows them. */
function resultOf(name: string, value: Value | undefined): ScoresValue | ResultValue {
  if (value === undefined) throw refuse(`no node computes the output ${show(name)}`);
  if (value.kind === "foreign") throw refuse(value.reason);
  if (value.kind === "scores" || ("scores" in value && value.kind !== "complement")) return value;
  const expected = "expected the scores, the probabilities or the labels of a two-layer ReLU net";
  throw refuse(`output ${show(name)}, ${expected}, got ${describe(value.kind)}`);
}

/** The net of the scores, its input's scaling apart where that is a standardization. */
function netOf({ layer, W: W2, b: b2 }: ScoresValue): GraphNet {
  const { mean, std, W: W1, b: b1 } = layer;
  const params = checkParams("onnx", { W1, b1, W2, b2 });
  const wrong = mean.data.findIndex(
    (value, j) => !(Number.isFinite(value) && Number.isFinite(std.data[j]) && std.data[j] !== 0),
  );
  if (wrong >= 0) {
    const got = `mean ${mean.data[wrong]} and std ${std.data[wrong]} in column ${wrong}`;
    throw refuse(`expected an input scaled by finite numbers other than 0, got ${got}`);
  }
  if (mean.data.every((value) => value === 0) && std.data.every((value) => value === 1))
    return { params };
  if (std.data.every((value) => value > 0)) return { params, standardize: { mean, std } };
  return { params: foldScaling(params, layer) };
}

/**
 * The parameters of a net that takes rows as they are: ((x − mean) / std)·W1 + b1 = x·(W1 / std) +
 * (b1 − (mean / std)·W1). Throws FormatError where they are not finite.
 */
export function foldScaling(params: Params, { mean, std }: ColumnStatistics): Params {
  const W1 = params.W1.map((value, i) => value / std.data[i]);
  return checkParams("onnx", { ...params, W1, b1: params.b1.sub(mean.matmul(W1)) });
}
