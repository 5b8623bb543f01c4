import assert from "node:assert/strict";
import { test } from "node:test";
import { predictSource } from "../../lib/cli/evaluation.ts";
import { FileError } from "../../lib/cli/files.ts";
import { prepareImages } from "../../lib/model/prepare.ts";
import { assertThrows } from "../helpers/throws.ts";

test("predictSource refuses images whose labels the model does not have", () => {
  const images = { shape: [4, 2], data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
  const y = Int32Array.of(0, 1, 0, 1);
  const { classifier } = prepareImages(images, y, [0, 1], { hiddenSize: 2, validation: 0 });
  const source = { kind: "images" as const, images, labels: [], name: "i.idx", hash: "" };
  assert.equal(predictSource(classifier, { ...source, y }).predicted.length, 4);
  assertThrows(
    () => predictSource(classifier, { ...source, y: Int32Array.of(0, 1, 2, 1) }),
    FileError,
    "i.idx: expected labels in 0..1, as the model has, got 2 for image 2",
  );
  const larger = {
    ...source,
    images: { shape: [1, 3], data: Uint8Array.of(1, 2, 3) },
    y: Int32Array.of(2),
  };
  assertThrows(
    () => predictSource(classifier, larger),
    FileError,
    "i.idx: expected images of 2 values, as the model takes, got 3",
  );
});
