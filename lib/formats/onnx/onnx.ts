// ONNX, the exchange format for trained models (https://github.com/onnx/onnx, onnx.proto3 and
// docs/IR.md): one protocol buffer (protobuf.ts) of these messages and field numbers; all others
// are skipped.
//
//   Model      1 ir_version, 2 producer_name, 7 graph, 8 opset_import (1 domain, 2 version), 14
//              metadata_props (1 key, 2 value)
//   Graph      1 node, 2 name, 5 initializer, 11 input, 12 output
//   Node       1 input, 2 output, 3 name, 4 op_type, 5 attribute, 7 domain
//   Attribute  1 name, 20 type, and the value: 2 f (float), 3 i (int), 4 s (string), 5 t (tensor),
//              7 floats, 8 ints, 9 strings
//   Tensor     see onnx-tensor.ts
//   ValueInfo  1 name, 2 type: 1 tensor_type: 1 elem_type, 2 shape: 1 dim: 1 dim_value or 2
//              dim_param (a symbol)
//
// A graph is a list of nodes that compute named values from inputs and initializers (the weights).
// This file reads messages; model/net-onnx.ts decides which graphs are a two-layer net.
//
// Refused: what protobuf.ts refuses, a field that must be single given twice (readers differ on
// which one counts), a field of the wrong kind, names given twice, more than 2^18 fields, and what
// onnx-tensor.ts refuses. All before the weights are allocated. A cut is noticed unless it falls
// between two fields of the outermost message and drops only optional ones; what serializeOnnx
// writes ends with a required field, so there every cut is noticed.

import { checkFunction, checkOptions, show } from "../../base/checks.ts";
import { ArgumentTypeError } from "../../base/errors.ts";
import { ByteReader } from "../byte-reader.ts";
import type { DType } from "../dtype.ts";
import { refuseOtherFormats } from "../recognize.ts";
import { checkBytes } from "../tensor.ts";
import { Message } from "./message.ts";
import {
  checkTensor,
  codeOf,
  type OnnxTensor,
  type ReadExternal,
  typeOf,
  writeTensor,
} from "./onnx-tensor.ts";
import { MessageWriter } from "./protobuf.ts";

/**
 * A named input or output. A dimension that is a string is a symbol for a size chosen at run time.
 * The type "other" stands for sequences, maps and element types that are not read.
 */
export type OnnxValue = {
  name: string;
  dtype: DType | "text" | "other";
  shape: (number | string)[];
};
/** One operation. */
export type OnnxNode = {
  op: string;
  domain: string;
  name: string;
  inputs: string[];
  outputs: string[];
  attributes: Map<string, OnnxAttribute>;
};
/** A node's attribute; `kind` is the number of another kind, whose value is not read. */
export type OnnxAttribute =
  | { int: number }
  | { float: number }
  | { text: string }
  | { ints: number[] }
  | { floats: number[] }
  | { texts: string[] }
  | { tensor: OnnxTensor }
  | { kind: number };
/** An ONNX file as its messages state it, the weights (`initializers`) by name. */
export type OnnxModel = {
  irVersion: number;
  opset: number;
  /** The versions of other sets of operators, as "ai.onnx.ml". */
  otherOpsets: Map<string, number>;
  producer: string;
  metadata: Map<string, string>;
  graph: string;
  nodes: OnnxNode[];
  initializers: Map<string, OnnxTensor>;
  inputs: OnnxValue[];
  outputs: OnnxValue[];
};

// Of each kind of attribute its number, the field of its value, how a value is written, how all are
// read, and the value of an absent one.
const ATTRIBUTES = {
  float: [1, 2, "float", "float", 0],
  int: [2, 3, "integer", "integer", 0],
  text: [3, 4, "text", "text", ""],
  floats: [6, 7, "float", "floats", undefined],
  ints: [7, 8, "integer", "integers", undefined],
  texts: [8, 9, "text", "texts", undefined],
} as const;
const TENSOR = 4;
type Reader = (this: Message, field: number, name: string, missing?: unknown) => unknown;

