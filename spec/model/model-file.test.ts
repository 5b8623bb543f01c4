import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { parseSafetensors, serializeSafetensors } from "../../lib/formats/safetensors.ts";
import { Classifier } from "../../lib/model/classifier.ts";
import { parseModel, serializeModel } from "../../lib/model/model-file.ts";
import { netFromTensors, netToTensors } from "../../lib/model/net-tensors.ts";
import { prepareTable } from "../../lib/model/prepare.ts";
import { PARAM_NAMES } from "../../lib/net/params.ts";
import { refusesEveryTruncation, survivesEveryByteChange } from "../helpers/mutations.ts";
import { assertSameBits } from "../helpers/numbers.ts";

const table = parseCsv("a,c,label\n1,x,5\n2.5,y,7\n-3,x,5\n0.1,x,7\n");
const { classifier } = prepareTable(table, {
  label: "label",
  categorical: ["c"],
  validation: 0,
  hiddenSize: 2,
});
const bytes = serializeModel(classifier, { training: { learningRate: 0.1 } });

test("A model file brings back the classifier to the bit, with its notes", () => {
  const { classifier: read, training } = parseModel(bytes);
  for (const name of PARAM_NAMES)
    assertSameBits(read.net.params[name].data, classifier.net.params[name].data, name);
  assertSameBits(read.mean.data, classifier.mean.data, "mean");
  assertSameBits(read.std.data, classifier.std.data, "std");
  assert.deepEqual(read.encoding, classifier.encoding);
  assert.deepEqual(training, { learningRate: 0.1 });
  assert.deepEqual(serializeModel(read, { training }), bytes);
});

test("serializeModel refuses notes that are no plain JSON and a wrong classifier", () => {
  const circle: { [key: string]: unknown } = {};
  circle.self = circle;
  for (const [training, shown] of [
    [5, "5"],
    [null, "null"],
    ["x", '"x"'],
    [[1], "an array of 1"],
    [new Date(0), "a Date"],
    [circle, "an Object"],
    [{ n: 1n }, "an Object"],
    [() => 1, "a function"],
  ] as [never, string][]) {
    assert.throws(() => serializeModel(classifier, { training }), {
      name: "TypeError",
      message: `serializeModel: training expected an object of plain JSON, got ${shown}`,
    });
  }
  assert.deepEqual(parseModel(serializeModel(classifier, { training: undefined })).training, {});
  for (const [value, shown] of [
    [undefined, "undefined"],
    [5, "5"],
    [classifier.net, "a TwoLayerNet"],
  ] as [never, string][]) {
    assert.throws(() => serializeModel(value), {
      name: "TypeError",
      message: `serializeModel: classifier expected a Classifier, got ${shown}`,
    });
  }
});

test("serializeModel refuses a net that is not finite, which parseModel would refuse", () => {
  const { net, ...rest } = classifier;
  const broken = new Classifier({ ...rest, net: net.clone() });
  broken.net.params.W2.set(1, 1, NaN);
  assert.throws(() => serializeModel(broken), {
    name: "RangeError",
    message: "serializeModel: W2 expected finite numbers, got NaN at row 1, column 1",
  });
});

test("A model file is a safetensors file of W1 b1 W2 b2", () => {
  const { tensors, metadata } = parseSafetensors(bytes);
  assert.deepEqual(
    [...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape]),
    [
      ["W1", "float64", [3, 2]],
      ["b1", "float64", [1, 2]],
      ["W2", "float64", [2, 2]],
      ["b2", "float64", [1, 2]],
    ],
  );
  assert.deepEqual([...metadata.keys()], ["twolayer"]);
  assert.ok(
    netFromTensors(parseSafetensors(bytes).tensors).params.W1.equals(classifier.net.params.W1),
  );
});

