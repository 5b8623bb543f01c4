import assert from "node:assert/strict";
import { test } from "node:test";
import { storedModules } from "../../../lib/build/stored-modules.ts";
import * as emitted from "../../../lib/kernels/wasm/emit-modules.ts";

const KERNELS = ["simdModules", "fmaModules"] as const;

test("Each module is below the 4 KiB that browsers compile on their main thread", () => {
  for (const shared of [false, true]) {
    for (const kernel of KERNELS) {
      for (const bytes of [emitted[kernel].product(shared), emitted[kernel].main(shared)]) {
        assert.ok(bytes.length <= 4096, `${bytes.length} bytes`);
      }
    }
  }
});

test("The modules that the build stores are those that the emitters make", async () => {
  const source = `data:text/javascript,${encodeURIComponent(storedModules())}`;
  const stored: typeof emitted = await import(source);
  for (const kernel of KERNELS) {
    for (const shared of [false, true]) {
      const of = `${kernel}, shared ${shared}`;
      assert.deepEqual(stored[kernel].product(shared), emitted[kernel].product(shared), of);
      assert.deepEqual(stored[kernel].main(shared), emitted[kernel].main(shared), of);
    }
  }
});
