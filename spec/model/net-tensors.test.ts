import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import type { Tensor } from "../../lib/formats/tensor.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { type Layout, netFromTensors, netToTensors } from "../../lib/model/net-tensors.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { assertThrows } from "../helpers/throws.ts";

const zeros = (...shape: number[]): Tensor => ({
  shape,
  data: new Float64Array(shape.reduce((a, b) => a * b, 1)),
});
const counted = (...shape: number[]): Tensor => ({
  shape,
  data: zeros(...shape).data.map((_, i) => i + 1),
});
const read = (tensors: { [name: string]: Tensor }, layout?: Layout): TwoLayerNet =>
  netFromTensors(tensors, { layout });
const sizes = ({ inputSize, hiddenSize, outputSize }: TwoLayerNet): number[] => [
  inputSize,
  hiddenSize,
  outputSize,
];

test("netToTensors and netFromTensors give back every weight in both layouts", () => {
  for (const [inputSize, hiddenSize, outputSize] of [
    [3, 4, 2],
    [1, 1, 2],
    [4, 4, 4],
    [2, 5, 2],
  ]) {
    const net = TwoLayerNet.create({ inputSize, hiddenSize, outputSize });
    net.params.b1.data.fill(0.25);
    for (const layout of ["twolayer", "torch"] as const) {
      const tensors = netToTensors(net, { layout });
      assert.deepEqual(netFromTensors(tensors).params, net.params);
      assert.deepEqual(netFromTensors(tensors, { layout }).params, net.params);
    }
  }
});

test("netToTensors has PyTorch's names, order and shapes in the layout torch", () => {
  const net = TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 });
  assert.deepEqual(
    [...netToTensors(net, { layout: "torch" })].map(([name, { shape }]) => [name, shape]),
    [
      ["0.weight", [4, 3]],
      ["0.bias", [4]],
      ["2.weight", [2, 4]],
      ["2.bias", [2]],
    ],
  );
  assert.deepEqual(
    [...netToTensors(net)].map(([name, { shape }]) => [name, shape]),
    [
      ["W1", [3, 4]],
      ["b1", [1, 4]],
      ["W2", [4, 2]],
      ["b2", [1, 2]],
    ],
  );
});

test("netFromTensors takes biases of one dimension or a row, and ignores other tensors", () => {
  const net = read({
    W1: zeros(3, 4),
    b1: counted(4),
    W2: zeros(4, 2),
    b2: counted(1, 2),
    "momentum.W1": zeros(3, 4),
  });
  assert.deepEqual(sizes(net), [3, 4, 2]);
  assert.deepEqual([...net.params.b1.data], [1, 2, 3, 4]);
});

test("netFromTensors finds the order of two modules by shape or by numbers in names", () => {
  assert.deepEqual(
    sizes(
      read({
        "out.weight": zeros(2, 4),
        "out.bias": zeros(2),
        "in.weight": zeros(4, 3),
        "in.bias": zeros(4),
      }),
    ),
    [3, 4, 2],
  );
  // Linear(bias=False)
  assert.deepEqual(sizes(read({ "a.weight": zeros(2, 4), "b.weight": zeros(4, 3) })), [3, 4, 2]);
  const square = (first: string, second: string): { [name: string]: Tensor } => ({
    [`${second}.weight`]: counted(2, 2),
    [`${first}.weight`]: zeros(2, 2),
  });
  for (const [first, second] of [
    ["fc1", "fc2"],
    ["2", "10"],
    ["net.0", "net.2"],
    ["layers.9", "layers.11"],
  ]) {
    assert.deepEqual(
      [...read(square(first, second)).params.W2.data],
      [1, 3, 2, 4],
      `${first} before ${second}`,
    );
  }
});

test("netFromTensors never guesses the order of layers that fit in both", () => {
  const autoencoder = {
    "encoder.weight": zeros(9, 4),
    "encoder.bias": zeros(9),
    "decoder.weight": zeros(4, 9),
    "decoder.bias": zeros(4),
  };
  assertThrows(
    () => read(autoencoder),
    FormatError,
    "tensors: expected weights that fit in one order only, got encoder.weight (9, 4) and " +
      "decoder.weight (4, 9); say which comes first with layers (--layers on the command line)",
  );
  const layers = (first: string, second: string): TwoLayerNet =>
    netFromTensors(autoencoder, { layers: [first, second] });
  assert.deepEqual(sizes(layers("encoder", "decoder")), [4, 9, 4]);
  assert.deepEqual(sizes(layers("decoder", "encoder")), [9, 4, 9]);
  assert.throws(
    () => read({ "layer1.weight": zeros(2, 2), "head.weight": zeros(2, 2) }),
    FormatError,
  );
  assertThrows(
    () => layers("encoder", "head"),
    FormatError,
    'tensors: expected a tensor "head.weight", got "encoder.weight" (9, 4), "encoder.bias" (9,), ' +
      '"decoder.weight" (4, 9), "decoder.bias" (4,)',
  );
  assertThrows(
    () => read({ "fc1.weight": zeros(2, 4), "fc2.weight": zeros(4, 3) }),
    FormatError,
    "tensors: expected two weights of shape (out, in), the second taking what the first gives, " +
      "got fc1.weight (2, 4) and fc2.weight (4, 3)",
  );
});

test("netFromTensors takes a net of one output as two classes with scores (0, z)", () => {
  const net = read({ W1: counted(2, 3), b1: counted(3), W2: counted(3, 1), b2: counted(1) });
  const [scores] = net.forward(Matrix.fromRows([[1, -1]])).scores.toRows();
  // x·W1 + b1 = (-2, -1, 0), whose Relu is 0, so z is b2
  assert.deepEqual(scores, [0, 1]);
  assert.equal(net.outputSize, 2);
});

