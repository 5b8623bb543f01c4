import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as twolayer from "../../lib/index.ts";
import { run } from "./program.js";

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("Four trainings end at the recorded bits, by every kernel and number of threads", async () => {
  const { hashes, products } = await run(twolayer, text("../../examples/digits/digits.csv"));
  assert.deepEqual(hashes, JSON.parse(text("hashes.json")));
  assert.ok(products >= 2856);
});
