import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSignal, nextTurn } from "../../lib/base/event-loop.ts";
import { assertThrows } from "../helpers/throws.ts";

test("nextTurn resolves after a timer that is due", async () => {
  let fired = false;
  setTimeout(() => (fired = true), 0);
  const end = performance.now() + 5;
  while (performance.now() < end);
  await nextTurn();
  await nextTurn();
  assert.ok(fired);
});

test("nextTurn works where there is no setImmediate, and no MessageChannel either", async () => {
  const { setImmediate: kept, MessageChannel: channel } = globalThis;
  try {
    Reflect.deleteProperty(globalThis, "setImmediate");
    await nextTurn();
    Reflect.deleteProperty(globalThis, "MessageChannel");
    await nextTurn();
  } finally {
    globalThis.setImmediate = kept;
    globalThis.MessageChannel = channel;
  }
});

test("checkSignal takes an AbortSignal or nothing", () => {
  checkSignal("f", undefined);
  checkSignal("f", new AbortController().signal);
  for (const [bad, got] of [
    [new AbortController(), "an AbortController"],
    [null, "null"],
    [true, "true"],
  ] as const)
    assertThrows(
      () => checkSignal("f", bad as never),
      TypeError,
      `f: signal expected an AbortSignal, got ${got}`,
    );
});
