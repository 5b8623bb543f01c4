import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { toyData } from "../../lib/data/toy.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { PARAM_NAMES, type Params } from "../../lib/net/params.ts";
import { softmaxLoss } from "../../lib/net/softmax-loss.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { matrix, reference } from "../helpers/fixtures.ts";
import { assertSameMatrix, leavesUnchanged, nanMatrix } from "../helpers/matrices.ts";
import {
  assertClose,
  assertCloseParams,
  assertSameParams,
  copyOf,
  randomProblem,
  storedParams,
} from "../helpers/nets.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

const any = (value: unknown): never => value as never;
const matricesOf = (params: Params): Matrix[] => PARAM_NAMES.map((name) => params[name]);

test("The float32 toy data's scores differ from the published ones by less than 1e-10", () => {
  const { publishedCorrectScores } = reference("toy-float32");
  const { X, params } = toyData("float32");
  const { scores } = new TwoLayerNet(params).forward(X);
  const difference = scores.sub(Matrix.fromRows(publishedCorrectScores)).map(Math.abs).sum();
  assert.equal(publishedCorrectScores.length, 5);
  assert.ok(difference < 1e-10, `${difference}`); // 2.3e-11
});

test("The loss of the float32 toy data with reg 0.05 is the published one", () => {
  const { X, y, params } = toyData("float32");
  const { loss } = new TwoLayerNet(params).loss(X, y, { reg: 0.05 });
  assert.equal(Math.fround(loss), 1.0986121892929077);
  assert.equal(reference("toy-float32").publishedCorrectLoss, 1.0986121892929077);
});

for (const precision of ["float32", "float64"] as const) {
  test(`Everything computed on the ${precision} toy data is what is stored, to 1e-12`, () => {
    const stored = reference(`toy-${precision}`);
    const net = new TwoLayerNet(storedParams(stored));
    const X = matrix(stored.X);
    const { hidden, scores } = net.forward(X);
    assertClose(hidden, matrix(stored.hidden), 1e-15, "hidden");
    assertClose(scores, matrix(stored.scores), 1e-15, "scores");
    assertClose(net.predictProba(X), matrix(stored.probabilities), 1e-15, "probabilities");
    const { loss, grads } = net.loss(X, stored.y, { reg: stored.reg });
    assert.ok(Math.abs(loss - stored.loss) <= 1e-15 * stored.loss);
    assert.ok(Math.abs(net.loss(X, stored.y).loss - stored.dataLoss) <= 1e-15 * stored.dataLoss);
    assertCloseParams(grads, storedParams(stored.grads), 1e-15, "grads");
  });
}

const { cases } = reference("gradient-cases");
assert.equal(cases.length, 12);
for (const { name, N, D, H, C, reg, X: storedX, y, expected, ...stored } of cases) {
  test(`The net reproduces every number of the stored case ${name} to 1e-12`, () => {
    const net = new TwoLayerNet(storedParams(stored));
    const X = matrix(storedX);
    assert.deepEqual([X.rows, net.inputSize, net.hiddenSize, net.outputSize], [N, D, H, C]);
    leavesUnchanged([X, ...matricesOf(net.params)], () => {
      const { hidden, scores } = net.forward(X);
      assertClose(hidden, matrix(expected.hidden), 1e-12, "hidden");
      assertClose(scores, matrix(expected.scores), 1e-12, "scores");
      assertClose(net.predictProba(X), matrix(expected.probabilities), 1e-12, "probabilities");
      assert.deepEqual([...net.predict(X)], expected.predictions);
      assert.equal(
        net.accuracy(X, y),
        expected.predictions.filter((label: number, i: number) => label === y[i]).length / N,
      );
      const { loss, grads } = net.loss(X, y, { reg });
      assert.ok(
        Math.abs(loss - expected.loss) <= 1e-12 * Math.abs(expected.loss),
        `loss ${loss}, stored ${expected.loss}`,
      );
      const dataLoss = net.loss(X, y).loss;
      assert.ok(
        Math.abs(dataLoss - expected.dataLoss) <= 1e-12 * Math.abs(expected.dataLoss),
        `data loss ${dataLoss}`,
      );
      assertCloseParams(grads, storedParams(expected.grads), 1e-12, "grads");
    });
  });
}

