import assert from "node:assert/strict";
import { test } from "node:test";
import { searchHeatmap } from "../../lib/report/search-heatmap.ts";
import { checkFigure, findAll, textOf, textsOf } from "../helpers/svg.ts";
import { assertThrows } from "../helpers/throws.ts";

const grid = [0.001, 0.1, 0.01].flatMap((x) =>
  [16, 64].map((y) => ({ x, y, score: x === 0.1 && y === 64 ? NaN : 0.5 + x + y / 1000 })),
);
const options = { xLabel: "learning rate", yLabel: "hidden" };

test("A grid search becomes cells in order, the best framed, a diverged one crossed", () => {
  const svg = checkFigure(searchHeatmap(grid, options));
  const cells = findAll(svg, "rect").filter(
    (rect) => rect.attributes["fill-opacity"] !== undefined,
  );
  assert.equal(cells.length, 6);
  const [best] = cells.filter((rect) => rect.attributes["stroke-width"] === "2");
  assert.equal(textOf(best), "learning rate 0.1, hidden 16: validation accuracy 61.6%");
  assert.equal(
    Math.max(...cells.map((rect) => Number(rect.attributes["fill-opacity"]))),
    Number(best.attributes["fill-opacity"]),
  );
  const texts = textsOf(svg);
  assert.equal(texts.filter((text) => text === "×").length, 1);
  const columns = findAll(svg, "text").filter((node) =>
    ["0.001", "0.01", "0.1"].includes(textOf(node)),
  );
  assert.deepEqual(columns.map(textOf), ["0.001", "0.01", "0.1"]);
  assert.equal(
    textOf(findAll(svg, "desc")[0]),
    "6 trials. best validation accuracy 61.6% at learning rate 0.1, hidden 16. worst " +
      "51.7%. 1 diverged (×).",
  );
});

test("Of several trials in one cell the best is shown, and a tie goes to the earlier trial", () => {
  const svg = checkFigure(
    searchHeatmap([
      { x: 1, y: "adam", score: NaN },
      { x: 1, y: "adam", score: 0.5 },
      { x: 1, y: "sgd", score: 0.5 },
      { x: 1, y: "adam", score: 0.4 },
    ]),
  );
  const cells = findAll(svg, "rect").filter(
    (rect) => rect.attributes["fill-opacity"] !== undefined,
  );
  assert.deepEqual(cells.map(textOf), [
    "x 1, y adam: validation accuracy 50.0%",
    "x 1, y sgd: validation accuracy 50.0%",
  ]);
  assert.deepEqual(
    cells.map((rect) => rect.attributes["stroke-width"]),
    ["2", undefined],
  );
});

test("A random search becomes points, over decades on logarithmic axes", () => {
  const trials = Array.from({ length: 20 }, (_, i) => ({
    x: 10 ** -(1 + ((i * 7) % 20) / 5),
    y: i,
    score: i === 3 ? NaN : i / 20,
  }));
  const svg = checkFigure(searchHeatmap(trials, options));
  assert.equal(findAll(svg, "circle").length, 19);
  const texts = textsOf(svg);
  assert.ok(texts.includes("×") && texts.includes("95.0%") && texts.includes("0.01"));
});

test("No trials, one trial, equal scores and nothing but divergence make a figure", () => {
  assert.ok(textsOf(checkFigure(searchHeatmap([]))).includes("0 trials"));
  for (const layout of ["grid", "points"] as const) {
    for (const score of [0.5, NaN, Infinity]) {
      checkFigure(searchHeatmap([{ x: 1, y: 2, score }], { layout }));
      checkFigure(
        searchHeatmap(
          [
            { x: 0, y: -1, score },
            { x: 3, y: 2, score },
          ],
          { layout },
        ),
      );
    }
  }
  checkFigure(searchHeatmap(Array.from({ length: 60 }, (_, i) => ({ x: i, y: "one", score: i }))));
});

test("User text is escaped", () => {
  const svg = checkFigure(
    searchHeatmap([{ x: "<x>\x1b", y: '"&', score: 1 }], { xLabel: "<l>", title: "<t>" }),
  );
  assert.ok(
    textsOf(svg).includes("<x>\\x1b") &&
      textsOf(svg).includes('"&') &&
      textsOf(svg).includes("<l>"),
  );
});

test("Wrong arguments are refused", () => {
  assertThrows(
    () => searchHeatmap([{ x: NaN, y: 1, score: 1 }]),
    TypeError,
    "searchHeatmap: x of trial 0 expected a finite number or a name, got NaN",
  );
  assertThrows(
    () => searchHeatmap([{ x: 1, y: 1 } as never]),
    TypeError,
    "searchHeatmap: score of trial 0 expected a number (NaN when it diverged), got undefined",
  );
  assertThrows(
    () => searchHeatmap([{ x: "a", y: 1, score: 1 }], { layout: "points" }),
    TypeError,
    'searchHeatmap: layout "points" expected numbers for x and y, got names',
  );
  assertThrows(
    () => searchHeatmap({} as never),
    TypeError,
    "searchHeatmap: trials expected an array, got an Object",
  );
});
