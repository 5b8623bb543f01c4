import assert from "node:assert/strict";
import { test } from "node:test";
import { DivergenceError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { toyData } from "../../lib/data/toy.ts";
import type { Dataset } from "../../lib/matrix/dataset.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { PARAM_NAMES } from "../../lib/net/params.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { findBestNet, type Search, type SearchResult, search } from "../../lib/search/search.ts";
import type { SearchOptions } from "../../lib/search/search-options.ts";
import { adam, sgd } from "../../lib/training/optimizer.ts";
import { train } from "../../lib/training/trainer.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

function rings(rows: number, seed: number): Dataset {
  const X = Matrix.randomNormal(rows, 2, new Random(seed));
  return {
    X,
    y: Int32Array.from({ length: rows }, (_, i) =>
      Math.hypot(X.get(i, 0), X.get(i, 1)) > 1.2 ? 1 : 0,
    ),
  };
}
const data = rings(60, 1);
const validation = rings(30, 2);
// The candidate with learning rate 1e200 diverges.
const options: SearchOptions = {
  validation,
  space: { learningRate: [0.05, 1e200, 0.5], hiddenSize: [3, 9], optimizer: [sgd(), adam()] },
  epochs: 4,
  batchSize: 10,
  seed: 3,
};

async function collect(results: AsyncIterable<SearchResult>): Promise<SearchResult[]> {
  const all: SearchResult[] = [];
  for await (const result of results) all.push(result);
  return all;
}

test("search yields a result for every candidate in their order, diverged ones too", async () => {
  const iterator = search(data, { ...options, workers: 0 });
  assert.equal(iterator.candidates.length, 12);
  const results = await collect(iterator);
  assert.deepEqual(
    results.map(({ index }) => index),
    Array.from({ length: 12 }, (_, i) => i),
  );
  assert.deepEqual(
    results.map(({ candidate }) => candidate),
    iterator.candidates,
  );
  for (const result of results) {
    const { candidate, index } = result;
    if (result.status === "diverged") {
      assert.equal(candidate.learningRate, 1e200);
      assert.ok(result.error instanceof DivergenceError);
      assert.match(
        result.error.message,
        new RegExp(
          "^train: expected a finite loss and finite gradients, got loss .* " +
            "with learningRate [0-9.e+]+; try a smaller one, such as [0-9.e+]+$",
        ),
      );
      assert.equal(result.history.loss.length, result.error.iteration);
      continue;
    }
    assert.ok(result.status === "done");
    const random = new Random(3);
    const net = TwoLayerNet.create(
      { inputSize: 2, hiddenSize: candidate.hiddenSize, outputSize: 2 },
      { random },
    );
    const { learningRate, reg, learningRateDecay, batchSize, optimizer } = candidate;
    const history = train(net, data, {
      learningRate,
      reg,
      learningRateDecay,
      batchSize,
      optimizer,
      epochs: 4,
      validation,
      random,
    });
    for (const name of PARAM_NAMES)
      assertSameBits(
        result.net.params[name].data,
        net.params[name].data,
        `candidate ${index} ${name}`,
      );
    assert.deepEqual(result.history, history, `candidate ${index} by hand`);
    assert.equal(result.valAccuracy, net.accuracy(validation.X, validation.y));
    assert.equal(result.trainAccuracy, net.accuracy(data.X, data.y));
  }
  assert.ok(
    results.some(({ status }) => status === "diverged") &&
      results.some(({ status }) => status === "done"),
  );
});

test("search gives the same bits with no, one, two and five workers", async () => {
  const expected = await collect(search(data, { ...options, workers: 0 }));
  for (const workers of [1, 2, 5]) {
    const results = await collect(search(data, { ...options, workers }));
    assert.equal(results.length, expected.length);
    for (const [i, result] of results.entries()) {
      assert.deepEqual(result.history, expected[i].history, `${workers} workers, candidate ${i}`);
      assert.equal(result.status, expected[i].status);
      if (result.status !== "done" || expected[i].status !== "done") continue;
      assert.equal(result.valAccuracy, expected[i].valAccuracy);
      assert.ok(result.net instanceof TwoLayerNet);
      for (const name of PARAM_NAMES)
        assertSameBits(
          result.net.params[name].data,
          expected[i].net.params[name].data,
          `${workers} workers, candidate ${i}, ${name}`,
        );
    }
  }
});

test("Leaving the loop ends the workers", async () => {
  for await (const { index } of search(data, { ...options, workers: 2 })) if (index === 1) break;
});

test("findBestNet returns the first net of the greatest validation accuracy", async () => {
  const seen: number[] = [];
  const best = await findBestNet(data, {
    ...options,
    workers: 0,
    onResult: ({ index }) => seen.push(index),
  });
  assert.deepEqual(
    seen,
    best.results.map(({ index }) => index),
  );
  const accuracies = best.results.map((result) =>
    result.status === "done" ? result.valAccuracy : -1,
  );
  const expected = best.results[accuracies.indexOf(Math.max(...accuracies))];
  assert.equal(best.candidate, expected.candidate);
  assert.equal(best.net.accuracy(validation.X, validation.y), best.valAccuracy);
  const twins = await findBestNet(data, {
    ...options,
    space: { learningRate: [0.05, 0.05], reg: [0, 0] },
    workers: 0,
  });
  assert.equal(twins.candidate, twins.results[0].candidate);
});

test("findBestNet throws when every candidate diverges", async () => {
  await assert.rejects(
    findBestNet(data, { ...options, space: { learningRate: [1e200, 1e250] }, workers: 0 }),
    (error: unknown) => {
      assert.ok(error instanceof DivergenceError);
      assert.match(
        error.message,
        /^search: expected a candidate that converges, got 2 that diverged; the first: train: /,
      );
      return true;
    },
  );
});

test("search checks everything before it begins", () => {
  const refused = (
    change: Record<string, unknown>,
    name: string,
    message: string,
    on: unknown = data,
  ): void =>
    assert.throws(() => search(on as Dataset, { ...options, ...change } as SearchOptions), {
      name,
      message,
    });
  refused({ workers: -1 }, "RangeError", "search: workers expected an integer in 0..1024, got -1");
  refused({ seed: 0.5 }, "RangeError", "search: seed expected an integer >= 0, got 0.5");
  refused(
    { space: { hiddenSize: [0] } },
    "RangeError",
    "search: hiddenSize expected an integer >= 1, got 0",
  );
  refused(
    { space: { learningRate: [0.1, -1] } },
    "RangeError",
    "search: learningRate expected a finite number > 0, got -1",
  );
  refused(
    { space: { optimizer: ["adam"] } },
    "TypeError",
    'search: optimizer expected sgd(), momentum(), nesterov() or adam(), got "adam"',
  );
  refused(
    { validation: undefined },
    "TypeError",
    "search: validation: data expected { X, y }, got undefined",
  );
  refused(
    { validation: { X: new Matrix(1, 3), y: [0] } },
    "RangeError",
    "search: expected 2 columns of validation data as of training data, got 3",
  );
  refused(
    { outputSize: 1 },
    "RangeError",
    `search: label 1 at row ${Array.from(data.y).indexOf(1)} is outside 0..0`,
  );
  refused(
    { random: new Random() },
    "TypeError",
    "search: unknown option random; expected learningRate, learningRateDecay, schedule, reg, " +
      "batchSize, iterations, epochs, sampling, optimizer, clipNorm, patience, keepBest, " +
      "calibrate, trainAccuracy, validation, " +
      "space, samples, hiddenSize, outputSize, std, seed, workers, skip, signal",
  );
  refused({}, "TypeError", "search: data expected { X, y }, got null", null);
});

/** A search of two candidates that would take minutes. */
const endless = (workers: number, signal?: AbortSignal): Search =>
  search(data, {
    validation,
    space: { hiddenSize: [3, 9] },
    batchSize: 10,
    iterations: 1e9,
    sampling: "replacement",
    workers,
    ...(signal && { signal }),
  });

for (const workers of [0, 2]) {
  test(`return ends a search with ${workers} workers at once, and the waiting next`, async () => {
    const run = endless(workers);
    const waiting = run.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(await run.return(), { done: true, value: undefined });
    assert.deepEqual(await waiting, { done: true, value: undefined });
    assert.deepEqual(await run.next(), { done: true, value: undefined });
  });

  test(`An aborted signal ends a search with ${workers} workers with its reason`, async () => {
    const controller = new AbortController();
    const waiting = endless(workers, controller.signal).next();
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await assert.rejects(waiting, { message: "enough" });
  });
}

test("A signal that is aborted already trains nothing", async () => {
  const run = endless(0, AbortSignal.abort(new Error("too late")));
  await assert.rejects(run.next(), { message: "too late" });
});

test("findBestNet rejects with the reason of its signal", async () => {
  const controller = new AbortController();
  const found = findBestNet(data, {
    ...options,
    epochs: 1e6,
    workers: 0,
    signal: controller.signal,
    onResult: () => controller.abort(new Error("enough")),
  });
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await assert.rejects(found, { message: "enough" });
});

test("A search without workers lets timers fire while it trains", async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 60);
  await assert.rejects(endless(0, controller.signal).next(), { name: "AbortError" });
  clearInterval(timer);
  assert.ok(ticks > 0, `${ticks} ticks`);
});

