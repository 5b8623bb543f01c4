// ONNX, the exchange format for trained models (https://github.com/onnx/onnx, onnx.proto3 and
// docs/IR.md): one protocol buffer (protobuf.ts) of these messages and field numbers, of which the
// ones not listed are skipped.
//
//   Model      1 ir_version, 2 producer_name, 7 graph, 8 opset_import (1 domain, 2 version), 14
//              metadata_props (1 key, 2 value)
//   Graph      1 node, 2 name, 5 initializer, 11 input, 12 output
//   Node       1 input, 2 output, 3 name, 4 op_type, 5 attribute, 7 domain
//   Attribute  1 name, 2 f (float), 3 i (int64), 5 t (tensor), 20 type (1 float, 2 int, 4 tensor,
//              …)
//   Tensor     1 dims, 2 data_type, 8 name, and the elements: 9 raw_data (little-endian), 4
//              float_data or 10 double_data
//   ValueInfo  1 name, 2 type: 1 tensor_type: 1 elem_type, 2 shape: 1 dim: 1 dim_value or 2
//              dim_param (a symbol)
//
// A graph is a list of nodes that compute named values from inputs and initializers (the weights).
// This file knows messages; which graphs are a two-layer net is known by model/net-onnx.ts.
//
// Refused: what protobuf.ts refuses, a field that must be single given twice (readers differ on
// which one counts), a field of the wrong kind, names given twice, more than 2^18 fields, weights
// whose shape is not that of their bytes (overflow included), that are cut in segments or lie in
// another file. All before the weights are allocated. A cut is noticed unless it falls between two
// fields of the outermost message and drops only optional ones; what serializeOnnx writes ends with
// a required field, so there every cut is noticed.

