import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { toyData } from "../../lib/data/toy.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { checkGradients, numericGradient, relativeError } from "../../lib/net/gradient-check.ts";
import { PARAM_NAMES } from "../../lib/net/params.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { matrix, reference } from "../helpers/fixtures.ts";
import { assertSameMatrix, leavesUnchanged } from "../helpers/matrices.ts";
import { randomProblem, storedParams } from "../helpers/nets.ts";
import { assertThrows } from "../helpers/throws.ts";

const any = (value: unknown): never => value as never;

for (const precision of ["float32", "float64"] as const) {
  test(`checkGradients on the ${precision} toy data is below 1e-4 and, by itself, 1e-10`, () => {
    const { X, y, params } = toyData(precision);
    const net = new TwoLayerNet(params);
    leavesUnchanged([X, ...PARAM_NAMES.map((name) => params[name])], () => {
      const exercise = checkGradients(net, { X, y }, { reg: 0.05, h: 1e-7 });
      const own = checkGradients(net, { X, y }, { reg: 0.05 });
      for (const name of PARAM_NAMES) {
        assert.ok(
          exercise[name] > 0 && exercise[name] < 1e-4,
          `${name} with h 1e-7: ${exercise[name]}`,
        );
        assert.ok(own[name] >= 0 && own[name] < 1e-10, `${name}: ${own[name]}`);
      }
    });
  });
}

test("checkGradients is below 1e-9 for 200 random nets, with and without a penalty", () => {
  for (let seed = 0; seed < 200; seed++) {
    const [N, D, H, C] = new Random(seed + 1000).integers(4, 5).map((n) => n + 1);
    const { net, X, y } = randomProblem(seed, N, D, H, C);
    const errors = checkGradients(net, { X, y }, { reg: seed % 2 === 0 ? 0 : 0.3 });
    for (const name of PARAM_NAMES)
      assert.ok(errors[name] < 1e-9, `seed ${seed}, ${N} ${D} ${H} ${C}, ${name}: ${errors[name]}`);
  }
});

test("checkGradients is below 1e-10 for every stored case", () => {
  for (const { name, X, y, reg, ...stored } of reference("gradient-cases").cases) {
    const errors = checkGradients(
      new TwoLayerNet(storedParams(stored)),
      { X: matrix(X), y },
      { reg },
    );
    for (const param of PARAM_NAMES)
      assert.ok(
        errors[param] < (name === "zero-weights" ? 1e-4 : 1e-10),
        `${name}, ${param}: ${errors[param]}`,
      );
  }
});

test("checkGradients sees a wrong gradient in the parameter that has it", () => {
  const { net, X, y } = randomProblem(1, 6, 4, 5, 3);
  const wrong = new TwoLayerNet(net.params);
  wrong.loss = (...args) => {
    const result = net.loss(...args);
    result.grads.W2.scale(1.01, result.grads.W2);
    return result;
  };
  const errors = checkGradients(wrong, { X, y }, { reg: 0.1 });
  assert.ok(errors.W2 > 1e-3, `${errors.W2}`);
  assert.ok(errors.W1 < 1e-7 && errors.b1 < 1e-7 && errors.b2 < 1e-7);
});

test("checkGradients restores the parameters also when the loss throws", () => {
  const { net, X, y } = randomProblem(2, 4, 3, 2, 2);
  const failing = new TwoLayerNet(net.params);
  let calls = 0;
  const stop = new Error("stop");
  failing.loss = (...args) => {
    if (++calls === 5) throw stop;
    return net.loss(...args);
  };
  leavesUnchanged(
    PARAM_NAMES.map((name) => net.params[name]),
    () => assert.throws(() => checkGradients(failing, { X, y }, { h: 1e-5 }), stop),
  );
});

test("checkGradients refuses a wrong net, wrong data and a wrong step", () => {
  const { net, X, y } = randomProblem(3, 4, 3, 2, 2);
  leavesUnchanged([X, ...PARAM_NAMES.map((name) => net.params[name])], () => {
    assertThrows(
      () => checkGradients(any(undefined), { X, y }),
      TypeError,
      "checkGradients: net expected a TwoLayerNet, got undefined",
    );
    assertThrows(
      () => checkGradients(net, any(undefined)),
      TypeError,
      "checkGradients: data expected { X, y }, got undefined",
    );
    assertThrows(
      () => checkGradients(net, any(X), any(y)),
      TypeError,
      "checkGradients: data expected { X, y }, got a Matrix",
    );
    assertThrows(
      () => checkGradients(net, { X, y }, { h: 0 }),
      RangeError,
      "checkGradients: h expected a finite number > 0, got 0",
    );
    assertThrows(
      () => checkGradients(net, { X, y }, any({ eps: 1 })),
      TypeError,
      "checkGradients: unknown option eps; expected reg, h",
    );
    assertThrows(
      () => checkGradients(net, { X, y }, { reg: -1 }),
      RangeError,
      "loss: reg expected a finite number >= 0, got -1",
    );
    assertThrows(
      () => checkGradients(net, { X, y: [0] }),
      ShapeError,
      "checkGradients: expected 4 labels for 4 rows, got 1",
    );
  });
});

