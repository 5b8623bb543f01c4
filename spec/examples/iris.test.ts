// The data set that README.md uses, and that the package ships.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../helpers/sources.ts";

const linesOf = (path: string): string[] =>
  readFileSync(join(ROOT, path), "utf8").trimEnd().split(/\r?\n/);

test("examples/iris.csv has the rows of the fixture, with names for the classes", () => {
  const names = ["setosa", "versicolor", "virginica"];
  const [header, ...rows] = linesOf("spec/fixtures/data/iris.csv");
  const expected = rows.map((row) => row.replace(/\d$/, (label) => names[Number(label)]));
  assert.deepEqual(linesOf("examples/iris.csv"), [
    header.replace(/label$/, "species"),
    ...expected,
  ]);
});