/** How an ONNX file is read. */
export type OnnxOptions = {
  /** Returns the bytes of a file beside the model, for weights that lie there. */
  readExternal?: ReadExternal | undefined;
};

/**
 * Returns the model in an ONNX file, its weights in arrays of their own type. Throws FormatError
 * for anything the format does not allow, and for weights that are cut in segments, or lie in
 * another file when there is no `readExternal`.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * const { nodes, inputs } = parseOnnx(netToOnnx(net, { dtype: "float32" }));
 * console.log(nodes.map(({ op }) => op).join(" ")); // MatMul Add Relu MatMul Add
 * console.log(JSON.stringify(inputs[0])); // {"name":"X","dtype":"float32","shape":["N",2]}
 */
export function parseOnnx(bytes: Uint8Array, options: OnnxOptions = {}): OnnxModel {
  checkBytes("parseOnnx", bytes);
  checkOptions("parseOnnx", options, ["readExternal"]);
  checkFunction("parseOnnx", "readExternal", options.readExternal);
  refuseOtherFormats("onnx", "an ONNX model", bytes);
  const message = new Message(new ByteReader("onnx", bytes), "the model");
  const metadata = new Map<string, string>();
  for (const [key, entry] of message.named(14, "metadata"))
    metadata.set(key, entry.text(2, "a value", ""));
  const { opset, otherOpsets } = parseOpsets(message);
  return {
    irVersion: message.integer(1, "ir_version"),
    opset,
    otherOpsets,
    producer: message.text(2, "producer_name", ""),
    metadata,
    ...parseGraph(message.message(7, "the graph"), options.readExternal),
  };
}

/** The version of the standard operators, and of the others by their domain. */
function parseOpsets(message: Message): Pick<OnnxModel, "opset" | "otherOpsets"> {
  const standard: number[] = [];
  const otherOpsets = new Map<string, number>();
  for (const entry of message.messages(8, "opset_import")) {
    const domain = entry.text(1, "a domain", "");
    const version = entry.integer(2, "version");
    if (domain === "" || domain === "ai.onnx") standard.push(version);
    else otherOpsets.set(domain, version);
  }
  if (standard.length === 1) return { opset: standard[0], otherOpsets };
  throw message.mismatch("reading the model", "one standard opset_import", standard.length);
}

type Graph = Pick<OnnxModel, "graph" | "nodes" | "inputs" | "outputs" | "initializers">;

function parseGraph(message: Message, readExternal?: ReadExternal): Graph {
  // Two passes, so that every weight has passed its checks before the first is decoded.
  const tensors = new Map<string, () => OnnxTensor>();
  for (const [name, initializer] of message.named(5, "an initializer", 8))
    tensors.set(name, checkTensor(initializer, `initializer ${show(name)}`, readExternal));
  return {
    graph: message.text(2, "name", ""),
    nodes: message.messages(1, "a node").map(parseNode),
    inputs: message.messages(11, "an input").map(parseValue),
    outputs: message.messages(12, "an output").map(parseValue),
    initializers: new Map([...tensors].map(([name, decode]) => [name, decode()])),
  };
}

function parseNode(message: Message): OnnxNode {
  const attributes = new Map<string, OnnxAttribute>();
  for (const [name, attribute] of message.named(5, "an attribute"))
    attributes.set(name, parseAttribute(attribute, name));
  return {
    op: message.text(4, "op_type"),
    domain: message.text(7, "domain", ""),
    name: message.text(3, "name", ""),
    inputs: message.texts(1, "input"),
    outputs: message.texts(2, "output"),
    attributes,
  };
}

function parseAttribute(message: Message, name: string): OnnxAttribute {
  const kind = message.integer(20, "type", 0);
  if (kind === TENSOR)
    return { tensor: checkTensor(message.message(5, "t"), `attribute ${show(name)}`)() };
  const found = Object.entries(ATTRIBUTES).find(([, [own]]) => own === kind);
  if (found === undefined) return { kind };
  const [key, [, field, , read, missing]] = found;
  const value = (message[read] as Reader).call(message, field, key, missing);
  return { [key]: value } as OnnxAttribute;
}

