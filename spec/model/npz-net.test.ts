import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { FormatError } from "../../lib/base/errors.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { parseNpz, readNpz, serializeNpz } from "../../lib/formats/npz.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { classifierToNpz, netFromNpz, netToNpz, readNpzNet } from "../../lib/model/npz-net.ts";
import { prepareTable } from "../../lib/model/prepare.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { assertThrows } from "../helpers/throws.ts";

const net = (): TwoLayerNet => TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 });
const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/npz/${name}.npz`, import.meta.url));

test("netToNpz and netFromNpz give back every bit in both layouts, stored and deflated", () => {
  for (const layout of ["twolayer", "torch"] as const) {
    assert.deepEqual(netFromNpz(netToNpz(net(), { layout })).params, net().params);
    assert.deepEqual(
      netFromNpz(netToNpz(net(), { layout, deflate: deflateRawSync }), {
        layout,
        inflate: inflateRawSync,
      }).params,
      net().params,
    );
    const { b2, W2 } = netFromNpz(netToNpz(net(), { layout, dtype: "float32" })).params;
    assert.deepEqual(W2.data, net().params.W2.data.map(Math.fround));
    assert.deepEqual([b2.rows, b2.cols], [1, 2]);
  }
});

test("netFromNpz reads nets that NumPy wrote, in both layouts", () => {
  const stored = readNpz(fixture("stored"));
  assert.deepEqual(netFromNpz(fixture("stored")).params.W1.data, stored.get("W1")!.data);
  assert.deepEqual(
    netFromNpz(fixture("compressed-streamed"), { inflate: inflateRawSync }).params,
    netFromNpz(fixture("stored")).params,
  );
  const { W1, b1 } = netFromNpz(fixture("torch")).params;
  const torch = readNpz(fixture("torch"));
  assert.deepEqual([W1.rows, W1.cols], [3, 4]);
  assert.equal(W1.get(2, 1), torch.get("0.weight")!.data[1 * 3 + 2]);
  assert.deepEqual(b1.data, torch.get("0.bias")!.data);
});

test("netToNpz and netFromNpz name what is wrong", () => {
  assertThrows(
    () => netToNpz(null as never),
    TypeError,
    "netToNpz: net expected a TwoLayerNet, got null",
  );
  assertThrows(
    () => netToNpz(net(), { metadata: {} } as never),
    TypeError,
    "netToNpz: unknown option metadata; expected dtype, layout, deflate",
  );
  assertThrows(
    () => netFromNpz("x" as never),
    TypeError,
    'netFromNpz: bytes expected a Uint8Array, got "x"',
  );
  assertThrows(
    () => netFromNpz(fixture("odd-names")),
    FormatError,
    'npz: expected tensors W1, b1, W2, b2 or two pairs of NAME.weight and NAME.bias, got "größe 層", "deep/inside", "__proto__", "F"',
  );
});

test("a classifier's npz has its mean and std beside the net, and gives them back", () => {
  const { classifier } = prepareTable(parseCsv("u,v,label\n1,20,a\n3,10,b\n8,70,a\n"), {
    label: "label",
    validation: 0,
    hiddenSize: 3,
  });
  for (const layout of ["twolayer", "torch"] as const) {
    const bytes = classifierToNpz(classifier, { layout, deflate: deflateRawSync });
    const { net, standardize } = readNpzNet(bytes, inflateRawSync);
    assert.deepEqual(
      [net.params, standardize],
      [classifier.net.params, { mean: classifier.mean, std: classifier.std }],
    );
    assert.deepEqual(netFromNpz(bytes, { inflate: inflateRawSync }).params, classifier.net.params);
  }
  const single = readNpzNet(classifierToNpz(classifier, { dtype: "float32" })).standardize!;
  assert.deepEqual(single.std.data, classifier.std.data.map(Math.fround));
  assert.deepEqual(
    readNpzNet(netToNpz(classifier.net)),
    { net: classifier.net },
    "a bare net has none",
  );
});

test("readNpzNet refuses a mean and std that do not fit the net", () => {
  const arrays = parseNpz(netToNpz(net()));
  const read = (mean: Matrix | undefined, std: Matrix | undefined) => () =>
    readNpzNet(
      serializeNpz(
        new Map([
          ...arrays,
          ...(mean ? [["mean", mean] as const] : []),
          ...(std ? [["std", std] as const] : []),
        ]),
      ),
    );
  const row = (...values: number[]): Matrix => Matrix.fromRows([values]);
  assert.deepEqual(read(row(1, 2, 3), row(4, 5, 6))().standardize, {
    mean: row(1, 2, 3),
    std: row(4, 5, 6),
  });
  assertThrows(
    read(row(1, 2, 3), undefined),
    FormatError,
    "npz: expected mean and std together, got no std",
  );
  assertThrows(
    read(undefined, row(1, 2, 3)),
    FormatError,
    "npz: expected mean and std together, got no mean",
  );
  assertThrows(
    read(row(1, 2), row(1, 2, 3)),
    FormatError,
    "npz: mean, expected shape (1, 3) or (3,), got (1, 2)",
  );
  assertThrows(
    read(row(1, 2, 3), row(1, 2, 3).transpose()),
    FormatError,
    "npz: std, expected shape (1, 3) or (3,), got (3, 1)",
  );
  assertThrows(
    read(row(1, 2, NaN), row(1, 2, 3)),
    FormatError,
    "npz: mean, expected finite numbers, got NaN in column 2",
  );
  assertThrows(
    read(row(1, 2, 3), row(1, 0, 3)),
    FormatError,
    "npz: std, expected finite numbers > 0, got 0 in column 1",
  );
});
