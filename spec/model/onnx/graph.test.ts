import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../../lib/base/errors.ts";
import { type OnnxModel, serializeOnnx } from "../../../lib/formats/onnx/onnx.ts";
import { netFromOnnx, readOnnxNet } from "../../../lib/model/net-onnx.ts";
import { GRAPHS, model, op, ROWS, sampleNet, tensor, weights } from "../../helpers/onnx-graphs.ts";
import { assertThrows } from "../../helpers/throws.ts";

const BODY = [
  op("MatMul", ["x", "W1"], "m"),
  op("Add", ["m", "b1"], "h"),
  op("Relu", ["h"], "r"),
  op("MatMul", ["r", "W2"], "n"),
  op("Add", ["n", "b2"], "s"),
];
const int = (value: number): { int: number } => ({ int: value });

for (const { name, model, net, classes } of GRAPHS) {
  test(`netFromOnnx finds the net of a graph in other words: ${name}`, () => {
    const bytes = serializeOnnx(model);
    const found = netFromOnnx(bytes);
    const expected = net.forward(ROWS).scores;
    assert.ok(found.forward(ROWS).scores.equals(expected, 1e-12));
    assert.deepEqual(readOnnxNet(bytes).classes, classes);
  });
}

test("A scaling of the input is given apart when it is a standardization", () => {
  const read = (name: string) =>
    readOnnxNet(serializeOnnx(GRAPHS.find((graph) => graph.name === name)!.model));
  const { standardize, net } = read("Sub and Div");
  assert.deepEqual([...standardize!.mean.data], [0.5, -1, 0.25]);
  assert.deepEqual([...standardize!.std.data], [2, 0.5, 4]);
  assert.deepEqual(net.params, sampleNet().params);
  assert.deepEqual([...read("Div by 255").standardize!.std.data], [255, 255, 255]);
  assert.equal(read("one minus x").standardize, undefined);
  assert.equal(read("Gemm").standardize, undefined);
});

test("skl2onnx's graph of a StandardScaler and an MLPClassifier is read, with its classes", () => {
  const scaler = {
    offset: { floats: [0.5, -1, 0.25] },
    scale: { floats: [0.5, 2, 0.25] },
  };
  const graph = model(
    [
      op("Scaler", ["x"], "variable", scaler, "ai.onnx.ml"),
      op("Cast", ["variable"], "y", { to: int(11) }),
      op("MatMul", ["y", "W1"], "m"),
      ...BODY.slice(1),
      op("Softmax", ["s"], "p", { axis: int(1) }),
      op("ArgMax", ["p"], "a", { axis: int(1) }),
      op("ArrayFeatureExtractor", ["names", "a"], "f", {}, "ai.onnx.ml"),
      op("ZipMap", ["p"], "z", { classlabels_strings: { texts: ["no", "yes"] } }, "ai.onnx.ml"),
    ],
    [...weights(sampleNet()), ["names", { dtype: "text", shape: [2], data: ["no", "yes"] }]],
    { outputs: ["f", "z"], outputType: "text" },
  );
  const { net, standardize, classes } = readOnnxNet(serializeOnnx(graph));
  assert.deepEqual(net.params, sampleNet().params);
  assert.deepEqual([...standardize!.mean.data], [0.5, -1, 0.25]);
  assert.deepEqual([...standardize!.std.data], [2, 0.5, 4]);
  assert.deepEqual(classes, ["no", "yes"]);
});

test("A Reshape of the probabilities to rows of as many columns changes nothing", () => {
  const target = (columns: number): OnnxModel =>
    model(
      [
        ...BODY,
        op("Softmax", ["s"], "p", { axis: int(1) }),
        op("Constant", [], "target", { value_ints: { ints: [0, columns] } }),
        op("Reshape", ["p", "target"], "q"),
      ],
      weights(sampleNet()),
      { outputs: ["q"] },
    );
  for (const columns of [-1, 2])
    assert.deepEqual(netFromOnnx(serializeOnnx(target(columns))).params, sampleNet().params);
  assert.throws(() => netFromOnnx(serializeOnnx(target(1))), /expected rows of 2 columns/);
});

test("The names of the classes are integers where the graph has integers", () => {
  const zipped = model(
    [
      ...BODY,
      op("Softmax", ["s"], "p", { axis: int(1) }),
      op("ZipMap", ["p"], "z", { classlabels_int64s: { ints: [3, 7] } }, "ai.onnx.ml"),
    ],
    weights(sampleNet()),
  );
  assert.deepEqual(readOnnxNet(serializeOnnx(zipped)).classes, [3, 7]);
});

/** The plain graph after a change. */
function changed(change: (plain: OnnxModel) => void): OnnxModel {
  const plain = model(structuredClone(BODY), weights(sampleNet()));
  change(plain);
  return plain;
}

