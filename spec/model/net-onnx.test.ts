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
  test(`netFromOnnx reads ${name}.onnx: the weights to the bit, its results to the precision it was computed in`, () => {
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

test("netToOnnx and netFromOnnx give back every bit, whatever the outputs; float32 rounds", () => {
  for (const outputs of [
    ["scores"],
    ["labels"],
    ["probabilities", "scores"],
    ["scores", "probabilities", "labels"],
  ] as const) {
    const file = netToOnnx(net(), { outputs });
    assert.deepEqual(netFromOnnx(file).params, net().params);
    assert.deepEqual(readOnnxNet(file).outputs, [...outputs]);
    assert.deepEqual(file, netToOnnx(net(), { outputs }));
  }
  assert.deepEqual(
    netFromOnnx(netToOnnx(net(), { dtype: "float32" })).params.W1.data,
    net().params.W1.data.map(Math.fround),
  );
});

test("netToOnnx writes opset 13, IR version 7 and Gemm without attributes, with named values and a symbolic batch", () => {
  const { irVersion, opset, producer, graph, nodes, inputs, outputs } = parseOnnx(
    netToOnnx(net(), { outputs: ["scores", "labels"], dtype: "float32" }),
  );
  assert.deepEqual([irVersion, opset, producer, graph], [7, 13, "twolayer", "two-layer-net"]);
  assert.deepEqual(
    nodes.map(({ op, inputs, outputs, attributes }) => [op, inputs, outputs, [...attributes]]),
    [
      ["Gemm", ["X", "W1", "b1"], ["affine"], []],
      ["Relu", ["affine"], ["hidden"], []],
      ["Gemm", ["hidden", "W2", "b2"], ["scores"], []],
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

test("readOnnxNet gives back standardization and metadata; netFromOnnx multiplies the standardization into the net", () => {
  const standardize = { mean: Matrix.rowVector([10, -1, 0]), std: Matrix.rowVector([2, 0.5, 1]) };
  const file = netToOnnx(net(), { standardize, metadata: { labels: '["a","ü"]' } });
  assert.deepEqual(readOnnxNet(file), {
    net: net(),
    standardize,
    metadata: new Map([["labels", '["a","ü"]']]),
    outputs: ["scores"],
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

test("netFromOnnx takes transposed weights, missing biases, biases of one row, nodes in any order, and initializers listed as inputs", () => {
  const plain = net();
  plain.params.b1.data.set([1, 2, 3, 4]);
  const model = parseOnnx(netToOnnx(plain, { outputs: ["labels"] }));
  const { W1 } = plain.params;
  model.nodes[0].attributes
    .set("transB", { int: 1 })
    .set("alpha", { float: 1 })
    .set("beta", { float: 1 })
    .set("transA", { int: 0 });
  model.initializers.set("W1", { dtype: "float64", shape: [4, 3], data: W1.transpose().data });
  model.initializers.set("b1", { ...model.initializers.get("b1")!, shape: [1, 4] });
  model.nodes[2].inputs.pop();
  model.nodes.reverse();
  for (const [name, { shape }] of model.initializers)
    model.inputs.push({ name, dtype: "float64", shape: [...shape] });
  assert.deepEqual(netFromOnnx(serializeOnnx(model)).params, plain.params);
  model.nodes[1].inputs.push(""); // an optional input left out
  assert.deepEqual(netFromOnnx(serializeOnnx(model)).params, plain.params);
});

test("netFromOnnx takes ArgMax of the probabilities, and standardization by one of the two steps", () => {
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

const standardize = { mean: Matrix.rowVector([0, 0, 0]), std: Matrix.rowVector([1, 1, 1]) };
const REFUSED: [string, Uint8Array, string][] = [
  [
    "PyTorch's export of a net with Tanh",
    fixture("refused-torch-tanh.onnx"),
    'expected Gemm, Relu, Gemm, got Tanh where Relu takes "/0/Gemm_output_0"',
  ],
  [
    "PyTorch's export of three layers",
    fixture("refused-torch-three-layers.onnx"),
    'expected Gemm, Relu, Gemm and at most Softmax and ArgMax, got "Relu" beside them',
  ],
  [
    "an empty graph",
    changed((m) => (m.nodes = [])),
    'expected Gemm, Relu, Gemm, got nothing where Gemm takes "X"',
  ],
  [
    "two inputs",
    changed((m) => m.inputs.push({ ...m.inputs[0], name: "Z" })),
    'expected one input, got "X", "Z"',
  ],
  ["no input", changed((m) => (m.inputs = [])), "expected one input, got none"],
  ["an old opset", changed((m) => (m.opset = 6)), "expected opset 7 or later, got 6"],
  [
    "operators of others",
    changed((m) => (m.nodes[1].domain = "com.microsoft")),
    'expected standard operators, got "Relu" of "com.microsoft"',
  ],
  [
    "a value computed twice",
    changed((m) => (m.nodes[1].outputs = ["affine"])),
    'value "affine" is computed twice',
  ],
  [
    "a node that computes a weight",
    changed((m) => (m.nodes[1].outputs = ["W2"])),
    'value "W2" is computed twice',
  ],
  [
    "a cycle",
    changed((m) => (m.nodes[0].inputs[0] = "scores")),
    'expected Gemm, Relu, Gemm, got nothing where Gemm takes "X"',
  ],
  [
    "a weight that is no constant",
    changed((m) => m.initializers.delete("W2")),
    'Gemm node "scores", expected a constant as input 1, got "W2"',
  ],
  [
    "a scaled Gemm",
    changed((m) => m.nodes[2].attributes.set("alpha", { float: 2 })),
    'Gemm node "scores", expected alpha and beta 1 and transA 0, got alpha 2',
  ],
  [
    "a transposed input",
    changed((m) => m.nodes[0].attributes.set("transA", { int: 1 })),
    'Gemm node "affine", expected alpha and beta 1 and transA 0, got transA 1',
  ],
  [
    "an unknown attribute",
    changed((m) => m.nodes[0].attributes.set("__proto__", { int: 1 })),
    'Gemm node "affine", expected alpha and beta 1 and transA 0, got __proto__ 1',
  ],
  [
    "a weight of one dimension",
    changed((m) =>
      m.initializers.set("W1", { dtype: "float64", shape: [12], data: new Float64Array(12) }),
    ),
    'Gemm node "affine", expected a weight of 2 dimensions >= 1, got shape (12,)',
  ],
  [
    "an empty weight of absurd width",
    changed((m) => {
      m.nodes[0].attributes.set("transB", { int: 1 });
      m.initializers.set("W1", {
        dtype: "float64",
        shape: [2 ** 31 - 1, 0],
        data: new Float64Array(0),
      });
    }),
    'Gemm node "affine", expected a weight of 2 dimensions >= 1, got shape (2147483647, 0)',
  ],
  [
    "a bias of a column",
    changed((m) =>
      m.initializers.set("b1", { dtype: "float64", shape: [4, 1], data: new Float64Array(4) }),
    ),
    'Gemm node "affine", expected a constant of shape (n,) or (1, n), got (4, 1)',
  ],
  [
    "weights that do not fit together",
    changed((m) =>
      m.initializers.set("W2", { dtype: "float64", shape: [5, 2], data: new Float64Array(10) }),
    ),
    "expected W1 (D, H), b1 (1, H), W2 (H, C), b2 (1, C), got W1 (3, 4), b1 (1, 4), W2 (5, 2), b2 (1, 2)",
  ],
  [
    "a mean of another width",
    changed(
      (m) =>
        m.initializers.set("mean", { dtype: "float64", shape: [2], data: new Float64Array(2) }),
      { standardize },
    ),
    "expected a mean of 3 columns, as W1 has rows, got 2",
  ],
  [
    "a division by zero",
    changed(
      (m) => m.initializers.set("std", { dtype: "float64", shape: [3], data: new Float64Array(3) }),
      { standardize },
    ),
    "expected divisors > 0 for the input",
  ],
  [
    "a Softmax over the rows",
    changed((m) => m.nodes[3].attributes.set("axis", { int: 0 }), { outputs: ["probabilities"] }),
    'Softmax node "probabilities", expected axis 1, over the classes, got 0',
  ],
  [
    "an ArgMax over the rows by default",
    changed((m) => m.nodes[3].attributes.delete("axis"), { outputs: ["labels"] }),
    'ArgMax node "labels", expected axis 1, over the classes, got 0',
  ],
  [
    "an output of the hidden layer",
    changed((m) => (m.outputs[0].name = "hidden")),
    'expected the scores, their Softmax or their ArgMax as outputs, got "hidden"',
  ],
  [
    "no output",
    changed((m) => (m.outputs = [])),
    'expected the scores, their Softmax or their ArgMax as outputs, got "none"',
  ],
  [
    "a node of two outputs",
    changed((m) => m.nodes[1].outputs.push("second")),
    'Relu node "hidden", expected one output, got 2',
  ],
];
for (const [what, bytes, message] of REFUSED) {
  test(`netFromOnnx refuses ${what}`, () => {
    assert.equal(
      assertThrows(() => netFromOnnx(bytes), FormatError, `onnx: ${message}`).format,
      "onnx",
    );
  });
}

test("netFromOnnx refuses every truncation of what netToOnnx writes and survives every change of one byte", () => {
  const small = TwoLayerNet.create({ inputSize: 1, hiddenSize: 1, outputSize: 1 });
  const file = netToOnnx(small, { outputs: ["probabilities"], metadata: { k: "v" } });
  refusesEveryTruncation(file, netFromOnnx);
  survivesEveryByteChange(file, netFromOnnx, {
    check: ({ params }) => assert.equal(params.W1.data.length, 1),
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
    "netToOnnx: standardize.std expected a 1×3 row, got 3×1",
  );
  assertThrows(
    () => netToOnnx(net(), { standardize: { mean: row, std: Matrix.rowVector([1, 0, 1]) } }),
    RangeError,
    "netToOnnx: standardize.std expected finite numbers > 0, got 0 in column 1",
  );
  assertThrows(
    () => netToOnnx(net(), { standardize: { mean: row } as never }),
    TypeError,
    "netToOnnx: standardize.std expected a Matrix, got undefined",
  );
});
