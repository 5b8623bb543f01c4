import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSignal, nextTurn, now } from "../../lib/base/event-loop.ts";
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
  const { setImmediate: kept, MessageChannel: channel, setTimeout: timeout } = globalThis;
  const loadAnew = (time: string) => import(`../../lib/base/event-loop.ts?${time}`);
  try {
    Reflect.deleteProperty(globalThis, "setImmediate");
    const { nextTurn: byMessage } = await loadAnew("message");
    await byMessage();
    Reflect.deleteProperty(globalThis, "MessageChannel");
    await byMessage();
    Reflect.deleteProperty(globalThis, "setTimeout");
    await (await loadAnew("nothing")).nextTurn();
  } finally {
    Object.assign(globalThis, { setImmediate: kept, MessageChannel: channel, setTimeout: timeout });
  }
});

test("nextTurn works where setImmediate and MessageChannel are there and throw", async () => {
  const { setImmediate: kept, MessageChannel: channel } = globalThis;
  const refuse = (): never => {
    throw new Error("not supported");
  };
  try {
    Object.assign(globalThis, { setImmediate: refuse, MessageChannel: refuse });
    const { nextTurn: byTimer } = await import(`../../lib/base/event-loop.ts?${"refused"}`);
    let fired = false;
    setTimeout(() => (fired = true), 0);
    await byTimer();
    assert.ok(fired);
  } finally {
    Object.assign(globalThis, { setImmediate: kept, MessageChannel: channel });
  }
});

test("nextTurn resolves while a test holds the timers", async (t) => {
  t.mock.timers.enable({ apis: ["setImmediate", "setTimeout"] });
  await nextTurn();
  t.mock.timers.reset();
});

test("now goes on where there is no performance", () => {
  const kept = globalThis.performance;
  try {
    Reflect.deleteProperty(globalThis, "performance");
    assert.ok(Math.abs(now() - Date.now()) < 1000);
  } finally {
    Object.defineProperty(globalThis, "performance", {
      value: kept,
      configurable: true,
      writable: true,
    });
  }
  assert.ok(now() <= now());
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
