// The operators that only lay values out otherwise: casts between floats, flattening images to
// rows, the arithmetic of shapes that PyTorch writes for `x.view(x.size(0), -1)`, transposed
// weights.

import { toFloat64 } from "../../formats/dtype.ts";
import { elementCount, type StoredTensor, showShape } from "../../formats/tensor.ts";
import { Matrix } from "../../matrix/matrix.ts";
import { input, int, numbers, type Operator } from "./operation.ts";
import { type ConstantValue, type Dim, describe, Refusal, type Value } from "./values.ts";

function constant(tensor: StoredTensor): ConstantValue {
  return { kind: "constant", tensor };
}

/** What leaves values as they are, as far as a net's arithmetic goes. */
const unchanged: Operator = (operation) => input(operation, 0);

const cast: Operator = (operation) => {
  const value = input(operation, 0);
  const to = int(operation, "to", 0);
  const isFloat = [1, 10, 11, 16].includes(to);
  const isInteger = [6, 7].includes(to);
  const keeps = value.kind === "labels" || value.kind === "names" || value.kind === "dims";
  if (isFloat || (isInteger && keeps) || (to === 8 && value.kind === "names")) return value;
  throw new Refusal(`expected a cast between float types, got one of ${describe(value)} to ${to}`);
};

const dropout: Operator = (operation) => {
  const training = operation.inputs[2];
  const isOn = training !== undefined && numbers(training, "training_mode").data[0] !== 0;
  if (isOn || int(operation, "is_test", 1) === 0)
    throw new Refusal("expected it without training_mode");
  return input(operation, 0);
};

const flatten: Operator = (operation) => {
  const value = input(operation, 0);
  if (value.kind !== "input") return asVector(value);
  const axis = int(operation, "axis", 1);
  if (axis !== 1 && axis !== 1 - value.dims.length)
    throw new Refusal(`expected axis 1, after the rows, got ${axis}`);
  return { ...value, dims: [value.dims[0], columnsOf(value.dims.slice(1))] };
};

function columnsOf(dims: readonly Dim[]): Dim {
  return dims.every((dim) => typeof dim === "number") ? elementCount(dims as number[]) : "?";
}

/** Labels, names and scores, which a Reshape or Squeeze only lays out otherwise. */
function asVector(value: Value): Value {
  if (["labels", "names", "constant", "sigmoid", "affine", "hidden", "scores"].includes(value.kind))
    return value;
  throw new Refusal(`expected the input or the labels, got ${describe(value)}`);
}

const reshape: Operator = (operation) => {
  const value = input(operation, 0);
  const target = dimsOf(input(operation, 1));
  if (value.kind === "constant")
    return constant({ ...numbers(value, "data"), shape: fixed(value, target) });
  if (value.kind === "labels" || value.kind === "names") return value;
  if (value.kind !== "input") {
    const cols = value.kind === "affine" || value.kind === "scores" ? value.W.cols : NaN;
    if (target.length === 2 && (target[1] === cols || target[1] === -1)) return value;
    throw new Refusal(`expected it before the first layer, got it on ${describe(value)}`);
  }
  const columns = columnsOf(value.dims.slice(1));
  const keepsRows = [-1, 0, value.dims[0]].includes(target[0]);
  const keepsColumns = target[1] === columns || target[1] === -1;
  if (target.length === 2 && keepsRows && keepsColumns)
    return { ...value, dims: [value.dims[0], columns] };
  throw new Refusal(`expected rows of ${columns} columns, got shape (${target.join(", ")})`);
};

/** The sizes of a constant's new shape, with 0 and −1 replaced. */
function fixed({ tensor }: ConstantValue, target: readonly Dim[]): number[] {
  const sizes = target.map((size, i) => (size === 0 ? tensor.shape[i] : size));
  const known = sizes.filter((size) => size !== -1);
  const rest = tensor.data.length / elementCount(known as number[]);
  const shape = sizes.map((size) => (size === -1 ? rest : size)) as number[];
  if (sizes.length - known.length > 1 || elementCount(shape) !== tensor.data.length)
    throw new Refusal(
      `expected a shape of ${tensor.data.length} elements, got (${target.join(", ")})`,
    );
  return shape;
}

/** Dimensions that are constant, or computed from the input's. */
export function dimsOf(value: Value): readonly Dim[] {
  if (value.kind === "dims") return value.dims;
  return Array.from(numbers(value, "a shape").data);
}

const shape: Operator = (operation) => {
  const value = input(operation, 0);
  if (value.kind === "input") return { kind: "dims", dims: value.dims };
  throw new Refusal(`expected the input, got ${describe(value)}`);
};

const gather: Operator = (operation) => {
  const dims = dimsOf(input(operation, 0));
  const { data } = numbers(input(operation, 1), "the index");
  const picked = Array.from(data, (index) => dims[index < 0 ? index + dims.length : index]);
  if (picked.includes(undefined as never)) throw new Refusal("expected an index of a dimension");
  return { kind: "dims", dims: picked };
};

/**
 * Unsqueeze and Squeeze: a constant's or a dimension's shape, in which sizes of 1 do not matter.
 */
const squeeze: Operator = (operation) => {
  const value = input(operation, 0);
  if (value.kind !== "constant") return value.kind === "dims" ? value : asVector(value);
  const tensor = numbers(value, "data");
  const kept = tensor.shape.filter((size) => size !== 1);
  return constant({
    ...tensor,
    shape: operation.node.op === "Squeeze" ? kept : [1, ...tensor.shape],
  });
};

const transpose: Operator = (operation) => {
  const tensor = numbers(input(operation, 0), "what is transposed");
  const perm = operation.node.attributes.get("perm");
  const order = perm !== undefined && "ints" in perm ? perm.ints : [1, 0];
  if (tensor.shape.length < 2) return constant(tensor);
  if (tensor.shape.length !== 2 || order.length !== 2 || tensor.data.length === 0)
    throw new Refusal(`expected 2 dimensions, got shape ${showShape(tensor.shape)}`);
  if (order[0] === 0) return constant(tensor);
  const [rows, cols] = tensor.shape;
  const { data } = new Matrix(rows, cols, toFloat64(tensor.data)).transpose();
  return constant({ dtype: "float64", shape: [cols, rows], data });
};

export const SHAPES: Readonly<Record<string, Operator>> = {
  Identity: unchanged,
  Cast: cast,
  Dropout: dropout,
  Flatten: flatten,
  Reshape: reshape,
  Shape: shape,
  Gather: gather,
  Unsqueeze: squeeze,
  Squeeze: squeeze,
  Transpose: transpose,
};
