// Figures in the documentation that the code knows: sizes of blocks, hashes of weights, and how
// long README.md may be.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as sizes from "../../lib/kernels/sizes.ts";
import { ROOT } from "../helpers/sources.ts";
import { readPage } from "./pages.ts";

test("README.md has at most 300 lines and 24 KB", () => {
  const { text } = readPage("README.md");
  assert.ok(text.split("\n").length <= 300, `${text.split("\n").length} lines`);
  assert.ok(Buffer.byteLength(text) <= 24 * 1024, `${Buffer.byteLength(text)} bytes`);
});

test("docs/speed.md draws the blocks of the product in the sizes they have", () => {
  const { text } = readPage("docs/speed.md");
  const drawn = [...text.matchAll(/\b([A-Z_]{2,}) = (\d+)\b/g)].filter(
    ([, name]) => name in sizes && name !== "MR",
  );
  assert.deepEqual(
    new Set(drawn.map(([, name]) => name)),
    new Set(["KC", "MC", "NC", "NR", "TASK_ROWS", "SMALL_WORK"]),
  );
  for (const [shown, name, size] of drawn) assert.equal(Number(size), sizes[name as "KC"], shown);
  const { BAND, C_SIZE, MR, NC, NR } = sizes;
  for (const phrase of [
    `${Math.floor(C_SIZE / NC / BAND) * BAND} rows × NC`,
    `MR = ${MR.simd} rows`,
    `the tile is then ${MR.fma}×${NR}`,
  ])
    assert.ok(text.includes(phrase), phrase);
});

test("docs/runtimes.md shows the hashes that every engine must give", () => {
  const { text } = readPage("docs/runtimes.md");
  const hashes: Record<string, string> = JSON.parse(
    readFileSync(join(ROOT, "spec", "runtimes", "hashes.json"), "utf8"),
  );
  for (const [name, hash] of Object.entries(hashes))
    assert.ok(text.includes(`  ${hash.slice(0, 12)}`), name);
});

test("The speed table of README.md repeats figures of docs/speed.md", () => {
  const cellsOf = (row: string): string[] =>
    row.split("|").map((cell) => cell.replaceAll("*", "").trim());
  const section = readPage("README.md").text.split("\n## Speed\n")[1].split("\n## ")[0];
  const rows = section.match(/^\| (?!product|---).*\|$/gm)!.map(cellsOf);
  assert.ok(rows.length >= 4);
  const measured = readPage("docs/speed.md").text.split("\n").map(cellsOf);
  for (const [, product, own, other, times] of rows) {
    const [name, figure] = other.split(", ");
    const found = measured.some((cells) =>
      [product, own, name, figure, times].every((cell) => cells.includes(cell)),
    );
    assert.ok(found, `${product} ${own} ${other} ${times}`);
  }
});
