// The operators that are the two layers of a net: products with weights, and Relu by its names.

import { toFloat64 } from "../../formats/dtype.ts";
import { showShape } from "../../formats/tensor.ts";
import { Matrix } from "../../matrix/matrix.ts";
import { float, input, int, numbers, type Operator } from "./operation.ts";
import { type AffineValue, describe, Refusal, type ScoresValue, type Value } from "./values.ts";

/** A constant weight of two dimensions. */
function weight(value: Value): Matrix {
  const { shape, data } = numbers(value, "the weight");
  if (shape.length === 2 && data.length > 0) return new Matrix(shape[0], shape[1], toFloat64(data));
  throw new Refusal(`expected a weight of 2 dimensions >= 1, got shape ${showShape(shape)}`);
}

/** value·W, the first or the second layer without a bias. */
function multiply(value: Value, W: Matrix): AffineValue | ScoresValue {
  const b = new Matrix(1, W.cols);
  if (value.kind === "input")
    return { kind: "affine", rank: value.dims.length, scaling: value.scaling, W, b };
  if (value.kind === "hidden") {
    const { layer, factor, offset } = value;
    const { cols } = layer.W;
    if (W.rows !== cols)
      throw new Refusal(`expected a weight of ${cols} rows, got ${showShape([W.rows, W.cols])}`);
    const pick = (values: Float64Array, i: number): number => values[values.length === 1 ? 0 : i];
    const plain = factor.every((each) => each === 1) && offset.every((each) => each === 0);
    if (plain) return { kind: "scores", layer, W, b };
    const shift = new Matrix(1, cols).map((_, _i, j) => pick(offset, j));
    const scaled = W.map((each, i) => each * pick(factor, i));
    return { kind: "scores", layer, W: scaled, b: shift.matmul(W) };
  }
  if (value.kind === "affine") throw new Refusal("expected a Relu between two layers");
  throw new Refusal(`expected the input or the hidden layer, got ${describe(value)}`);
}

const matMul: Operator = (operation) => {
  const [value, second] = [input(operation, 0), input(operation, 1)];
  return multiply(value, weight(second));
};

const gemm: Operator = (operation) => {
  if (int(operation, "transA", 0) !== 0) throw new Refusal("expected transA 0, got 1");
  const stored = weight(input(operation, 1));
  const alpha = float(operation, "alpha", 1);
  const W = int(operation, "transB", 0) === 0 ? stored : stored.transpose();
  const product = multiply(input(operation, 0), alpha === 1 ? W : W.scale(alpha));
  const bias = operation.inputs[2];
  if (bias === undefined) return product;
  const { shape, data } = numbers(bias, "the bias");
  const isRow = data.length === W.cols && shape.at(-1) === W.cols;
  if (!isRow && data.length !== 1)
    throw new Refusal(`expected a bias of ${W.cols} numbers, got shape ${showShape(shape)}`);
  const beta = float(operation, "beta", 1);
  const b = product.b.map((each, _, j) => each + beta * data[isRow ? j : 0]);
  return { ...product, b };
};

/** Relu, and Clip and Max that are one. */
const relu: Operator = (operation) => {
  const value = input(operation, 0);
  if (value.kind !== "affine")
    throw new Refusal(`expected the hidden layer before its Relu, got ${describe(value)}`);
  return { kind: "hidden", layer: value, factor: Float64Array.of(1), offset: Float64Array.of(0) };
};

const clip: Operator = (operation) => {
  const bound = (index: number, name: "min" | "max", missing: number): number => {
    const value = operation.inputs[index];
    if (value === undefined) return float(operation, name, missing);
    const { data } = numbers(value, name);
    return data.length === 1 ? data[0] : NaN;
  };
  const [low, high] = [bound(1, "min", -Infinity), bound(2, "max", Infinity)];
  if (low === 0 && high >= 3.4e38) return relu(operation);
  throw new Refusal(`expected a lower bound of 0 and no upper one, got ${low} and ${high}`);
};

const max: Operator = (operation) => {
  const [a, b] = [input(operation, 0), input(operation, 1)];
  const [value, bound] = a.kind === "constant" ? [b, a] : [a, b];
  const isZero = numbers(bound, "the lower bound").data.every((each) => each === 0);
  if (!isZero || operation.inputs.length !== 2) throw new Refusal("expected the maximum with 0");
  return relu({ ...operation, inputs: [value] });
};

export const LAYERS: Readonly<Record<string, Operator>> = {
  MatMul: matMul,
  Gemm: gemm,
  Relu: relu,
  Clip: clip,
  Max: max,
};
