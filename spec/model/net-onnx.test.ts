import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FormatError, ShapeError } from "../../lib/base/errors.ts";
import { type OnnxModel, parseOnnx, serializeOnnx } from "../../lib/formats/onnx/onnx.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { netFromOnnx, netToOnnx, readOnnxNet } from "../../lib/model/net-onnx.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { refusesEveryTruncation, survivesEveryByteChange } from "../helpers/mutations.ts";
import { assertThrows } from "../helpers/throws.ts";

const net = (): TwoLayerNet => TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 });
const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/onnx/${name}`, import.meta.url));
const answers: Record<
  string,
  { W1: number[]; b1: number[]; W2: number[]; b2: number[]; X: number[]; result: number[] }
> = JSON.parse(fixture("answers.json").toString());

for (const [name, answer] of Object.entries(answers)) {
  test(`netFromOnnx reads the weights of ${name}.onnx to the bit`, () => {
    const read = netFromOnnx(fixture(`${name}.onnx`));
    const { W1, b1, W2, b2 } = answer;
    const of = (rows: number, cols: number, data: number[]): Matrix =>
      new Matrix(rows, cols, Float64Array.from(data));
    assert.deepEqual(read.params, {
      W1: of(3, 4, W1),
      b1: of(1, 4, b1),
      W2: of(4, 2, W2),
      b2: of(1, 2, b2),
    });
    const X = of(5, 3, answer.X);
    const result = /softmax|helper/.test(name) ? read.predictProba(X) : read.forward(X).scores;
    const tolerance = /float64|double|constants/.test(name) ? 1e-14 : 1e-6;
    assert.ok(result.equals(of(5, 2, answer.result), tolerance));
  });
}

/** What PyTorch itself answers with each of the nets in fixtures/onnx/torch. */
type TorchAnswer = { kind: string; double: boolean; X: number[]; result: number[] };
const TORCH = new URL("../fixtures/onnx/torch/", import.meta.url);

for (const version of ["1.13", "2.13"]) {
  const torch: Record<string, TorchAnswer> = JSON.parse(
    readFileSync(new URL(`answers-${version}.json`, TORCH), "utf8"),
  );
  for (const [name, { kind, double, X, result }] of Object.entries(torch)) {
    test(`netFromOnnx reads the export of PyTorch ${version}: ${name}`, () => {
      const net = netFromOnnx(readFileSync(new URL(`torch-${version}-${name}.onnx`, TORCH)), {
        readExternal: (location) => readFileSync(new URL(location, TORCH)),
      });
      const rows = new Matrix(X.length / net.inputSize, net.inputSize, Float64Array.from(X));
      const { scores } = net.forward(rows);
      const probabilities = net.predictProba(rows);
      const one = (matrix: Matrix): Matrix =>
        new Matrix(matrix.rows, 1).map((_, i) => matrix.get(i, 1));
      const found = {
        scores,
        probabilities,
        logProbabilities: probabilities.map(Math.log),
        labels: new Matrix(rows.rows, 1, Float64Array.from(net.predict(rows))),
        binary: one(scores),
        sigmoid: one(probabilities),
      }[kind]!;
      const expected = new Matrix(found.rows, found.cols, Float64Array.from(result));
      assert.ok(found.equals(expected, double ? 1e-12 : 1e-6), `${found} and ${expected}`);
    });
  }
}

test("netToOnnx and netFromOnnx give back every bit, whatever the outputs; float32 rounds", () => {
  for (const outputs of [
    ["scores"],
    ["labels"],
    ["probabilities", "scores"],
    ["scores", "probabilities", "labels"],
  ] as const) {
    const file = netToOnnx(net(), { outputs });
    assert.deepEqual(netFromOnnx(file).params, net().params);
    assert.deepEqual(file, netToOnnx(net(), { outputs }));
  }
  assert.deepEqual(
    netFromOnnx(netToOnnx(net(), { dtype: "float32" })).params.W1.data,
    net().params.W1.data.map(Math.fround),
  );
});

test("netToOnnx writes MatMul and Add of opset 13 with named values and a symbolic batch", () => {
  const { irVersion, opset, producer, graph, nodes, inputs, outputs } = parseOnnx(
    netToOnnx(net(), { outputs: ["scores", "labels"], dtype: "float32" }),
  );
  assert.deepEqual([irVersion, opset, producer, graph], [7, 13, "twolayer", "two-layer-net"]);
  assert.deepEqual(
    nodes.map(({ op, inputs, outputs, attributes }) => [op, inputs, outputs, [...attributes]]),
    [
      ["MatMul", ["X", "W1"], ["product1"], []],
      ["Add", ["product1", "b1"], ["affine"], []],
      ["Relu", ["affine"], ["hidden"], []],
      ["MatMul", ["hidden", "W2"], ["product2"], []],
      ["Add", ["product2", "b2"], ["scores"], []],
      [
        "ArgMax",
        ["scores"],
        ["labels"],
        [
          ["axis", { int: 1 }],
          ["keepdims", { int: 0 }],
        ],
      ],
    ],
  );
  assert.deepEqual(inputs, [{ name: "X", dtype: "float32", shape: ["N", 3] }]);
  assert.deepEqual(outputs, [
    { name: "scores", dtype: "float32", shape: ["N", 2] },
    { name: "labels", dtype: "int64", shape: ["N"] },
  ]);
});

test("readOnnxNet gives back standardization and metadata, netFromOnnx folds the former", () => {
  const standardize = { mean: Matrix.rowVector([10, -1, 0]), std: Matrix.rowVector([2, 0.5, 1]) };
  const file = netToOnnx(net(), { standardize, metadata: { labels: '["a","ü"]' } });
  assert.deepEqual(readOnnxNet(file), {
    net: net(),
    standardize,
    metadata: new Map([["labels", '["a","ü"]']]),
  });
  const X = Matrix.fromRows([
    [12, -1, 3],
    [9, 0, -1],
    [10, -2, 0],
  ]);
  const expected = net().forward(
    X.map((value, _, j) => (value - standardize.mean.data[j]) / standardize.std.data[j]),
  ).scores;
  assert.ok(netFromOnnx(file).forward(X).scores.equals(expected, 1e-12));
  assert.equal("standardize" in readOnnxNet(netToOnnx(net())), false);
});

/** The model of a plain net after a change. */
function changed(
  change: (model: OnnxModel) => void,
  options: Parameters<typeof netToOnnx>[1] = {},
): Uint8Array {
  const model = parseOnnx(netToOnnx(net(), options));
  change(model);
  return serializeOnnx(model);
}

test("netFromOnnx takes nodes in any order and initializers that are listed as inputs", () => {
  const model = parseOnnx(netToOnnx(net(), { outputs: ["labels"] }));
  model.nodes.reverse();
  for (const [name, { shape }] of model.initializers)
    model.inputs.push({ name, dtype: "float64", shape: [...shape] });
  assert.deepEqual(netFromOnnx(serializeOnnx(model)).params, net().params);
});

test("netFromOnnx takes one of the two steps of a standardization", () => {
  const file = changed((model) => (model.nodes.at(-1)!.inputs[0] = "probabilities"), {
    outputs: ["probabilities", "labels"],
  });
  assert.deepEqual(netFromOnnx(file).params, net().params);
  const standardize = { mean: Matrix.rowVector([1, 2, 3]), std: Matrix.rowVector([4, 5, 6]) };
  const only = (op: string): Uint8Array =>
    changed(
      (model) => {
        model.nodes = model.nodes.filter((node) => node.op !== (op === "Sub" ? "Div" : "Sub"));
        model.nodes[0].inputs[0] = "X";
        model.nodes[1].inputs[0] = model.nodes[0].outputs[0];
      },
      { standardize },
    );
  assert.deepEqual(readOnnxNet(only("Sub")).standardize, {
    mean: standardize.mean,
    std: Matrix.rowVector([1, 1, 1]),
  });
  assert.deepEqual(readOnnxNet(only("Div")).standardize, {
    mean: new Matrix(1, 3),
    std: standardize.std,
  });
});

const REFUSED: [string, Uint8Array, string][] = [
  [
    "PyTorch's export of a net with Tanh",
    fixture("refused-torch-tanh.onnx"),
    'node 1, "/1/Tanh": Tanh is no part of a two-layer ReLU net',
  ],
  [
    "PyTorch's export of three layers",
    fixture("refused-torch-three-layers.onnx"),
    'node 3, "/3/Relu": Relu expected the hidden layer before its Relu, got the scores',
  ],
  [
    "two inputs",
    changed((m) => m.inputs.push({ ...m.inputs[0], name: "Z" })),
    'expected one input, got "X", "Z"',
  ],
  ["no input", changed((m) => (m.inputs = [])), "expected one input, got none"],
  ["an old opset", changed((m) => (m.opset = 6)), "expected opset 7 or later, got 6"],
];
for (const [what, bytes, message] of REFUSED) {
  test(`netFromOnnx refuses ${what}`, () => {
    assert.equal(
      assertThrows(() => netFromOnnx(bytes), FormatError, `onnx: ${message}`).format,
      "onnx",
    );
  });
}

test("netFromOnnx refuses every truncation and survives every change of one byte", () => {
  const small = TwoLayerNet.create({ inputSize: 1, hiddenSize: 1, outputSize: 2 });
  const file = netToOnnx(small, { outputs: ["probabilities"], metadata: { k: "v" } });
  refusesEveryTruncation(file, netFromOnnx);
  survivesEveryByteChange(file, netFromOnnx, {
    check: ({ params }) => assert.ok(params.W1.data.length <= 2),
    values: [0x00, 0x01, 0x12, 0x7f, 0x80, 0xff],
  });
});

test("netToOnnx names what is wrong", () => {
  assertThrows(
    () => netToOnnx(3 as never),
    TypeError,
    "netToOnnx: net expected a TwoLayerNet, got 3",
  );
  assertThrows(
    () => netToOnnx(net(), { opset: 12 } as never),
    TypeError,
    "netToOnnx: unknown option opset; expected dtype, outputs, standardize, metadata",
  );
  assertThrows(
    () => netToOnnx(net(), { dtype: "f32" as never }),
    TypeError,
    'netToOnnx: dtype expected "float64" | "float32", got "f32"',
  );
  assertThrows(
    () => netToOnnx(net(), { outputs: [] }),
    TypeError,
    "netToOnnx: outputs expected an array of at least one, got an array of 0",
  );
  assertThrows(
    () => netToOnnx(net(), { outputs: ["logits" as never] }),
    TypeError,
    'netToOnnx: outputs expected "scores" | "probabilities" | "labels", got "logits"',
  );
  assertThrows(
    () => netToOnnx(net(), { outputs: ["scores", "scores"] }),
    RangeError,
    "netToOnnx: outputs expected each once, got scores, scores",
  );
  assertThrows(
    () => netToOnnx(net(), { metadata: { k: 1 as never } }),
    TypeError,
    'netToOnnx: metadata "k" expected a string, got 1',
  );
  const row = Matrix.rowVector([1, 2, 3]);
  assertThrows(
    () => netToOnnx(net(), { standardize: { mean: row, std: new Matrix(3, 1) } }),
    ShapeError,
    "netToOnnx: standardize: std expected 1×3, got 3×1",
  );
  assertThrows(
    () => netToOnnx(net(), { standardize: { mean: row, std: Matrix.rowVector([1, 0, 1]) } }),
    RangeError,
    "netToOnnx: standardize: expected a finite mean and a finite std > 0, got 2 and 0 in column 1",
  );
  assertThrows(
    () => netToOnnx(net(), { standardize: { mean: row } as never }),
    TypeError,
    "netToOnnx: standardize: std expected a Matrix, got undefined",
  );
  const broken = net();
  broken.params.W2.set(1, 0, -Infinity);
  assertThrows(
    () => netToOnnx(broken),
    RangeError,
    "netToOnnx: W2 expected finite numbers, got -Infinity at row 1, column 0",
  );
});
