import assert from "node:assert/strict";
import { test } from "node:test";
import { lineChart } from "../../lib/report/line-chart.ts";
import { checkFigure, findAll, numbersOf, type SvgNode, textOf } from "../helpers/svg.ts";

const WIDTH = 600;

/** Where the label that contains a text stands, and how it is aligned. */
function labelOf(svg: SvgNode, text: string): { x: number; y: number; anchor: string } {
  const found = findAll(svg, "text").find((node) => textOf(node) === text);
  assert.ok(found, text);
  const { x, y, "text-anchor": anchor = "start" } = found.attributes;
  return { x: Number(x), y: Number(y), anchor };
}

const endOf = (svg: SvgNode, line: number): { x: number; y: number } => {
  const lines = findAll(svg, "path").filter((node) => node.attributes["stroke-linejoin"]);
  const [x, y] = numbersOf(lines[line].attributes.d).slice(-2);
  return { x, y };
};

test("One or two labels take no margin from the plot", () => {
  for (const names of [["validation rows"], ["training rows", "validation rows"]]) {
    const series = names.map((name, i) => ({ name, y: [0.2, 0.5 + 0.4 * i] }));
    const svg = checkFigure(lineChart(series, { percent: true, width: WIDTH }));
    for (const i of series.keys()) assert.ok(endOf(svg, i).x >= WIDTH - 16 - 8 - 1);
  }
});

test("The labels of two lines that end close together touch their own lines", () => {
  for (const [first, second] of [
    [0.8, 0.81],
    [0.81, 0.8],
    [0.8, 0.8],
  ]) {
    const series = [
      { name: "a", y: [0, first] },
      { name: "b", y: [0, second] },
    ];
    const svg = checkFigure(lineChart(series, { width: WIDTH, yLimits: [0, 1] }));
    const [a, b] = [labelOf(svg, `a ${first}`), labelOf(svg, `b ${second}`)];
    assert.ok(Math.abs(a.y - b.y) >= 14, "they do not overlap");
    assert.equal(a.y < b.y, endOf(svg, 0).y <= endOf(svg, 1).y, "the upper line's is above");
    for (const [i, { x, y }] of [a, b].entries()) {
      const end = endOf(svg, i);
      assert.ok(Math.abs(x - end.x) < 1 && Math.abs(y - end.y) <= 26);
    }
  }
});

test("A line that ends early has its label to the right of its end", () => {
  const series = [
    { name: "long", x: [0, 100], y: [0, 1] },
    { name: "short", x: [0, 10], y: [0, 0.5] },
  ];
  const svg = checkFigure(lineChart(series, { width: WIDTH }));
  const label = labelOf(svg, "short 0.5");
  assert.deepEqual(
    { anchor: label.anchor, gap: Math.round(label.x - endOf(svg, 1).x) },
    { anchor: "start", gap: 8 },
  );
});

test("Three labels and more stand in a margin", () => {
  const series = ["a", "b", "c"].map((name, i) => ({ name, y: [0, i] }));
  const svg = checkFigure(lineChart(series, { width: WIDTH }));
  for (const [i, { name }] of series.entries())
    assert.ok(labelOf(svg, `${name} ${i}`).x > endOf(svg, i).x);
});
