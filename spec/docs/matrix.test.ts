// The last column of the tables in docs/matrix.md runs, after the program at the top of the page.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { blocksOf, readPage } from "./pages.ts";

const page = readPage("docs/matrix.md");
const INDEX = new URL("../../lib/index.ts", import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), "twolayer-matrix-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

/** The first code of the last column of each row. */
const expressions = [...page.text.matchAll(/^\|.*\| `([^`]+)`[^|]* \|$/gm)].map(([, code]) => code);

test("docs/matrix.md has an expression in every row", () => {
  const rows = page.text.match(/^\| (?!NumPy|---).*\|$/gm)!;
  assert.equal(expressions.length, rows.length);
  assert.ok(rows.length > 30);
});

test("Every expression of docs/matrix.md runs and gives a value", async () => {
  const [{ code }] = blocksOf(page, ["js"]);
  const program = [
    code.replace('"twolayer"', JSON.stringify(INDEX)),
    "const console_ = { log: () => 0 };",
    "export const values = [",
    ...expressions.map((text) => `  () => ${text.replace("console.log", "console_.log")},`),
    "].map((compute) => compute());",
  ].join("\n");
  const path = join(folder, "expressions.mjs");
  writeFileSync(path, program);
  const { values } = await import(pathToFileURL(path).href);
  const isSetter = (text: string): boolean => /\.(set|addAt)\w*\(/.test(text);
  const empty = expressions.filter((text, i) => values[i] === undefined && !isSetter(text));
  assert.deepEqual(empty, []);
});
