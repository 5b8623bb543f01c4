// Objects of the public classes behind proxies, as in the reactive state of Vue and MobX.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  FormatError,
  Matrix,
  parseCsv,
  prepareTable,
  Random,
  serializeModel,
  Trainer,
  TwoLayerNet,
  toyData,
} from "../../lib/index.ts";

/** A plain proxy: methods get it as `this`, fields come from the object itself. */
const plain = <T extends object>(object: T): T => new Proxy(object, {});

/** A proxy that wraps what it returns in proxies too, as `reactive` of Vue does. */
function deep<T extends object>(object: T, known = new WeakMap<object, object>()): T {
  const wrap = (value: unknown): unknown => {
    const isState = /^\[object (Object|Array)\]$/.test(Object.prototype.toString.call(value));
    return isState ? deep(value as object, known) : value;
  };
  const handler: ProxyHandler<T> = {
    get: (target, key, receiver) => {
      const { writable, configurable } = Object.getOwnPropertyDescriptor(target, key) ?? {};
      const value = Reflect.get(target, key, receiver);
      return writable === false && configurable === false ? value : wrap(value);
    },
  };
  if (!known.has(object)) known.set(object, new Proxy(object, handler));
  return known.get(object) as T;
}

const PROXIES = { "a plain proxy": plain, "a deep proxy": <T extends object>(it: T) => deep(it) };

const iris = readFileSync(new URL("../../examples/iris.csv", import.meta.url));

function trainer(): Trainer {
  const { X, y, params } = toyData();
  const options = { iterations: 6, batchSize: 2, validation: { X, y } };
  return new Trainer(new TwoLayerNet(params), { X, y }, options);
}

for (const [kind, proxied] of Object.entries(PROXIES)) {
  test(`A Random draws the same numbers behind ${kind}`, () => {
    const [random, expected] = [proxied(new Random(7)), new Random(7)];
    assert.deepEqual(random.uniform(3), expected.uniform(3));
    assert.deepEqual(random.normal(3), expected.normal(3));
    assert.deepEqual(random.integers(3, 10), expected.integers(3, 10));
    assert.deepEqual(random.permutation(5), expected.permutation(5));
    assert.deepEqual(random.state, expected.state);
    assert.deepEqual(Random.fromState(random.state).uniform(2), expected.uniform(2));
  });

  test(`A Matrix multiplies, adds and prints behind ${kind}`, () => {
    const a = Matrix.randomNormal(3, 3, new Random());
    assert.deepEqual(proxied(a).matmul(proxied(a)).data, a.matmul(a).data);
    assert.deepEqual(proxied(a).add(a, proxied(Matrix.zeros(3, 3))).data, a.add(a).data);
    assert.equal(String(proxied(a)), String(a));
  });

  test(`A TwoLayerNet computes its loss, steps and predicts behind ${kind}`, () => {
    const { X, y, params } = toyData();
    const expected = new TwoLayerNet(params).clone();
    const net = proxied(expected.clone());
    const { loss, grads } = net.loss(proxied(X), y);
    assert.equal(loss, expected.loss(X, y).loss);
    net.step(grads, 0.1);
    expected.step(expected.loss(X, y).grads, 0.1);
    assert.deepEqual(net.params.W1.data, expected.params.W1.data);
    assert.deepEqual(net.predict(X), expected.predict(X));
    assert.deepEqual(net.predictProba(X).data, expected.predictProba(X).data);
    assert.equal(net.accuracy(X, y), expected.accuracy(X, y));
  });

  test(`A Trainer trains and goes on from its state behind ${kind}`, () => {
    const [behind, expected] = [proxied(trainer()), trainer()];
    for (let i = 0; i < 3; i++) assert.equal(behind.step().loss, expected.step().loss);
    const { X, y } = toyData();
    const resumed = Trainer.fromState(behind.state, { X, y }, { validation: { X, y } });
    const losses = [...expected].map(({ loss }) => loss);
    assert.deepEqual(
      [...behind].map(({ loss }) => loss),
      losses,
    );
    assert.deepEqual(
      [...resumed].map(({ loss }) => loss),
      losses,
    );
    assert.deepEqual(behind.net.params.W2.data, expected.net.params.W2.data);
  });

  test(`A CsvTable is read and prepared behind ${kind}`, () => {
    const expected = parseCsv(iris, { name: "iris.csv" });
    const table = proxied(expected);
    assert.deepEqual(table.toRows(), expected.toRows());
    assert.equal(table.number(0, 0), expected.number(0, 0));
    assert.equal(table.isNumber(0, 4), false);
    assert.equal(table.error("wrong", 1, 1).message, expected.error("wrong", 1, 1).message);
    assert.deepEqual(
      prepareTable(table, { label: "species" }).data.y,
      prepareTable(expected, { label: "species" }).data.y,
    );
  });

  test(`A Classifier predicts and is saved behind ${kind}`, () => {
    const table = parseCsv(iris);
    const { classifier } = prepareTable(table, { label: "species" });
    assert.deepEqual(proxied(classifier).predict(table), classifier.predict(table));
    assert.deepEqual(serializeModel(proxied(classifier)), serializeModel(classifier));
  });

  test(`A FormatError names a file behind ${kind}`, () => {
    const error = new FormatError("npy", "cut off", { offset: 7 });
    assert.equal(proxied(error).inFile("x.npy").message, error.inFile("x.npy").message);
  });
}

test("A FormatError has no enumerable field for the place that it was made of", () => {
  assert.equal(Object.keys(new FormatError("npy", "cut off")).includes("place"), false);
});
