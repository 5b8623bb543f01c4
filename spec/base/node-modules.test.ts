import assert from "node:assert/strict";
import * as os from "node:os";
import { test } from "node:test";
import { nodeModule } from "../../lib/base/node-modules.ts";

test("nodeModule gives a module of Node", () => {
  assert.equal(nodeModule("node:os")?.EOL, os.EOL);
});

test("nodeModule gives undefined where there is none, or where asking for it throws", () => {
  const { process } = globalThis;
  const refuse = (): never => {
    throw new Error("not supported");
  };
  try {
    for (const host of [undefined, {}, { getBuiltinModule: refuse }]) {
      Object.defineProperty(globalThis, "process", { value: host, configurable: true });
      assert.equal(nodeModule("node:os"), undefined);
    }
  } finally {
    Object.defineProperty(globalThis, "process", {
      value: process,
      configurable: true,
      writable: true,
    });
  }
});
