// The attacks of properties/parsers.ts, 400 on each reader; spec/slow/fuzz.test.ts makes 10 000.
import { test } from "node:test";
import { FORMATS, parsers } from "./properties/parsers.ts";
import assert from "node:assert/strict";

test("The files that are attacked are valid, except for those called refused", () => {
  const valid = FORMATS.map(({ files, parse }) => files.filter((file) => {
    try {
      return parse(file) !== undefined;
    } catch {
      return false;
    }
  }).length);
  FORMATS.forEach(({ name, files }, i) => assert.ok(valid[i] >= files.length / 2, `${name}: ${valid[i]} of ${files.length}`));
});

for (const { title, runs, check } of parsers) test(title, () => check(runs));