test("The loss of zero weights is the logarithm of the number of classes", () => {
  for (const C of [1, 2, 3, 10, 100]) {
    const net = TwoLayerNet.create({ inputSize: 4, hiddenSize: 5, outputSize: C }, { std: 0 });
    const { loss } = net.loss(
      Matrix.randomNormal(7, 4, new Random(1)),
      [0, C - 1, 0, C >> 1, 0, 0, C - 1],
      { reg: 3 },
    );
    assert.ok(Math.abs(loss - Math.log(C)) <= 1e-15 * Math.max(1, Math.log(C)), `${C} classes`);
  }
});

test("forward, loss, predict and predictProba have the bits of the formulas with Matrix", () => {
  for (const [N, D, H, C] of [
    [1, 1, 1, 1],
    [1, 3, 2, 2],
    [6, 4, 10, 3],
    [33, 17, 9, 5],
    [50, 64, 32, 10],
  ]) {
    const { net, X, y } = randomProblem(N, N, D, H, C);
    const { W1, b1, W2, b2 } = net.params;
    const hidden = X.matmul(W1).addRow(b1).relu();
    const scores = hidden.matmul(W2).addRow(b2);
    const { loss, dscores, probabilities } = softmaxLoss(scores, y);
    const dhidden = dscores.matmul(W2, { transB: true }).mul(hidden.reluMask());
    const reg = 0.01;
    const result = net.loss(X, y, { reg });
    assertSameBits([result.loss], [loss + reg * (W1.mul(W1).sum() + W2.mul(W2).sum())], "loss");
    assertSameParams(
      result.grads,
      {
        W1: X.matmul(dhidden, { transA: true }).addScaled(W1, 2 * reg),
        b1: dhidden.columnSum(),
        W2: hidden.matmul(dscores, { transA: true }).addScaled(W2, 2 * reg),
        b2: dscores.columnSum(),
      },
      "grads",
    );
    assertSameMatrix(net.forward(X).hidden, hidden, "hidden");
    assertSameMatrix(net.forward(X).scores, scores, "scores");
    assertSameMatrix(net.predictProba(X), probabilities, "probabilities");
    assertSameBits(net.predict(X), scores.rowArgmax(), "predictions");
  }
});

test("The same seed gives the same net and the same loss to the bit, another seed another", () => {
  const [a, b, c] = [1, 1, 2].map((seed) =>
    TwoLayerNet.create(
      { inputSize: 6, hiddenSize: 5, outputSize: 4 },
      { random: new Random(seed) },
    ),
  );
  const X = Matrix.randomNormal(8, 6, new Random(3));
  const y = [0, 1, 2, 3, 0, 1, 2, 3];
  assertSameParams(a.params, b.params, "params");
  assertSameBits([a.loss(X, y).loss], [b.loss(X, y).loss], "loss");
  assertSameParams(a.loss(X, y).grads, b.loss(X, y).grads, "grads");
  assert.notEqual(a.loss(X, y).loss, c.loss(X, y).loss);
});

test("A TwoLayerNet adopts its parameters, and reads its sizes from them", () => {
  const params = toyData().params;
  const net = new TwoLayerNet(params);
  for (const name of PARAM_NAMES) assert.equal(net.params[name], params[name]);
  const { inputSize, hiddenSize, outputSize } = net;
  assert.deepEqual(
    { inputSize, hiddenSize, outputSize },
    { inputSize: 4, hiddenSize: 10, outputSize: 3 },
  );
  const kept = new TwoLayerNet({ ...params, extra: 1 } as never);
  assert.deepEqual(Object.keys(kept.params), ["W1", "b1", "W2", "b2"]);
});

