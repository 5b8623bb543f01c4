import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import type { Tensor } from "../../lib/formats/tensor.ts";
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
  netFromTensors("f", "test", new Map(Object.entries(tensors)), layout);
const sizes = ({ inputSize, hiddenSize, outputSize }: TwoLayerNet): number[] => [
  inputSize,
  hiddenSize,
  outputSize,
];

test("netToTensors and netFromTensors give back every weight in both layouts, square nets included", () => {
  for (const [inputSize, hiddenSize, outputSize] of [
    [3, 4, 2],
    [1, 1, 1],
    [4, 4, 4],
    [2, 5, 2],
  ]) {
    const net = TwoLayerNet.create({ inputSize, hiddenSize, outputSize });
    net.params.b1.data.fill(0.25);
    for (const layout of ["twolayer", "torch"] as const) {
      const tensors = netToTensors("f", net, layout);
      assert.deepEqual(netFromTensors("f", "test", tensors).params, net.params);
      assert.deepEqual(netFromTensors("f", "test", tensors, layout).params, net.params);
    }
  }
});

test("netToTensors has PyTorch's names, order and shapes in the layout torch", () => {
  const net = TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 });
  assert.deepEqual(
    [...netToTensors("f", net, "torch")].map(([name, { shape }]) => [name, shape]),
    [
      ["0.weight", [4, 3]],
      ["0.bias", [4]],
      ["2.weight", [2, 4]],
      ["2.bias", [2]],
    ],
  );
  assert.deepEqual(
    [...netToTensors("f", net, "twolayer")].map(([name, { shape }]) => [name, shape]),
    [
      ["W1", [3, 4]],
      ["b1", [1, 4]],
      ["W2", [4, 2]],
      ["b2", [1, 2]],
    ],
  );
});

test("netFromTensors takes biases of one dimension or a row, and ignores what lies beside W1 b1 W2 b2", () => {
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

test("netFromTensors finds the first of PyTorch's two modules by shape, and by natural order where both ways fit", () => {
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

test("netFromTensors refuses names and shapes that spell no net, with all of them in the message", () => {
  const cases: [{ [name: string]: Tensor }, Layout | undefined, string][] = [
    [
      {},
      undefined,
      "test: expected tensors W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, got none",
    ],
    [
      { W1: zeros(1, 1), b1: zeros(1) },
      undefined,
      'test: expected tensors W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, got "W1", "b1"',
    ],
    [
      { W1: zeros(1, 1), b1: zeros(1), W2: zeros(1, 1), b2: zeros(1) },
      "torch",
      'test: expected tensors two pairs of NAME.weight and NAME.bias, got "W1", "b1", "W2", "b2"',
    ],
    [
      { "0.weight": zeros(1, 1), "2.weight": zeros(1, 1) },
      "twolayer",
      'test: expected tensors W1, b1, W2, b2, got "0.weight", "2.weight"',
    ],
    [
      { "0.weight": zeros(1, 1), "2.weight": zeros(1, 1), "4.weight": zeros(1, 1) },
      undefined,
      'test: expected tensors W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, got "0.weight", "2.weight", "4.weight"',
    ],
    [
      { "0.weight": zeros(1, 1), "2.weight": zeros(1, 1), "1.running_mean": zeros(1) },
      undefined,
      'test: expected tensors W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, got "0.weight", "2.weight", "1.running_mean"',
    ],
    [
      Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`t${i}`, zeros(1)])),
      undefined,
      'test: expected tensors W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, got "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7" and 2 more',
    ],
    [
      { W1: zeros(3, 4), b1: zeros(3), W2: zeros(4, 2), b2: zeros(2) },
      undefined,
      "test: expected W1 (D, H), b1 (1, H), W2 (H, C), b2 (1, C), got W1 (3, 4), b1 (1, 3), W2 (4, 2), b2 (1, 2)",
    ],
    [
      { W1: zeros(0, 4), b1: zeros(4), W2: zeros(4, 2), b2: zeros(2) },
      undefined,
      "test: W1, expected 2 dimensions >= 1, got shape (0, 4)",
    ],
    [
      { "0.weight": zeros(2 ** 52, 0), "2.weight": zeros(0, 2 ** 52) },
      undefined,
      "test: 0.weight, expected 2 dimensions >= 1, got shape (4503599627370496, 0)",
    ],
    [
      { W1: zeros(3), b1: zeros(3), W2: zeros(4, 2), b2: zeros(2) },
      undefined,
      "test: W1, expected 2 dimensions >= 1, got shape (3,)",
    ],
    [
      { W1: zeros(3, 4), b1: zeros(4, 1), W2: zeros(4, 2), b2: zeros(2) },
      undefined,
      "test: b1, expected shape (n,) or (1, n), got (4, 1)",
    ],
    [
      { "0.weight": zeros(4, 3), "2.weight": zeros(2, 5) },
      undefined,
      "test: expected two weights of shape (out, in) of which one takes what the other gives, got 0.weight (4, 3) and 2.weight (2, 5)",
    ],
    [
      { "0.weight": zeros(4, 3), "0.bias": zeros(3), "2.weight": zeros(2, 4) },
      undefined,
      "test: expected W1 (D, H), b1 (1, H), W2 (H, C), b2 (1, C), got W1 (3, 4), b1 (1, 3), W2 (4, 2), b2 (1, 2)",
    ],
  ];
  for (const [tensors, layout, message] of cases) {
    assert.equal(assertThrows(() => read(tensors, layout), FormatError, message).format, "test");
  }
  assertThrows(
    () => read({}, "keras" as never),
    TypeError,
    'f: layout expected "twolayer" | "torch", got "keras"',
  );
  assertThrows(
    () =>
      netToTensors(
        "f",
        TwoLayerNet.create({ inputSize: 1, hiddenSize: 1, outputSize: 1 }),
        "keras" as never,
      ),
    TypeError,
    'f: layout expected "twolayer" | "torch", got "keras"',
  );
  assertThrows(
    () => netToTensors("f", {} as never, "torch"),
    TypeError,
    "f: net expected a TwoLayerNet, got an Object",
  );
});
