import assert from "node:assert/strict";
import { test } from "node:test";
import { drawAxes, labelsInRow, plotWithin } from "../../lib/report/axes.ts";
import { linearScale, logScale, type Scale } from "../../lib/report/scale.ts";
import { SMALL } from "../../lib/report/svg.ts";
import { textWidth } from "../../lib/report/text.ts";
import { findAll, numbersOf, parseSvg, type SvgNode, textOf } from "../helpers/svg.ts";

const PLOT = { left: 60, right: 460, top: 20, bottom: 220 };

const draw = (xAxis: Scale, yAxis: Scale, xLabel?: string): SvgNode => {
  const x = (value: number) => 60 + xAxis.at(value) * 400;
  const y = (value: number) => 220 - yAxis.at(value) * 200;
  return parseSvg(`<g>${drawAxes({ ...PLOT, xAxis, yAxis, x, y }, xLabel).join("")}</g>`);
};

/** The base line of the x axis, and the x of each of its marks. */
const baseLine = (node: SvgNode): { line: string; marks: number[] } => {
  const { d } = findAll(node, "path").at(-1)!.attributes;
  const [line, ...marks] = d.split(/(?=M)/);
  return { line, marks: marks.map((mark) => Number(/^M([\d.]+) 220v4$/.exec(mark)?.[1])) };
};

test("A plot begins right of the labels of its y axis, and places values in it", () => {
  const yAxis = linearScale(0, 10);
  const plot = plotWithin({ left: 10, right: 410, top: 20, bottom: 120 }, yAxis, (width) =>
    linearScale(0, width, { nice: false }),
  );
  assert.equal(plot.left, 10 + textWidth("10", SMALL) + 8);
  assert.deepEqual(
    { max: plot.xAxis.max, first: plot.x(0), last: plot.x(plot.xAxis.max), middle: plot.y(5) },
    { max: 410 - plot.left, first: plot.left, last: 410, middle: 70 },
  );
});

test("Labels in a row that are too close to the one before are left out", () => {
  const width = textWidth("ab", SMALL);
  for (const [gap, shown] of [
    [4, 3],
    [5, 2],
  ]) {
    const labels = labelsInRow(["ab", "ab", "ab"], (i) => i * (width + 4), 0, gap);
    assert.equal(labels.length, shown, `${gap}`);
  }
});

const places = (
  node: SvgNode,
): [text: string, x: number, y: number, anchor: string | undefined][] =>
  findAll(node, "text").map((text) => [
    textOf(text),
    Number(text.attributes.x),
    Number(text.attributes.y),
    text.attributes["text-anchor"],
  ]);

test("Every tick of the y axis has a grid line and a label to the left of it", () => {
  const node = draw(linearScale(0, 10), linearScale(0, 1, { count: 2 }));
  const lines = findAll(node, "path")
    .filter(({ attributes }) => attributes.class === "tl-s-grid")
    .map(({ attributes }) => numbersOf(attributes.d));
  assert.deepEqual(lines, [
    [60, 220, 460],
    [60, 120, 460],
    [60, 20, 460],
  ]);
  assert.deepEqual(places(node).slice(0, 3), [
    ["0", 54, 224, "end"],
    ["0.5", 54, 124, "end"],
    ["1.0", 54, 24, "end"],
  ]);
});

test("Every tick of the x axis has a mark and a label centered below it", () => {
  const node = draw(linearScale(0, 10, { count: 2 }), linearScale(0, 1, { count: 1 }));
  assert.deepEqual(baseLine(node), { line: "M60 220H460", marks: [60, 260, 460] });
  assert.deepEqual(places(node).slice(-3), [
    ["0", 60, 238, "middle"],
    ["5", 260, 238, "middle"],
    ["10", 460, 238, "middle"],
  ]);
});

test("Ticks lie where the scale puts them, on a logarithmic axis too", () => {
  const node = draw(logScale(1, 100), logScale(0.01, 1));
  assert.deepEqual(
    places(node).map(([text, x, y]) => [text, x, y]),
    [
      ["0.01", 54, 224],
      ["0.1", 54, 124],
      ["1", 54, 24],
      ["1", 60, 238],
      ["10", 260, 238],
      ["100", 460, 238],
    ],
  );
});

test("Labels of the x axis that would run into each other are left out, their marks stay", () => {
  for (const count of [2, 10, 40, 200]) {
    const xAxis = linearScale(0, 123456, { count });
    const node = draw(xAxis, linearScale(0, 1, { count: 1 }));
    assert.equal(baseLine(node).marks.length, xAxis.ticks.length);
    const labels = places(node).filter(([, , y]) => y === 238);
    assert.ok(
      labels.length > 1 && (count < 40 || labels.length < xAxis.ticks.length),
      `${labels.length} labels`,
    );
    for (let i = 1; i < labels.length; i++) {
      const [before, after] = [labels[i - 1], labels[i]];
      const gap =
        after[1] - before[1] - (textWidth(before[0], SMALL) + textWidth(after[0], SMALL)) / 2;
      // coordinates are rounded to 0.01
      assert.ok(gap >= 6 - 0.01, `${before[0]} and ${after[0]} are ${gap} apart`);
    }
  }
});

test("The name of the x axis is centered below its labels and cut to the plot", () => {
  const axes = [linearScale(0, 1), linearScale(0, 1)] as const;
  assert.deepEqual(places(draw(...axes, "<epoch>\u202e & co")).at(-1), [
    "<epoch>\\u202e & co",
    260,
    256,
    "middle",
  ]);
  const [long] = places(draw(...axes, "iteration ".repeat(100))).at(-1)!;
  assert.ok(long.endsWith("…") && textWidth(long, SMALL) <= 400);
  assert.equal(places(draw(...axes, "")).length, places(draw(...axes)).length);
});
