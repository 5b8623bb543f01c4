// ONNX Runtime evaluates what netToOnnx writes, and onnx-proto (the definitions compiled from
// onnx.proto) reads its fields.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import onnxProto from "onnx-proto";
import * as ort from "onnxruntime-node";
import type { Matrix as MatrixType } from "../../lib/index.ts";
import { matrix, reference } from "../helpers/fixtures.ts";
import { Matrix, netFromOnnx, netToOnnx, parseOnnx, softmaxLoss, TwoLayerNet } from "./built.ts";

const OUTPUTS = ["scores", "probabilities", "labels"] as const;

/** The outputs of an ONNX file for the rows of X, as plain numbers. */
async function evaluate(
  file: Uint8Array,
  X: MatrixType,
  dtype: "float64" | "float32",
  input = "X",
): Promise<Record<string, { dims: readonly number[]; data: number[] }>> {
  const session = await ort.InferenceSession.create(file);
  const data = dtype === "float64" ? X.data : Float32Array.from(X.data);
  const results: Record<string, { dims: readonly number[]; data: Iterable<number | bigint> }> =
    await session.run({ [input]: new ort.Tensor(dtype, data, [X.rows, X.cols]) });
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [
      name,
      { dims, data: Array.from(data, Number) },
    ]),
  );
}

/** Asserts |a − b| <= tolerance · max(1, |b|) for every element. */
function close(
  actual: readonly number[],
  expected: ArrayLike<number>,
  tolerance: number,
  where: string,
): void {
  assert.equal(actual.length, expected.length, where);
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
    assert.ok(
      error <= tolerance,
      `${where}: element ${i} expected ${expected[i]}, got ${actual[i]}`,
    );
  }
}

for (const stored of reference("gradient-cases").cases) {
  for (const [dtype, tolerance] of [
    ["float64", 1e-12],
    ["float32", 1e-5],
  ] as const) {
    test(`ONNX Runtime finds the results of netToOnnx: ${stored.name}, ${dtype}`, async () => {
      const net = new TwoLayerNet({
        W1: matrix(stored.W1),
        b1: matrix(stored.b1),
        W2: matrix(stored.W2),
        b2: matrix(stored.b2),
      });
      const X = matrix(stored.X);
      const results = await evaluate(netToOnnx(net, { dtype, outputs: OUTPUTS }), X, dtype);
      assert.deepEqual(Object.keys(results), OUTPUTS);
      const { scores } = net.forward(X);
      assert.deepEqual(results.scores.dims, [X.rows, net.outputSize]);
      close(results.scores.data, scores.data, tolerance, "scores");
      assert.deepEqual(results.labels.dims, [X.rows]);
      // Probabilities and labels are compared on the scores that were found: in float32, ties and
      // huge logits differ by right.
      const found = new Matrix(X.rows, net.outputSize, Float64Array.from(results.scores.data));
      assert.deepEqual(results.labels.data, Array.from(found.rowArgmax()));
      close(
        results.probabilities.data,
        softmaxLoss(found, found.rowArgmax()).probabilities.data,
        tolerance,
        "probabilities",
      );
      if (dtype === "float64") {
        close(
          results.probabilities.data,
          net.predictProba(X).data,
          1e-12,
          "probabilities of the net",
        );
        assert.deepEqual(results.labels.data, Array.from(net.predict(X)));
      }
    });
  }
}

test("ONNX Runtime and netFromOnnx standardize the input as the graph says", async () => {
  const net = TwoLayerNet.create({ inputSize: 4, hiddenSize: 6, outputSize: 3 });
  const standardize = {
    mean: Matrix.rowVector([1e6, -3, 0, 0.5]),
    std: Matrix.rowVector([2, 1e-3, 7, 1]),
  };
  const X = Matrix.fromRows([
    [1000001, -3.001, 7, 0.25],
    [999997, -2.998, -14, 1.5],
  ]);
  const expected = net.forward(
    X.map((value, _, j) => (value - standardize.mean.data[j]) / standardize.std.data[j]),
  ).scores;
  const file = netToOnnx(net, { standardize });
  const { scores } = await evaluate(file, X, "float64");
  close(scores.data, expected.data, 1e-12, "standardized in the graph");
  close(
    Array.from(netFromOnnx(file).forward(X).scores.data),
    expected.data,
    1e-8,
    "multiplied into the net",
  );
  const batchOfOne = await evaluate(file, X.sliceRows(1, 2), "float64");
  close(batchOfOne.scores.data, expected.row(1), 1e-12, "a batch of one");
  const empty = await evaluate(file, new Matrix(0, 4), "float64");
  assert.deepEqual(empty.scores.dims, [0, 3]);
});

