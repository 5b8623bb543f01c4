// The operators that add to, or multiply, every column by a constant: scaling of the input, biases,
// batch normalization, and 1 − p of a probability.

import { toFloat64 } from "../../formats/dtype.ts";
import { elementCount, showShape, type Tensor } from "../../formats/tensor.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import { float, input, int, numbers, type Operation, type Operator } from "./operation.ts";
import { type Dim, describe, type InputValue, Refusal, type Value } from "./values.ts";

/** value · factor + offset, each one number or one for each column. */
type Change = { factor?: Float64Array; offset?: Float64Array; divisor?: Float64Array };

function each(values: Float64Array, f: (value: number) => number): Float64Array {
  return values.map(f);
}

/** f of the elements of both; where one is a single number it stands for all. */
function combine(
  a: Float64Array,
  b: Float64Array,
  f: (a: number, b: number) => number,
): Float64Array {
  if (a.length !== b.length && a.length !== 1 && b.length !== 1)
    throw new Refusal(`expected ${a.length} numbers, one for each column, got ${b.length}`);
  const length = a.length === 1 ? b.length : a.length;
  const pick = (values: Float64Array, i: number): number => values[values.length === 1 ? 0 : i];
  return Float64Array.from({ length }, (_, i) => f(pick(a, i), pick(b, i)));
}

/** A row with f of it and a number for each column. */
function combineRow(
  row: Matrix,
  values: Float64Array,
  f: (a: number, b: number) => number,
): Matrix {
  if (values.length !== 1 && values.length !== row.cols)
    throw new Refusal(`expected ${row.cols} numbers, one for each column, got ${values.length}`);
  return row.map((value, _, j) => f(value, values[values.length === 1 ? 0 : j]));
}

const times = (a: number, b: number): number => a * b;
const plus = (a: number, b: number): number => a + b;

/** Applies the change to the value; division keeps a divisor exact that a factor would round. */
function change(value: Value, { factor, offset, divisor }: Change): Value {
  if (value.kind === "input") {
    let { mean, std } = value.scaling;
    if (divisor !== undefined) std = combine(std, divisor, times);
    if (factor !== undefined) std = combine(std, factor, (a, b) => a / b);
    if (offset !== undefined) mean = combine(mean, combine(std, offset, times), (a, b) => a - b);
    return { ...value, scaling: { mean, std } };
  }
  const scale = factor ?? (divisor && each(divisor, (number) => 1 / number));
  if (value.kind === "affine" || value.kind === "scores") {
    let { W, b } = value;
    if (scale !== undefined) [W, b] = [W, b].map((matrix) => combineRow(matrix, scale, times));
    if (offset !== undefined) b = combineRow(b, offset, plus);
    return { ...value, W, b };
  }
  if (value.kind === "hidden") {
    let { factor: by, offset: shift } = value;
    if (scale !== undefined) [by, shift] = [by, shift].map((part) => combine(part, scale, times));
    if (offset !== undefined) shift = combine(shift, offset, plus);
    return { ...value, factor: by, offset: shift };
  }
  throw new Refusal(`expected the input or a layer, got ${describe(value)}`);
}

/** A constant as one number or one for each column of the value that it is combined with. */
function columnsOf(tensor: Tensor, value: Value): Float64Array {
  const data = toFloat64(tensor.data);
  if (data.length === 1) return data;
  if (value.kind === "input" && value.dims.length > 2) return spread(tensor, value);
  if (tensor.shape.at(-1) === data.length) return data;
  const expected = "one number or one for each column";
  throw new Refusal(`expected ${expected}, got a constant of shape ${showShape(tensor.shape)}`);
}

/**
 * Numbers for each channel of images, say of shape (3, 1, 1), as numbers for each of their values.
 */
