// An error is part of the interface: its class and its whole text are asserted, never a fragment of
// it.
import assert from "node:assert/strict";
import { isArgumentError } from "../../lib/base/errors.ts";

/**
 * Asserts that `f` throws an error of exactly this class (no subclass) with exactly this message;
 * returns the error.
 */
export function assertThrows<T extends Error>(
  f: () => unknown,
  type: new (...args: never[]) => T,
  message: string,
): T {
  let thrown: unknown;
  try {
    f();
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown instanceof Error, `expected ${type.name} "${message}", nothing was thrown`);
  assert.equal(thrown.message, message);
  assert.equal(thrown.name, type.name, `class of "${message}"`);
  if (thrown instanceof TypeError || thrown instanceof RangeError)
    assert.ok(isArgumentError(thrown), `"${message}" is an engine's error, not a refusal of ours`);
  return thrown as T;
}
