import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { decisionBoundary } from "../../lib/report/decision-boundary.ts";
import { checkFigure, findAll, numbersOf, textsOf } from "../helpers/svg.ts";
import { assertThrows } from "../helpers/throws.ts";

/** Class 1 right of x = 0, class 0 left of it. */
const half = {
  predict: (X: Matrix) => Int32Array.from({ length: X.rows }, (_, i) => (X.get(i, 0) > 0 ? 1 : 0)),
};
const X = Matrix.fromRows([
  [-1, 0],
  [1, 0.5],
  [-0.5, 1],
  [0.5, -1],
]);

/** The area of each region, in cells. */
function areas(svg: ReturnType<typeof checkFigure>): number[] {
  const [group] = findAll(svg, "g").filter((g) => g.attributes.transform.includes("scale"));
  return findAll(group, "path").map((path) =>
    Array.from(path.attributes.d.matchAll(/h(\d+)v1/g), ([, w]) => Number(w)).reduce(
      (a, b) => a + b,
      0,
    ),
  );
}

test("decisionBoundary colors the plane by what the net predicts there", () => {
  const svg = checkFigure(
    decisionBoundary(half, X, [0, 1, 0, 1], { resolution: 40, classes: ["left", "right"] }),
  );
  assert.deepEqual(areas(svg), [800, 800]); // the axis is symmetric about 0
  const [left] = findAll(svg, "path").filter((path) => path.attributes.d.includes("v1"));
  for (const [, x] of left.attributes.d.matchAll(/M(\d+) /g)) assert.equal(x, "0");
  assert.ok(textsOf(svg).includes("left") && textsOf(svg).includes("4 of 4 points right (100.0%)"));
});

test("Wrong points have a ring", () => {
  const svg = checkFigure(decisionBoundary(half, X, [0, 1, 1, 1], { resolution: 10 }));
  const rings = findAll(svg, "circle").filter((circle) => circle.attributes.fill === "none");
  assert.equal(rings.length, 1);
  assert.ok(textsOf(svg).includes("3 of 4 points right (75.0%), wrong ones ringed"));
});

test("The top of the picture is the top of the plane", () => {
  const above = {
    predict: (P: Matrix) =>
      Int32Array.from({ length: P.rows }, (_, i) => (P.get(i, 1) > 0.9 ? 1 : 0)),
  };
  const svg = checkFigure(decisionBoundary(above, X, [0, 0, 1, 0], { resolution: 20 }));
  const regions = findAll(svg, "path").filter((path) => path.attributes.d.includes("v1"));
  assert.equal(numbersOf(regions[1].attributes.d)[1], 0); // class 1 begins in the first row
});

test("decisionBoundary draws a TwoLayerNet", () => {
  const net = TwoLayerNet.create(
    { inputSize: 2, hiddenSize: 8, outputSize: 3 },
    { random: new Random(1) },
  );
  const points = Matrix.randomNormal(30, 2, new Random(2));
  const svg = checkFigure(decisionBoundary(net, points, net.predict(points)));
  assert.ok(textsOf(svg).includes("30 of 30 points right (100.0%)"));
  assert.equal(
    areas(svg).reduce((a, b) => a + b, 0),
    120 * 120,
  );
});

test("decisionBoundary draws one, equal, infinite and thousands of points", () => {
  checkFigure(decisionBoundary(half, Matrix.fromRows([[1, 1]]), [1]));
  checkFigure(decisionBoundary(half, Matrix.filled(5, 2, 3), [1, 1, 0, 1, 1]));
  checkFigure(
    decisionBoundary(
      half,
      Matrix.fromRows([
        [NaN, 1],
        [2, Infinity],
        [1, 1],
      ]),
      [0, 0, 0],
    ),
  );
  const many = Matrix.randomNormal(5000, 2, new Random(3));
  const svg = checkFigure(decisionBoundary(half, many, half.predict(many), { resolution: 20 }));
  assert.ok(textsOf(svg).includes("5000 of 5000 points right (100.0%), one in 3 drawn"));
});

test("Wrong arguments are refused", () => {
  assertThrows(
    () => decisionBoundary(half, new Matrix(2, 3), [0, 0]),
    RangeError,
    "decisionBoundary: X expected 2 columns, got 3",
  );
  assertThrows(
    () => decisionBoundary(half, new Matrix(0, 2), []),
    RangeError,
    "decisionBoundary: X expected a finite value in column 0, got none",
  );
  assertThrows(
    () => decisionBoundary(half, X, [0]),
    RangeError,
    "decisionBoundary: y expected 4 labels, one for each row of X, got 1",
  );
  assertThrows(
    () => decisionBoundary(half, X, [0, 1, 0.5, 0]),
    RangeError,
    "decisionBoundary: y[2] expected an integer in 0..4095, got 0.5",
  );
  assertThrows(
    () => decisionBoundary(half, Matrix.filled(1, 2, NaN), [0]),
    RangeError,
    "decisionBoundary: X expected a finite value in column 0, got none",
  );
  assertThrows(
    () => decisionBoundary({ predict: () => [0] }, X, [0, 0, 0, 0], { resolution: 2 }),
    RangeError,
    "decisionBoundary: predict expected 4 labels, got 1",
  );
  assertThrows(
    () => decisionBoundary({} as never, X, [0, 0, 0, 0]),
    TypeError,
    "decisionBoundary: net expected an object with a predict method, got an Object",
  );
  assertThrows(
    () => decisionBoundary(half, X, [0, 0, 0, 0], { resolution: 1 }),
    RangeError,
    "decisionBoundary: resolution expected an integer in 2..1000, got 1",
  );
});
