// The operators after the scores: probabilities, labels, and the names of classes as skl2onnx
// writes them.

import type { ClassName } from "../../data/labels.ts";
import { input, int, type Operation, type Operator } from "./operation.ts";
import { dimsOf } from "./shapes.ts";
import { describe, Refusal, type ResultValue, type ScoresValue, type Value } from "./values.ts";

/** Whether the axis is that of the classes: the last one of values with as many dimensions. */
function checkAxis(axis: number, scores: ScoresValue): void {
  const { rank } = scores.layer;
  if (axis !== -1 && axis !== rank - 1)
    throw new Refusal(`expected axis ${rank - 1}, over the classes, got ${axis}`);
}

const softmax: Operator = (operation) => {
  const value = input(operation, 0);
  if (value.kind !== "scores") throw new Refusal(`expected the scores, got ${describe(value)}`);
  checkAxis(int(operation, "axis", operation.opset < 13 ? 1 : -1), value);
  if (value.W.cols === 1) throw new Refusal("expected at least two scores, got one");
  const kind = operation.node.op === "Softmax" ? "probabilities" : "logProbabilities";
  return { kind, scores: value };
};

const sigmoid: Operator = (operation) => {
  const value = input(operation, 0);
  if (value.kind !== "scores") throw new Refusal(`expected the score, got ${describe(value)}`);
  if (value.W.cols !== 1) {
    const got = `${value.W.cols}; these are ${value.W.cols} answers of yes or no, not classes`;
    throw new Refusal(`expected one score, got ${got}`);
  }
  return { kind: "sigmoid", scores: value };
};

/** [1 − p, p], as scikit-learn's binary classifiers give both probabilities. */
const concat: Operator = (operation) => {
  const values = operation.inputs.map((_, i) => input(operation, i));
  const [first, second] = values;
  if (first?.kind === "complement" && second?.kind === "sigmoid" && values.length === 2) {
    if (first.scores !== second.scores) throw new Refusal("expected one net, got two");
    checkAxis(int(operation, "axis", 0), first.scores);
    return { kind: "probabilities", scores: first.scores };
  }
  return { kind: "dims", dims: values.flatMap(dimsOf) };
};

const argMax: Operator = (operation) => {
  const value = input(operation, 0);
  const scores = value.kind === "scores" ? value : scoresOf(value);
  checkAxis(int(operation, "axis", 0), scores);
  if (int(operation, "select_last_index", 0) !== 0) throw new Refusal("expected the first maximum");
  if (scores.W.cols === 1 && value.kind !== "probabilities")
    throw new Refusal("expected at least two scores, got one");
  return { kind: "labels", scores };
};

function scoresOf(value: Value): ScoresValue {
  if (value.kind === "probabilities" || value.kind === "logProbabilities") return value.scores;
  throw new Refusal(`expected the scores or the probabilities, got ${describe(value)}`);
}

/** The labels' names: element k of the constant for label k. */
const arrayFeatureExtractor: Operator = (operation) => {
  const labels = input(operation, 1);
  const names = input(operation, 0);
  if (labels.kind !== "labels" || names.kind !== "constant")
    throw new Refusal("expected the names of the classes and the labels");
  return named(labels, Array.from<ClassName>(names.tensor.data));
};

function named(value: ResultValue, classes: readonly ClassName[]): ResultValue {
  const count = Math.max(2, value.scores.W.cols);
  if (classes.length !== count)
    throw new Refusal(`expected ${count} names of classes, got ${classes.length}`);
  return { ...value, kind: value.kind === "labels" ? "names" : value.kind, classes };
}

/** An attribute that is a list of strings or integers, under one of two names. */
function names({ node }: Operation, ...keys: string[]): readonly ClassName[] {
  for (const key of keys) {
    const attribute = node.attributes.get(key);
    if (attribute !== undefined && "texts" in attribute) return attribute.texts;
    if (attribute !== undefined && "ints" in attribute) return attribute.ints;
  }
  throw new Refusal(`expected an attribute ${keys.join(" or ")}`);
}

const zipMap: Operator = (operation) => {
  const value = input(operation, 0);
  if (value.kind !== "probabilities")
    throw new Refusal(`expected the probabilities, got ${describe(value)}`);
  return named(value, names(operation, "classlabels_strings", "classlabels_int64s"));
};

const labelEncoder: Operator = (operation) => {
  const value = input(operation, 0);
  if (value.kind !== "labels") throw new Refusal(`expected the labels, got ${describe(value)}`);
  const keys = names(operation, "keys_int64s");
  const values = names(operation, "values_strings", "values_int64s");
  return named(
    value,
    keys.map((_, label) => values[keys.indexOf(label)] ?? `class ${label}`),
  );
};

export const RESULTS: Readonly<Record<string, Operator>> = {
  Softmax: softmax,
  LogSoftmax: softmax,
  Sigmoid: sigmoid,
  ArgMax: argMax,
  Concat: concat,
  "ai.onnx.ml:ArrayFeatureExtractor": arrayFeatureExtractor,
  "ai.onnx.ml:ZipMap": zipMap,
  "ai.onnx.ml:LabelEncoder": labelEncoder,
};