/** The plain graph with nodes behind it, whose last output is the graph's. */
const behind = (...nodes: ReturnType<typeof op>[]): OnnxModel =>
  model([...BODY, ...nodes], weights(sampleNet()));

const REFUSED: [string, OnnxModel, string][] = [
  [
    "Tanh",
    changed(({ nodes }) => (nodes[2].op = "Tanh")),
    'node 2, "/r": Tanh is no part of a two-layer ReLU net',
  ],
  [
    "an operator of another domain",
    changed(({ nodes }) => (nodes[2].domain = "com.microsoft")),
    'node 2, "/r": Relu of "com.microsoft" is no part of a two-layer ReLU net',
  ],
  [
    "a name that every object has",
    changed(({ nodes }) => (nodes[2].op = "constructor")),
    'node 2, "/r": constructor is no part of a two-layer ReLU net',
  ],
  [
    "an unknown attribute",
    changed(({ nodes }) => nodes[2].attributes.set("__proto__", int(1))),
    'node 2, "/r": Relu has an unknown attribute "__proto__"',
  ],
  [
    "no Relu",
    changed(({ nodes }) => (nodes[2].op = "Identity")),
    'node 3, "/n": MatMul expected the input or the hidden layer, ' +
      "got the hidden layer before its Relu",
  ],
  [
    "a third layer",
    behind(op("Relu", ["s"], "t")),
    'node 5, "/t": Relu expected the hidden layer before its Relu, got the scores',
  ],
  [
    "a single layer",
    model([op("MatMul", ["x", "W1"], "s")], weights(sampleNet())),
    'output "s", expected the scores, the probabilities or the labels of a two-layer ReLU net, ' +
      "got the hidden layer before its Relu",
  ],
  [
    "an output of the hidden layer",
    changed((plain) => (plain.outputs[0].name = "r")),
    'output "r", expected the scores, the probabilities or the labels of a two-layer ReLU net, ' +
      "got the hidden layer",
  ],
  ["no nodes", changed((plain) => (plain.nodes = [])), 'no node computes the output "s"'],
  [
    "no outputs",
    changed((plain) => (plain.outputs = [])),
    "expected the scores or what follows them, got no output",
  ],
  ["a cycle", changed(({ nodes }) => (nodes[0].inputs[0] = "s")), 'value "s" depends on itself'],
  [
    "a value computed twice",
    changed(({ nodes }) => (nodes[1].outputs[0] = "W2")),
    'value "W2" is computed twice',
  ],
  [
    "a weight that is missing",
    changed(({ initializers }) => initializers.delete("W2")),
    'node 3, "/n": MatMul takes "W2", which no node computes',
  ],
  [
    "a product of two inputs",
    changed(({ nodes }) => (nodes[0].inputs[1] = "x")),
    'node 0, "/m": MatMul expected a constant as the weight, got the input',
  ],
  [
    "a transposed input",
    changed(({ nodes }) => {
      nodes[0] = op("Gemm", ["x", "W1"], "m", { transA: int(1) });
    }),
    'node 0, "/m": Gemm expected transA 0, got 1',
  ],
  [
    "a weight of text",
    changed(({ initializers }) => {
      initializers.set("W1", { dtype: "text", shape: [1], data: ["w"] });
    }),
    'node 0, "/m": MatMul expected numbers as the weight, got text',
  ],
  [
    "a weight of one dimension",
    changed(({ initializers }) => initializers.set("W1", tensor([12], ...Array(12).fill(1)))),
    'node 0, "/m": MatMul expected a weight of 2 dimensions >= 1, got shape (12,)',
  ],
  [
    "a weight of other rows",
    changed(({ initializers }) => initializers.set("W2", tensor([5, 2], ...Array(10).fill(1)))),
    'node 3, "/n": MatMul expected a weight of 4 rows, got (5, 2)',
  ],
  [
    "a bias of a column",
    changed(({ initializers }) => initializers.set("b1", tensor([4, 1], 1, 2, 3, 4))),
    'node 1, "/h": Add expected one number or one for each column, got a constant of shape (4, 1)',
  ],
  [
    "weights that are not finite",
    changed(({ initializers }) => (initializers.get("W1")!.data as Float64Array).set([NaN], 5)),
    "W1 expected finite numbers, got NaN at row 1, column 1",
  ],
  [
    "a mean of another width",
    model(
      [op("Sub", ["x", "mean"], "y"), op("MatMul", ["y", "W1"], "m"), ...BODY.slice(1)],
      [...weights(sampleNet()), ["mean", tensor([2], 1, 2)]],
    ),
    'node 1, "/m": MatMul expected 3 numbers, one for each column, got 2',
  ],
  [
    "a division by zero",
    model(
      [op("Div", ["x", "std"], "y"), op("MatMul", ["y", "W1"], "m"), ...BODY.slice(1)],
      [...weights(sampleNet()), ["std", tensor([3], 1, 0, 2)]],
    ),
    "expected an input scaled by finite numbers other than 0, " +
      "got mean 0 and std 0 in column 1",
  ],
  [
    "a constant without elements",
    model(
      [...BODY.slice(0, 1), op("Add", ["m", "none"], "h"), ...BODY.slice(2)],
      [...weights(sampleNet()), ["none", tensor([0])]],
    ),
    'node 1, "/h": Add expected 4 numbers, one for each column, got 0',
  ],
  [
    "a scaling that makes weights infinite",
    model(
      [op("Div", ["x", "std"], "y"), op("MatMul", ["y", "W1"], "m"), ...BODY.slice(1)],
      [...weights(sampleNet()), ["std", tensor([3], 1, -(2 ** -1060), 1)]],
    ),
    "W1 expected finite numbers, got -Infinity at row 1, column 0",
  ],
  [
    "an attribute of another type",
    changed(({ nodes }) => {
      nodes[0] = op("Gemm", ["x", "W1"], "m", { alpha: int(2) });
    }),
    'node 0, "/m": Gemm expected the attribute alpha to be of type float',
  ],
  [
    "the second output of a node",
    changed(({ nodes }) => {
      nodes[0].outputs.push("mask");
      nodes[1].inputs[0] = "mask";
    }),
    'node 0, "/m": MatMul expected its first output to be used',
  ],
  [
    "a Clip at 6",
    model(
      [...BODY.slice(0, 2), op("Clip", ["h", "low", "high"], "r"), ...BODY.slice(3)],
      [...weights(sampleNet()), ["low", tensor([], 0)], ["high", tensor([], 6)]],
    ),
    'node 2, "/r": Clip expected a lower bound of 0 and no upper one, got 0 and 6',
  ],
  [
    "a Dropout that trains",
    model(
      [op("Dropout", ["x", "ratio", "on"], "y"), op("MatMul", ["y", "W1"], "m"), ...BODY.slice(1)],
      [
        ...weights(sampleNet()),
        ["ratio", tensor([], 0.5)],
        ["on", { dtype: "bool", shape: [], data: Uint8Array.of(1) }],
      ],
    ),
    'node 0, "/y": Dropout expected it without training_mode',
  ],
  [
    "a cast to integers",
    changed(({ nodes }) => (nodes[2] = op("Cast", ["h"], "r", { to: int(7) }))),
    'node 2, "/r": Cast expected a cast between float types, ' +
      "got one of the hidden layer before its Relu to 7",
  ],
  [
    "a Softmax over the rows",
    behind(op("Softmax", ["s"], "p", { axis: int(0) })),
    'node 5, "/p": Softmax expected axis 1, over the classes, got 0',
  ],
  [
    "an ArgMax over the rows by default",
    behind(op("ArgMax", ["s"], "l")),
    'node 5, "/l": ArgMax expected axis 1, over the classes, got 0',
  ],
  [
    "a Sigmoid of two scores",
    behind(op("Sigmoid", ["s"], "p")),
    'node 5, "/p": Sigmoid expected one score, got 2; these are 2 answers of yes or no, not ' +
      "classes",
  ],
  [
    "names of another number of classes",
    behind(
      op("Softmax", ["s"], "p"),
      op("ZipMap", ["p"], "z", { classlabels_strings: { texts: ["a", "b", "c"] } }, "ai.onnx.ml"),
    ),
    'node 6, "/z": ZipMap expected 2 names of classes, got 3',
  ],
  [
    "more nodes than such a net needs",
    model(
      [
        ...Array.from({ length: 300 }, (_, i) =>
          op("Identity", [i === 0 ? "x" : `i${i - 1}`], `i${i}`),
        ),
        op("MatMul", ["i299", "W1"], "m"),
        ...BODY.slice(1),
      ],
      weights(sampleNet()),
    ),
    "expected at most 256 nodes of a two-layer net, got more",
  ],
];
for (const [what, graph, message] of REFUSED) {
  test(`netFromOnnx refuses ${what}`, () => {
    const bytes = serializeOnnx(graph);
    assertThrows(() => netFromOnnx(bytes), FormatError, `onnx: ${message}`);
  });
}

test("Nodes on which no output depends are ignored, whatever they are", () => {
  const graph = changed(({ nodes }) => nodes.push(op("Tanh", ["s"], "t")));
  assert.deepEqual(netFromOnnx(serializeOnnx(graph)).params, sampleNet().params);
});
