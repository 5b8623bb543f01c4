import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { Batches, iterationsPerEpoch } from "../../lib/training/batches.ts";

test("Shuffled batches visit every row once an epoch, in another order each time", () => {
  for (const [rows, batchSize] of [
    [1, 1],
    [5, 2],
    [6, 2],
    [7, 10],
    [23, 5],
  ]) {
    const batches = new Batches(rows, batchSize, "shuffle", new Random(3));
    assert.equal(batches.iterationsPerEpoch, Math.ceil(rows / batchSize));
    const orders = new Set<string>();
    for (let epoch = 0; epoch < 3; epoch++) {
      const seen: number[] = [];
      for (let i = 0; i < batches.iterationsPerEpoch; i++) {
        const batch = batches.next();
        assert.ok(batch.length === batchSize || i === batches.iterationsPerEpoch - 1);
        assert.ok(batch.length <= batches.maxSize);
        seen.push(...batch);
      }
      orders.add(seen.join());
      assert.deepEqual(
        seen.sort((a, b) => a - b),
        Array.from({ length: rows }, (_, i) => i),
      );
    }
    if (rows > 5) assert.equal(orders.size, 3);
  }
});

test("Batches with replacement are batchSize integers of the generator", () => {
  const batches = new Batches(5, 200, "replacement", new Random(3));
  const random = new Random(3);
  for (let i = 0; i < 3; i++) assert.deepEqual(batches.next(), random.integers(200, 5));
  assert.equal(batches.iterationsPerEpoch, 1);
  assert.equal(iterationsPerEpoch(1000, 300, "replacement"), 3);
});

test("Batches goes on from an order and a position in it, also at its end", () => {
  for (let taken = 0; taken <= 8; taken++) {
    const random = new Random(5);
    const batches = new Batches(11, 3, "shuffle", random);
    for (let i = 0; i < taken; i++) batches.next();
    const resumed = new Batches(11, 3, "shuffle", Random.fromState(random.state));
    const { permutation, position } = batches;
    Object.assign(resumed, { permutation, position });
    for (let i = 0; i < 6; i++)
      assert.deepEqual(resumed.next(), batches.next(), `batch ${taken + i}`);
  }
});