test("netToTensors refuses weights that are not finite, with their place", () => {
  const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
  net.params.b1.set(0, 2, NaN);
  assertThrows(
    () => netToTensors(net),
    RangeError,
    "netToTensors: b1 expected finite numbers, got NaN at row 0, column 2",
  );
});

test("netFromTensors refuses weights that are not finite, with their place", () => {
  const broken = counted(3, 2);
  (broken.data as Float64Array)[3] = -Infinity;
  assertThrows(
    () => read({ W1: counted(2, 3), b1: counted(3), W2: broken, b2: counted(2) }),
    FormatError,
    "tensors: W2 expected finite numbers, got -Infinity at row 1, column 1",
  );
});

test("netFromTensors leaves out text, mean and std, which export writes beside a net", () => {
  const net = TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 });
  const tensors = {
    ...Object.fromEntries(netToTensors(net, { layout: "torch" })),
    mean: zeros(3),
    std: zeros(3),
    classes: { dtype: "text", shape: [2], data: ["a", "b"] } as const,
  };
  assert.deepEqual(netFromTensors(tensors).params, net.params);
});

test("netFromTensors refuses names and shapes that are no net, and lists them", () => {
  const cases: [{ [name: string]: Tensor }, Layout | undefined, string][] = [
    [
      {},
      undefined,
      "tensors: expected tensors W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, got " +
        "none",
    ],
    [
      { W1: zeros(1, 1), b1: zeros(1) },
      undefined,
      "tensors: expected tensors W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, got " +
        '"W1" (1, 1), "b1" (1,)',
    ],
    [
      { W1: zeros(1, 1), b1: zeros(1), W2: zeros(1, 1), b2: zeros(1) },
      "torch",
      'tensors: expected tensors two pairs of NAME.weight and NAME.bias, got "W1" (1, 1), "b1" ' +
        '(1,), "W2" (1, 1), "b2" (1,)',
    ],
    [
      { "0.weight": zeros(1, 1), "2.weight": zeros(1, 1) },
      "twolayer",
      'tensors: expected tensors W1, b1, W2, b2, got "0.weight" (1, 1), "2.weight" (1, 1)',
    ],
    [
      { "0.weight": zeros(1, 1), "2.weight": zeros(1, 1), "4.weight": zeros(1, 1) },
      undefined,
      "tensors: expected tensors W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, got " +
        '"0.weight" (1, 1), "2.weight" (1, 1), "4.weight" (1, 1)',
    ],
    [
      { "0.weight": zeros(1, 1), "2.weight": zeros(1, 1), "1.running_mean": zeros(1) },
      undefined,
      "tensors: expected tensors W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, got " +
        '"0.weight" (1, 1), "2.weight" (1, 1), "1.running_mean" (1,)',
    ],
    [
      Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`t${i}`, zeros(1)])),
      undefined,
      "tensors: expected tensors W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, got " +
        '"t0" (1,), "t1" (1,), "t2" (1,), "t3" (1,), "t4" (1,), "t5" (1,), "t6" (1,), "t7" (1,) ' +
        "and 2 more",
    ],
    [
      { W1: zeros(3, 4), b1: zeros(3), W2: zeros(4, 2), b2: zeros(2) },
      undefined,
      "tensors: expected W1 D×H, b1 1×H, W2 H×C, b2 1×C with D, H, C >= 1, " +
        "got 3×4, 1×3, 4×2, 1×2",
    ],
    [
      { W1: zeros(0, 4), b1: zeros(4), W2: zeros(4, 2), b2: zeros(2) },
      undefined,
      "tensors: W1, expected a weight of 2 dimensions >= 1, got shape (0, 4)",
    ],
    [
      { "0.weight": zeros(2 ** 52, 0), "2.weight": zeros(0, 2 ** 52) },
      undefined,
      "tensors: 0.weight, expected a weight of 2 dimensions >= 1, got shape (4503599627370496, 0)",
    ],
    [
      { W1: zeros(3), b1: zeros(3), W2: zeros(4, 2), b2: zeros(2) },
      undefined,
      "tensors: W1, expected a weight of 2 dimensions >= 1, got shape (3,)",
    ],
    [
      { W1: zeros(3, 4), b1: zeros(4, 1), W2: zeros(4, 2), b2: zeros(2) },
      undefined,
      "tensors: b1, expected shape (n,) or (1, n), got (4, 1)",
    ],
    [
      { "0.weight": zeros(4, 3), "2.weight": zeros(2, 5) },
      undefined,
      "tensors: expected two weights of shape (out, in), the second taking what the first " +
        "gives, got 0.weight (4, 3) and 2.weight (2, 5)",
    ],
    [
      { "0.weight": zeros(4, 3), "0.bias": zeros(3), "2.weight": zeros(2, 4) },
      undefined,
      "tensors: expected W1 D×H, b1 1×H, W2 H×C, b2 1×C with D, H, C >= 1, " +
        "got 3×4, 1×3, 4×2, 1×2",
    ],
  ];
  for (const [tensors, layout, message] of cases) {
    assert.equal(assertThrows(() => read(tensors, layout), FormatError, message).format, "tensors");
  }
  assertThrows(
    () => read({}, "keras" as never),
    TypeError,
    'netFromTensors: layout expected "twolayer" | "torch", got "keras"',
  );
  assertThrows(
    () =>
      netToTensors(TwoLayerNet.create({ inputSize: 1, hiddenSize: 1, outputSize: 1 }), {
        layout: "keras" as never,
      }),
    TypeError,
    'netToTensors: layout expected "twolayer" | "torch", got "keras"',
  );
  assertThrows(
    () => netToTensors({} as never),
    TypeError,
    "netToTensors: net expected a TwoLayerNet, got an Object",
  );
});
