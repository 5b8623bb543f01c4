import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionMatrix, confusionTable } from "../../lib/report/confusion-matrix.ts";
import { checkFigure, findAll, textOf, textsOf } from "../helpers/svg.ts";
import { assertThrows } from "../helpers/throws.ts";

const counts = [
  [10, 0, 1],
  [0, 9, 2],
  [3, 0, 40],
];

test("confusionTable has recall beside, precision below, dots for zeros and the accuracy", () => {
  assert.equal(
    confusionTable(counts, { classes: ["cat", "dog", "horse"] }),
    [
      "actual ↓ predicted →    cat     dog  horse  recall",
      "────────────────────  ─────  ──────  ─────  ──────",
      "cat                      10       ·      1   90.9%",
      "dog                       ·       9      2   81.8%",
      "horse                     3       ·     40   93.0%",
      "precision             76.9%  100.0%  93.0%",
      "",
      "accuracy 90.8% (59 of 65)",
    ].join("\n"),
  );
});

test("confusionTable has a dash for a share of nothing and spells out control characters", () => {
  assert.equal(
    confusionTable(
      [
        [0, 0],
        [0, 2],
      ],
      { classes: ["\x1b[31m", "b"] },
    ),
    [
      "actual ↓ predicted →  \\x1b[31m       b  recall",
      "────────────────────  ────────  ──────  ──────",
      "\\x1b[31m                     ·       ·       –",
      "b                            ·       2  100.0%",
      "precision                    –  100.0%",
      "",
      "accuracy 100.0% (2 of 2)",
    ].join("\n"),
  );
  assert.match(confusionTable([]), /accuracy – \(0 of 0\)$/);
});

test("confusionTable lists the most frequent confusions of many classes", () => {
  const many = Array.from({ length: 31 }, (_, i) =>
    Array.from({ length: 31 }, (_, j) =>
      i === j ? 10 : i === 4 && j === 7 ? 3 : i === 9 && j === 2 ? 5 : 0,
    ),
  );
  assert.equal(
    confusionTable(many),
    [
      "actual  predicted  count",
      "──────  ─────────  ─────",
      "9       2              5",
      "4       7              3",
      "",
      "accuracy 97.5% (310 of 318)",
    ].join("\n"),
  );
});

test("confusionMatrix draws every count above zero, the diagonal in another color", () => {
  const svg = checkFigure(confusionMatrix(counts, { classes: ["cat", "dog", "horse"] }));
  const cells = findAll(svg, "rect").filter(
    (rect) => rect.attributes["fill-opacity"] !== undefined,
  );
  assert.deepEqual(cells.map(textOf), [
    "10 of 11 cat predicted as cat",
    "1 of 11 cat predicted as horse",
    "9 of 11 dog predicted as dog",
    "2 of 11 dog predicted as horse",
    "3 of 43 horse predicted as cat",
    "40 of 43 horse predicted as horse",
  ]);
  assert.equal(new Set(cells.map((rect) => rect.attributes.fill)).size, 2);
  const texts = textsOf(svg);
  for (const text of ["10", "40", "recall", "precision", "90.9%", "cat", "dog", "horse"])
    assert.ok(texts.includes(text), text);
  assert.equal(
    textOf(findAll(svg, "desc")[0]),
    "Accuracy 90.8%: 59 of 65 predictions over 3 classes are right. Most frequent " +
      "confusions: horse as cat 3 times; dog as horse 2 times; cat as horse 1 time.",
  );
});

test("confusionMatrix is drawn for no, one, ten, fifty and two hundred classes", () => {
  for (const n of [0, 1, 10, 50, 200]) {
    const square = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => (i === j ? 12345 : (i + j) % 9 === 0 ? 1 : 0)),
    );
    for (const width of [300, 560]) {
      const svg = checkFigure(confusionMatrix(square, { width }));
      assert.ok(Number(svg.attributes.height) <= width + 80);
    }
  }
});

test("confusionMatrix escapes labels and slants those that are wider than a cell", () => {
  const svg = checkFigure(
    confusionMatrix(
      [
        [1, 0],
        [0, 1],
      ],
      { classes: ['<b>"&\x07', "a name that is much wider than any cell"] },
    ),
  );
  assert.ok(textsOf(svg).includes('<b>"&\\x07'));
  assert.equal(
    findAll(svg, "g").filter((g) => g.attributes.transform.includes("rotate(-45)")).length,
    2,
  );
});

test("Wrong counts are refused", () => {
  assertThrows(
    () => confusionMatrix([[1, 2]]),
    RangeError,
    "confusionMatrix: row 0 expected 1 counts, got 2",
  );
  assertThrows(
    () => confusionTable([[-1]]),
    RangeError,
    "confusionTable: count (0, 0) expected an integer >= 0, got -1",
  );
  assertThrows(
    () => confusionTable([[1]], { classes: [] }),
    RangeError,
    "confusionTable: classes expected 1 names, got 0",
  );
  assertThrows(
    () => confusionMatrix("x" as never),
    TypeError,
    'confusionMatrix: counts expected an array of rows, got "x"',
  );
});