test("Every truncation and every changed byte is a FormatError or a classifier", () => {
  refusesEveryTruncation(bytes, parseModel);
  survivesEveryByteChange(bytes, parseModel, { values: [0, 0x22, 0x30, 0x39, 0x65, 0x7d, 0xff] });
});

test("parseModel says what is wrong with a description", () => {
  const { tensors, metadata } = parseSafetensors(bytes);
  const good = JSON.parse(metadata.get("twolayer")!);
  const withText = (text: string): Uint8Array =>
    serializeSafetensors(tensors, { metadata: { twolayer: text } });
  const refused = (change: object, message: string): void =>
    assert.throws(() => parseModel(withText(JSON.stringify({ ...good, ...change }))), {
      name: "FormatError",
      message: `model: ${message}`,
    });
  refused({ version: 2 }, "expected version 1, got 2; a later release may read it");
  refused({ mean: [0, null, 0] }, "mean expected an array of finite numbers, got an array of 3");
  refused(
    { std: [0, 1, 1] },
    "Classifier: expected a finite mean and a finite std > 0, got " +
      `${classifier.mean.data[0]} and 0 in column 0`,
  );
  refused({ std: [1] }, "Classifier: std expected 1×3, got 1×1");
  refused(
    { encoding: { ...good.encoding, classes: [5] } },
    "Classifier: expected a net of 3 inputs and 1 classes for the encoding, got one of 3 and 2",
  );
  refused({ encoding: null }, "Classifier: options expected an object, got null");
  refused({ training: 5 }, "training expected an object, got 5");
  assert.throws(() => parseModel(withText("[1]")), {
    message: 'model: metadata "twolayer" expected an object, got an array of 1',
  });
  assert.throws(() => parseModel(withText("{")), {
    message: 'model: metadata "twolayer" expected JSON, got "{"',
  });
  assert.throws(() => parseModel(withText("[".repeat(1e6))), FormatError);
  assert.throws(() => parseModel(serializeSafetensors(netToTensors(classifier.net))), {
    message:
      'model: expected metadata "twolayer" that describes the columns and classes, ' +
      "got weights alone",
  });
  assert.throws(() => serializeModel({} as never), {
    name: "TypeError",
    message: "serializeModel: classifier expected a Classifier, got an Object",
  });
});

test("parseModel reads files of version 1.0.0 under today's names", () => {
  const read = (name: string): ReturnType<typeof parseModel> =>
    parseModel(
      readFileSync(new URL(`../fixtures/version-1.0.0/${name}.safetensors`, import.meta.url)),
    );
  const { classifier, training } = read("model");
  assert.deepEqual(classifier.classes, ["circle", "square"]);
  assert.equal(training.valAccuracy, 1);
  assert.equal(training.command?.name, "train");
  assert.deepEqual(training.command?.positionals, ["shapes.csv"]);
  assert.equal(training.history?.loss.length, training.iterations);
  assert.equal(training.settings?.patience, 4);
  const search = read("search").training;
  assert.equal(search.settings?.hiddenSize, 4);
  assert.equal(search.candidates, 2);
});

test("A flipped bit in any tensor is refused", () => {
  const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
  const { classifier } = prepareTable(fruit, { label: "kind", hiddenSize: 2 });
  const bytes = serializeModel(classifier);
  const tensors = 8 + new DataView(bytes.buffer).getUint32(0, true);
  const digits = /sha256\\":\\"([0-9a-f]{64})/.exec(Buffer.from(bytes).toString("latin1"))![1];
  assert.equal(digits, createHash("sha256").update(bytes.subarray(tensors)).digest("hex"));
  for (let at = tensors; at < bytes.length; at++) {
    for (const bit of [1, 128]) {
      const damaged = bytes.slice();
      damaged[at] ^= bit;
      assert.throws(() => parseModel(damaged), {
        name: "FormatError",
        message: new RegExp(
          `^model: expected tensors with the SHA-256 "${digits.slice(0, 39)}…", `,
        ),
      });
    }
  }
});
