import assert from "node:assert/strict";
import { test } from "node:test";
import { counted } from "../../lib/base/counted.ts";

test("counted gives the noun an s unless there is one of it", () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => counted(count, "line")),
    ["0 lines", "1 line", "2 lines"],
  );
});
