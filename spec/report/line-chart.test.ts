import assert from "node:assert/strict";
import { test } from "node:test";
import { lineChart } from "../../lib/report/line-chart.ts";
import type { LineChartOptions, Series } from "../../lib/report/series.ts";
import { checkFigure, findAll, numbersOf, outline, textOf, textsOf } from "../helpers/svg.ts";
import { assertThrows } from "../helpers/throws.ts";

/** The lines of the series themselves: wider than axes, grid and leaders, and no legend swatch. */
const linesOf = (svg: ReturnType<typeof checkFigure>) =>
  findAll(svg, "path").filter(
    (path) => Number(path.attributes["stroke-width"]) >= 1 && !path.attributes.d.includes("h"),
  );

const HALO =
  "paint-order=stroke stroke=#ffffff stroke-linejoin=round stroke-width=6 text-anchor=end";
const BLUE = "fill=#0072b2 font-size=13 font-weight=600";
const STROKE = "stroke-linecap=round stroke-linejoin=round stroke-width=2";

test("lineChart draws one series with title, ticks, axis name and last value", () => {
  const svg = checkFigure(
    lineChart([{ name: "loss", y: [2, 1, 0.5] }], {
      title: "Loss",
      xLabel: "iteration",
      width: 300,
      height: 200,
    }),
  );
  assert.equal(
    outline(svg),
    `\
svg class=tl height=200 role=img viewBox=0 0 300 200 width=300
  title | Loss
  desc | x axis: iteration. loss: 3 values, first 2, last 0.5, lowest 0.5, highest 2.
  rect class=tl-f-surface fill=#ffffff height=200 rx=6 width=300
  text class=tl-f-ink fill=#1f2328 font-size=16 font-weight=600 x=16 y=24 | Loss
  path class=tl-s-grid d=M44.8 150H276 fill=none stroke=#dfe3e8
  text class=tl-f-muted fill=#59636e font-size=13 text-anchor=end x=38.8 y=154 | 0.5
  path class=tl-s-grid d=M44.8 114H276 fill=none stroke=#dfe3e8
  text class=tl-f-muted fill=#59636e font-size=13 text-anchor=end x=38.8 y=118 | 1.0
  path class=tl-s-grid d=M44.8 78H276 fill=none stroke=#dfe3e8
  text class=tl-f-muted fill=#59636e font-size=13 text-anchor=end x=38.8 y=82 | 1.5
  path class=tl-s-grid d=M44.8 42H276 fill=none stroke=#dfe3e8
  text class=tl-f-muted fill=#59636e font-size=13 text-anchor=end x=38.8 y=46 | 2.0
  path class=tl-s-muted d=M44.8 150H276M44.8 150v4M160.4 150v4M276 150v4 fill=none stroke=#59636e
  text class=tl-f-muted fill=#59636e font-size=13 text-anchor=middle x=44.8 y=168 | 0
  text class=tl-f-muted fill=#59636e font-size=13 text-anchor=middle x=160.4 y=168 | 1
  text class=tl-f-muted fill=#59636e font-size=13 text-anchor=middle x=276 y=168 | 2
  text class=tl-f-muted fill=#59636e font-size=13 text-anchor=middle x=160.4 y=186 | iteration
  path class=tl-s-series0 d=M44.8 42L160.4 114L276 150 fill=none stroke=#0072b2 ${STROKE}
  circle class=tl-f-series0 cx=276 cy=150 fill=#0072b2 r=2.5
  text class=tl-f-series0 tl-s-surface ${BLUE} ${HALO} x=276 y=142 | 0.5
`,
  );
});

test("The same data give the same text", () => {
  const series = [{ name: "a", y: Float64Array.from({ length: 1000 }, (_, i) => Math.sqrt(i)) }];
  assert.equal(lineChart(series), lineChart(series));
});

test("Coordinates follow the data: equal steps in x, y upside down", () => {
  const svg = checkFigure(lineChart([{ name: "a", y: [0, 1, 0, 1] }]));
  const [x0, y0, x1, y1, x2, y2, x3, y3] = numbersOf(linesOf(svg)[0].attributes.d);
  assert.ok(Math.abs(x1 - x0 - (x2 - x1)) < 0.03 && Math.abs(x2 - x1 - (x3 - x2)) < 0.03);
  assert.ok(y0 > y1 && y0 === y2 && y1 === y3);
});