import { show } from "../../base/checks.ts";
import { ArgumentTypeError } from "../../base/errors.ts";
import { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";
import { type DType, ELEMENT_BYTES, readElements, writeElements } from "../dtype.ts";
import { checkBytes, elementCount, type StoredTensor, showShape } from "../tensor.ts";
import { Message } from "./message.ts";
import { MessageWriter } from "./protobuf.ts";

/**
 * A named input or output. A dimension that is a string is a symbol for a size chosen at run time.
 */
export type OnnxValue = { name: string; dtype: DType; shape: (number | string)[] };
/** One operation. */
export type OnnxNode = {
  op: string;
  domain: string;
  name: string;
  inputs: string[];
  outputs: string[];
  attributes: Map<string, OnnxAttribute>;
};
/** An attribute of a kind that no layer here uses is given as { kind }, ONNX's number for it. */
export type OnnxAttribute =
  | { int: number }
  | { float: number }
  | { tensor: StoredTensor }
  | { kind: number };
/** An ONNX file as its messages say it, the weights (`initializers`) by name. */
export type OnnxModel = {
  irVersion: number;
  opset: number;
  producer: string;
  metadata: Map<string, string>;
  graph: string;
  nodes: OnnxNode[];
  initializers: Map<string, StoredTensor>;
  inputs: OnnxValue[];
  outputs: OnnxValue[];
};

const DTYPES: ReadonlyMap<number, DType> = new Map([
  [1, "float32"],
  [2, "uint8"],
  [3, "int8"],
  [4, "uint16"],
  [5, "int16"],
  [6, "int32"],
  [7, "int64"],
  [9, "bool"],
  [10, "float16"],
  [11, "float64"],
  [12, "uint32"],
  [13, "uint64"],
  [16, "bfloat16"],
]);
const CODES: ReadonlyMap<DType, number> = new Map(
  [...DTYPES].map(([code, dtype]) => [dtype, code]),
);

/**
 * The model in an ONNX file, its weights as float64. Throws FormatError for anything the format
 * does not allow, and for weights that are cut in segments or lie in another file.
 * @example
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
 * const { nodes, inputs, opset } = parseOnnx(netToOnnx(net));
 * console.log(nodes.map(({ op }) => op).join(" "), JSON.stringify(inputs[0]), opset);
 * // Gemm Relu Gemm {"name":"X","dtype":"float64","shape":["N",2]} 13
 */
export function parseOnnx(bytes: Uint8Array): OnnxModel {
  checkBytes("parseOnnx", bytes);
  const reader = new ByteReader("onnx", bytes);
  const message = new Message(reader, "the model");
  const metadata = new Map<string, string>();
  for (const entry of message.messages(14, "metadata_props")) {
    const key = entry.text(1, "a key");
    if (metadata.has(key))
      throw reader.error(`metadata key ${show(key)} occurs twice`, entry.offset);
    metadata.set(key, entry.text(2, "a value", ""));
  }
  const opsets = message
    .messages(8, "opset_import")
    .filter((entry) => ["", "ai.onnx"].includes(entry.text(1, "a domain", "")));
  if (opsets.length !== 1)
    throw reader.error(
      `expected one opset_import of the standard operators, got ${opsets.length}`,
      0,
    );
  return {
    irVersion: message.integer(1, "ir_version"),
    opset: opsets[0].integer(2, "version"),
    producer: message.text(2, "producer_name", ""),
    metadata,
    ...parseGraph(message.message(7, "the graph")),
  };
}

function parseGraph(
  message: Message,
): Omit<OnnxModel, "irVersion" | "opset" | "producer" | "metadata"> {
  // Two passes, so that every weight has passed its checks before the first is decoded.
  const tensors = new Map<string, () => StoredTensor>();
  for (const initializer of message.messages(5, "an initializer")) {
    const name = initializer.text(8, "name");
    if (tensors.has(name)) throw initializer.error(`initializer ${show(name)} occurs twice`);
    tensors.set(name, checkTensor(initializer, `initializer ${show(name)}`));
  }
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
  for (const attribute of message.messages(5, "an attribute")) {
    const name = attribute.text(1, "name");
    if (attributes.has(name)) throw attribute.error(`attribute ${show(name)} occurs twice`);
    const kind = attribute.integer(20, "type", 0);
    if (kind === 1) attributes.set(name, { float: attribute.float(2, "f") });
    else if (kind === 2) attributes.set(name, { int: attribute.integer(3, "i", 0) });
    else if (kind === 4)
      attributes.set(name, {
        tensor: checkTensor(attribute.message(5, "t"), `attribute ${show(name)}`)(),
      });
    else attributes.set(name, { kind });
  }
  return {
    op: message.text(4, "op_type"),
    domain: message.text(7, "domain", ""),
    name: message.text(3, "name", ""),
    inputs: message.texts(1, "input"),
    outputs: message.texts(2, "output"),
    attributes,
  };
}

function parseValue(message: Message): OnnxValue {
  const name = message.text(1, "name");
  const tensor = message.message(2, "type").message(1, "tensor_type");
  const code = tensor.integer(1, "elem_type");
  const dtype = DTYPES.get(code);
  if (dtype === undefined)
    throw tensor.error(`${show(name)} has elements of type ${code}, expected a number type`);
  const shape = tensor.messages(2, "shape").flatMap((dims) => dims.messages(1, "dim"));
  return {
    name,
    dtype,
    shape: shape.map((dim) =>
      dim.has(1) ? dim.integer(1, "dim_value") : dim.text(2, "dim_param", "?"),
    ),
  };
}

/** Checks a tensor whole; what is returned decodes it. */
function checkTensor(message: Message, what: string): () => StoredTensor {
  const shape = message.integers(1, "dims");
  const code = message.integer(2, "data_type");
  const dtype = DTYPES.get(code);
  if (dtype === undefined)
    throw message.error(`${what} has elements of type ${code}, expected a number type`);
  if (message.has(3)) throw message.error(`${what} is cut into segments, which are not read`);
  if (message.has(13) || message.integer(14, "data_location", 0) !== 0) {
    throw message.error(
      `${what} has its data in another file, which is not read; export it with external_data=False`,
    );
  }
  if (shape.some((size) => size < 0 || !Number.isSafeInteger(size))) {
    throw message.error(`${what}, expected sizes >= 0, got ${showShape(shape)}`);
  }
  const count = elementCount(shape);
  if (count === 0 && shape.some((size) => size > 0x7fffffff)) {
    throw message.error(
      `${what}, expected an empty shape within 2^31 - 1, got ${showShape(shape)}`,
    );
  }
  if (message.has(9) && (message.has(4) || message.has(10))) {
    throw message.error(`${what} holds its elements twice, as raw_data and otherwise`);
  }
  // float_data, double_data, or nothing else
  const typed = dtype === "float32" ? 4 : dtype === "float64" ? 10 : 9;
  const parts = message.has(9) ? [message.bytes(9, "raw_data")] : message.parts(typed);
  const length = parts.reduce((sum, part) => sum + part.remaining, 0);
  const needed = count * ELEMENT_BYTES[dtype];
  if (length !== needed)
    throw message.error(
      `${what}, expected ${needed} bytes for ${dtype} ${showShape(shape)}, got ${length}`,
    );
  return () => {
    if (parts.length === 1)
      return { dtype, shape, data: readElements(parts[0], dtype, count, what) };
    // unpacked, one element per field, or packed in several pieces
    const data = new Float64Array(count);
    let at = 0;
    for (const part of parts) {
      const some = readElements(
        part,
        dtype,
        Math.floor(part.remaining / ELEMENT_BYTES[dtype]),
        what,
      );
      part.expectEnd(`the elements of ${what}`);
      data.set(some, at);
      at += some.length;
    }
    return { dtype, shape, data };
  };
}

/**
 * An ONNX file of the model, its weights in their own dtype; equal models give equal bytes. That
 * the nodes form a sound graph is left to the caller. Throws TypeError for an attribute or type
 * that cannot be written, RangeError for numbers beyond float32.
 * @example
 * const bytes = netToOnnx(TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 }));
 * console.log(bytes.join() === serializeOnnx(parseOnnx(bytes)).join()); // true
 */
export function serializeOnnx(model: OnnxModel): Uint8Array {
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
  // required, so last: see above
  return file.message(8, new MessageWriter().text(1, "").integer(2, model.opset)).finish();
}

function writeNode(node: OnnxNode): MessageWriter {
  const message = new MessageWriter();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(3, node.name).text(4, node.op);
  for (const [name, attribute] of node.attributes) {
    const written = new MessageWriter().text(1, name);
    if ("int" in attribute) written.integer(3, attribute.int).integer(20, 2);
    else if ("float" in attribute) written.float(2, attribute.float).integer(20, 1);
    else if ("tensor" in attribute)
      written.message(5, writeTensor(attribute.tensor, name)).integer(20, 4);
    else throw refuseAttribute(name, attribute.kind);
    message.message(5, written);
  }
  return node.domain === "" ? message : message.text(7, node.domain);
}

function refuseAttribute(name: string, kind: number): TypeError {
  return new ArgumentTypeError(
    `serializeOnnx: attribute ${show(name)} expected an int, a float or a tensor, got kind ${kind}`,
  );
}

function writeTensor({ dtype, shape, data }: StoredTensor, name: string): MessageWriter {
  if (dtype === "float16" || dtype === "bfloat16") {
    throw new ArgumentTypeError(
      `serializeOnnx: tensor ${show(name)} cannot be written as ${dtype}`,
    );
  }
  const raw = new ByteWriter({ capacity: data.length * ELEMENT_BYTES[dtype] });
  writeElements(raw, dtype, data, "serializeOnnx", `tensor ${show(name)}`);
  const message = new MessageWriter();
  for (const size of shape) message.integer(1, size);
  return message.integer(2, CODES.get(dtype)!).bytes(9, raw.finish());
}

function writeValue({ name, dtype, shape }: OnnxValue): MessageWriter {
  const dims = new MessageWriter();
  for (const size of shape) {
    dims.message(
      1,
      typeof size === "number"
        ? new MessageWriter().integer(1, size)
        : new MessageWriter().text(2, size),
    );
  }
  const tensor = new MessageWriter().integer(1, CODES.get(dtype)!).message(2, dims);
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensor));
}
