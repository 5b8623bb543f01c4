import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { FormatError } from "../../lib/base/errors.ts";
import { serializeNpy } from "../../lib/formats/npy.ts";
import { serializeNpz } from "../../lib/formats/npz.ts";
import { serializeSafetensors } from "../../lib/formats/safetensors.ts";
import { writeZip } from "../../lib/formats/zip.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { readForeignNet } from "../../lib/model/foreign-net.ts";
import { netToOnnx } from "../../lib/model/net-onnx.ts";
import { netToTensors } from "../../lib/model/net-tensors.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { assertThrows } from "../helpers/throws.ts";

const net = (): TwoLayerNet => TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 });
const row = (...values: number[]): Matrix => Matrix.rowVector(values);
const inflate = inflateRawSync;

test("readForeignNet finds a net and its standardization in each format", () => {
  const standardize = { mean: row(1, 2, 3), std: row(4, 5, 6) };
  for (const layout of ["twolayer", "torch"] as const) {
    const tensors = { ...Object.fromEntries(netToTensors(net(), { layout })), ...standardize };
    for (const found of [
      readForeignNet("safetensors", serializeSafetensors(tensors)),
      readForeignNet("npz", serializeNpz(tensors)),
      readForeignNet("npz", serializeNpz(tensors, { deflate: deflateRawSync }), { inflate }),
      readForeignNet("onnx", netToOnnx(net(), { standardize })),
    ]) {
      assert.deepEqual(found.net.params, net().params);
      assert.deepEqual(found.standardize, standardize);
    }
    const bare = readForeignNet("npz", serializeNpz(netToTensors(net(), { layout })));
    assert.equal(bare.standardize, undefined);
  }
});

test("readForeignNet finds names of columns and classes, and metadata, in an npz", () => {
  const arrays = {
    ...Object.fromEntries(netToTensors(net())),
    columns: { shape: [3], data: ["u", "v", "größe"] },
    twolayer: { shape: [], data: ["{}"] },
  };
  const text = { shape: [2], data: ["no", "yes"] };
  const found = readForeignNet("npz", serializeNpz({ ...arrays, classes: text }));
  assert.deepEqual(found.columns, ["u", "v", "größe"]);
  assert.deepEqual(found.classes, ["no", "yes"]);
  assert.deepEqual([...found.metadata], [["twolayer", "{}"]]);
  const numbers = { shape: [2], data: Int32Array.of(3, 7) };
  const other = readForeignNet("npz", serializeNpz({ ...arrays, classes: numbers }));
  assert.deepEqual(other.classes, [3, 7]);
});

test("readForeignNet unpacks only the arrays of the net", () => {
  const bomb = deflateRawSync(new Uint8Array(1000));
  const archive = (name: string): Uint8Array => {
    const entries = new Map<string, Uint8Array>();
    for (const [key, array] of netToTensors(net())) entries.set(`${key}.npy`, serializeNpy(array));
    entries.set(name, bomb);
    return writeZip("test", entries, deflateRawSync);
  };
  let inflated = 0;
  const counting: typeof inflate = ((packed: Uint8Array, options: object) => {
    inflated++;
    return inflateRawSync(packed, options);
  }) as never;
  readForeignNet("npz", archive("momentum.npy"), { inflate: counting });
  assert.equal(inflated, 4);
  assertThrows(
    () => readForeignNet("npz", archive("other.bin"), { inflate, maxBytes: 500 }),
    FormatError,
    'npz: entry "W2.npy" unpacks to 192 bytes after 384 of other entries, ' +
      "expected at most 500 in all (option maxBytes) (byte 764)",
  );
});

const REFUSED: [string, Record<string, unknown>, string][] = [
  ["a mean alone", { mean: row(1, 2, 3) }, "npz: expected mean and std together, got no std"],
  [
    "a mean of another width",
    { mean: row(1, 2), std: row(1, 2, 3) },
    "npz: mean, expected shape (1, 3) or (3,), got (1, 2)",
  ],
  [
    "a std of a column",
    { mean: row(1, 2, 3), std: row(1, 2, 3).transpose() },
    "npz: std, expected shape (1, 3) or (3,), got (3, 1)",
  ],
  [
    "a mean that is not finite",
    { mean: row(1, 2, NaN), std: row(1, 2, 3) },
    "npz: expected a finite mean and a finite std > 0, got NaN and 3 in column 2",
  ],
  [
    "a std of 0",
    { mean: row(1, 2, 3), std: row(1, 0, 3) },
    "npz: expected a finite mean and a finite std > 0, got 2 and 0 in column 1",
  ],
  [
    "names of another number of classes",
    { classes: { shape: [3], data: ["a", "b", "c"] } },
    "npz: classes, expected 2 names, got 3",
  ],
  [
    "columns that are no text",
    { columns: row(1, 2, 3) },
    "npz: columns expected text, got float64 (1, 3)",
  ],
];
for (const [what, more, message] of REFUSED) {
  test(`readForeignNet refuses ${what}`, () => {
    const arrays = { ...Object.fromEntries(netToTensors(net())), ...more } as never;
    assertThrows(() => readForeignNet("npz", serializeNpz(arrays)), FormatError, message);
  });
}

test("readForeignNet lists what an npz holds that is no net", () => {
  assertThrows(
    () => readForeignNet("npz", serializeNpz({ arr_0: row(1), arr_1: row(2) })),
    FormatError,
    "npz: expected arrays W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, " +
      'got "arr_0", "arr_1"',
  );
});
