// The properties of properties/learning.ts on a few hundred random cases each;
// spec/slow/fuzz.test.ts has many more.
import { test } from "node:test";
import { gradients, interleaved, optimizers, softmax } from "./properties/learning.ts";

for (const { title, runs, check } of [...softmax, ...gradients, ...optimizers, ...interleaved])
  test(title, () => check(runs));
