import assert from "node:assert/strict";
import { test } from "node:test";
import {
  awaitDone,
  controlWords,
  countTask,
  fail,
  failure,
  isDone,
  isIdle,
  MAX_THREADS,
  markDone,
  open,
  publish,
  resetCount,
  spinUntil,
  TASK_WORDS,
  TEXT,
  TICKETS,
  take,
  taskAt,
  tasksDone,
} from "../../../lib/kernels/threads/protocol.ts";
import { CONTROL_BYTES } from "../../../lib/kernels/wasm/engine.ts";

function words(): ReturnType<typeof controlWords> {
  const all = controlWords(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
  open(all);
  return all;
}

test("tickets are taken once each, in order, as far as they are published", () => {
  const w = words();
  assert.equal(take(w), undefined);
  publish(w, 2, 1);
  assert.deepEqual([take(w), take(w), take(w)], [0, 1, undefined]);
  publish(w, 3, 1);
  assert.deepEqual([take(w), take(w)], [2, undefined]);
});

test("A ticket is done from markDone until its place is reused", () => {
  const w = words();
  for (let ticket = -TICKETS; ticket < 0; ticket++) assert.ok(isDone(w, ticket));
  for (let ticket = 0; ticket < TICKETS; ticket++) assert.ok(!isDone(w, ticket));
  markDone(w, 5);
  assert.deepEqual(
    [4, 5, 6].map((ticket) => isDone(w, ticket)),
    [false, true, false],
  );
  markDone(w, 5 + TICKETS);
  assert.deepEqual(
    [5, 5 + TICKETS, 5 + 2 * TICKETS].map((ticket) => isDone(w, ticket)),
    [true, true, false],
  );
});

test("tickets go on past 2^31", () => {
  const w = controlWords(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
  const last = 2 ** 31 - 1;
  w[0] = w[16] = last; // LIMIT, NEXT
  publish(w, (last + 1) | 0, 1);
  assert.equal(take(w), last);
  assert.equal(take(w), undefined);
  publish(w, -(2 ** 31) + 1, 1);
  assert.equal(take(w), -(2 ** 31));
  markDone(w, last);
  assert.ok(isDone(w, last));
});

test("tasks have their own words, behind the others and before the text", () => {
  const starts = Array.from({ length: TICKETS }, (_, ticket) => taskAt(ticket)).sort(
    (x, y) => x - y,
  );
  starts.forEach((start, i) => assert.ok(i === 0 || start - starts[i - 1] >= TASK_WORDS));
  assert.ok(starts[0] >= 112 + TICKETS);
  assert.ok(
    4 * (starts[TICKETS - 1] + TASK_WORDS) <= TEXT && TEXT <= CONTROL_BYTES - 1024,
    "room for a message",
  );
  assert.equal(taskAt(-1), taskAt(TICKETS - 1));
});

test("awaitDone returns at once for a finished ticket, and false when the time is over", () => {
  const w = words();
  markDone(w, 0);
  assert.equal(awaitDone(w, 0, 1e6), true);
  assert.equal(awaitDone(w, 1, 5), false);
});

test("Each worker counts for itself", () => {
  const w = words();
  countTask(w, 0);
  countTask(w, 0);
  countTask(w, MAX_THREADS - 1);
  assert.deepEqual(
    { main: tasksDone(w, 0), next: tasksDone(w, 1), last: tasksDone(w, MAX_THREADS - 1) },
    { main: 2, next: 0, last: 1 },
  );
  resetCount(w, 0);
  assert.equal(tasksDone(w, 0), 0);
  assert.ok(!isDone(w, 0), "the counts reach into nothing else");
});

test("The first failure is kept, cut to what fits", () => {
  const w = words();
  assert.equal(failure(w), undefined);
  fail(w, "RuntimeError: unreachable ü");
  fail(w, "another");
  assert.equal(failure(w), "RuntimeError: unreachable ü");
  const empty = words();
  fail(empty, "");
  assert.equal(failure(empty)?.length, 1);
  const long = words();
  fail(long, "x".repeat(CONTROL_BYTES));
  assert.equal(failure(long), "x".repeat(CONTROL_BYTES - TEXT));
});

test("spinUntil returns true when what it waits for holds, and false after a while", () => {
  assert.equal(
    spinUntil(() => true),
    true,
  );
  let looks = 0;
  assert.equal(
    spinUntil(() => ++looks === 100),
    true,
  );
  assert.equal(
    spinUntil(() => false),
    false,
  );
});

test("isIdle holds when all published tickets are taken", () => {
  const w = words();
  assert.equal(isIdle(w), true);
  publish(w, 1, 0);
  assert.equal(isIdle(w), false);
  take(w);
  assert.equal(isIdle(w), true);
});
