import assert from "node:assert/strict";
import { test } from "node:test";
import { percent, share, short } from "../../lib/cli/words.ts";

test("numbers as the commands print them", () => {
  assert.deepEqual(
    [percent(0.97333), percent(1), percent(0), percent(null), percent(NaN)],
    ["97.3%", "100.0%", "0.0%", "not measured", "not measured"],
  );
  assert.deepEqual([share(0.5), share(1 / 3), share(NaN)], ["0.500", "0.333", "–"]);
  assert.deepEqual(
    [short(0.1 + 0.2), short(1e-7), short(12345.678), short(12345.678, 7)],
    ["0.3", "1e-7", "12350", "12345.68"],
  );
});
