// The operators that only lay values out otherwise: casts between floats, flattening images to
// rows, the arithmetic of shapes that PyTorch writes for `x.view(x.size(0), -1)`, transposed
// weights.

import { elementCount } from "../../formats/tensor.ts";
import { attribute, input, matrix, numbers, type Operator, type Operators } from "./operation.ts";
import { type ConstantValue, type Dim, describe, ofKind, Refusal, type Value } from "./values.ts";

/** What leaves values as they are, as far as a net's arithmetic goes. */
const unchanged: Operator = (value) => value;

const cast: Operator = (value, operation) => {
  const to = attribute(operation, "int", "to") ?? 0;
  const isFloat = [1, 10, 11, 16].includes(to);
  const isInteger = [6, 7].includes(to);
  const keeps = ["labels", "names", "dims"].includes(value.kind);
  if (isFloat || (isInteger && keeps) || (to === 8 && value.kind === "names")) return value;
  const got = `one of ${describe(value.kind)} to ${to}`;
  throw new Refusal(`expected a cast between float types, got ${got}`);
};

const dropout: Operator = (value, operation) => {
  const training = operation.inputs[2];
  const isOn = training !== undefined && numbers(training, "training_mode").data[0] !== 0;
  if (isOn || attribute(operation, "int", "is_test") === 0)
    throw new Refusal("expected it without training_mode");
  return value;
};

/** The value with one dimension after the rows, as all but the input have. */
function flat(value: Value): Value {
  if (value.kind !== "input") return value;
  return { ...value, dims: [value.dims[0], columnsOf(value.dims)] };
}

/** The size of the dimensions after the rows together. */
function columnsOf([_, ...dims]: readonly Dim[]): Dim {
  return dims.every((dim) => typeof dim === "number") ? elementCount(dims as number[]) : "?";
}

const flatten: Operator = (value, operation) => {
  const axis = attribute(operation, "int", "axis") ?? 1;
  if (value.kind === "input" && axis !== 1 && axis !== 1 - value.dims.length)
    throw new Refusal(`expected axis 1, after the rows, got ${axis}`);
  return flat(value);
};

const reshape: Operator = (value, operation) => {
  const target = dimsOf(input(operation, 1));
  if (value.kind === "constant") return reshaped(value, target);
  if (value.kind === "labels" || value.kind === "names") return value;
  const from =
    "scores" in value ? value.scores : ofKind(value, "input", "affine", "hidden", "scores");
  const [rows, columns] =
    from.kind === "input" ? [from.dims[0], columnsOf(from.dims)] : [target[0], from.W.cols];
  const keepsRows = [-1, 0, rows].includes(target[0]);
  const keepsColumns = [-1, columns].includes(target[1]);
  if (target.length === 2 && keepsRows && keepsColumns) return flat(value);
  throw new Refusal(`expected rows of ${columns} columns, got shape (${target.join(", ")})`);
};

/** The constant in another shape, in which 0 and −1 stand for sizes. */
function reshaped({ kind, tensor }: ConstantValue, target: readonly Dim[]): ConstantValue {
  const sizes = target.map((size, i) => (size === 0 ? tensor.shape[i] : size));
  const known = sizes.filter((size) => size !== -1);
  const rest = tensor.data.length / elementCount(known as number[]);
  const shape = sizes.map((size) => (size === -1 ? rest : size)) as number[];
  if (sizes.length - known.length > 1 || elementCount(shape) !== tensor.data.length)
    throw new Refusal(
      `expected a shape of ${tensor.data.length} elements, got (${target.join(", ")})`,
    );
  return { kind, tensor: { ...tensor, shape } };
}

/** Dimensions that are constant, or computed from the input's. */
export function dimsOf(value: Value): readonly Dim[] {
  if (value.kind === "dims") return value.dims;
  return Array.from(numbers(value, "a shape").data);
}

const shape: Operator = (value) => ({ kind: "dims", dims: ofKind(value, "input").dims });

const gather: Operator = (value, operation) => {
  const dims = dimsOf(value);
  const { data } = numbers(input(operation, 1), "the index");
  const picked = Array.from(data, (index) => dims[index < 0 ? index + dims.length : index]);
  return { kind: "dims", dims: picked };
};

/**
 * Unsqueeze and Squeeze: a constant's or a dimension's shape, in which sizes of 1 do not matter.
 */
const squeeze: Operator = (value, { node }) => {
  if (value.kind === "input") throw new Refusal("expected it after the first layer");
  if (value.kind !== "constant") return value;
  const { kind, tensor } = value;
  const kept = tensor.shape.filter((size) => size !== 1);
  return {
    kind,
    tensor: { ...tensor, shape: node.op === "Squeeze" ? kept : [1, ...tensor.shape] },
  };
};

const transpose: Operator = (value, operation) => {
  const { shape } = numbers(value, "what is transposed");
  const order = attribute(operation, "ints", "perm") ?? [1, 0];
  if (shape.length < 2 || (shape.length === 2 && order[0] === 0)) return value;
  const { rows, cols, data } = matrix(value, "what is transposed").transpose();
  return { kind: "constant", tensor: { dtype: "float64", shape: [rows, cols], data } };
};

export const SHAPES: Operators = {
  Identity: [unchanged],
  Cast: [cast, "to", "saturate", "round_mode"],
  Dropout: [dropout, "ratio", "seed", "is_test"],
  Flatten: [flatten, "axis"],
  Reshape: [reshape, "shape", "allowzero"],
  Shape: [shape, "start", "end"],
  Gather: [gather, "axis"],
  Unsqueeze: [squeeze, "axes"],
  Squeeze: [squeeze, "axes"],
  Transpose: [transpose, "perm"],
};
