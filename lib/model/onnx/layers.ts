// The operators that are the two layers of a net: products with weights, and Relu by its names.

import { showShape } from "../../formats/tensor.ts";
import { Matrix } from "../../matrix/matrix.ts";
import { columnsOf, shift, withColumns } from "./elementwise.ts";
import { attribute, input, matrix, numbers, type Operator, type Operators } from "./operation.ts";
import { type AffineValue, ofKind, Refusal, type ScoresValue, type Value } from "./values.ts";

/** value·W, the first or the second layer without a bias. */
function multiply(from: Value, W: Matrix): AffineValue | ScoresValue {
  const value = ofKind(from, "input", "hidden");
  if (value.kind === "input") {
    const [mean, std] = [value.mean, value.std].map((values) =>
      withColumns(new Matrix(1, W.rows), values, (_, each) => each),
    );
    return { kind: "affine", rank: value.dims.length, mean, std, W, b: new Matrix(1, W.cols) };
  }
  const { layer, W: factor, b: offset } = value;
  if (W.rows !== factor.cols)
    throw new Refusal(
      `expected a weight of ${factor.cols} rows, got ${showShape([W.rows, W.cols])}`,
    );
  const scaled = W.map((each, i) => each * factor.data[i]);
  return { kind: "scores", layer, W: scaled, b: offset.matmul(W) };
}

const matMul: Operator = (value, operation) =>
  multiply(value, matrix(input(operation, 1), "the weight"));

const gemm: Operator = (value, operation) => {
  if (attribute(operation, "int", "transA")) throw new Refusal("expected transA 0, got 1");
  const stored = matrix(input(operation, 1), "the weight");
  const alpha = attribute(operation, "float", "alpha") ?? 1;
  const W = attribute(operation, "int", "transB") ? stored.transpose() : stored;
  const product = multiply(value, alpha === 1 ? W : W.scale(alpha));
  const bias = operation.inputs[2];
  if (bias === undefined) return product;
  const beta = attribute(operation, "float", "beta") ?? 1;
  return shift(
    product,
    columnsOf(bias, product, "the bias").map((each) => beta * each),
  );
};

/** Relu, and Clip and Max that are one. */
const relu: Operator = (value) => {
  const layer = ofKind(value, "affine");
  const { cols } = layer.W;
  return { kind: "hidden", layer, W: Matrix.filled(1, cols, 1), b: new Matrix(1, cols) };
};

const clip: Operator = (value, operation) => {
  const bound = (index: number, name: "min" | "max", missing: number): number => {
    const given = operation.inputs[index];
    if (given === undefined) return attribute(operation, "float", name) ?? missing;
    const { data } = numbers(given, name);
    return data.length === 1 ? data[0] : NaN;
  };
  const [low, high] = [bound(1, "min", -Infinity), bound(2, "max", Infinity)];
  if (low === 0 && high >= 3.4e38) return relu(value, operation);
  throw new Refusal(`expected a lower bound of 0 and no upper one, got ${low} and ${high}`);
};

const max: Operator = (a, operation) => {
  const b = input(operation, 1);
  const [value, bound] = a.kind === "constant" ? [b, a] : [a, b];
  const isZero = numbers(bound, "the lower bound").data.every((each) => each === 0);
  if (!isZero || operation.inputs.length !== 2) throw new Refusal("expected the maximum with 0");
  return relu(value, operation);
};

export const LAYERS: Operators = {
  MatMul: [matMul],
  Gemm: [gemm, "alpha", "beta", "transA", "transB"],
  Relu: [relu],
  Clip: [clip, "min", "max"],
  Max: [max],
};
