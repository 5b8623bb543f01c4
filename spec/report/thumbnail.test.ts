import assert from "node:assert/strict";
import { test } from "node:test";
import { checkImageShape, thumbnail } from "../../lib/report/thumbnail.ts";
import { parsePngUrl } from "../helpers/png.ts";
import { assertThrows } from "../helpers/throws.ts";

const pixels = (...args: Parameters<typeof thumbnail>) => parsePngUrl(thumbnail(...args)).pixels;

test("Grey inputs go from black at the least to white at the most", () => {
  assert.deepEqual(pixels([0, 8, 16, 20], { width: 2, height: 2 }, [0, 16], false), [
    [0, 0, 0],
    [128, 128, 128],
    [255, 255, 255],
    [255, 255, 255],
  ]);
});

test("Weights go from blue over white at zero to vermilion, as strong on both sides", () => {
  assert.deepEqual(pixels([-2, 0, 2, 1], { width: 4, height: 1 }, [-1, 2], true), [
    [0, 91, 150],
    [247, 247, 247],
    [190, 68, 0],
    [219, 158, 124],
  ]);
});

test("Color images are read plane by plane", () => {
  const shape = { width: 2, height: 1, channels: 3 };
  assert.deepEqual(pixels([0, 255, 10, 20, 30, 40], shape, [0, 255], false), [
    [0, 10, 30],
    [255, 20, 40],
  ]);
});

test("Infinite values are magenta, constants in the middle, and no range overflows", () => {
  assert.deepEqual(pixels([NaN, Infinity], { width: 2, height: 1 }, [0, 1], false), [
    [255, 0, 255],
    [255, 0, 255],
  ]);
  assert.deepEqual(pixels([1, NaN, 1], { width: 1, height: 1, channels: 3 }, [0, 1], false), [
    [255, 0, 255],
  ]);
  assert.deepEqual(pixels([7], { width: 1, height: 1 }, [7, 7], false), [[128, 128, 128]]);
  assert.deepEqual(pixels([0], { width: 1, height: 1 }, [0, 0], true), [[247, 247, 247]]);
  const most = Number.MAX_VALUE;
  assert.deepEqual(pixels([-most, 0, most], { width: 3, height: 1 }, [-most, most], false), [
    [0, 0, 0],
    [128, 128, 128],
    [255, 255, 255],
  ]);
});

test("checkImageShape refuses shapes that do not fit the rows", () => {
  checkImageShape("f", { width: 8, height: 8 }, 64);
  checkImageShape("f", { width: 32, height: 32, channels: 3 }, 3072);
  assertThrows(
    () => checkImageShape("f", { width: 8, height: 7 }, 64),
    RangeError,
    "f: expected width·height·channels = 64 inputs, got 8·7·1 = 56",
  );
  assertThrows(
    () => checkImageShape("f", { width: 0, height: 8 }, 0),
    RangeError,
    "f: width expected an integer >= 1, got 0",
  );
  assertThrows(
    () => checkImageShape("f", { width: 4, height: 4, channels: 2 }, 32),
    RangeError,
    "f: channels expected 1 or 3, got 2",
  );
});
