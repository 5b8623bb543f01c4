// The pictures in README.md are the ones the code draws. They are compared by what they show, not
// byte for byte.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { drawPictures } from "../../examples/pictures/pictures.ts";
import { ROOT } from "../helpers/sources.ts";
import { checkFigure, outline } from "../helpers/svg.ts";

const folder = join(ROOT, "examples", "pictures");
const pictures = drawPictures();

test("examples/pictures holds the pictures that are drawn, and no others", () => {
  assert.deepEqual(
    readdirSync(folder)
      .filter((file) => file.endsWith(".svg"))
      .sort(),
    Object.keys(pictures).sort(),
  );
});

for (const [file, svg] of Object.entries(pictures)) {
  test(`examples/pictures/${file} is as the code draws it now`, () => {
    const stored = readFileSync(join(folder, file), "utf8");
    assert.ok(outline(checkFigure(stored)) === outline(checkFigure(svg)), "run: npm run docs");
  });

  test(`README.md shows examples/pictures/${file}`, () => {
    assert.ok(
      readFileSync(join(ROOT, "README.md"), "utf8").includes(`](examples/pictures/${file})`),
    );
  });
}
