// ONNX graphs that compute a two-layer ReLU net in other words than netToOnnx: as PyTorch, skl2onnx
// and tf2onnx write them, after the operators' definitions in the ONNX specification. Each has the
// net that it computes; spec/interop has ONNX Runtime evaluate the same graphs.

import type { OnnxAttribute, OnnxModel, OnnxNode } from "../../lib/formats/onnx/onnx.ts";
import type { OnnxTensor } from "../../lib/formats/onnx/onnx-tensor.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";

/** D inputs, H hidden units, C scores. */
export const D = 3;
const H = 4;
const C = 2;

/** A net whose numbers are all different; `outputSize` 1 is a binary classifier. */
export function sampleNet(outputSize = C): TwoLayerNet {
  const net = TwoLayerNet.create({ inputSize: D, hiddenSize: H, outputSize });
  net.params.b1.data.set([0.5, -0.25, 0.125, 0.75]);
  net.params.b2.data.set([0.3, -0.2].slice(0, outputSize));
  return net;
}

/** Rows to compare the results on. */
export const ROWS = Matrix.fromRows([
  [0.5, -1, 2],
  [1, 1, -1],
  [-3, 0.25, 0.125],
  [0, 0, 0],
]);

type Attributes = { [name: string]: OnnxAttribute };

/** A node; its output is its name. */
export function op(
  name: string,
  inputs: string[],
  output: string,
  attributes: Attributes = {},
  domain = "",
): OnnxNode {
  return {
    op: name,
    domain,
    name: `/${output}`,
    inputs,
    outputs: [output],
    attributes: new Map(Object.entries(attributes)),
  };
}

/** A tensor of float64. */
export function tensor(shape: number[], ...values: number[]): OnnxTensor {
  return { dtype: "float64", shape, data: Float64Array.from(values) };
}

const ints = (...values: number[]): OnnxTensor => ({
  dtype: "int64",
  shape: [values.length],
  data: Float64Array.from(values),
});
const matrix = ({ rows, cols, data }: Matrix): OnnxTensor => ({
  dtype: "float64",
  shape: [rows, cols],
  data,
});
const row = ({ cols, data }: Matrix): OnnxTensor => ({ dtype: "float64", shape: [cols], data });

/** The net's weights under their names, biases as rows of one dimension. */
export function weights({ params }: TwoLayerNet): [string, OnnxTensor][] {
  return [
    ["W1", matrix(params.W1)],
    ["b1", row(params.b1)],
    ["W2", matrix(params.W2)],
    ["b2", row(params.b2)],
  ];
}

/** A model with the input x and one output. */
export function model(
  nodes: OnnxNode[],
  initializers: readonly (readonly [string, OnnxTensor])[],
  {
    opset = 13,
    input = ["N", D] as (number | string)[],
    outputs = [nodes.at(-1)!.outputs[0]],
    outputType = "float64" as "float64" | "int64" | "text",
  } = {},
): OnnxModel {
  return {
    irVersion: 7,
    opset,
    otherOpsets: nodes.some(({ domain }) => domain !== "")
      ? new Map([["ai.onnx.ml", 2]])
      : new Map(),
    producer: "test",
    metadata: new Map(),
    graph: "g",
    nodes,
    initializers: new Map(initializers),
    inputs: [{ name: "x", dtype: "float64", shape: input }],
    outputs: outputs.map((name, i) => ({
      name,
      dtype: i === 0 ? outputType : "float64",
      shape: i === 0 && outputType !== "float64" ? ["N"] : ["N", "C"],
    })),
  };
}

/** A graph, the net that it computes, and which of the net's results is its (first) output. */
export type Graph = {
  name: string;
  model: OnnxModel;
  net: TwoLayerNet;
  result: "scores" | "probabilities" | "logProbabilities" | "labels" | "sigmoid";
  classes?: (string | number)[];
};

const RELU = op("Relu", ["h"], "r");
const FIRST = [op("MatMul", ["x", "W1"], "m"), op("Add", ["m", "b1"], "h")];
const SECOND = [op("MatMul", ["r", "W2"], "n"), op("Add", ["n", "b2"], "s")];
const BODY = [...FIRST, RELU, ...SECOND];
const float = (value: number): OnnxAttribute => ({ float: value });
const int = (value: number): OnnxAttribute => ({ int: value });

/** The body with nodes before it; they compute "y" from "x". */
const before = (...nodes: OnnxNode[]): OnnxNode[] => [
  ...nodes,
  op("MatMul", ["y", "W1"], "m"),
  ...BODY.slice(1),
];

/** A graph of the sample net's scores. */
function scores(
  name: string,
  nodes: OnnxNode[],
  more: [string, OnnxTensor][] = [],
  options: Parameters<typeof model>[2] = {},
): Graph {
  const net = sampleNet();
  return { name, model: model(nodes, [...weights(net), ...more], options), net, result: "scores" };
}