function parseValue(message: Message): OnnxValue {
  const name = message.text(1, "name");
  const type = message.has(2) ? message.message(2, "type") : undefined;
  const tensor = type?.has(1) ? type.message(1, "tensor_type") : undefined;
  if (tensor === undefined) return { name, dtype: "other", shape: [] };
  const dtype = typeOf(tensor.integer(1, "elem_type", 0)) ?? "other";
  const shape = tensor.messages(2, "shape").flatMap((dims) => dims.messages(1, "dim"));
  return {
    name,
    dtype,
    shape: shape.map((dim) =>
      dim.has(1) ? dim.integer(1, "dim_value") : dim.text(2, "dim_param", "?"),
    ),
  };
}

/**
 * Returns an ONNX file of the model, its weights in their own dtype; equal models give equal bytes.
 * Whether the nodes form a sound graph is not checked. Throws TypeError for an attribute or type
 * that cannot be written, RangeError for numbers beyond float32.
 * @example
 * const bytes = netToOnnx(TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 }));
 * console.log(bytes.join() === serializeOnnx(parseOnnx(bytes)).join()); // true
 */
export function serializeOnnx(model: OnnxModel): Uint8Array {
  if (!Array.isArray(model?.nodes))
    throw new ArgumentTypeError(
      `serializeOnnx: model expected what parseOnnx returns, got ${show(model)}`,
    );
  const file = new MessageWriter().integer(1, model.irVersion).text(2, model.producer);
  for (const [key, value] of model.metadata)
    file.message(14, new MessageWriter().text(1, key).text(2, value));
  const graph = new MessageWriter();
  for (const node of model.nodes) graph.message(1, writeNode(node));
  graph.text(2, model.graph);
  for (const [name, tensor] of model.initializers)
    graph.message(5, writeTensor(tensor, name).text(8, name));
  for (const value of model.inputs) graph.message(11, writeValue(value));
  for (const value of model.outputs) graph.message(12, writeValue(value));
  file.message(7, graph);
  const opset = (domain: string, version: number): MessageWriter =>
    new MessageWriter().text(1, domain).integer(2, version);
  for (const [domain, version] of model.otherOpsets) file.message(8, opset(domain, version));
  // Required, so last: then every cut of the file is noticed.
  return file.message(8, opset("", model.opset)).finish();
}

function writeNode(node: OnnxNode): MessageWriter {
  const message = new MessageWriter();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(3, node.name).text(4, node.op);
  for (const [name, attribute] of node.attributes)
    message.message(5, writeAttribute(name, attribute));
  return node.domain === "" ? message : message.text(7, node.domain);
}

function writeAttribute(name: string, attribute: OnnxAttribute): MessageWriter {
  const message = new MessageWriter().text(1, name);
  if ("tensor" in attribute)
    return message.message(5, writeTensor(attribute.tensor, name)).integer(20, TENSOR);
  if ("kind" in attribute) {
    const expected = "expected numbers, text or a tensor";
    throw new ArgumentTypeError(
      `serializeOnnx: attribute ${show(name)} ${expected}, got kind ${attribute.kind}`,
    );
  }
  const [[key, given]] = Object.entries(attribute);
  const [kind, field, write] = ATTRIBUTES[key as keyof typeof ATTRIBUTES];
  for (const value of [given].flat()) message[write](field, value as never);
  return message.integer(20, kind);
}

function writeValue({ name, dtype, shape }: OnnxValue): MessageWriter {
  if (dtype === "other")
    throw new ArgumentTypeError(`serializeOnnx: value ${show(name)} expected numbers or text`);
  const dims = new MessageWriter();
  for (const size of shape) {
    const dim = new MessageWriter();
    dims.message(1, typeof size === "number" ? dim.integer(1, size) : dim.text(2, size));
  }
  const tensor = new MessageWriter().integer(1, codeOf(dtype)).message(2, dims);
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensor));
}