test("ONNX Runtime finds the same scores in PyTorch's graph and in ours of its net", async () => {
  for (const name of ["torch-float32", "torch-float64", "torch-opset-9", "torch-softmax"]) {
    const file = readFileSync(new URL(`../fixtures/onnx/${name}.onnx`, import.meta.url));
    const dtype = name === "torch-float64" ? "float64" : "float32";
    const net = netFromOnnx(file);
    const X = Matrix.fromRows([
      [0.5, -1, 2],
      [1, 1, -1],
    ]);
    const before = (await evaluate(file, X, dtype, "input")).output.data;
    const output = name === "torch-softmax" ? "probabilities" : "scores";
    const after = (await evaluate(netToOnnx(net, { dtype, outputs: [output] }), X, dtype))[output]
      .data;
    assert.deepEqual(after, before, name); // the same numbers in the same graph
    close(
      Array.from((output === "scores" ? net.forward(X).scores : net.predictProba(X)).data),
      before,
      dtype === "float64" ? 1e-12 : 1e-5,
      name,
    );
  }
});

test("onnx-proto decodes and encodes every field of an exported file", () => {
  const { ModelProto } = onnxProto.onnx;
  const net = TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 });
  const file = netToOnnx(net, { outputs: OUTPUTS, metadata: { labels: '["a","b"]', größe: "ü" } });
  assert.equal(ModelProto.verify(ModelProto.decode(file)), null);
  const model = ModelProto.toObject(ModelProto.decode(file), { longs: Number });
  assert.deepEqual(Object.keys(model).sort(), [
    "graph",
    "irVersion",
    "metadataProps",
    "opsetImport",
    "producerName",
  ]);
  assert.equal(model.irVersion, 7);
  assert.equal(model.producerName, "twolayer");
  assert.deepEqual(model.opsetImport, [{ domain: "", version: 13 }]);
  assert.deepEqual(model.metadataProps, [
    { key: "labels", value: '["a","b"]' },
    { key: "größe", value: "ü" },
  ]);
  const { graph } = model;
  assert.deepEqual(
    graph.node.map((node: any) => [
      node.opType,
      node.input,
      node.output,
      (node.attribute ?? []).map((a: any) => [a.name, a.i, a.type]),
    ]),
    [
      ["MatMul", ["X", "W1"], ["product1"], []],
      ["Add", ["product1", "b1"], ["affine"], []],
      ["Relu", ["affine"], ["hidden"], []],
      ["MatMul", ["hidden", "W2"], ["product2"], []],
      ["Add", ["product2", "b2"], ["scores"], []],
      ["Softmax", ["scores"], ["probabilities"], []],
      [
        "ArgMax",
        ["scores"],
        ["labels"],
        [
          ["axis", 1, 2],
          ["keepdims", 0, 2],
        ],
      ],
    ],
  );
  assert.deepEqual(
    graph.initializer.map((t: any) => [t.name, t.dims, t.dataType]),
    [
      ["W1", [3, 4], 11],
      ["b1", [4], 11],
      ["W2", [4, 2], 11],
      ["b2", [2], 11],
    ],
  );
  assert.deepEqual(
    new Float64Array(Uint8Array.from(graph.initializer[0].rawData).buffer),
    net.params.W1.data,
  );
  const dims = (value: any): unknown[] =>
    value.type.tensorType.shape.dim.map((dim: any) => dim.dimParam ?? dim.dimValue);
  assert.deepEqual(
    graph.input.map((value: any) => [value.name, dims(value), value.type.tensorType.elemType]),
    [["X", ["N", 3], 11]],
  );
  assert.deepEqual(
    graph.output.map((value: any) => [value.name, dims(value), value.type.tensorType.elemType]),
    [
      ["scores", ["N", 2], 11],
      ["probabilities", ["N", 2], 11],
      ["labels", ["N"], 7],
    ],
  );
  const again = ModelProto.encode(ModelProto.decode(file)).finish();
  assert.deepEqual(parseOnnx(again), parseOnnx(file));
  assert.deepEqual(netFromOnnx(again).params, net.params);
});