/** The net that takes x where the sample net takes (x − mean) / std. */
function scaled(mean: number[], std: number[]): TwoLayerNet {
  const { params } = sampleNet();
  const W1 = params.W1.map((value, i) => value / std[i]);
  return new TwoLayerNet({ ...params, W1, b1: params.b1.sub(Matrix.rowVector(mean).matmul(W1)) });
}

/** A graph of the sample net's scores on scaled inputs. */
function scaling(
  name: string,
  nodes: OnnxNode[],
  more: [string, OnnxTensor][],
  statistics: { mean: number[]; std: number[] },
): Graph {
  return {
    ...scores(name, before(...nodes), more),
    net: scaled(statistics.mean, statistics.std),
  };
}

const MEAN = [0.5, -1, 0.25];
const STD = [2, 0.5, 4];

const PLAIN: Graph[] = [
  scores("MatMul and Add", BODY),
  scores("Add with the bias first", [
    op("MatMul", ["x", "W1"], "m"),
    op("Add", ["b1", "m"], "h"),
    RELU,
    ...SECOND,
  ]),
  scores("Gemm", [
    op("Gemm", ["x", "W1", "b1"], "h"),
    RELU,
    op("Gemm", ["r", "W2", "b2"], "s", { alpha: float(1), beta: float(1) }),
  ]),
  {
    ...scores("Gemm with alpha and beta", [
      op("Gemm", ["x", "W1", "b1"], "h", { alpha: float(0.5), beta: float(2) }),
      RELU,
      op("Gemm", ["r", "W2", "b2"], "s"),
    ]),
    net: (() => {
      const { params } = sampleNet();
      return new TwoLayerNet({ ...params, W1: params.W1.scale(0.5), b1: params.b1.scale(2) });
    })(),
  },
  (() => {
    const { params } = sampleNet();
    return scores(
      "Gemm with transB, as PyTorch writes it",
      [
        op("Gemm", ["x", "V1", "b1"], "h", { transB: int(1) }),
        RELU,
        op("Gemm", ["r", "V2", "b2"], "s", { transB: int(1) }),
      ],
      [
        ["V1", matrix(params.W1.transpose())],
        ["V2", matrix(params.W2.transpose())],
      ],
    );
  })(),
  (() => {
    const { params } = sampleNet();
    return scores(
      "Transpose of weights, as PyTorch writes Linear on inputs of three dimensions",
      [
        op("Transpose", ["V1"], "t1", { perm: { ints: [1, 0] } }),
        op("Transpose", ["V2"], "t2"),
        op("MatMul", ["x", "t1"], "m"),
        op("Add", ["b1", "m"], "h"),
        RELU,
        op("MatMul", ["r", "t2"], "n"),
        op("Add", ["b2", "n"], "s"),
      ],
      [
        ["V1", matrix(params.W1.transpose())],
        ["V2", matrix(params.W2.transpose())],
      ],
    );
  })(),
  {
    ...scores("bias=False", [op("MatMul", ["x", "W1"], "h"), RELU, op("MatMul", ["r", "W2"], "s")]),
    net: (() => {
      const { params } = sampleNet();
      return new TwoLayerNet({ ...params, b1: new Matrix(1, H), b2: new Matrix(1, C) });
    })(),
  },
  scores("biases of one row", BODY, [
    ["b1", { ...row(sampleNet().params.b1), shape: [1, H] } as OnnxTensor],
    ["b2", { ...row(sampleNet().params.b2), shape: [1, C] } as OnnxTensor],
  ]),
  scores("Constant nodes", [
    op("Constant", [], "V2", { value: { tensor: matrix(sampleNet().params.W2) } }),
    op("Constant", [], "c2", { value: { tensor: row(sampleNet().params.b2) } }),
    ...FIRST,
    RELU,
    op("MatMul", ["r", "V2"], "n"),
    op("Add", ["n", "c2"], "s"),
  ]),
  scores("Identity, Dropout and casts between floats", [
    op("Identity", ["x"], "i"),
    op("Cast", ["i"], "y", { to: int(11) }),
    op("MatMul", ["y", "W1"], "m"),
    op("Add", ["m", "b1"], "h"),
    op("Dropout", ["h"], "d"),
    op("Relu", ["d"], "r"),
    ...SECOND,
  ]),
  scores(
    "Clip with a lower bound of 0",
    [...FIRST, op("Clip", ["h", "zero"], "r"), ...SECOND],
    [["zero", tensor([], 0)]],
  ),
  scores(
    "Max with 0",
    [...FIRST, op("Max", ["h", "zero"], "r"), ...SECOND],
    [["zero", tensor([], 0)]],
  ),
  scores("Flatten", before(op("Flatten", ["x"], "y", { axis: int(1) }))),
  scores("Reshape", before(op("Reshape", ["x", "to"], "y")), [["to", ints(-1, D)]]),
  scores("Flatten of images", before(op("Flatten", ["x"], "y", { axis: int(1) })), [], {
    input: ["N", 1, D, 1],
  }),
  scores(
    "x.view(x.size(0), -1), as PyTorch writes it",
    before(
      op("Shape", ["x"], "shape"),
      op("Gather", ["shape", "zero"], "rows", { axis: int(0) }),
      op("Unsqueeze", ["rows", "axes"], "first"),
      op("Concat", ["first", "rest"], "to", { axis: int(0) }),
      op("Reshape", ["x", "to"], "y"),
    ),
    [
      ["zero", { dtype: "int64", shape: [], data: Float64Array.of(0) }],
      ["axes", ints(0)],
      ["rest", ints(-1)],
    ],
    { input: ["N", 1, D] },
  ),
];

