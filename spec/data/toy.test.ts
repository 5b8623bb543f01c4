import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { toyData } from "../../lib/data/toy.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { numbers, reference } from "../helpers/fixtures.ts";
import { storedParams } from "../helpers/nets.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

test("toyData in float32 is the exercise's data to the bit", () => {
  const stored = reference("toy-float32");
  const { X, y, params } = toyData("float32");
  assertSameBits(X.data, numbers(stored.X), "X");
  assertSameBits(params.W1.data, numbers(stored.W1), "W1");
  assertSameBits(params.W2.data, numbers(stored.W2), "W2");
  assertSameBits([...params.b1.data, ...params.b2.data], new Float64Array(13), "biases");
  assert.deepEqual([...y], stored.y);
  assert.ok(y instanceof Int32Array);
});

test("toyData in float64 is the exercise's data to 1e-15 of the largest number", () => {
  const stored = reference("toy-float64");
  const { X, y, params } = toyData("float64");
  const expected = storedParams(stored);
  const close = (actual: Float64Array, wanted: Float64Array, scale: number): void =>
    actual.forEach((value, i) =>
      assert.ok(
        Math.abs(value - wanted[i]) <= 1e-15 * scale,
        `element ${i}: ${value}, ${wanted[i]}`,
      ),
    );
  close(X.data, numbers(stored.X), 30);
  close(params.W1.data, expected.W1.data, 3e-4);
  close(params.W2.data, expected.W2.data, 3e-4);
  assert.deepEqual([...y], stored.y);
});

test("toyData makes a net of 4 inputs, 10 hidden units and 3 classes anew by every call", () => {
  const { X, params } = toyData();
  const net = new TwoLayerNet(params);
  assert.deepEqual([X.rows, net.inputSize, net.hiddenSize, net.outputSize], [5, 4, 10, 3]);
  assertSameBits(X.data, toyData("float32").X.data, "float32 is the default");
  params.W1.data.fill(NaN);
  X.data.fill(NaN);
  assert.ok(
    toyData().X.data.every(Number.isFinite) && toyData().params.W1.data.every(Number.isFinite),
  );
});

test("toyData takes the streams at offsets 0, 4 and 8 of seed 0", () => {
  const random = new Random(0);
  const { X, params } = toyData("float64");
  assertSameBits(
    params.W1.data,
    random.normal(40).map((value) => 1e-4 * value),
    "W1",
  );
  assertSameBits(
    params.W2.data,
    random.normal(30).map((value) => 1e-4 * value),
    "W2",
  );
  assertSameBits(
    X.data,
    random.normal(20).map((value) => 10 * value),
    "X",
  );
  assert.deepEqual(random.state, { seed: 0, offset: 12 });
});

test("toyData refuses another precision", () => {
  assertThrows(
    () => toyData("float16" as never),
    TypeError,
    'toyData: precision expected "float32" | "float64", got "float16"',
  );
  assertThrows(
    () => toyData(null as never),
    TypeError,
    'toyData: precision expected "float32" | "float64", got null',
  );
});
