// The laws of properties/algebra.ts on a few hundred random cases each; spec/slow/fuzz.test.ts has
// many more.
import { test } from "node:test";
import { algebra } from "./properties/algebra.ts";

for (const { title, runs, check } of algebra) test(title, () => check(runs));
