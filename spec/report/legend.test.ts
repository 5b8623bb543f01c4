import assert from "node:assert/strict";
import { test } from "node:test";
import { drawLegend } from "../../lib/report/legend.ts";
import { SMALL } from "../../lib/report/svg.ts";
import { textWidth } from "../../lib/report/text.ts";
import { findAll, parseSvg, textOf } from "../helpers/svg.ts";

const LAYOUT = { left: 10, right: 210, top: 5, row: 20, swatch: 16, after: 2 };

/** The texts with their places, the swatches with theirs, and the foot of the legend. */
function draw(names: string[]) {
  const swatches: [i: number, left: number, top: number][] = [];
  const { parts, bottom } = drawLegend(names, LAYOUT, (i, left, top) => {
    swatches.push([i, left, top]);
    return "<g/>";
  });
  const texts = findAll(parseSvg(`<g>${parts.join("")}</g>`), "text").map((node) => ({
    text: textOf(node),
    x: Number(node.attributes.x),
    y: Number(node.attributes.y),
  }));
  return { texts, swatches, bottom };
}

test("Each name stands after its swatch, and the next entry after the name", () => {
  const { texts, swatches, bottom } = draw(["a", "<b>"]);
  const next = 10 + 16 + textWidth("a", SMALL) + 2 + 12;
  assert.deepEqual(swatches, [
    [0, 10, 5],
    [1, next, 5],
  ]);
  assert.deepEqual(texts, [
    { text: "a", x: 26, y: 18 },
    { text: "<b>", x: Math.round((next + 16) * 100) / 100, y: 18 },
  ]);
  assert.equal(bottom, 25);
});

test("An entry that does not fit begins a row, and a name is cut to the width", () => {
  const { texts, swatches, bottom } = draw([
    "first name",
    "a name of the second row",
    "x".repeat(99),
  ]);
  assert.deepEqual(
    swatches.map(([, left, top]) => ({ left, top })),
    [5, 25, 45].map((top) => ({ left: 10, top })),
  );
  assert.ok(texts[2].text.endsWith("…") && textWidth(texts[2].text, SMALL) <= 200 - 16);
  assert.equal(bottom, 65);
});
