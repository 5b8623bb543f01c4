import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import {
  jobOf,
  runCandidate,
  runCandidateInTurns,
  type SearchTask,
} from "../../lib/search/candidate.ts";
import type { Candidate } from "../../lib/search/space.ts";
import { sgd } from "../../lib/training/optimizer.ts";
import { cosine } from "../../lib/training/schedule.ts";

const X = Matrix.randomNormal(30, 2, new Random(1));
const data = { X, y: Int32Array.from({ length: 30 }, (_, i) => (X.get(i, 0) > 0 ? 1 : 0)) };
const task: SearchTask = {
  data,
  validation: data,
  outputSize: 2,
  std: "he",
  seed: 4,
  options: { epochs: 3 },
};
const candidate: Candidate = {
  learningRate: 0.1,
  hiddenSize: 4,
  reg: 0,
  learningRateDecay: 0.9,
  batchSize: 10,
  optimizer: sgd(),
};

const job = jobOf(task, candidate);

test("runCandidate gives the net, its history and both accuracies, the same each time", () => {
  const outcome = runCandidate(task, job);
  assert.ok(outcome.status === "done");
  assert.equal(outcome.params.W1.cols, 4);
  assert.equal(outcome.history.loss.length, 9);
  assert.equal(outcome.trainAccuracy, outcome.history.trainAccuracy.at(-1));
  assert.equal(outcome.valAccuracy, outcome.trainAccuracy);
  assert.deepEqual(runCandidate(task, job), outcome);
});

test("A divergence is an outcome", () => {
  const outcome = runCandidate(task, jobOf(task, { ...candidate, learningRate: 1e200 }));
  assert.ok(outcome.status === "diverged");
  assert.equal(outcome.history.loss.length, outcome.iteration);
  assert.match(outcome.message, /^train: expected a finite loss/);
});

test("A schedule takes the place of the candidate's decay", () => {
  assert.equal(job.settings.learningRateDecay, 0.9);
  const options = { epochs: 3, schedule: cosine() };
  const { settings } = jobOf({ ...task, options }, candidate);
  assert.equal(settings.learningRateDecay, 1);
  assert.deepEqual(settings.schedule, cosine());
});

test("runCandidateInTurns gives the same outcomes, and timers get their turns", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  try {
    const long = jobOf({ ...task, options: { iterations: 3000 } }, candidate);
    assert.deepEqual(await runCandidateInTurns(task, long), runCandidate(task, long));
    assert.ok(turns > 0);
    const diverging = jobOf(task, { ...candidate, learningRate: 1e200 });
    assert.deepEqual(await runCandidateInTurns(task, diverging), runCandidate(task, diverging));
  } finally {
    clearInterval(timer);
  }
});

test("runCandidate calls onStep after each step", () => {
  let steps = 0;
  runCandidate(task, job, () => steps++);
  assert.equal(steps, 9);
});
