import assert from "node:assert/strict";
import { test } from "node:test";
import { didYouMean } from "../../lib/base/suggestion.ts";

test("didYouMean suggests a close choice or none", () => {
  assert.equal(didYouMean("trian", ["train", "predict"]), "; did you mean train?");
  assert.equal(didYouMean("eval", ["train", "evaluate"]), "; did you mean evaluate?");
  assert.equal(didYouMean("cook", ["train", "predict"]), "");
  assert.equal(didYouMean("", ["train"]), "");
});

test("didYouMean looks over the difference between small and capital letters", () => {
  assert.equal(didYouMean("survived", ["Name", "Survived"]), "; did you mean Survived?");
});
