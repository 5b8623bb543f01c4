// The properties of spec/trust on many more cases: 10 000 wounded files for each reader, twenty
// times the default suite's cases for everything else. FUZZ_SEED=n tries others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inFolder } from "../helpers/cli.ts";
import { algebra } from "../trust/properties/algebra.ts";
import { checkLines, fillFolder } from "../trust/properties/cli.ts";
import { gradients, interleaved, optimizers, softmax } from "../trust/properties/learning.ts";
import { models } from "../trust/properties/models.ts";
import { parsers } from "../trust/properties/parsers.ts";

for (const { title, check } of parsers) test(title, () => check(10_000));
for (const { title, runs, check } of [
  ...models,
  ...algebra,
  ...softmax,
  ...gradients,
  ...optimizers,
  ...interleaved,
])
  test(title, () => check(20 * runs));

test("3000 command lines end in a result or a sentence", () =>
  inFolder((folder) => {
    fillFolder(folder);
    for (const seed of [2, 3]) assert.ok(checkLines(folder, 1500, seed) > 50);
  }));