function spread({ shape, data }: Tensor, { dims }: InputValue): Float64Array {
  const sizes = dims.slice(1);
  const isKnown = sizes.every((size: Dim) => typeof size === "number" && size > 0);
  const padded = [...Array<number>(Math.max(0, dims.length - shape.length)).fill(1), ...shape];
  const [rows, ...inner] = padded;
  const fits =
    padded.length === dims.length &&
    rows === 1 &&
    inner.every((size, k) => size === 1 || size === sizes[k]);
  const count = isKnown ? elementCount(sizes as number[]) : Infinity;
  if (!fits || count > 2 ** 24) {
    const input = `an input of shape (${dims.join(", ")})`;
    throw new Refusal(`expected a constant that fits ${input}, got shape ${showShape(shape)}`);
  }
  return Float64Array.from({ length: count }, (_, i) => {
    let [at, rest, stride] = [0, i, 1];
    for (let k = inner.length - 1; k >= 0; k--) {
      const size = sizes[k] as number;
      if (inner[k] > 1) at += (rest % size) * stride;
      stride *= inner[k];
      rest = Math.floor(rest / size);
    }
    return data[at];
  });
}

/** The operand that depends on the input, the constant, and whether that comes first. */
function operands(operation: Operation): { value: Value; by: Float64Array; isFirst: boolean } {
  const [a, b] = [input(operation, 0), input(operation, 1)];
  const isFirst = a.kind === "constant";
  const value = isFirst ? b : a;
  const tensor = numbers(isFirst ? a : b, "one operand");
  return { value, by: columnsOf(tensor, value), isFirst };
}

const add: Operator = (operation) => {
  const { value, by } = operands(operation);
  return change(value, { offset: by });
};

const sub: Operator = (operation) => {
  const { value, by, isFirst } = operands(operation);
  if (!isFirst) return change(value, { offset: each(by, (number) => -number) });
  if (value.kind === "sigmoid" && by.length === 1 && by[0] === 1)
    return { ...value, kind: "complement" };
  return change(value, { factor: Float64Array.of(-1), offset: by });
};

const mul: Operator = (operation) => {
  const { value, by } = operands(operation);
  return change(value, { factor: by });
};

const div: Operator = (operation) => {
  const { value, by, isFirst } = operands(operation);
  if (isFirst) throw new Refusal("expected a constant as divisor, got it divided");
  return change(value, { divisor: by });
};

/** (x − mean) / sqrt(variance + epsilon) · scale + bias, with the statistics of training. */
const batchNormalization: Operator = (operation) => {
  if (int(operation, "training_mode", 0) !== 0)
    throw new Refusal("expected training_mode 0, got 1");
  const value = input(operation, 0);
  if (value.kind === "input" && value.dims.length > 2)
    throw new Refusal("expected it after the images are flattened");
  const epsilon = float(operation, "epsilon", 1e-5);
  const [scale, bias, mean, variance] = ["scale", "bias", "mean", "variance"].map((what, i) =>
    toFloat64(numbers(input(operation, i + 1), what).data),
  );
  const factor = combine(
    scale,
    each(variance, (each) => Math.sqrt(each + epsilon)),
    (a, b) => a / b,
  );
  const shift = combine(mean, factor, times);
  return change(value, { factor, offset: combine(bias, shift, (a, b) => a - b) });
};

/** (x − offset) · scale, as scikit-learn's StandardScaler becomes. */
const scaler: Operator = (operation) => {
  const value = input(operation, 0);
  const list = (name: string, missing: number): Float64Array => {
    const attribute = operation.node.attributes.get(name);
    if (attribute !== undefined && "floats" in attribute)
      return Float64Array.from(attribute.floats);
    return Float64Array.of(missing);
  };
  const centered = change(value, { offset: each(list("offset", 0), (number) => -number) });
  return change(centered, { factor: list("scale", 1) });
};

export const ELEMENTWISE: Readonly<Record<string, Operator>> = {
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  BatchNormalization: batchNormalization,
  "ai.onnx.ml:Scaler": scaler,
};