const SCALINGS: Graph[] = [
  scaling(
    "Sub and Div",
    [op("Sub", ["x", "mean"], "c"), op("Div", ["c", "std"], "y")],
    [
      ["mean", tensor([D], ...MEAN)],
      ["std", tensor([1, D], ...STD)],
    ],
    { mean: MEAN, std: STD },
  ),
  scaling(
    "Sub and Mul",
    [op("Sub", ["x", "mean"], "c"), op("Mul", ["c", "factor"], "y")],
    [
      ["mean", tensor([D], ...MEAN)],
      ["factor", tensor([D], ...STD.map((std) => 1 / std))],
    ],
    { mean: MEAN, std: STD },
  ),
  scaling(
    "Mul and Add, with a factor below zero",
    [op("Mul", ["factor", "x"], "c"), op("Add", ["c", "shift"], "y")],
    [
      ["factor", tensor([D], -2, 1, 0.5)],
      ["shift", tensor([D], 1, 2, 3)],
    ],
    { mean: [0.5, -2, -6], std: [-0.5, 1, 2] },
  ),
  scaling("Div by 255", [op("Div", ["x", "max"], "y")], [["max", tensor([], 255)]], {
    mean: [0, 0, 0],
    std: [255, 255, 255],
  }),
  scaling("one minus x", [op("Sub", ["one", "x"], "y")], [["one", tensor([], 1)]], {
    mean: [1, 1, 1],
    std: [-1, -1, -1],
  }),
  scaling(
    "BatchNormalization of the input",
    [op("BatchNormalization", ["x", "g", "b", "mean", "var"], "y", { epsilon: float(0) })],
    [
      ["g", tensor([D], 1, 1, 1)],
      ["b", tensor([D], 0, 0, 0)],
      ["mean", tensor([D], ...MEAN)],
      ["var", tensor([D], ...STD.map((std) => std * std))],
    ],
    { mean: MEAN, std: STD },
  ),
  {
    ...scores(
      "images scaled by channel, then flattened",
      before(
        op("Sub", ["x", "mean"], "c"),
        op("Div", ["c", "std"], "d"),
        op("Flatten", ["d"], "y", { axis: int(1) }),
      ),
      [
        ["mean", tensor([1, D, 1, 1], ...MEAN)],
        ["std", tensor([D, 1, 1], ...STD)],
      ],
      { input: ["N", D, 1, 1] },
    ),
    net: scaled(MEAN, STD),
  },
];

/** Batch normalization between the layers, before or after the Relu, with epsilon 0.001. */
function normalized(name: string, isAfter: boolean): Graph {
  const [g, b, mean, variance] = [
    [1.5, 0.5, -2, 1],
    [0.1, 0.2, 0.3, 0.4],
    [0.5, -0.5, 0.25, 0],
    [4, 1, 0.25, 9],
  ];
  const epsilon = Math.fround(0.001);
  const factor = g.map((value, k) => value / Math.sqrt(variance[k] + epsilon));
  const shift = b.map((value, k) => value - mean[k] * factor[k]);
  const { W1, b1, W2, b2 } = sampleNet().params;
  const normalize = (from: string, to: string): OnnxNode =>
    op("BatchNormalization", [from, "g", "b", "mean", "var"], to, { epsilon: float(0.001) });
  const nodes = isAfter
    ? [...FIRST, op("Relu", ["h"], "q"), normalize("q", "r"), ...SECOND]
    : [...FIRST, normalize("h", "q"), op("Relu", ["q"], "r"), ...SECOND];
  return {
    ...scores(name, nodes, [
      ["g", tensor([H], ...g)],
      ["b", tensor([H], ...b)],
      ["mean", tensor([H], ...mean)],
      ["var", tensor([H], ...variance)],
    ]),
    net: isAfter
      ? new TwoLayerNet({
          W1,
          b1,
          W2: W2.map((value, i) => value * factor[i]),
          b2: b2.add(Matrix.rowVector(shift).matmul(W2)),
        })
      : new TwoLayerNet({
          W1: W1.map((value, _, j) => value * factor[j]),
          b1: b1.map((value, _, j) => value * factor[j] + shift[j]),
          W2,
          b2,
        }),
  };
}

