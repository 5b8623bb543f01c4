import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOnnx } from "../../lib/formats/onnx/onnx.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { Classifier } from "../../lib/model/classifier.ts";
import { classifierToOnnx } from "../../lib/model/classifier-onnx.ts";
import { readOnnxNet } from "../../lib/model/net-onnx.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { mixedClassifier } from "../helpers/mixed-table.ts";
import { assertThrows } from "../helpers/throws.ts";

test("classifierToOnnx has one input for each column and three outputs", () => {
  const { classifier } = mixedClassifier("mean");
  const { inputs, outputs, opset, otherOpsets } = parseOnnx(classifierToOnnx(classifier));
  assert.equal(opset, 13);
  assert.deepEqual([...otherOpsets], [["ai.onnx.ml", 2]]);
  assert.deepEqual(
    inputs,
    classifier.encoding.features.map((feature) => ({
      name: feature.column,
      dtype: "categories" in feature ? "text" : "float64",
      shape: ["N", 1],
    })),
  );
  assert.deepEqual(outputs, [
    { name: "labels", dtype: "int64", shape: ["N"] },
    { name: "classes", dtype: "text", shape: ["N"] },
    { name: "probabilities", dtype: "float64", shape: ["N", 2] },
  ]);
});

test("readOnnxNet finds the net, its standardization and its classes behind the columns", () => {
  const { classifier } = mixedClassifier("mean");
  const found = readOnnxNet(classifierToOnnx(classifier));
  assert.deepEqual(found.net.params, classifier.net.params);
  assert.deepEqual(found.standardize, { mean: classifier.mean, std: classifier.std });
  assert.deepEqual(found.classes, classifier.classes);
});

test("classifierToOnnx gives outputs another name where a column has theirs", () => {
  const classifier = numeric(["labels", "probabilities"]);
  const { outputs } = parseOnnx(classifierToOnnx(classifier, { dtype: "float32" }));
  assert.deepEqual(
    outputs.map(({ name }) => name),
    ["predicted_labels", "classes", "predicted_probabilities"],
  );
});

test("classifierToOnnx refuses columns without usable names, and other arguments", () => {
  assertThrows(
    () => classifierToOnnx(numeric(["u", ""])),
    RangeError,
    'classifierToOnnx: expected columns with names that do not begin with "twolayer/", got ""',
  );
  assertThrows(
    () => classifierToOnnx(numeric(["u", "twolayer/X"])),
    RangeError,
    'classifierToOnnx: expected columns with names that do not begin with "twolayer/", ' +
      'got "twolayer/X"',
  );
  assertThrows(
    () => classifierToOnnx({} as never),
    TypeError,
    "classifierToOnnx: classifier expected a Classifier, got an Object",
  );
  assertThrows(
    () => classifierToOnnx(numeric(["u"]), { dtype: "f32" as never }),
    TypeError,
    'classifierToOnnx: dtype expected "float64" | "float32", got "f32"',
  );
});

test("classifierToOnnx refuses weights that are not finite", () => {
  const classifier = numeric(["u"]);
  classifier.net.params.W1.set(0, 1, Infinity);
  assertThrows(
    () => classifierToOnnx(classifier),
    RangeError,
    "classifierToOnnx: W1 expected finite numbers, got Infinity at row 0, column 1",
  );
});

/** An untrained classifier of number columns. */
function numeric(columns: string[]): Classifier {
  return new Classifier({
    net: TwoLayerNet.create({ inputSize: columns.length, hiddenSize: 3, outputSize: 2 }),
    encoding: {
      features: columns.map((column) => ({ column, mean: 0 })),
      label: "kind",
      classes: ["a", "b"],
      missing: "error",
    },
    mean: new Matrix(1, columns.length),
    std: Matrix.filled(1, columns.length, 1),
  });
}