test("A schedule that is a function is searched in this thread", async () => {
  const schedule = (t: number): number => 0.1 / (1 + t);
  const settings = { validation, space: { hiddenSize: [3] }, epochs: 2, batchSize: 10, schedule };
  const [result] = await collect(search(data, settings));
  assert.equal(result.history.loss.length, 12);
  assert.throws(() => search(data, { ...settings, workers: 2 }), {
    name: "TypeError",
    message: "search: workers expected 0 for a schedule that is a function, got 2",
  });
});

test("search and findBestNet say what a space is and refuse other wrong arguments", async () => {
  assert.throws(() => search(data, { validation } as never), {
    name: "TypeError",
    message:
      "search: space expected an object such as { learningRate: [1e-3, 1e-2] }, got undefined",
  });
  await assert.rejects(findBestNet(data, undefined as never), {
    name: "TypeError",
    message: "findBestNet: options expected an object, got undefined",
  });
  const X = data.X.clone();
  X.set(3, 1, NaN);
  assert.throws(() => search({ X, y: data.y }, options), {
    name: "RangeError",
    message: "search: X expected finite numbers, got NaN at row 3, column 1",
  });
  assert.throws(() => search(data, { ...options, signal: true as never }), {
    name: "TypeError",
    message: "search: signal expected an AbortSignal, got true",
  });
});

