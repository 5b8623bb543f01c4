// What the values of an ONNX graph stand for while it is followed from its input to its outputs:
// every value of a two-layer net is one of a few forms, and an operator turns one form into
// another.

import type { ClassName } from "../../data/labels.ts";
import type { OnnxTensor } from "../../formats/onnx/onnx-tensor.ts";
import type { Matrix } from "../../matrix/matrix.ts";

/** (x − mean) / std of the graph's input: one number, or one for each column. */
export type Scaling = { mean: Float64Array; std: Float64Array };

/** A dimension: its size, or the name of one that is chosen at run time. */
export type Dim = number | string;

/** The graph's input, scaled. `dims` begins with the number of rows. */
export type InputValue = { kind: "input"; dims: readonly Dim[]; scaling: Scaling };
/** input·W + b. */
export type AffineValue = { kind: "affine"; rank: number; scaling: Scaling; W: Matrix; b: Matrix };
/** relu(input·W1 + b1) · factor + offset, elementwise. */
export type HiddenValue = {
  kind: "hidden";
  layer: AffineValue;
  factor: Float64Array;
  offset: Float64Array;
};
/** The hidden layer times W2, plus b2. */
export type ScoresValue = { kind: "scores"; layer: AffineValue; W: Matrix; b: Matrix };
/** What is computed from the scores: "complement" is 1 − sigmoid. */
export type ResultValue = {
  kind: "probabilities" | "logProbabilities" | "sigmoid" | "complement" | "labels" | "names";
  scores: ScoresValue;
  classes?: readonly ClassName[];
};
/** Numbers or text that do not depend on the input. */
export type ConstantValue = { kind: "constant"; tensor: OnnxTensor };
/** Some of the input's dimensions, as the operator Shape gives them. */
export type DimsValue = { kind: "dims"; dims: readonly Dim[] };
/** What no two-layer net computes, with the reason for a message. */
export type ForeignValue = { kind: "foreign"; reason: string };

export type Value =
  | InputValue
  | AffineValue
  | HiddenValue
  | ScoresValue
  | ResultValue
  | ConstantValue
  | DimsValue
  | ForeignValue;

/** A form in words, for messages. */
export function describe(value: Value): string {
  switch (value.kind) {
    case "input":
      return "the input";
    case "affine":
      return "the hidden layer before its Relu";
    case "hidden":
      return "the hidden layer";
    case "logProbabilities":
      return "the logarithms of the probabilities";
    case "sigmoid":
    case "complement":
      return "a probability";
    case "names":
      return "the names of the classes";
    case "constant":
      return "a constant";
    case "dims":
      return "a shape";
    case "foreign":
      return value.reason;
    default:
      return `the ${value.kind}`;
  }
}

/** Why a node, or an output, is not part of a two-layer net. */
export class Refusal extends Error {}
