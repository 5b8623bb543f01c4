// A program may hold the library twice: through a dependency, or source beside build. What one copy
// makes, the other takes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { split } from "../../lib/data/split.ts";
import { spiral } from "../../lib/data/synthetic.ts";
import { Classifier } from "../../lib/model/classifier.ts";
import { classifierToOnnx } from "../../lib/model/classifier-onnx.ts";
import { serializeModel } from "../../lib/model/model-file.ts";
import { checkGradients } from "../../lib/net/gradient-check.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { train } from "../../lib/training/trainer.ts";
import { mixedClassifier } from "../helpers/mixed-table.ts";
import { assertSameBits } from "../helpers/numbers.ts";

const second = "?second"; // another address: evaluated anew
const copy: {
  Classifier: typeof Classifier;
  Random: typeof Random;
  TwoLayerNet: typeof TwoLayerNet;
} = {
  ...(await import("../../lib/base/random.ts" + second)),
  ...(await import("../../lib/model/classifier.ts" + second)),
  ...(await import("../../lib/net/two-layer-net.ts" + second)),
};

test("Nets and generators of a second copy of the library give the same bits", () => {
  assert.notEqual(copy.Random, Random);
  assert.notEqual(copy.TwoLayerNet, TwoLayerNet);
  const run = (net: typeof TwoLayerNet, random: () => Random): Float64Array => {
    const { train: data, validation } = split(spiral({ count: 60, random: random() }), {
      random: random(),
    });
    const trained = net.create(
      { inputSize: 2, hiddenSize: 5, outputSize: 3 },
      { random: random() },
    );
    train(trained, data, { iterations: 20, batchSize: 16, validation, random: random() });
    assert.ok(Object.values(checkGradients(trained, data)).every((error) => error < 1e-7));
    return trained.params.W1.data;
  };
  assertSameBits(
    run(copy.TwoLayerNet, () => new copy.Random(5)),
    run(TwoLayerNet, () => new Random(5)),
    "W1",
  );
});

test("Classifiers of a second copy of the library are written to the same files", () => {
  assert.notEqual(copy.Classifier, Classifier);
  const { classifier } = mixedClassifier("mean");
  const other = new copy.Classifier(classifier);
  for (const write of [serializeModel, classifierToOnnx])
    assert.deepEqual(write(other), write(classifier));
});
