import assert from "node:assert/strict";
import { test } from "node:test";
import { storedModules } from "../../../lib/build/stored-modules.ts";
import * as emitted from "../../../lib/kernels/wasm/emit-modules.ts";

const MODULES = ["simdModule", "fmaModule", "trainingModule"] as const;

test("Each module is below the 4 KiB that browsers compile on their main thread", () => {
  for (const shared of [false, true]) {
    for (const name of MODULES) {
      const { length } = emitted[name](shared);
      assert.ok(length <= 4096, `${name}: ${length} bytes`);
    }
  }
});

test("The modules that the build stores are those that the emitters make", async () => {
  const source = `data:text/javascript,${encodeURIComponent(storedModules())}`;
  const stored: typeof emitted = await import(source);
  for (const name of MODULES) {
    for (const shared of [false, true])
      assert.deepEqual(stored[name](shared), emitted[name](shared), `${name}, shared ${shared}`);
  }
});
