import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { accuracyCurves, trainingCurves } from "../../lib/report/training-curves.ts";
import { reference } from "../helpers/fixtures.ts";
import {
  checkFigure,
  findAll,
  numbersOf,
  outline,
  parseSvg,
  textOf,
  textsOf,
} from "../helpers/svg.ts";
import { assertThrows } from "../helpers/throws.ts";

const { lossHistory, accuracyHistory } = reference("toy-training").fromFloat32ToyData;
const toy = {
  loss: lossHistory as number[],
  trainAccuracy: accuracyHistory as number[],
  valAccuracy: accuracyHistory as number[],
};
const epochs = (n: number) => Array.from({ length: n }, (_, i) => 1 - 1 / (i + 2));

test("trainingCurves draws the exercise's toy training as stored", () => {
  const seen = readFileSync(
    new URL("../fixtures/report/toy-training-curves.svg", import.meta.url),
    "utf8",
  );
  assert.equal(outline(checkFigure(trainingCurves(toy))), outline(parseSvg(seen)));
});

test("trainingCurves has two figures, one below the other or side by side", () => {
  for (const [width, columns] of [
    [600, 1],
    [900, 2],
  ] as const) {
    const svg = checkFigure(
      trainingCurves(
        { loss: [3, 2, 1], trainAccuracy: epochs(3), valAccuracy: epochs(3) },
        { width },
      ),
    );
    const titles = findAll(svg, "text").filter((node) =>
      ["Loss", "Accuracy"].includes(textOf(node)),
    );
    assert.deepEqual(titles.map(textOf), ["Loss", "Accuracy"]);
    assert.equal(new Set(titles.map((node) => node.attributes.x)).size, columns);
    for (const text of ["iteration", "epoch", "training rows", "validation rows"])
      assert.ok(textsOf(svg).includes(text), text);
  }
});

test("A long training has the loss of each minibatch pale, and its mean in full", () => {
  const loss = Float64Array.from({ length: 1000 }, (_, i) => 2 + (i % 2));
  const svg = checkFigure(trainingCurves({ loss, trainAccuracy: [], valAccuracy: [] }));
  const texts = textsOf(svg);
  assert.ok(
    texts.includes("each minibatch") && texts.includes("mean of 20") && texts.includes("2.5"),
  );
  const mean = findAll(svg, "path").find(
    (path) => path.attributes["stroke-width"] === "2" && !path.attributes.d.includes("h"),
  )!;
  const ys = numbersOf(mean.attributes.d).filter((_, i) => i % 2 === 1);
  // twenty values that alternate have one mean wherever they begin
  assert.equal(new Set(ys).size, 1);
  assert.ok(ys.length <= 401);
});

test("The mean starts where its window is full and ends at the last iteration", () => {
  for (const length of [100, 101, 399, 400, 401, 999, 4000, 4001]) {
    const loss = Float64Array.from({ length }, (_, i) => i);
    const svg = parseSvg(trainingCurves({ loss, trainAccuracy: [], valAccuracy: [] }));
    const [faint, mean] = findAll(svg, "path").filter(
      (path) => path.attributes["stroke-linecap"] === "round",
    );
    const [raw, averaged] = [numbersOf(faint.attributes.d), numbersOf(mean.attributes.d)];
    assert.equal(averaged.at(-2), raw.at(-2));
    assert.ok(averaged[0] > raw[0]);
    for (let i = 2; i < averaged.length; i += 2)
      assert.ok(
        averaged[i] > averaged[i - 2],
        `${length}: x ${averaged[i]} after ${averaged[i - 2]}`,
      );
  }
});

test("trainingCurves draws a history that is empty, short or not finite", () => {
  const nothing = textsOf(
    checkFigure(trainingCurves({ loss: [], trainAccuracy: [], valAccuracy: [] })),
  );
  assert.equal(nothing.filter((text) => text === "no data yet").length, 2);

  const diverged = checkFigure(
    trainingCurves(
      { loss: [2, 4, 1e9, NaN, Infinity], trainAccuracy: [0.1], valAccuracy: [0.1] },
      { lossScale: "log" },
    ),
  );
  assert.ok(
    textsOf(diverged).includes("loss: 2 of 5 values not positive and finite, shown as gaps"),
  );
  assert.ok(textsOf(diverged).includes("training rows 10.0%"));

  const spikes = Float64Array.from({ length: 500 }, (_, i) => (i > 300 ? NaN : 1));
  checkFigure(trainingCurves({ loss: spikes, trainAccuracy: [], valAccuracy: [] }));
  checkFigure(
    trainingCurves({
      loss: new Float64Array(500).fill(Number.MAX_VALUE),
      trainAccuracy: [],
      valAccuracy: [],
    }),
  );

  const alone = textsOf(
    checkFigure(trainingCurves({ loss: [1], trainAccuracy: epochs(4), valAccuracy: [] })),
  );
  assert.ok(alone.includes("Accuracy, training rows"));
});

test("An accuracy axis never passes 100%", () => {
  const texts = textsOf(
    checkFigure(trainingCurves({ loss: [1], trainAccuracy: [1, 1, 1], valAccuracy: [1, 1, 1] })),
  );
  for (const text of texts.filter((t) => /^\d+(\.\d)?%$/.test(t)))
    assert.ok(parseFloat(text) <= 100, text);
});

test("accuracyCurves has a line for each name in both figures", () => {
  const svg = checkFigure(
    accuracyCurves({
      "hidden 10": { trainAccuracy: epochs(5), valAccuracy: epochs(5) },
      "hidden <100>": { trainAccuracy: epochs(9), valAccuracy: [] },
    }),
  );
  const texts = textsOf(svg);
  for (const text of [
    "Accuracy on training rows",
    "Accuracy on validation rows",
    "hidden 10 83.3%",
    "hidden <100> 90.0%",
  ])
    assert.ok(texts.includes(text), text);
  // in both legends, so that colors agree
  assert.equal(texts.filter((text) => text === "hidden <100>").length, 2);
  assert.equal(
    textsOf(checkFigure(accuracyCurves({}))).filter((text) => text === "no data yet").length,
    2,
  );
});

test("Wrong arguments are refused by name", () => {
  assertThrows(
    () => trainingCurves({ loss: [1] } as never),
    TypeError,
    "trainingCurves: trainAccuracy of history expected an array of numbers, got undefined",
  );
  assertThrows(
    () => trainingCurves(undefined as never),
    TypeError,
    "trainingCurves: loss of history expected an array of numbers, got undefined",
  );
  assertThrows(
    () => trainingCurves(toy, { lossScale: "ln" as never }),
    TypeError,
    'trainingCurves: lossScale expected "linear" | "log", got "ln"',
  );
  assertThrows(
    () => trainingCurves(toy, { width: NaN }),
    RangeError,
    "trainingCurves: width expected a finite number >= 240, got NaN",
  );
  assertThrows(
    () => trainingCurves(toy, { title: "", log: true } as never),
    TypeError,
    "trainingCurves: unknown option log; expected title, lossScale, width",
  );
  assertThrows(
    () => accuracyCurves({ a: {} as never }),
    TypeError,
    'accuracyCurves: trainAccuracy of history "a" expected an array of numbers, got undefined',
  );
  assertThrows(
    () => accuracyCurves(null as never),
    TypeError,
    "accuracyCurves: histories expected an object of name: history, got null",
  );
});
