// The four programs of examples/matrix: what they print, and that the documentation shows them as
// they are.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../helpers/sources.ts";

const FOLDER = join(ROOT, "examples", "matrix");

const OUTPUT: Record<string, string[]> = {
  "linear-regression": ["w 2.00 -1.00 0.49 b 4.00", "root mean square error 0.095"],
  "softmax-regression": ["loss 0.0093", "accuracy 1.000"],
  "k-means": [
    "center 1.98 0.00",
    "center -1.02 1.86",
    "center -1.04 -1.74",
    "mean squared distance 0.492",
  ],
  pca: ["component 1 90.5%", "component 2 9.1%"],
};

for (const [name, lines] of Object.entries(OUTPUT)) {
  test(`examples/matrix/${name}.ts prints its result`, () => {
    const file = join(FOLDER, `${name}.ts`);
    const output = execFileSync(process.execPath, ["--import", "tsx", file], {
      cwd: ROOT,
      encoding: "utf8",
    });
    assert.deepEqual(output.trimEnd().split("\n"), lines);
  });
}

test("docs/four-programs.md shows the files of examples/matrix as they are", () => {
  const page = readFileSync(join(ROOT, "docs", "four-programs.md"), "utf8");
  const shown = [...page.matchAll(/^```(ts|python)\n(.*?)^```$/gms)].map(([, , text]) => text);
  const files = readdirSync(FOLDER);
  assert.equal(files.length, 2 * Object.keys(OUTPUT).length);
  for (const file of files)
    assert.ok(shown.includes(readFileSync(join(FOLDER, file), "utf8")), `${file} is not shown`);
  assert.equal(shown.length, files.length);
});
