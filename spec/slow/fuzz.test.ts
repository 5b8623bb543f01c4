// The properties of spec/trust on many more cases: 10 000 wounded files for each reader, twenty times the default suite's
// cases for everything else. FUZZ_SEED=n tries others.
import { test } from "node:test";
import { algebra } from "../trust/properties/algebra.ts";
import { gradients, optimizers, softmax } from "../trust/properties/learning.ts";
import { models } from "../trust/properties/models.ts";
import { parsers } from "../trust/properties/parsers.ts";

for (const { title, check } of parsers) test(title, () => check(10_000));
for (const { title, runs, check } of [...models, ...algebra, ...softmax, ...gradients, ...optimizers]) test(title, () => check(20 * runs));
