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
import { type Encoding, type FeatureEncoding, widthOf } from "../data/encoding.ts";
import type { ClassName } from "../data/labels.ts";
import { MISSING_TEXTS } from "../data/missing.ts";
import type { OnnxNode } from "../formats/onnx/onnx.ts";
import type { Classifier } from "./classifier.ts";
import { checkClassifier, classifierMetadata } from "./model-file.ts";
import {
  addNet,
  ENCODED_INPUT,
  FLOATS,
  type Graph,
  node,
  type OnnxFloat,
  serializeGraph,
} from "./net-onnx.ts";

/** How a classifier becomes a graph. */
export type ClassifierToOnnxOptions = {
  /** "float64" (default) is exact; "float32", which GPUs and browsers take, rounds to 24 bits. */
  dtype?: "float64" | "float32" | undefined;
};

/**
 * Returns the classifier as an ONNX file whose inputs are the columns that it was trained on, each
 * (N, 1), numbers as `dtype` and categories as text. Outputs are `labels` (N), `classes` (N), the
 * names of the labels as text, and `probabilities` (N, C); an output whose name a column has is
 * called `predicted_…`. Missing numbers are NaN, missing categories "". Throws TypeError for other
 * arguments, RangeError for weights that are not finite.
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
  const { net, encoding, columns, classes } = classifier;
  const graph: Graph = { dtype, nodes: [], initializers: new Map() };
  const { nodes } = graph;
  const encoded = encoding.features.map((feature, f) => encode(graph, encoding, feature, f));
  nodes.push(node("Concat", encoded, ENCODED_INPUT, { axis: { int: 1 } }));
  const outputs = ["probabilities", "labels"] as const;
  addNet(graph, net, { outputs, standardize: classifier, prefix: PREFIX });
  const [labels, names, probabilities] = ["labels", "classes", "probabilities"].map((name) =>
    columns.includes(name) ? `predicted_${name}` : name,
  );
  nodes.push(
    node("Identity", [`${PREFIX}labels`], labels),
    namesOf(classes, names),
    node("Identity", [`${PREFIX}probabilities`], probabilities),
  );
  return serializeGraph(
    {
      ...graph,
      graph: "two-layer-classifier",
      metadata: new Map(Object.entries(classifierMetadata(classifier))),
      inputs: encoding.features.map((feature) => ({
        name: feature.column,
        dtype: "categories" in feature ? "text" : dtype,
        shape: ["N", 1],
      })),
      outputs: [
        { name: labels, dtype: "int64", shape: ["N"] },
        { name: names, dtype: "text", shape: ["N"] },
        { name: probabilities, dtype, shape: ["N", net.outputSize] },
      ],
    },
    new Map([[ML, 2]]),
  );
}

/** What all values have before their names that are neither inputs nor outputs. */
const PREFIX = "twolayer/";
const ML = "ai.onnx.ml";

/** The type of the numbers, after checking the arguments and that columns can be input names. */
function checkArguments(
  where: string,
  classifier: Classifier,
  options: ClassifierToOnnxOptions,
): OnnxFloat {
  checkClassifier(where, classifier);
  checkOptions(where, options, ["dtype"]);
  const { dtype = "float64" } = options;
  checkChoice(where, "dtype", dtype, FLOATS);
  const wrong = classifier.columns.find((column) => column === "" || column.startsWith(PREFIX));
  if (wrong === undefined) return dtype;
  const expected = `columns with names that do not begin with "${PREFIX}"`;
  throw new ArgumentRangeError(`${where}: expected ${expected}, got ${show(wrong)}`);
}

function encoder(from: string, to: string, attributes: Parameters<typeof node>[3]): OnnxNode {
  return node("LabelEncoder", [from], to, attributes, ML);
}

/** The node that turns labels into the names of classes. */
function namesOf(classes: readonly ClassName[], output: string): OnnxNode {
  return encoder(`${PREFIX}labels`, output, {
    keys_int64s: { ints: classes.map((_, label) => label) },
    values_strings: { texts: classes.map(String) },
  });
}

/** Adds the nodes of column f; returns the name of its columns of X, (N, width). */
function encode(graph: Graph, encoding: Encoding, feature: FeatureEncoding, f: number): string {
  const name = (part: string): string => `${PREFIX}${part}${f}`;
  if ("categories" in feature) return encodeCategory(graph, encoding, feature, name);
  const { column, mean } = feature;
  if (encoding.missing !== "mean") return column;
  const data = Float64Array.of(mean);
  graph.initializers.set(name("mean"), { dtype: graph.dtype, shape: [1, 1], data });
  graph.nodes.push(
    // NaN differs from itself; ONNX Runtime 1.10 has no IsNaN for float64.
    node("Equal", [column, column], name("present")),
    node("Where", [name("present"), column, name("mean")], name("column")),
  );
  return name("column");
}

function encodeCategory(
  { dtype, nodes, initializers }: Graph,
  encoding: Encoding,
  feature: Extract<FeatureEncoding, { categories: string[] }>,
  name: (part: string) => string,
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
  initializers.set(name("table"), { dtype, shape: [width + 1, width], data: table });
  nodes.push(
    encoder(column, name("place"), {
      keys_strings: { texts: [...places.keys()] },
      values_int64s: { ints: [...places.values()] },
      default_int64: { int: rarePlace },
    }),
    node("Gather", [name("table"), name("place")], name("rows"), { axis: { int: 0 } }),
    node("Flatten", [name("rows")], name("column"), { axis: { int: 1 } }), // (N, 1, width)
  );
  return name("column");
}
