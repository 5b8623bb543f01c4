import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutUnusedMethods } from "../../lib/build/worker-texts.ts";

const program = (use: string): string => `
var A = class _A {
  x = 1;
  constructor() {
  }
  get size() {
    return 1;
  }
  static #made(n) {
    return _A.#made(n - 1);
  }
  /** Is not size, nor used. */
  used(a, b) {
    if (a) {
      return b;
    }
  }
  toString() {
    return "A";
  }
};
function used(a) {
  return a;
}
${use}`;

const METHODS = ["constructor", "get size", "static #made", "used(a, b)", "toString"];
const methodsLeft = (use: string): string[] => {
  const result = withoutUnusedMethods(program(use));
  return METHODS.filter((name) => result.includes(`\n  ${name}`));
};

test("withoutUnusedMethods keeps of a class the methods that other code mentions", () => {
  assert.deepEqual(methodsLeft("new A();"), ["constructor", "toString"]);
  assert.deepEqual(methodsLeft("a.used(1);"), ["constructor", "used(a, b)", "toString"]);
  assert.deepEqual(methodsLeft("const { x, size } = a;"), ["constructor", "get size", "toString"]);
  assert.deepEqual(methodsLeft("`${a.size}`"), ["constructor", "get size", "toString"]);
});

test("withoutUnusedMethods leaves functions alone, and the program correct", () => {
  const result = withoutUnusedMethods(program("globalThis.answer = used(`${new A()}`);"));
  assert.match(result, /^function used/m);
  new Function(result);
});
