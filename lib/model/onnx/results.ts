// The operators after the scores: probabilities, labels, and the names of classes as skl2onnx
// writes them.

import type { ClassName } from "../../data/labels.ts";
import { attribute, input, type Operation, type Operator, type Operators } from "./operation.ts";
import { dimsOf } from "./shapes.ts";
import { ofKind, Refusal, type ResultValue, type ScoresValue } from "./values.ts";

/** Throws unless the axis is that of the classes: the last one of as many as the input has. */
function checkAxis(operation: Operation, { layer: { rank } }: ScoresValue, missing = 0): void {
  const axis = attribute(operation, "int", "axis") ?? missing;
  if (axis !== -1 && axis !== rank - 1)
    throw new Refusal(`expected axis ${rank - 1}, over the classes, got ${axis}`);
}

const softmax: Operator = (value, operation) => {
  const scores = ofKind(value, "scores");
  checkAxis(operation, scores, operation.opset < 13 ? 1 : -1);
  if (scores.W.cols === 1) throw new Refusal("expected at least two scores, got one");
  return {
    kind: operation.node.op === "Softmax" ? "probabilities" : "logProbabilities",
    scores,
  };
};

const sigmoid: Operator = (value) => {
  const scores = ofKind(value, "scores");
  const { cols } = scores.W;
  if (cols === 1) return { kind: "sigmoid", scores };
  const got = `${cols}; these are ${cols} answers of yes or no, not classes`;
  throw new Refusal(`expected one score, got ${got}`);
};

/** [1 − p, p], as scikit-learn's binary classifiers give both probabilities. */
const concat: Operator = (first, operation) => {
  const values = operation.inputs.map((_, i) => input(operation, i));
  const second = values[1];
  if (first.kind === "complement" && second?.kind === "sigmoid" && values.length === 2) {
    const { scores } = first;
    if (scores !== second.scores) throw new Refusal("expected one net, got two");
    checkAxis(operation, scores);
    return { kind: "probabilities", scores };
  }
  return { kind: "dims", dims: values.flatMap(dimsOf) };
};

const argMax: Operator = (value, operation) => {
  const from = ofKind(value, "scores", "probabilities", "logProbabilities");
  const scores = from.kind === "scores" ? from : from.scores;
  checkAxis(operation, scores);
  if (attribute(operation, "int", "select_last_index"))
    throw new Refusal("expected the first maximum");
  if (scores.W.cols === 1 && value.kind !== "probabilities")
    throw new Refusal("expected at least two scores, got one");
  return { kind: "labels", scores };
};

/** The labels' names: element k of the constant for label k. */
const arrayFeatureExtractor: Operator = (value, operation) => {
  const { tensor } = ofKind(value, "constant");
  const labels = ofKind(input(operation, 1), "labels");
  return named(labels, "names", Array.from<ClassName>(tensor.data));
};

function named(
  { scores }: ResultValue,
  kind: "names" | "probabilities",
  classes: readonly ClassName[],
): ResultValue {
  const count = Math.max(2, scores.W.cols);
  if (classes.length !== count)
    throw new Refusal(`expected ${count} names of classes, got ${classes.length}`);
  return { kind, scores, classes };
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

const zipMap: Operator = (value, operation) => {
  const probabilities = ofKind(value, "probabilities");
  const classes = names(operation, "classlabels_strings", "classlabels_int64s");
  return named(probabilities, "probabilities", classes);
};

const labelEncoder: Operator = (value, operation) => {
  const labels = ofKind(value, "labels");
  const keys = names(operation, "keys_int64s");
  const values = names(operation, "values_strings", "values_int64s");
  const classes = keys.map((_, label) => values[keys.indexOf(label)] ?? `class ${label}`);
  return named(labels, "names", classes);
};

export const RESULTS: Operators = {
  Softmax: [softmax, "axis"],
  LogSoftmax: [softmax, "axis"],
  Sigmoid: [sigmoid],
  ArgMax: [argMax, "axis", "keepdims", "select_last_index"],
  Concat: [concat, "axis"],
  "ai.onnx.ml:ArrayFeatureExtractor": [arrayFeatureExtractor],
  "ai.onnx.ml:ZipMap": [zipMap, "classlabels_strings", "classlabels_int64s"],
  "ai.onnx.ml:LabelEncoder": [labelEncoder],
};
