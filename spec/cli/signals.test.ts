import assert from "node:assert/strict";
import { test } from "node:test";
import { watchSignals } from "../../lib/cli/signals.ts";

test("watchSignals notes the first signal, and leaves no listener behind", async () => {
  const before = [process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")];
  const signals = watchSignals();
  assert.equal(signals.code, undefined);
  process.emit("SIGTERM");
  assert.equal(signals.code, 143);
  await signals.came;
  signals.end();
  assert.deepEqual([process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")], before);
});