test("numericGradient is exact to rounding for polynomials, exponentials and long sums", () => {
  const at = Matrix.fromRows([
    [0.5, -2, 3],
    [1e-4, 0, 100],
  ]);
  const cases: [string, (x: number) => number, (x: number) => number][] = [
    ["x", (x) => x, () => 1],
    ["x²", (x) => x * x, (x) => 2 * x],
    ["x⁵", (x) => x ** 5, (x) => 5 * x ** 4],
    ["e^(x/50)", (x) => Math.exp(x / 50), (x) => Math.exp(x / 50) / 50],
    ["sin x", Math.sin, Math.cos],
    ["constant", () => 7, () => 0],
  ];
  for (const [name, f, derivative] of cases) {
    leavesUnchanged([at], () => {
      const numeric = numericGradient(() => at.map(f).sum(), at);
      const error = relativeError(numeric, at.map(derivative));
      assert.ok(error < 1e-10, `${name}: ${error}`);
    });
  }
});

test("numericGradient by itself works beside undefined regions and distant kinks", () => {
  const at = Matrix.fromRows([[0.01, 0.5, 1e-3]]);
  // NaN at the first steps
  assert.ok(
    relativeError(
      numericGradient(() => at.map(Math.log).sum(), at),
      at.map((x) => 1 / x),
    ) < 1e-8,
  );
  const kinked = Matrix.fromRows([[-0.5, 0.5, 0.01, -0.01]]);
  assert.ok(
    relativeError(
      numericGradient(() => kinked.relu().sum(), kinked),
      kinked.reluMask(),
    ) < 1e-8,
  );
});

test("numericGradient with h is the centred difference with that step", () => {
  const at = Matrix.fromRows([[2, -1]]);
  // (x + h)³ − (x − h)³ over 2h is 3x² + h²
  const gradient = numericGradient(() => at.mul(at).mul(at).sum(), at, 0.5);
  assertSameMatrix(gradient, Matrix.fromRows([[12.25, 3.25]]), "of x³");
});

test("numericGradient has the shape of what it differentiates by, also without elements", () => {
  assertSameMatrix(
    numericGradient(() => 1, new Matrix(0, 3)),
    new Matrix(0, 3),
    "no rows",
  );
  assertSameMatrix(
    numericGradient(() => 1, new Matrix(2, 3)),
    new Matrix(2, 3),
    "of a constant",
  );
  assert.ok(Number.isNaN(numericGradient(() => NaN, new Matrix(1, 1)).get(0, 0)));
});

test("numericGradient restores the element when the function throws", () => {
  const at = Matrix.fromRows([[1, 2]]);
  const stop = new Error("stop");
  let calls = 0;
  leavesUnchanged([at], () => {
    assert.throws(
      () =>
        numericGradient(
          () => {
            if (++calls === 3) throw stop;
            return 0;
          },
          at,
          0.1,
        ),
      stop,
    );
    assertThrows(
      () => numericGradient(any(1), at),
      TypeError,
      "numericGradient: f expected a function, got 1",
    );
    assertThrows(
      () => numericGradient(() => 1, any([1])),
      TypeError,
      "numericGradient: at expected a Matrix, got an array of 1",
    );
    for (const h of [0, -1, NaN, Infinity]) {
      assertThrows(
        () => numericGradient(() => 1, at, h),
        RangeError,
        `numericGradient: h expected a finite number > 0, got ${h}`,
      );
    }
    assertThrows(
      () => numericGradient(() => 1, at, any("1e-5")),
      TypeError,
      'numericGradient: h expected a finite number > 0, got "1e-5"',
    );
  });
});

test("relativeError is the greatest difference over the greatest size", () => {
  const error = (a: number[], b: number[]): number =>
    relativeError(Matrix.rowVector(a), Matrix.rowVector(b));
  assert.equal(error([1, 2], [1, 2]), 0);
  assert.equal(error([1, 3], [1, 1]), 2 / 4);
  assert.equal(error([1e-11], [0]), 1e-11 / 1e-10); // the divisor is at least 1e-10
  assert.equal(error([0, 5], [1, 5]), 1 / 10); // the two need not be the same element
  assert.equal(error([], []), 0);
  assert.ok(
    Number.isNaN(error([NaN], [1])) &&
      Number.isNaN(error([1, 2], [1, NaN])) &&
      Number.isNaN(error([NaN, 1], [NaN, 1])),
  );
  assertThrows(
    () => relativeError(Matrix.identity(2), Matrix.identity(3)),
    ShapeError,
    "relativeError: b expected 2×2, got 3×3",
  );
  assertThrows(
    () => relativeError(any([1]), Matrix.identity(1)),
    TypeError,
    "relativeError: a expected a Matrix, got an array of 1",
  );
  assertThrows(
    () => relativeError(Matrix.identity(1), any(null)),
    TypeError,
    "relativeError: b expected a Matrix, got null",
  );
});

