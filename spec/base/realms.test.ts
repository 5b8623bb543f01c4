import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext, runInThisContext } from "node:vm";
import { isFloat64Array, isInt32Array, isMap, isUint8Array } from "../../lib/base/realms.ts";

const CHECKS = { isFloat64Array, isInt32Array, isMap, isUint8Array };
const CLASSES = ["Float64Array", "Int32Array", "Map", "Uint8Array", "Float32Array", "DataView"];

/** The names of the checks that hold for a value. */
const namesFor = (value: unknown): string[] =>
  Object.entries(CHECKS)
    .filter(([, check]) => check(value))
    .map(([name]) => name);

test("Every check holds for its class in this realm and in another one, and for no other", () => {
  for (const name of CLASSES) {
    const make = name === "DataView" ? "new DataView(new ArrayBuffer(8))" : `new ${name}()`;
    const expected = `is${name}` in CHECKS ? [`is${name}`] : [];
    assert.deepEqual(namesFor(runInNewContext(make)), expected, name);
    assert.deepEqual(namesFor(runInThisContext(make)), expected, name);
  }
});

test("A Buffer is a Uint8Array, and a subclass is what it extends", () => {
  assert.deepEqual(namesFor(Buffer.from([1])), ["isUint8Array"]);
  assert.deepEqual(namesFor(new (class extends Float64Array {})(1)), ["isFloat64Array"]);
});

test("No check holds for a value that is no array or only says that it is one", () => {
  const impostor = { [Symbol.toStringTag]: "Float64Array", length: 0 };
  for (const value of [undefined, null, 1, "a", [], {}, () => 0, impostor, new ArrayBuffer(8)])
    assert.deepEqual(namesFor(value), []);
});