test("loss leaves its inputs and the net alone, and its gradients have their own memory", () => {
  const { net, X, y } = randomProblem(4, 9, 5, 6, 3);
  const labels = y.slice();
  leavesUnchanged([X, ...matricesOf(net.params)], () => {
    const { grads } = net.loss(X, y, { reg: 0.1 });
    for (const name of PARAM_NAMES) grads[name].data.fill(NaN);
    net.loss(X, y);
    net.forward(X).hidden.data.fill(NaN);
    net.predictProba(X).data.fill(NaN);
  });
  assert.deepEqual(y, labels);
});

test("loss takes labels of any kind of array", () => {
  const { net, X, y } = randomProblem(5, 6, 5, 6, 3);
  const expected = net.loss(X, y);
  for (const labels of [[...y], Float64Array.from(y), Uint8Array.from(y)]) {
    assert.equal(net.loss(X, labels).loss, expected.loss);
    assertSameParams(net.loss(X, labels).grads, expected.grads, "grads");
  }
});

test("Huge weights without a penalty have a finite loss, though their squares overflow", () => {
  const params = {
    W1: Matrix.filled(2, 2, 1e200),
    b1: new Matrix(1, 2),
    W2: Matrix.filled(2, 2, 1e-200),
    b2: new Matrix(1, 2),
  };
  const net = new TwoLayerNet(params);
  const { loss, grads } = net.loss(Matrix.fromRows([[1, 2]]), [0]);
  assert.equal(loss, Math.LN2);
  assert.ok(matricesOf(grads).every((grad) => grad.data.every(Number.isFinite)));
  assert.equal(net.loss(Matrix.fromRows([[1, 2]]), [0], { reg: 1 }).loss, Infinity);
});

test("step is plain gradient descent in place", () => {
  const { net, X, y } = randomProblem(6, 9, 5, 6, 3);
  const before = copyOf(net.params);
  const { grads } = net.loss(X, y);
  const kept = { ...net.params };
  leavesUnchanged(matricesOf(grads), () => assert.equal(net.step(grads, 0.1), undefined));
  for (const name of PARAM_NAMES) {
    assert.equal(net.params[name], kept[name]);
    assertSameBits(
      net.params[name].data,
      before[name].data.map((value, i) => value + -0.1 * grads[name].data[i]),
      name,
    );
  }
  const first = net.loss(X, y).loss;
  for (let i = 0; i < 50; i++) net.step(net.loss(X, y).grads, 0.1);
  assert.ok(net.loss(X, y).loss < first / 2);
});

test("predict and accuracy work in chunks: more rows than 1024 give what single rows give", () => {
  const { net } = randomProblem(7, 1, 3, 4, 5);
  for (const N of [1, 1023, 1024, 1025, 2048, 3000]) {
    const X = Matrix.randomNormal(N, 3, new Random(N));
    const expected = net.forward(X).scores.rowArgmax();
    leavesUnchanged([X], () => assertSameBits(net.predict(X), expected, `${N} rows`));
    const y = expected.map((label, i) => (i % 3 === 0 ? (label + 1) % 5 : label));
    assert.equal(net.accuracy(X, y), (N - Math.ceil(N / 3)) / N);
    assert.equal(net.accuracy(X, expected), 1);
  }
  const X = Matrix.randomNormal(1100, 3, new Random(9));
  const labels = net.predict(X);
  for (const i of [0, 1, 500, 1023, 1024, 1099])
    assert.equal(net.predict(X.sliceRows(i, i + 1))[0], labels[i]);
});

test("predict takes the first of equal scores", () => {
  const zero = TwoLayerNet.create({ inputSize: 2, hiddenSize: 2, outputSize: 4 }, { std: 0 });
  assert.deepEqual([...zero.predict(new Matrix(3, 2))], [0, 0, 0]);
  zero.params.b2.data.set([1, 3, 3, 2]);
  assert.deepEqual([...zero.predict(new Matrix(2, 2))], [1, 1]);
});