test("numericGradient refuses an f that returns no number and an h lost in rounding", () => {
  const at = Matrix.rowVector([1e20, 1]);
  leavesUnchanged([at], () => {
    for (const [value, text] of [
      [undefined, "undefined"],
      [{ loss: 1 }, "an Object"],
      ["1", '"1"'],
      [1n, "1n"],
    ] as const) {
      assertThrows(
        () => numericGradient(() => any(value), at),
        TypeError,
        `numericGradient: f expected to return a number, got ${text}`,
      );
    }
    assertThrows(
      () => numericGradient(() => at.sum(), at, 1e-7),
      RangeError,
      "numericGradient: h expected a step that changes the element 100000000000000000000, got 1e-7",
    );
  });
});

const slopes: [name: string, f: (x: number) => number, x: number, slope: number, to: number][] = [
  ["log near 0", Math.log, 1e-9, 1e9, 1e-9],
  ["sqrt near 0", Math.sqrt, 1e-9, 0.5 / Math.sqrt(1e-9), 1e-9],
  ["log very near 0", Math.log, 1e-300, 1e300, 1e-9],
  ["1/x beside its pole", (x) => 1 / x, 1e-9, -1e18, 1e-9],
  ["a sine of frequency 1e6", (x) => Math.sin(1e6 * x), 1.3, 1e6 * Math.cos(1.3e6), 1e-7],
  ["a kink at a distance of 1e-7", (x) => Math.max(x, 0) + 3, 1e-7, 1, 1e-6],
  ["exp far from 0", Math.exp, 100, Math.exp(100), 1e-10],
  ["a cube far from 0", (x) => x ** 3, 1e8, 3e16, 1e-10],
  ["a constant", () => 5, 1, 0, 0],
];
for (const [name, f, x, slope, to] of slopes) {
  test(`numericGradient finds the slope of ${name}`, () => {
    const at = Matrix.rowVector([x]);
    const found = numericGradient(() => f(at.data[0]), at).data[0];
    assert.ok(Math.abs(found - slope) <= to * Math.abs(slope), `${found}, expected ${slope}`);
    assert.equal(at.data[0], x);
  });
}

test("numericGradient of the toy net's own loss agrees with its gradients", () => {
  for (const precision of ["float32", "float64"] as const) {
    const { X, y, params } = toyData(precision);
    const net = new TwoLayerNet(params);
    const { grads } = net.loss(X, y, { reg: 0.05 });
    for (const name of PARAM_NAMES) {
      const numeric = numericGradient(() => net.loss(X, y, { reg: 0.05 }).loss, params[name]);
      const error = relativeError(grads[name], numeric);
      assert.ok(error < 1e-5, `${precision} ${name}: ${error}`);
    }
  }
});

test("numericGradient is NaN where the function has no finite value", () => {
  assert.equal(numericGradient(() => NaN, Matrix.rowVector([1])).data[0], NaN);
});

test("checkGradients checks the loss of a subclass that overrides it", () => {
  const { X, y, params } = toyData("float64");
  class Doubled extends TwoLayerNet {
    override loss(...args: Parameters<TwoLayerNet["loss"]>): ReturnType<TwoLayerNet["loss"]> {
      const { loss, grads } = super.loss(...args);
      return { loss: 2 * loss, grads };
    }
  }
  for (const error of Object.values(checkGradients(new Doubled(params), { X, y })))
    assert.ok(Math.abs(error - 1 / 3) < 1e-4, `${error}`);
});

test("relativeError of numbers at the end of the range is not NaN", () => {
  for (const x of [1e308, Number.MAX_VALUE])
    assert.equal(relativeError(Matrix.rowVector([x]), Matrix.rowVector([-x])), 1);
});

test("checkGradients agrees with the weighted mean of the losses", () => {
  const { X, y, params } = toyData("float64");
  const sampleWeights = [0.5, 2, 0, 1, 3.25];
  const net = new TwoLayerNet(params);
  const errors = checkGradients(net, { X, y, sampleWeights }, { reg: 0.05 });
  for (const error of Object.values(errors)) assert.ok(error < 1e-8, JSON.stringify(errors));
  const own = y.length;
  const losses = Array.from(
    { length: own },
    (_, i) => net.loss(X.sliceRows(i, i + 1), [y[i]]).loss,
  );
  const sum = sampleWeights.reduce((a, b) => a + b);
  const mean = losses.reduce((total, loss, i) => total + (sampleWeights[i] / sum) * loss, 0);
  assert.ok(Math.abs(net.loss(X, y, { sampleWeights }).loss - mean) < 1e-14);
});
