import assert from "node:assert/strict";
import { test } from "node:test";
import type { Encoding } from "../../lib/data/encoding.ts";
import { describeCells } from "../../lib/data/shown-cells.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";

const encoding: Encoding = {
  features: [
    { column: "size", mean: 2.54321 },
    { column: "cost", mean: 1, unit: "$" },
    { column: "color", categories: ["red", "-"], shares: [0.5, 0.4, 0.1], rare: ["blue"] },
  ],
  label: "kind",
  classes: ["a", "b"],
  missing: "mean",
};

test("describeCells gives the cells as they stand, and marks those that stand for others", () => {
  const csv =
    "color,size,kind,cost\nred,1.50,a,$3\nblue,NA,a,\npink,abc,b,4 kg\n-,7,b,2\n,-999,a,x\n";
  const cells = describeCells(parseCsv(csv), encoding);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((row) => cells(row)),
    [
      ["1.5", "$3", "red"],
      ["(missing, taken as 2.543)", "(missing, taken as 1)", "blue"],
      ["abc (taken as 2.543)", "4 kg (taken as 1)", "pink (unknown)"],
      ["7", "2", "-"],
      ["-999", "x (taken as 1)", "(missing)"],
    ],
  );
  const na = describeCells(parseCsv(csv), { ...encoding, na: ["-999"] });
  assert.equal(na(4)[0], "(missing, taken as 2.543)");
});