test("Several series get a legend and end labels, and differ in color and dash", () => {
  const svg = checkFigure(
    lineChart(
      [
        { name: "train", y: [0.5, 0.9] },
        { name: "validation", y: [0.4, 0.8] },
      ],
      { percent: true },
    ),
  );
  const texts = textsOf(svg);
  for (const text of ["train", "validation", "train 90.0%", "validation 80.0%"])
    assert.ok(texts.includes(text), text);
  const [a, b] = linesOf(svg);
  assert.notEqual(a.attributes.stroke, b.attributes.stroke);
  assert.notEqual(a.attributes["stroke-dasharray"], b.attributes["stroke-dasharray"]);
});

test("End labels never overlap, whatever the lines do", () => {
  const series = Array.from({ length: 8 }, (_, i) => ({
    name: `series ${i}`,
    y: [0, i < 6 ? 1 : 1 + i * 1e-6],
  }));
  const svg = checkFigure(lineChart(series));
  const ends = findAll(svg, "text").filter((node) => /^series \d 1/.test(textOf(node)));
  assert.equal(ends.length, 8);
  const ys = ends.map((node) => Number(node.attributes.y)).sort((a, b) => a - b);
  for (let i = 1; i < ys.length; i++) assert.ok(ys[i] - ys[i - 1] >= 14, `${ys}`);
});

test("End labels of lines that end at the foot of the plot are pushed up", () => {
  const series = Array.from({ length: 6 }, (_, i) => ({ name: `series ${i}`, y: [10, i * 1e-6] }));
  const svg = checkFigure(lineChart(series, { xLabel: "iteration" }));
  const ends = findAll(svg, "text")
    .filter((node) => /^series \d ./.test(textOf(node)))
    .map((node) => Number(node.attributes.y));
  assert.equal(ends.length, 6);
  // of the y axis
  const foot = Number(findAll(svg, "text").find((node) => textOf(node) === "0")!.attributes.y);
  assert.ok(
    Math.max(...ends) <= foot && Math.min(...ends) <= foot - 5 * 14,
    `${ends} above ${foot}`,
  );
});

test("Over eight series the legend alone names them", () => {
  const series = Array.from({ length: 9 }, (_, i) => ({ name: `series ${i}`, y: [i, i + 1] }));
  const texts = textsOf(checkFigure(lineChart(series)));
  assert.equal(texts.filter((text) => text.startsWith("series ")).length, 9);
});

test("Values that are not finite are gaps, counted in a note, and never reach the path", () => {
  const svg = checkFigure(
    lineChart([{ name: "loss", y: [1, 2, NaN, Infinity, 3, 4, -Infinity, 5] }]),
  );
  assert.ok(textsOf(svg).includes("loss: 3 of 8 values not finite, shown as gaps"));
  const [line] = linesOf(svg);
  assert.equal(line.attributes.d.match(/M/g)!.length, 2);
  assert.equal(numbersOf(line.attributes.d).length, 8);
  assert.match(textOf(findAll(svg, "desc")[0]), /3 not drawn/);
});

test("A logarithmic axis has equal decades and gaps for values that are not positive", () => {
  const svg = checkFigure(
    lineChart([{ name: "loss", y: [100, 10, 1, 0, -5, 10, 10] }], { yScale: "log" }),
  );
  const numbers = numbersOf(linesOf(svg)[0].attributes.d);
  assert.ok(Math.abs(numbers[3] - numbers[1] - (numbers[5] - numbers[3])) < 0.03);
  assert.ok(textsOf(svg).includes("loss: 2 of 7 values not positive and finite, shown as gaps"));
});

test("Empty, single, constant and diverged data make a figure that says so", () => {
  const cases: [Series[], string[]][] = [
    [[], ["no data yet"]],
    [[{ name: "a", y: [] }], ["no data yet"]],
    [
      [{ name: "a", y: [NaN, NaN] }],
      ["no finite values to draw", "a: 2 of 2 values not finite, shown as gaps"],
    ],
    [[{ name: "a", y: [3] }], ["3"]],
    [[{ name: "a", y: [0.25, 0.25, 0.25] }], ["0.25"]],
    [
      [
        { name: "a", y: [] },
        { name: "b", y: [1, 2] },
      ],
      ["b 2"],
    ],
  ];
  for (const [series, expected] of cases) {
    for (const options of [
      {},
      { yScale: "log" },
      { percent: false, xStart: 1 },
    ] satisfies LineChartOptions[]) {
      const texts = textsOf(checkFigure(lineChart(series, options)));
      for (const text of expected)
        if (!text.includes("not finite") || !("yScale" in options))
          assert.ok(texts.includes(text), `${text} in ${texts}`);
    }
  }
});

