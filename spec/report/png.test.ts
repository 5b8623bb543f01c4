import assert from "node:assert/strict";
import { test } from "node:test";
import { pngUrl, serializePng } from "../../lib/report/png.ts";
import { parsePng, parsePngUrl } from "../helpers/png.ts";

for (const [width, height] of [
  [1, 1],
  [3, 2],
  [8, 8],
  [32, 32],
  [1, 300],
  [200, 150],
]) {
  // 200×150 takes two deflate blocks
  test(`serializePng writes ${width}×${height} pixels that read back the same`, () => {
    const pixels = Uint8Array.from(
      { length: width * height * 3 },
      (_, i) => (i * 37 + (i >> 8)) & 255,
    );
    const png = parsePng(serializePng(width, height, pixels));
    assert.deepEqual({ width: png.width, height: png.height }, { width, height });
    assert.deepEqual(png.pixels.flat(), [...pixels]);
  });
}

test("pngUrl is the file in base64", () => {
  assert.deepEqual(parsePngUrl(pngUrl(2, 1, Uint8Array.of(1, 2, 3, 253, 254, 255))).pixels, [
    [1, 2, 3],
    [253, 254, 255],
  ]);
});