test("accuracy counts what a subclass predicts", () => {
  class First extends TwoLayerNet {
    override predict(X: Matrix) {
      return super.predict(X).fill(0);
    }
  }
  const net = First.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
  const X = Matrix.randomNormal(8, 2, new Random(1));
  assert.equal(net.accuracy(X, [0, 0, 0, 0, 0, 0, 0, 1]), 7 / 8);
  assert.equal(net.accuracy(X, [1, 1, 1, 1, 1, 1, 1, 0]), 1 / 8);
});

test("predict refuses rows whose scores are NaN, and accuracy counts them as wrong", () => {
  const X = Matrix.randomNormal(1100, 3, new Random(9));
  const y = new Int32Array(X.rows);
  for (const name of PARAM_NAMES) {
    for (const value of [NaN, Infinity, -Infinity]) {
      const net = TwoLayerNet.create({ inputSize: 3, hiddenSize: 4, outputSize: 2 });
      net.params[name].data.fill(value);
      const rows = net.forward(X).scores.toRows();
      const row = rows.findIndex((scores) => scores.some(Number.isNaN));
      if (value !== value) assert.equal(row, 0, name);
      if (row < 0) continue; // an infinite bias of one class, say, still has a greatest score
      assertThrows(
        () => net.predict(X),
        RangeError,
        `predict: expected finite parameters, got NaN scores at row ${row}`,
      );
      assert.ok(Number.isNaN(net.predictProba(X).get(row, 0)));
      const right = rows.filter((scores) => scores[0] >= scores[1]).length;
      assert.equal(net.accuracy(X, y), right / X.rows, `${name} ${value}`);
    }
  }
});

test("forward, predict and predictProba of no rows are empty", () => {
  const { net } = randomProblem(8, 1, 3, 4, 5);
  const X = new Matrix(0, 3);
  assertSameMatrix(net.forward(X).hidden, new Matrix(0, 4), "hidden");
  assertSameMatrix(net.forward(X).scores, new Matrix(0, 5), "scores");
  assertSameMatrix(net.predictProba(X), new Matrix(0, 5), "probabilities");
  assert.equal(net.predict(X).length, 0);
});

test("NaN in one row of X reaches the scores of that row and of no other", () => {
  const { net, X } = randomProblem(9, 6, 5, 4, 3);
  const expected = net.forward(X).scores;
  X.row(2).fill(NaN);
  const { scores } = net.forward(X);
  for (let i = 0; i < 6; i++) {
    if (i === 2) assert.ok(scores.row(i).every(Number.isNaN));
    else assertSameBits(scores.row(i), expected.row(i), `row ${i}`);
  }
});

test("Inputs of another width or type are refused by every method, under its name", () => {
  const { net, X, y } = randomProblem(10, 4, 3, 4, 2);
  const calls: [string, (X: Matrix) => unknown][] = [
    ["forward", (X) => net.forward(X)],
    ["predictProba", (X) => net.predictProba(X)],
    ["predict", (X) => net.predict(X)],
    ["loss", (X) => net.loss(X, y)],
    ["accuracy", (X) => net.accuracy(X, y)],
  ];
  leavesUnchanged([X, ...matricesOf(net.params)], () => {
    for (const [name, call] of calls) {
      assertThrows(
        () => call(new Matrix(4, 2)),
        ShapeError,
        `${name}: expected X with 3 columns for a net of 3 inputs, got 4×2`,
      );
      assertThrows(
        () => call(any([[1, 2, 3]])),
        TypeError,
        `${name}: X expected a Matrix, got an array of 1`,
      );
      assertThrows(
        () => call(any(undefined)),
        TypeError,
        `${name}: X expected a Matrix, got undefined`,
      );
    }
  });
});

