import assert from "node:assert/strict";
import { test } from "node:test";
import { imagesToMatrix } from "../../lib/data/images.ts";
import { parseCifar10 } from "../../lib/formats/cifar10.ts";
import { parseIdx } from "../../lib/formats/idx.ts";

const images = {
  shape: [3, 2, 2],
  data: Uint8Array.from([0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8]),
};

test("imagesToMatrix makes a row of each image, bytes as 0..1", () => {
  assert.deepEqual(imagesToMatrix(images).row(0), Float64Array.of(0, 51 / 255, 102 / 255, 1));
  assert.deepEqual(imagesToMatrix(images, { divideBy: 1 }).toRows(), [
    [0, 51, 102, 255],
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ]);
  assert.deepEqual(
    imagesToMatrix({ shape: [2], data: [1, 2] }, { divideBy: 2 }).toRows(),
    [[0.5], [1]],
    "one dimension: one column",
  );
  const cifar = parseCifar10(new Uint8Array(2 * 3073).fill(9));
  assert.deepEqual(
    [imagesToMatrix(cifar.images).rows, imagesToMatrix(cifar.images).cols],
    [2, 3072],
  );
});

test("imagesToMatrix converts only the rows asked for, in their order", () => {
  assert.deepEqual(imagesToMatrix(images, { divideBy: 1, rows: [2, 0, 2] }).toRows(), [
    [5, 6, 7, 8],
    [0, 51, 102, 255],
    [5, 6, 7, 8],
  ]);
  assert.equal(imagesToMatrix(images, { rows: [] }).rows, 0);
  assert.deepEqual(
    [
      imagesToMatrix({ shape: [0, 28, 28], data: [] }).rows,
      imagesToMatrix({ shape: [0, 28, 28], data: [] }).cols,
    ],
    [0, 784],
  );
});

test("imagesToMatrix does not count to 2^32 images of no pixels", () => {
  const images = parseIdx(Uint8Array.of(0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 28, 0, 0, 0, 0));
  const X = imagesToMatrix(images); // a loop over them took a minute
  assert.deepEqual([X.rows, X.cols, X.data.length], [2 ** 32 - 1, 0, 0]);
  assert.equal(imagesToMatrix(images, { rows: [7] }).rows, 1);
  assert.throws(() => imagesToMatrix(images, { rows: [2 ** 32] }), {
    message: "imagesToMatrix: rows[0] expected an integer in 0..4294967294, got 4294967296",
  });
});

test("imagesToMatrix refuses a shape that does not fit and rows that are not there", () => {
  const cases: [Parameters<typeof imagesToMatrix>, string, string][] = [
    [
      [{ shape: [3, 2], data: [1] }],
      "RangeError",
      "imagesToMatrix: expected 6 values for shape (3, 2), got 1",
    ],
    [
      [{ shape: [], data: [1] }],
      "RangeError",
      "imagesToMatrix: expected 0 values for shape (), got 1",
    ],
    [
      [images, { rows: [0, 3] }],
      "RangeError",
      "imagesToMatrix: rows[1] expected an integer in 0..2, got 3",
    ],
    [
      [{ shape: [0, 2], data: [] }, { rows: [0] }],
      "RangeError",
      "imagesToMatrix: rows[0] expected an index, got 0 where there are none",
    ],
    [
      [images, { divideBy: 0 }],
      "RangeError",
      "imagesToMatrix: divideBy expected a finite number > 0, got 0",
    ],
    [
      [images, { scale: 2 } as never],
      "TypeError",
      "imagesToMatrix: unknown option scale; expected divideBy, rows",
    ],
  ];
  for (const [args, name, message] of cases)
    assert.throws(() => imagesToMatrix(...args), { name, message });
});
