import assert from "node:assert/strict";
import { test } from "node:test";
import { type Candidate, listCandidates, type SearchSpace } from "../../lib/search/space.ts";
import { adam, sgd } from "../../lib/training/optimizer.ts";

const fixed: Candidate = {
  learningRate: 0.1,
  hiddenSize: 8,
  reg: 0,
  learningRateDecay: 1,
  batchSize: 4,
  optimizer: sgd(),
};

test("A grid is every combination, the last name turning fastest, the rest as fixed", () => {
  const candidates = listCandidates(
    "search",
    { hiddenSize: [4, 8], learningRate: [1, 2, 3], reg: undefined },
    fixed,
    undefined,
    0,
  );
  assert.deepEqual(
    candidates.map(({ hiddenSize, learningRate }) => [hiddenSize, learningRate]),
    [
      [4, 1],
      [4, 2],
      [4, 3],
      [8, 1],
      [8, 2],
      [8, 3],
    ],
  );
  for (const candidate of candidates)
    assert.deepEqual({ ...candidate, hiddenSize: 8, learningRate: 0.1 }, fixed);
  assert.deepEqual(listCandidates("search", {}, fixed, undefined, 0), [fixed]);
});

test("Samples depend on the seed alone, and fewer samples are the first of more", () => {
  const space: SearchSpace = {
    learningRate: { min: 1e-4, max: 1, scale: "log" },
    hiddenSize: { min: 3, max: 50 },
    reg: [0, 1e-3],
    optimizer: [sgd(), adam()],
  };
  const drawn = listCandidates("search", space, fixed, 400, 9);
  assert.deepEqual(listCandidates("search", space, fixed, 400, 9), drawn);
  assert.deepEqual(listCandidates("search", space, fixed, 10, 9), drawn.slice(0, 10));
  assert.notDeepEqual(listCandidates("search", space, fixed, 400, 10), drawn);
  assert.ok(
    drawn.every(
      ({ hiddenSize }) => Number.isInteger(hiddenSize) && hiddenSize >= 3 && hiddenSize <= 50,
    ),
  );
  assert.ok(
    drawn.every(
      ({ learningRate }) =>
        learningRate >= 1e-4 &&
        learningRate <= 1 &&
        learningRate === Number(learningRate.toPrecision(3)),
    ),
  );
  const decade = [1e-4, 1e-3, 1e-2, 1e-1].map(
    (low) =>
      drawn.filter(({ learningRate }) => learningRate >= low && learningRate < 10 * low).length,
  );
  assert.ok(
    decade.every((count) => count > 60),
    `even in logarithms: ${decade}`,
  );
  assert.deepEqual(new Set(drawn.map(({ optimizer }) => optimizer.name)), new Set(["sgd", "adam"]));
});

const REFUSED: [
  space: Record<string, unknown>,
  samples: number | undefined,
  name: string,
  message: string,
][] = [
  [
    { learningRate: [] },
    undefined,
    "RangeError",
    "search: space.learningRate expected at least one value, got an empty array",
  ],
  [
    { learningRate: 0.1 },
    undefined,
    "TypeError",
    "search: space.learningRate expected an array or { min, max }, got 0.1",
  ],
  [
    { optimizer: "adam" },
    undefined,
    "TypeError",
    'search: space.optimizer expected an array, got "adam"',
  ],
  [
    { learningRate: { min: 0, max: 1 } },
    undefined,
    "TypeError",
    "search: space.learningRate expected an array of values for a grid, got a range; say how " +
      "many samples to draw",
  ],
  [
    { learningRate: { min: 0, max: 1, scale: "log" } },
    3,
    "RangeError",
    "search: space.learningRate.min expected a finite number > 0, got 0",
  ],
  [
    { reg: { min: 1, max: 0.5 } },
    3,
    "RangeError",
    "search: space.reg.max expected a finite number >= 1, got 0.5",
  ],
  [
    { reg: { min: 1, max: 2, scale: "cubic" } },
    3,
    "TypeError",
    'search: space.reg.scale expected "linear" | "log", got "cubic"',
  ],
  [{ reg: [1] }, 0, "RangeError", "search: samples expected an integer in 1..1000000, got 0"],
  [
    { lr: [1] },
    undefined,
    "TypeError",
    "search: space: unknown option lr; expected learningRate, hiddenSize, reg, " +
      "learningRateDecay, batchSize, epochs, optimizer",
  ],
  [
    { reg: Array(1001).fill(0), learningRate: Array(1000).fill(1) },
    undefined,
    "RangeError",
    "search: expected at most 1000000 combinations, got 1001000; draw some with samples",
  ],
];

for (const [space, samples, name, message] of REFUSED) {
  test(`listCandidates refuses: ${message}`, () => {
    assert.throws(() => listCandidates("search", space as SearchSpace, fixed, samples, 0), {
      name,
      message,
    });
  });
}