test("A single value is a dot", () => {
  const svg = checkFigure(lineChart([{ name: "a", y: [3] }]));
  assert.equal(linesOf(svg).length, 0);
  assert.ok(findAll(svg, "circle").some((circle) => circle.attributes.r === "3"));
});

test("Values from one end of float64 to the other are drawn", () => {
  for (const y of [
    [1e308, -1e308, 0],
    [5e-324, 0, 5e-324],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [1e300, 1, 1e-300],
  ]) {
    checkFigure(lineChart([{ name: "a", y }]));
    checkFigure(lineChart([{ name: "a", y }], { yScale: "log" }));
    checkFigure(lineChart([{ name: "a", y: [1, 2, 3].slice(0, y.length), x: y }]));
  }
});

test("Markup in names is escaped, and control characters are spelled out", () => {
  const evil = `</title><script>alert("1")</script>\x1b[31m\0&'`;
  const svg = checkFigure(
    lineChart(
      [
        { name: evil, y: [1, 2] },
        { name: evil, y: [2, 1] },
      ],
      {
        title: evil,
        xLabel: evil,
        yLabel: evil,
        description: evil,
      },
    ),
  );
  assert.equal(
    textOf(findAll(svg, "title")[0]),
    `</title><script>alert("1")</script>\\x1b[31m\\x00&'`,
  );
});

test("A long name is cut, and every text stays inside the figure", () => {
  const name = "a very long name that goes on and on and on and on and on";
  for (const width of [200, 360, 600, 1200]) {
    const svg = checkFigure(
      lineChart(
        [
          { name, y: [1, 2] },
          { name: `${name}, too`, y: [2, 1] },
        ],
        { title: name + name, width },
      ),
    );
    for (const node of findAll(svg, "text")) {
      const { x, y } = node.attributes;
      const length = textOf(node).length * 4; // at least four pixels a letter
      const left =
        node.attributes["text-anchor"] === "end"
          ? Number(x) - length
          : node.attributes["text-anchor"] === "middle"
            ? Number(x) - length / 2
            : Number(x);
      assert.ok(left >= 0 && left + length <= width, `${textOf(node)} at ${x} of ${width}`);
      assert.ok(Number(y) > 0 && Number(y) < 320);
    }
  }
});

test("X values may be given, in any order and unevenly", () => {
  const svg = checkFigure(lineChart([{ name: "a", x: [1, 3, 9], y: [1, 2, 3] }]));
  const numbers = numbersOf(linesOf(svg)[0].attributes.d);
  assert.ok(Math.abs(3 * (numbers[2] - numbers[0]) - (numbers[4] - numbers[2])) < 0.03);
  checkFigure(lineChart([{ name: "a", x: [3, 1, 2, NaN], y: [1, 2, 3, 4] }]));
});

test("Wrong arguments are refused by name", () => {
  const series = [{ name: "a", y: [1] }];
  assertThrows(
    () => lineChart("x" as never),
    TypeError,
    'lineChart: series expected an array, got "x"',
  );
  assertThrows(
    () => lineChart([{ name: "a" } as never]),
    TypeError,
    'lineChart: y of series "a" expected an array of numbers, got undefined',
  );
  assertThrows(
    () => lineChart([{ name: "a", x: [1, 2], y: [1] }]),
    RangeError,
    'lineChart: x of series "a" expected 1 values, one for each y, got 2',
  );
  assertThrows(
    () => lineChart(series, { yScale: "ln" as never }),
    TypeError,
    'lineChart: yScale expected "linear" | "log", got "ln"',
  );
  assertThrows(
    () => lineChart(series, { width: 10 }),
    RangeError,
    "lineChart: width expected a finite number >= 160, got 10",
  );
  assertThrows(
    () => lineChart(series, { hight: 10 } as never),
    TypeError,
    "lineChart: unknown option hight; expected title, description, xLabel, yLabel, yScale, " +
      "percent, yLimits, xStart, width, height",
  );
});
