// Two copies of the package in one process, an ES module and a CommonJS module, as a program gets
// that imports it and depends on another that requires it: each takes what the other has made.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Twolayer from "../../../lib/index.ts";
import { project } from "../packed.ts";

const dist = join(project("copies"), "node_modules/twolayer/dist");
const es: typeof Twolayer = await import(pathToFileURL(join(dist, "index.js")).href);
const cjs: typeof Twolayer = createRequire(join(dist, "index.cjs"))("./index.cjs");

test("There are two copies", () => assert.notEqual(es.Matrix, cjs.Matrix));

for (const [name, own, other] of [
  ["ES module", es, cjs],
  ["CommonJS", cjs, es],
] as const) {
  const random = () => new other.Random(3);
  const data = other.twoMoons({ count: 60, random: random() });
  const sizes = { inputSize: 2, hiddenSize: 4, outputSize: 2 };
  const options = { epochs: 3, batchSize: 10 };

  test(`${name}: products of matrices of both copies`, () => {
    const A = other.Matrix.randomNormal(5, 7, random());
    const B = own.Matrix.randomNormal(7, 3, random());
    const expected = A.matmul(other.Matrix.fromRows(B.toRows()));
    assert.deepEqual(B.transpose().matmul(A.transpose()).toRows(), expected.transpose().toRows());
    assert.deepEqual(own.Matrix.fromRows(A.toRows()).add(A).toRows(), A.scale(2).toRows());
    const out = new other.Matrix(5, 3);
    own.Matrix.fromRows(A.toRows()).matmul(B, { out });
    assert.deepEqual(out.toRows(), expected.toRows());
  });

  test(`${name}: a training with the other's data, random numbers, net and optimizer`, () => {
    const nets = [own, other].map(({ TwoLayerNet }) =>
      TwoLayerNet.create(sizes, { random: random() }),
    );
    const [mine, theirs] = nets.map((net) => {
      const history = own.train(net, data, {
        ...options,
        random: random(),
        optimizer: other.adam(),
        schedule: other.cosine(),
        validation: data,
      });
      return { history, W1: net.params.W1.toRows(), accuracy: net.accuracy(data.X, data.y) };
    });
    assert.deepEqual(theirs, mine);
  });

  test(`${name}: a search over the other's data`, async () => {
    const space = { learningRate: [0.1, 1] };
    const search = { ...options, validation: data, space, workers: 2 };
    const [mine, theirs] = [
      await own.findBestNet(data, search),
      await other.findBestNet(data, search),
    ];
    assert.deepEqual(mine.net.params.W1.toRows(), theirs.net.params.W1.toRows());
  });

  test(`${name}: tables, a classifier and its file`, () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      x: i % 7,
      y: i,
      label: i % 2 ? "a" : "b",
    }));
    const text = ["x,y,label", ...rows.map(({ x, y, label }) => `${x},${y},${label}`)].join("\n");
    const table = other.parseCsv(text);
    const { classifier, data: train } = other.prepareTable(table, {
      label: "label",
      hiddenSize: 4,
    });
    other.train(classifier.net, train, options);
    const bytes = other.serializeModel(classifier);
    assert.deepEqual(own.serializeModel(classifier), bytes);
    assert.deepEqual(own.classifierToOnnx(classifier), other.classifierToOnnx(classifier));
    const { state } = new other.Trainer(classifier.net, train, options);
    assert.deepEqual(
      own.serializeCheckpoint(classifier, state),
      other.serializeCheckpoint(classifier, state),
    );
    const read = own.parseModel(bytes).classifier;
    assert.deepEqual(read.predict(table), classifier.predict(table));
    assert.deepEqual(
      own.prepareTable(table, { label: "label", hiddenSize: 4 }).data.X.toRows(),
      train.X.toRows(),
    );
    const { net } = classifier;
    const { encoding, mean, std } = classifier;
    assert.deepEqual(
      new own.Classifier({ net, encoding, mean, std }).predict(table),
      classifier.predict(table),
    );
  });

  test(`${name}: the other's errors say what they are`, () => {
    const caught = (use: () => unknown): any => {
      try {
        use();
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const wrong = caught(() => other.Matrix.identity(2).matmul(own.Matrix.identity(3)));
    assert.equal(wrong.name, "ShapeError");
    assert.ok(wrong instanceof RangeError);
    assert.equal(caught(() => other.parseNpy(new Uint8Array(3))).name, "FormatError");
  });
}
