import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import { parseSafetensors } from "../../lib/formats/safetensors.ts";
import { netFromSafetensors, netToSafetensors } from "../../lib/model/safetensors-net.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { assertThrows } from "../helpers/throws.ts";

const net = (): TwoLayerNet => TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 });

test("netToSafetensors and netFromSafetensors give back every bit in both layouts, and float32 weights rounded", () => {
  const original = net();
  for (const layout of ["twolayer", "torch"] as const) {
    assert.deepEqual(
      netFromSafetensors(netToSafetensors(original, { layout })).params,
      original.params,
    );
    const { W1 } = netFromSafetensors(netToSafetensors(original, { layout, dtype: "float32" }), {
      layout,
    }).params;
    assert.deepEqual(W1.data, original.params.W1.data.map(Math.fround));
  }
});

test("netToSafetensors writes the metadata, and marks PyTorch's layout as PyTorch's own files are", () => {
  const metadata = { classes: '["a","b"]' };
  assert.deepEqual(
    [...parseSafetensors(netToSafetensors(net(), { metadata })).metadata],
    [["classes", '["a","b"]']],
  );
  assert.deepEqual(
    [...parseSafetensors(netToSafetensors(net(), { layout: "torch", metadata })).metadata],
    [
      ["format", "pt"],
      ["classes", '["a","b"]'],
    ],
  );
});

test("netFromSafetensors reads a state_dict of nn.Sequential(Linear, ReLU, Linear)", () => {
  const bytes = readFileSync(
    new URL("../fixtures/safetensors/torch-sequential.safetensors", import.meta.url),
  );
  const stored = parseSafetensors(bytes).tensors;
  const { params } = netFromSafetensors(bytes);
  assert.deepEqual([params.W1.rows, params.W1.cols, params.W2.rows, params.W2.cols], [3, 4, 4, 2]);
  assert.equal(params.W1.get(1, 3), stored.get("0.weight")!.data[3 * 3 + 1]);
  assert.deepEqual(params.b2.data, stored.get("2.bias")!.data);
});

test("netToSafetensors and netFromSafetensors name what is wrong", () => {
  assertThrows(
    () => netToSafetensors({} as never),
    TypeError,
    "netToSafetensors: net expected a TwoLayerNet, got an Object",
  );
  assertThrows(
    () => netToSafetensors(net(), { type: 1 } as never),
    TypeError,
    "netToSafetensors: unknown option type; expected dtype, layout, metadata",
  );
  assertThrows(
    () => netToSafetensors(net(), { dtype: "f32" as never }),
    TypeError,
    'serializeSafetensors: dtype expected "float64" | "float32", got "f32"',
  );
  assertThrows(
    () => netFromSafetensors(netToSafetensors(net()), { layout: "torch" }),
    FormatError,
    'safetensors: expected tensors two pairs of NAME.weight and NAME.bias, got "W1", "b1", "W2", "b2"',
  );
  const large = net();
  large.params.b1.data[2] = -1e300;
  assertThrows(
    () => netToSafetensors(large, { dtype: "float32" }),
    RangeError,
    'serializeSafetensors: tensor "b1" expected numbers within float32\'s ±3.4e38, got -1e+300 at element 2',
  );
});
