import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { weightGrid } from "../../lib/report/weight-grid.ts";
import { parsePngUrl } from "../helpers/png.ts";
import { checkFigure, findAll, textOf, textsOf } from "../helpers/svg.ts";
import { assertThrows } from "../helpers/throws.ts";

const WHITE = [247, 247, 247];
const [BLUE, VERMILION] = [
  [0, 91, 150],
  [190, 68, 0],
];

test("weightGrid draws each column of W1 as an image, with its range as a hint", () => {
  const W1 = Matrix.fromRows([
    [1, 0],
    [0, 4],
    [0, 0],
    [-1, -2],
  ]); // two units over 2×2 inputs
  const svg = checkFigure(weightGrid(W1, { width: 2, height: 2 }));
  const images = findAll(svg, "image");
  assert.deepEqual(
    images.map((image) => parsePngUrl(image.attributes.href).pixels),
    [
      [VERMILION, WHITE, WHITE, BLUE],
      [WHITE, VERMILION, WHITE, [124, 169, 199]],
    ],
  );
  assert.deepEqual(images.map(textOf), [
    "hidden unit 0: weights −1 to 1",
    "hidden unit 1: weights −2 to 4",
  ]);
});

test("On one scale for all, images compare", () => {
  const W1 = Matrix.fromRows([[1, 4]]);
  const images = findAll(
    checkFigure(weightGrid(W1, { width: 1, height: 1, scale: "all" })),
    "image",
  );
  assert.deepEqual(
    images.map((image) => parsePngUrl(image.attributes.href).pixels[0]),
    [[233, 202, 185], VERMILION],
  );
});

test("weightGrid takes color images, any number of units, and infinite weights", () => {
  for (const [D, H, shape] of [
    [48, 3, { width: 4, height: 4, channels: 3 }],
    [6, 1, { width: 3, height: 2 }],
    [4, 100, { width: 2, height: 2 }],
    [4, 0, { width: 2, height: 2 }],
    [20, 7, { width: 20, height: 1 }],
    [20, 7, { width: 1, height: 20 }],
  ] as const) {
    const svg = checkFigure(weightGrid(Matrix.filled(D, H, 0.5), shape));
    assert.equal(findAll(svg, "image").length, H);
    for (const image of findAll(svg, "image")) {
      const { x, y, width, height } = image.attributes;
      assert.ok(
        Number(x) + Number(width) <= 600 &&
          Number(y) + Number(height) <= Number(svg.attributes.height),
      );
    }
  }
  const svg = checkFigure(weightGrid(Matrix.filled(4, 2, NaN), { width: 2, height: 2 }));
  assert.deepEqual(parsePngUrl(findAll(svg, "image")[0].attributes.href).pixels[0], [255, 0, 255]);
  assert.match(
    textsOf(checkFigure(weightGrid(Matrix.filled(4, 0, 0), { width: 2, height: 2 }))).join(" "),
    /0 hidden units/,
  );
});

test("Of many units the first ones are drawn, and the caption says so", () => {
  const svg = checkFigure(weightGrid(new Matrix(1, 500), { width: 1, height: 1, limit: 20 }));
  assert.equal(findAll(svg, "image").length, 20);
  assert.match(textsOf(svg).join(" "), /the first 20 of 500 hidden units/);
});

test("Wrong arguments are refused", () => {
  const W1 = new Matrix(64, 2);
  assertThrows(
    () => weightGrid(W1, { width: 28, height: 28 }),
    RangeError,
    "weightGrid: expected width·height·channels = 64 inputs, got 28·28·1 = 784",
  );
  assertThrows(
    () => weightGrid([[1]] as never, { width: 1, height: 1 }),
    TypeError,
    "weightGrid: W1 expected a matrix with rows, cols and data, got an array of 1",
  );
  assertThrows(
    () => weightGrid(W1, { width: 8, height: 8, scale: "one" as never }),
    TypeError,
    'weightGrid: scale expected "each" | "all", got "one"',
  );
  assertThrows(
    () => weightGrid(W1, { width: 8, height: 8, limit: 0 }),
    RangeError,
    "weightGrid: limit expected an integer >= 1, got 0",
  );
});
