import assert from "node:assert/strict";
import { test } from "node:test";
import { createInlineExecutor } from "../../../lib/kernels/wasm/executor.ts";

test("the crew of one hands out the same slab and block each time and computes at once", () => {
  const crew = createInlineExecutor("simd");
  const [slab, block] = [crew.nextABuffer(), crew.nextBBuffer()];
  assert.deepEqual([crew.nextABuffer(), crew.nextBBuffer()], [slab, block]);
  assert.equal(crew.asynchronous, false);
  const at = (address: number) => address / 8;
  crew.doubles.set([1, 2, 3, 4, 5, 6], at(slab)); // A (3, 2)
  crew.doubles.set([10, 20, 30, 0, 40, 50, 60, 0], at(block)); // B (2, 3) in a panel
  crew.doubles.fill(NaN, at(crew.map.c), at(crew.map.c) + 16);
  const task = {
    layout: "rows" as const,
    a: slab,
    aStride: 16,
    aPanel: 64,
    b: block,
    bStride: 32,
    bPanel: 64,
    c: crew.map.c,
    cStride: 32,
    rows: 3,
    columns: 3,
    depth: 2,
    resume: 0,
  };
  const ticket = crew.run(task, undefined);
  crew.wait(ticket, 3);
  const row = (i: number) => [
    ...crew.doubles.subarray(at(crew.map.c) + 4 * i, at(crew.map.c) + 4 * i + 3),
  ];
  assert.deepEqual([0, 1, 2].map(row), [
    [90, 120, 150],
    [190, 260, 330],
    [290, 400, 510],
  ]);
  crew.run({ ...task, resume: 2 }, ticket); // goes on from what C holds
  assert.deepEqual(row(0), [180, 240, 300]);
});
