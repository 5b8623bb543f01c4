import assert from "node:assert/strict";
import { test } from "node:test";
import { onSignals, watchSignals } from "../../lib/cli/signals.ts";

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

test("onSignals gives 129, 130 and 143 for SIGHUP, SIGINT and SIGTERM, until it is ended", () => {
  const codes: number[] = [];
  const end = onSignals((code) => codes.push(code));
  process.emit("SIGHUP");
  process.emit("SIGINT");
  process.emit("SIGTERM");
  end();
  process.emit("SIGTERM");
  assert.deepEqual(codes, [129, 130, 143]);
});
