// How exact is it? Prints the worst error seen of every quantity on every path, in ulp and as a
// share of the standard bound, and fails when the bound is broken. EXACTNESS=n takes n times as
// many cases.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  measureElementary,
  measureProducts,
  measureSoftmax,
  measureSums,
  Table,
} from "../trust/properties/exactness.ts";

const TIMES = Number(process.env.EXACTNESS ?? 1);

test("Products, sums, exponentials and losses stay within their bounds on every path", (t) => {
  const table = new Table();
  const seeds = (count: number): number[] => Array.from({ length: count * TIMES }, (_, i) => i);
  for (const seed of seeds(40)) {
    measureProducts(table, seed, [5, 6, 1 + (seed % 33)], 30);
    measureSums(table, seed, 4 + (seed % 13), 3 + (seed % 7));
  }
  for (const seed of seeds(4)) {
    measureProducts(table, seed, [7, 9, 1000], 10);
    measureSums(table, seed, 200, 20);
  }
  // large enough for threads
  for (const seed of seeds(2)) measureProducts(table, seed, [72, 60, 520], 6);
  for (const seed of seeds(60)) measureSoftmax(table, seed, 1 + (seed % 5), 1 + (seed % 11));
  for (const seed of seeds(2)) measureElementary(table, seed, 5000);
  print(table);
  for (const { what, path, numbers, share, shareSeed, results } of table.figures.values()) {
    assert.ok(
      share <= 1,
      `${what} (${path}, ${numbers}): ${share} of the bound, seed ${shareSeed}`,
    );
    assert.ok(results >= 40, `${what} (${path}, ${numbers}): only ${results} results`);
    if (what === "matmul" && path !== "fma") {
      const same = table.figures.get(`matmul|reference|${numbers}`)!;
      assert.deepEqual(
        [table.figures.get(`matmul|${path}|${numbers}`)!.ulp, share],
        [same.ulp, same.share],
        `${path}: other figures than the reference`,
      );
    }
  }
  const compared = [...table.figures.values()].reduce((sum, { results }) => sum + results, 0);
  t.diagnostic(`${compared} results compared`);
});

function print({ figures }: Table): void {
  const header = ["quantity", "path", "numbers", "results", "worst ulp", "worst / bound"];
  const number = (x: number): string => (x >= 1000 ? x.toExponential(1) : x.toPrecision(3));
  const rows = [...figures.values()].map((f) => [
    f.what,
    f.path,
    f.numbers,
    String(f.results),
    number(f.ulp),
    f.share.toFixed(3),
  ]);
  const widths = header.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i].length)),
  );
  const padded = (cell: string, i: number): string =>
    i < 3 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]);
  for (const row of [header, widths.map((w) => "-".repeat(w)), ...rows])
    console.log(`| ${row.map(padded).join(" | ")} |`);
}
