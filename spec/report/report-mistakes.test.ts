import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { drawMistakes, worstMistakes } from "../../lib/report/report-mistakes.ts";

const evaluation = {
  name: "test",
  actual: [0, 1, 1, 0],
  predicted: [0, 0, 1, 1],
  probabilities: Matrix.fromRows([
    [0.9, 0.1],
    [0.6, 0.4],
    [0.2, 0.8],
    [0.3, 0.7],
  ]),
};

test("worstMistakes orders mistakes by the probability of the wrong class", () => {
  assert.deepEqual(worstMistakes(evaluation), [
    { index: 3, confidence: 0.7 },
    { index: 1, confidence: 0.6 },
  ]);
});

test("worstMistakes keeps the order of rows without probabilities", () => {
  const mistakes = worstMistakes({ ...evaluation, probabilities: undefined });
  assert.deepEqual(mistakes, [
    { index: 1, confidence: undefined },
    { index: 3, confidence: undefined },
  ]);
});

test("drawMistakes says so when there are none", () => {
  const right = { name: "test", actual: [1, 0], predicted: [1, 0] };
  assert.equal(
    drawMistakes(right, { names: ["0", "1"], limit: 5 }),
    '<p class="quiet">None: every one of the 2 rows is right.</p>',
  );
});
