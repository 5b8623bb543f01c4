// The operators that add to, or multiply, every column by a constant: scaling of the input, biases,
// batch normalization, and 1 − p of a probability.

import { toFloat64 } from "../../formats/dtype.ts";
import { elementCount, showShape, type Tensor } from "../../formats/tensor.ts";
import { Matrix } from "../../matrix/matrix.ts";
import {
  attribute,
  input,
  numbers,
  type Operation,
  type Operator,
  type Operators,
} from "./operation.ts";
import { type InputValue, ofKind, Refusal, type Value } from "./values.ts";

type Combine = (a: number, b: number) => number;
const times: Combine = (a, b) => a * b;
const over: Combine = (a, b) => a / b;
const plus: Combine = (a, b) => a + b;
const minus: Combine = (a, b) => a - b;

/** f of the elements of both; where one is a single number it stands for all. */
function combine(a: Float64Array, b: Float64Array, f: Combine): Float64Array {
  if (a.length === 1) return b.map((each) => f(a[0], each));
  return withColumns(new Matrix(1, a.length, a), b, f).data;
}

/** A matrix with f of each element and the number of its column; a single number stands for all. */
export function withColumns(matrix: Matrix, by: Float64Array, f: Combine): Matrix {
  if (by.length !== 1 && by.length !== matrix.cols)
    throw new Refusal(`expected ${matrix.cols} numbers, one for each column, got ${by.length}`);
  return matrix.map((each, _, j) => f(each, by[by.length === 1 ? 0 : j]));
}

const SHIFTED = ["input", "affine", "hidden", "scores"] as const;

/** value · by, or value / by, which keeps a divisor of the input exact. */
function scale(from: Value, by: Float64Array, divides = false): Value {
  const value = ofKind(from, ...SHIFTED);
  if (value.kind === "input")
    return { ...value, std: combine(value.std, by, divides ? times : over) };
  const factor = divides ? by.map((each) => 1 / each) : by;
  const [W, b] = [value.W, value.b].map((matrix) => withColumns(matrix, factor, times));
  return { ...value, W, b };
}

/** value + by */
export function shift(from: Value, by: Float64Array): Value {
  const value = ofKind(from, ...SHIFTED);
  if (value.kind !== "input") return { ...value, b: withColumns(value.b, by, plus) };
  return { ...value, mean: combine(value.mean, combine(value.std, by, times), minus) };
}

/** A constant as one number or one for each column of the value that it is combined with. */
export function columnsOf(constant: Value, value: Value, what: string): Float64Array {
  const tensor = numbers(constant, what);
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
  const sizes = [1, ...dims.slice(1)] as number[]; // the count is NaN where one is a name
  const inner = sizes.map((_, k) => shape.at(k - sizes.length) ?? 1);
  const fits =
    shape.length <= sizes.length && inner.every((size, k) => size === 1 || size === sizes[k]);
  const count = elementCount(sizes);
  if (!(fits && count > 0 && count <= 2 ** 24)) {
    const input = `an input of shape (${dims.join(", ")})`;
    throw new Refusal(`expected a constant that fits ${input}, got shape ${showShape(shape)}`);
  }
  let places = [0];
  for (const [k, size] of sizes.entries())
    places = places.flatMap((place) =>
      Array.from({ length: size }, (_, i) => place * inner[k] + (i % inner[k])),
    );
  return Float64Array.from(places, (place) => data[place]);
}

const negative = (values: Float64Array): Float64Array => values.map((each) => -each);

/**
 * f of the operand that depends on the input, of the constant, and of whether the constant is the
 * first of the two.
 */
function withConstant(
  a: Value,
  operation: Operation,
  f: (value: Value, by: Float64Array, isFirst: boolean) => Value,
): Value {
  const b = input(operation, 1);
  const isFirst = a.kind === "constant";
  const [value, constant] = isFirst ? [b, a] : [a, b];
  return f(value, columnsOf(constant, value, "one operand"), isFirst);
}

const add: Operator = (a, operation) => withConstant(a, operation, shift);

const sub: Operator = (a, operation) =>
  withConstant(a, operation, (value, by, isFirst) => {
    if (!isFirst) return shift(value, negative(by));
    if (value.kind === "sigmoid" && by.length === 1 && by[0] === 1)
      return { ...value, kind: "complement" };
    return shift(scale(value, Float64Array.of(-1)), by);
  });

const mul: Operator = (a, operation) => withConstant(a, operation, (value, by) => scale(value, by));

const div: Operator = (a, operation) =>
  withConstant(a, operation, (value, by, isFirst) => {
    if (isFirst) throw new Refusal("expected a constant as divisor, got it divided");
    return scale(value, by, true);
  });

/** (x − mean) / sqrt(variance + epsilon) · scale + bias, with the statistics of training. */
const batchNormalization: Operator = (value, operation) => {
  if (attribute(operation, "int", "training_mode"))
    throw new Refusal("expected training_mode 0, got 1");
  if (value.kind === "input" && value.dims.length > 2)
    throw new Refusal("expected it after the images are flattened");
  const epsilon = attribute(operation, "float", "epsilon") ?? 1e-5;
  const [gamma, bias, mean, variance] = ["scale", "bias", "mean", "variance"].map((what, i) =>
    toFloat64(numbers(input(operation, i + 1), what).data),
  );
  const deviation = variance.map((each) => Math.sqrt(each + epsilon));
  const factor = combine(gamma, deviation, over);
  return shift(scale(value, factor), combine(bias, combine(mean, factor, times), minus));
};

/** (x − offset) · scale, as scikit-learn's StandardScaler becomes. */
const scaler: Operator = (value, operation) => {
  const list = (name: string, missing: number): Float64Array =>
    Float64Array.from(attribute(operation, "floats", name) ?? [missing]);
  return scale(shift(value, negative(list("offset", 0))), list("scale", 1));
};

export const ELEMENTWISE: Operators = {
  Add: [add],
  Sub: [sub],
  Mul: [mul],
  Div: [div],
  BatchNormalization: [batchNormalization, "epsilon", "momentum", "training_mode", "spatial"],
  "ai.onnx.ml:Scaler": [scaler, "offset", "scale"],
};