test("A candidate that cannot be trained is a failed result beside the others", async () => {
  const { X, y } = toyData();
  for (const workers of [0, 2]) {
    const found: SearchResult[] = [];
    const space = { hiddenSize: [3, 3_000_000_000, 4] };
    const options = { validation: { X, y }, space, iterations: 2, workers };
    for await (const result of search({ X, y }, options)) found.push(result);
    assert.deepEqual(
      found.map(({ status }) => status),
      ["done", "failed", "done"],
    );
    assert.ok(found[1].status === "failed" && found[1].error instanceof Error);
    assert.match(found[1].error.message, /3000000000|memory|length/i);
  }
});

test("search skips the candidates it is told to", async () => {
  const { X, y } = toyData();
  for (const workers of [0, 2]) {
    const found: SearchResult[] = [];
    const space = { hiddenSize: [2, 3, 4, 5] };
    const options = { validation: { X, y }, space, iterations: 2, workers, skip: [0, 2] };
    const running = search({ X, y }, options);
    for await (const result of running) found.push(result);
    assert.equal(running.candidates.length, 4);
    assert.deepEqual(
      found.map(({ index, candidate }) => [index, candidate.hiddenSize]),
      [
        [1, 3],
        [3, 5],
      ],
    );
  }
  const space = { hiddenSize: [2] };
  assertThrows(
    () => search({ X, y }, { validation: { X, y }, space, skip: [1] }),
    RangeError,
    "search: skip expected an integer in 0..0, got 1",
  );
});