test("loss and accuracy refuse labels and options that do not fit, and no rows", () => {
  const { net, X, y } = randomProblem(11, 4, 3, 4, 2);
  leavesUnchanged([X, ...matricesOf(net.params)], () => {
    for (const [name, call] of [
      ["loss", (X: Matrix, y: ArrayLike<number>) => net.loss(X, y)],
      ["accuracy", (X: Matrix, y: ArrayLike<number>) => net.accuracy(X, y)],
    ] as const) {
      assertThrows(
        () => call(X, [0, 1]),
        ShapeError,
        `${name}: expected 4 labels for 4 rows, got 2`,
      );
      assertThrows(
        () => call(X, [0, 1, 0, 2]),
        RangeError,
        `${name}: label 2 at row 3 is outside 0..1`,
      );
      assertThrows(
        () => call(X, [0, -1, 0, 1]),
        TypeError,
        `${name}: y[1] expected an integer label, 0 or more, got -1; encodeLabels turns names ` +
          "into labels",
      );
      assertThrows(
        () => call(X, [0.5, 1, 0, 1]),
        TypeError,
        `${name}: y[0] expected an integer label, 0 or more, got 0.5; encodeLabels turns names ` +
          "into labels",
      );
      assertThrows(
        () => call(X, any("0101")),
        TypeError,
        `${name}: y expected an array of integer labels, got "0101"`,
      );
      assertThrows(
        () => call(new Matrix(0, 3), []),
        ShapeError,
        `${name}: expected at least one row, got 0×3`,
      );
    }
    for (const bad of [-1, NaN, Infinity])
      assertThrows(
        () => net.loss(X, y, { reg: bad }),
        RangeError,
        `loss: reg expected a finite number >= 0, got ${bad}`,
      );
    assertThrows(
      () => net.loss(X, y, { reg: any("0") }),
      TypeError,
      'loss: reg expected a finite number >= 0, got "0"',
    );
    assertThrows(
      () => net.loss(X, y, any({ lambda: 1 })),
      TypeError,
      "loss: unknown option lambda; expected reg, sampleWeights",
    );
    assertThrows(
      () => net.loss(X, y, any(0.1)),
      TypeError,
      "loss: options expected an object, got 0.1",
    );
  });
});

test("step checks all four gradients before it changes the first parameter", () => {
  const { net, X, y } = randomProblem(12, 4, 3, 5, 2);
  const { grads } = net.loss(X, y);
  leavesUnchanged(matricesOf(net.params), () => {
    for (const bad of [NaN, Infinity])
      assertThrows(
        () => net.step(grads, bad),
        RangeError,
        `step: learningRate expected a finite number, got ${bad}`,
      );
    assertThrows(
      () => net.step(grads, any(undefined)),
      TypeError,
      "step: learningRate expected a finite number, got undefined",
    );
    assertThrows(
      () => net.step({ ...grads, b2: new Matrix(2, 1) }, 0.1),
      ShapeError,
      "step: b2 expected 1×2, got 2×1",
    );
    assertThrows(
      () => net.step(any({ W1: grads.W1 }), 0.1),
      TypeError,
      "step: grads.b1 expected a Matrix, got undefined",
    );
    assertThrows(
      () => net.step(any(undefined), 0.1),
      TypeError,
      "step: grads expected { W1, b1, W2, b2 }, got undefined",
    );
    assertThrows(
      () => net.step(any(1), 0.1),
      TypeError,
      "step: grads expected { W1, b1, W2, b2 }, got 1",
    );
  });
  const memory = nanMatrix(6, 2);
  const shifted = new TwoLayerNet({ ...net.params, W2: memory.sliceRows(0, 5) });
  leavesUnchanged([memory, ...matricesOf(shifted.params)], () => {
    assertThrows(
      () => shifted.step({ ...grads, W2: memory.sliceRows(1, 6) }, 0.1),
      RangeError,
      "step: W2: expected an out that is the gradient itself or apart from it, got one that " +
        "overlaps it in part",
    );
  });
});