const after = (
  name: string,
  nodes: OnnxNode[],
  result: Graph["result"],
  options: Parameters<typeof model>[2] = {},
  more: [string, OnnxTensor][] = [],
): Graph => ({ ...scores(name, [...BODY, ...nodes], more, options), result });

const RESULTS: Graph[] = [
  after("Softmax", [op("Softmax", ["s"], "p", { axis: int(1) })], "probabilities"),
  after("LogSoftmax", [op("LogSoftmax", ["s"], "p", { axis: int(-1) })], "logProbabilities"),
  after("ArgMax", [op("ArgMax", ["s"], "l", { axis: int(1), keepdims: int(0) })], "labels", {
    outputType: "int64",
  }),
  after(
    "Softmax and the ArgMax of its probabilities",
    [
      op("Softmax", ["s"], "p", { axis: int(1) }),
      op("ArgMax", ["p"], "l", { axis: int(-1), keepdims: int(0) }),
    ],
    "labels",
    { outputs: ["l", "p"], outputType: "int64" },
  ),
  {
    ...after(
      "skl2onnx's MLPClassifier of three or more classes, zipmap=False",
      [
        op("Softmax", ["s"], "o", { axis: int(1) }),
        op("Identity", ["o"], "probabilities"),
        op("ArgMax", ["probabilities"], "a", { axis: int(1) }),
        op("ArrayFeatureExtractor", ["classes", "a"], "f", {}, "ai.onnx.ml"),
        op("Reshape", ["f", "flat"], "output_label"),
      ],
      "labels",
      { outputs: ["output_label", "probabilities"], outputType: "text" },
      [
        ["classes", { dtype: "text", shape: [2], data: ["no", "yes"] }],
        ["flat", ints(-1)],
      ],
    ),
    classes: ["no", "yes"],
  },
  {
    ...after(
      "LabelEncoder of the labels",
      [
        op("ArgMax", ["s"], "a", { axis: int(1), keepdims: int(0) }),
        op(
          "LabelEncoder",
          ["a"],
          "l",
          { keys_int64s: { ints: [0, 1] }, values_strings: { texts: ["no", "yes"] } },
          "ai.onnx.ml",
        ),
      ],
      "labels",
      { outputType: "text" },
    ),
    classes: ["no", "yes"],
  },
];

/** The sample net of one score and what follows it. */
function binary(
  name: string,
  nodes: OnnxNode[],
  result: Graph["result"],
  options: Parameters<typeof model>[2] = {},
  more: [string, OnnxTensor][] = [],
): Graph {
  const one = sampleNet(1);
  const { params } = one;
  const widen = (column: Matrix): Matrix =>
    new Matrix(column.rows, 2).map((_, i, j) => (j === 0 ? 0 : column.data[i]));
  return {
    name,
    model: model([...BODY, ...nodes], [...weights(one), ...more], options),
    net: new TwoLayerNet({ ...params, W2: widen(params.W2), b2: widen(params.b2) }),
    result,
  };
}

const BINARY: Graph[] = [
  binary("one score, as for PyTorch's BCEWithLogitsLoss", [], "scores"),
  binary("Sigmoid of one score", [op("Sigmoid", ["s"], "p")], "sigmoid"),
  {
    ...binary(
      "skl2onnx's binary MLPClassifier, with Scaler and ZipMap left out",
      [
        op("Sigmoid", ["s"], "p"),
        op("Sub", ["unity", "p"], "q"),
        op("Concat", ["q", "p"], "probabilities", { axis: int(1) }),
        op("ArgMax", ["probabilities"], "a", { axis: int(1) }),
        op("ArrayFeatureExtractor", ["classes", "a"], "f", {}, "ai.onnx.ml"),
        op("Cast", ["f"], "c", { to: int(7) }),
        op("Reshape", ["c", "flat"], "output_label"),
      ],
      "labels",
      { outputs: ["output_label", "probabilities"], outputType: "int64" },
      [
        ["unity", tensor([], 1)],
        ["classes", { dtype: "int32", shape: [2], data: Int32Array.of(3, 7) }],
        ["flat", ints(-1)],
      ],
    ),
    classes: [3, 7],
  },
];

export const GRAPHS: Graph[] = [
  ...PLAIN,
  ...SCALINGS,
  normalized("BatchNormalization before the Relu", false),
  normalized("BatchNormalization after the Relu", true),
  ...RESULTS,
  ...BINARY,
];
