// A classifier as an ONNX graph that takes the user's own columns, so that a service needs nothing
// of this package: one input for each column, numbers or text, each (N, 1).
//
//   a number    → [Equal, Where: missing ones become the mean] → one column of X
//   a category  → LabelEncoder: its place → Gather from a table of rows → its columns of X
//   the columns → Concat → X (N, D) → the net of net-onnx.ts → labels, classes, probabilities
//
// The table has a row for each place (one 1 among zeros) and a last one for what has none: the mean
// shares, or NaN in a classifier that refuses such rows, whose answers are then NaN and not a
// guess.
//
// LabelEncoder is of the operators ai.onnx.ml, version 2. The standard operators compare texts
// since opset 19 only (Equal); LabelEncoder loads in ONNX Runtime 1.10, 1.17 and 1.30, which
// spec/interop tries, and takes one node for a column instead of one for each category.

import { checkChoice, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { type FeatureEncoding, widthOf } from "../data/encoding.ts";
import { MISSING_TEXTS } from "../data/missing.ts";
import { type OnnxNode, type OnnxValue, serializeOnnx } from "../formats/onnx/onnx.ts";
import type { OnnxTensor } from "../formats/onnx/onnx-tensor.ts";
import type { Classifier } from "./classifier.ts";
import { checkClassifier, classifierMetadata } from "./model-file.ts";
import { ENCODED_INPUT, netNodes, node, outputValue } from "./net-onnx.ts";

/** How a classifier becomes a graph. */
export type ClassifierToOnnxOptions = {
  /** "float64" (default) is exact; "float32", which GPUs and browsers take, rounds to 24 bits. */
  dtype?: "float64" | "float32" | undefined;
};

/** A graph in the making. */
type Graph = {
  dtype: "float64" | "float32";
  nodes: OnnxNode[];
  initializers: Map<string, OnnxTensor>;
  inputs: OnnxValue[];
};

/**
 * Returns the classifier as an ONNX file whose inputs are the columns that it was trained on, each
 * (N, 1), numbers as `dtype` and categories as text. Outputs are `labels` (N), `classes` (N), the
 * names of the labels as text, and `probabilities` (N, C); an output whose name a column has is
 * called `predicted_…`. Missing numbers are NaN, missing categories "". Throws TypeError for other
 * arguments.
 * @example
 * const fruit = parseCsv("weight,color,kind\n3,red,plum\n8,green,pear\n9,red,pear\n4,red,plum\n");
 * const { classifier } = prepareTable(fruit, { label: "kind", validation: 0 });
 * const { inputs } = parseOnnx(classifierToOnnx(classifier));
 * console.log(inputs.map(({ name, dtype }) => `${name}: ${dtype}`).join(", "));
 * // weight: float64, color: text
 */
export function classifierToOnnx(
  classifier: Classifier,
  options: ClassifierToOnnxOptions = {},
): Uint8Array {
  const where = "classifierToOnnx";
  const dtype = checkArguments(where, classifier, options);
  const { net, encoding, mean, std, columns } = classifier;
  const graph: Graph = { dtype, nodes: [], initializers: new Map(), inputs: [] };
  const encoded = encoding.features.map((feature, f) =>
    encodeColumn(graph, classifier, feature, f),
  );
  graph.nodes.push(concat(encoded));
  const { nodes, initializers } = netNodes(net, {
    dtype,
    outputs: ["probabilities", "labels"],
    standardize: { mean, std },
    prefix: PREFIX,
  });
  const names = (["labels", "classes", "probabilities"] as const).map((name) =>
    columns.includes(name) ? `predicted_${name}` : name,
  );
  return serializeOnnx({
    irVersion: 7,
    opset: 13,
    otherOpsets: new Map([["ai.onnx.ml", 2]]),
    producer: "twolayer",
    metadata: new Map(Object.entries(classifierMetadata(classifier))),
    graph: "two-layer-classifier",
    nodes: [...graph.nodes, ...nodes, ...outputNodes(classifier, names)],
    initializers: new Map([...graph.initializers, ...initializers]),
    inputs: graph.inputs,
    outputs: [
      { ...outputValue("labels", dtype, net.outputSize), name: names[0] },
      { name: names[1], dtype: "text", shape: ["N"] },
      { ...outputValue("probabilities", dtype, net.outputSize), name: names[2] },
    ],
  });
}

/** What all values have before their names that are neither inputs nor outputs. */
const PREFIX = "twolayer/";

/** Throws unless the arguments are right and the columns can be the names of inputs. */
function checkArguments(
  where: string,
  classifier: Classifier,
  options: ClassifierToOnnxOptions,
): "float64" | "float32" {
  checkClassifier(where, classifier);
  checkOptions(where, options, ["dtype"]);
  const { dtype = "float64" } = options;
  checkChoice(where, "dtype", dtype, ["float64", "float32"]);
  const wrong = classifier.columns.find((column) => column === "" || column.startsWith(PREFIX));
  if (wrong === undefined) return dtype;
  const expected = `columns with names that do not begin with "${PREFIX}"`;
  throw new ArgumentRangeError(`${where}: expected ${expected}, got ${show(wrong)}`);
}

/** Adds the nodes of one column; returns the name of its columns of X, (N, width). */
function encodeColumn(
  graph: Graph,
  classifier: Classifier,
  feature: FeatureEncoding,
  f: number,
): string {
  const isText = "categories" in feature;
  const { column } = feature;
  graph.inputs.push({ name: column, dtype: isText ? "text" : graph.dtype, shape: ["N", 1] });
  return isText
    ? encodeCategory(graph, classifier, feature, f)
    : encodeNumber(graph, classifier, feature, f);
}

function encodeNumber(
  { dtype, nodes, initializers }: Graph,
  { encoding }: Classifier,
  { column, mean }: { column: string; mean: number },
  f: number,
): string {
  if (encoding.missing !== "mean") return column;
  const name = (part: string): string => `${PREFIX}${part}${f}`;
  initializers.set(name("mean"), { dtype, shape: [1, 1], data: Float64Array.of(mean) });
  // NaN differs from itself; ONNX Runtime 1.10 has no IsNaN for float64.
  nodes.push(node("Equal", [column, column], name("present")));
  nodes.push(node("Where", [name("present"), column, name("mean")], name("column")));
  return name("column");
}

function encodeCategory(
  { dtype, nodes, initializers }: Graph,
  { encoding }: Classifier,
  feature: Extract<FeatureEncoding, { categories: string[] }>,
  f: number,
): string {
  const { column, categories, rare = [], hasMissing = false, shares } = feature;
  const width = widthOf(feature);
  const rarePlace = rare.length > 0 ? categories.length : width;
  const missingPlace = hasMissing ? width - 1 : width;
  // A text that is a category is one, also when it usually means that a cell is missing.
  const places = new Map<string, number>();
  for (const text of ["", ...(encoding.na ?? MISSING_TEXTS)]) places.set(text, missingPlace);
  for (const text of rare) places.set(text, rarePlace);
  categories.forEach((text, k) => void places.set(text, k));
  const table = new Float64Array((width + 1) * width);
  for (let k = 0; k < width; k++) table[k * width + k] = 1;
  table.set(encoding.missing === "mean" ? shares : shares.map(() => NaN), width * width);
  const name = (part: string): string => `${PREFIX}${part}${f}`;
  initializers.set(name("table"), { dtype, shape: [width + 1, width], data: table });
  nodes.push({
    op: "LabelEncoder",
    domain: "ai.onnx.ml",
    name: name("place"),
    inputs: [column],
    outputs: [name("place")],
    attributes: new Map([
      ["keys_strings", { texts: [...places.keys()] }],
      ["values_int64s", { ints: [...places.values()] }],
      ["default_int64", { int: rarePlace }],
    ]),
  });
  nodes.push(node("Gather", [name("table"), name("place")], name("rows"), { axis: 0 }));
  nodes.push(node("Flatten", [name("rows")], name("column"), { axis: 1 })); // (N, 1, width)
  return name("column");
}

function concat(inputs: string[]): OnnxNode {
  return node("Concat", inputs, ENCODED_INPUT, { axis: 1 });
}

/** The net's results under the names of the outputs, and the names of the classes. */
function outputNodes(
  { classes }: Classifier,
  [labels, names, probabilities]: string[],
): OnnxNode[] {
  return [
    node("Identity", [`${PREFIX}labels`], labels),
    {
      op: "LabelEncoder",
      domain: "ai.onnx.ml",
      name: names,
      inputs: [`${PREFIX}labels`],
      outputs: [names],
      attributes: new Map([
        ["keys_int64s", { ints: classes.map((_, label) => label) }],
        ["values_strings", { texts: classes.map(String) }],
      ]),
    },
    node("Identity", [`${PREFIX}probabilities`], probabilities),
  ];
}
