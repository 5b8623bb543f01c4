// What the values of an ONNX graph stand for while it is followed from its input to its outputs:
// every value of a two-layer net is one of a few forms, and an operator turns one form into
// another.

import type { ClassName } from "../../data/labels.ts";
import type { OnnxTensor } from "../../formats/onnx/onnx-tensor.ts";
import type { Matrix } from "../../matrix/matrix.ts";

/** A dimension: its size, or the name of one that is chosen at run time. */
export type Dim = number | string;

/**
 * (x − mean) / std of the graph's input x, by one number for all columns or one for each. `dims`
 * begins with the number of rows.
 */
export type InputValue = {
  kind: "input";
  dims: readonly Dim[];
  mean: Float64Array;
  std: Float64Array;
};
/** ((x − mean) / std)·W + b, of an x with `rank` dimensions; mean and std are 1×D. */
export type AffineValue = {
  kind: "affine";
  rank: number;
  mean: Matrix;
  std: Matrix;
  W: Matrix;
  b: Matrix;
};
/** relu(layer) times W plus b, both 1×H, elementwise. */
export type HiddenValue = { kind: "hidden"; layer: AffineValue; W: Matrix; b: Matrix };
/** relu(layer)·W + b. */
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

type Kind = Value["kind"];

const WORDS: { readonly [kind in Kind]?: string } = {
  affine: "the hidden layer before its Relu",
  hidden: "the hidden layer",
  logProbabilities: "the logarithms of the probabilities",
  sigmoid: "a probability",
  complement: "a probability",
  names: "the names of the classes",
  constant: "a constant",
  dims: "a shape",
};

/** A form in words, for messages. */
export function describe(kind: Kind): string {
  return WORDS[kind] ?? `the ${kind}`;
}

/** Returns `value`; throws Refusal unless it has one of the forms. */
export function ofKind<K extends Kind>(value: Value, ...kinds: K[]): Value & { kind: K } {
  if ((kinds as Kind[]).includes(value.kind)) return value as Value & { kind: K };
  throw new Refusal(`expected ${kinds.map(describe).join(" or ")}, got ${describe(value.kind)}`);
}

/** Why a node, or an output, is not part of a two-layer net. */
export class Refusal extends Error {}