test("TwoLayerNet refuses parameters whose shapes disagree, and create wrong sizes", () => {
  const { params } = toyData();
  assertThrows(
    () => new TwoLayerNet({ ...params, b1: new Matrix(1, 9) }),
    ShapeError,
    "TwoLayerNet: expected W1 D×H, b1 1×H, W2 H×C, b2 1×C with D, H, C >= 1, got 4×10, 1×9, " +
      "10×3, 1×3",
  );
  assertThrows(
    () => new TwoLayerNet(any(undefined)),
    TypeError,
    "TwoLayerNet: params expected { W1, b1, W2, b2 }, got undefined",
  );
  assertThrows(
    () => new TwoLayerNet({ ...params, W2: any([[1]]) }),
    TypeError,
    "TwoLayerNet: W2 expected a Matrix, got an array of 1",
  );
  assertThrows(
    () => TwoLayerNet.create({ inputSize: 4, hiddenSize: 0, outputSize: 3 }),
    RangeError,
    "TwoLayerNet.create: hiddenSize expected an integer >= 1, got 0",
  );
});

test("A net whose parameters were transferred to another thread throws", () => {
  const { net, X, y } = randomProblem(1, 4, 3, 2, 2);
  structuredClone(net.params.W2.data, { transfer: [net.params.W2.data.buffer as ArrayBuffer] });
  assertThrows(() => net.predict(X), ShapeError, "predict: W2 expected 4 values for 2×2, got 0");
  assertThrows(() => net.loss(X, y), ShapeError, "loss: W2 expected 4 values for 2×2, got 0");
});

test("The loss and gradients of integer weights are those of repeated rows", () => {
  const { net, X, y } = randomProblem(11, 12, 5, 6, 4);
  const sampleWeights = Array.from({ length: 12 }, (_, i) => i % 4);
  const repeated = Int32Array.from(sampleWeights.flatMap((weight, i) => Array(weight).fill(i)));
  const weighted = net.loss(X, y, { reg: 0.1, sampleWeights });
  const expected = net.loss(
    X.takeRows(repeated),
    repeated.map((i) => y[i]),
    { reg: 0.1 },
  );
  assert.ok(Math.abs(weighted.loss - expected.loss) < 1e-13);
  assertCloseParams(weighted.grads, expected.grads, 1e-13, "repeated rows");
});

test("A row of weight 0 has no part in the loss, and equal weights change nothing", () => {
  const { net, X, y } = randomProblem(12, 6, 3, 5, 3);
  const first = net.loss(X, y, { sampleWeights: [1, 1, 1, 1, 1, 0] });
  const rows = Int32Array.of(0, 1, 2, 3, 4);
  const without = net.loss(X.takeRows(rows), y.slice(0, 5));
  assert.ok(Math.abs(first.loss - without.loss) < 1e-13);
  assertCloseParams(first.grads, without.grads, 1e-13, "without the row");
  const huge = X.clone();
  huge.row(5).fill(1e200); // whose own loss would be infinite
  assert.equal(net.loss(huge, y, { sampleWeights: [1, 1, 1, 1, 1, 0] }).loss, first.loss);
  const equal = net.loss(X, y, { sampleWeights: Array(6).fill(3) });
  assert.ok(Math.abs(equal.loss - net.loss(X, y).loss) < 1e-13);
});

test("Weights that are all 0, negative or of another number are refused", () => {
  const { net, X, y } = randomProblem(13, 2, 3, 5, 3);
  const refused = (sampleWeights: number[], error: new (m: string) => Error, message: string) =>
    assertThrows(() => net.loss(X, y, { sampleWeights }), error, message);
  refused([0, 0], RangeError, "loss: sampleWeights expected a finite sum > 0, got 0");
  const none = null as unknown as number[];
  refused(none, TypeError, "loss: sampleWeights expected an array of numbers, got null");
  refused([1, -1], RangeError, "loss: sampleWeights[1] expected a finite number >= 0, got -1");
  refused([1], ShapeError, "loss: expected 2 sampleWeights for 2 rows, got 1");
});
