import assert from "node:assert/strict";
import { test } from "node:test";
import { storedModules } from "../../../lib/build/stored-modules.ts";
import * as emitted from "../../../lib/kernels/wasm/emit-modules.ts";

const { productModule, mainModule } = emitted;

test("Each module is below the 4 KiB that browsers compile on their main thread", () => {
  for (const shared of [false, true]) {
    for (const kernel of ["simd", "fma"] as const) {
      for (const bytes of [productModule(kernel, shared), mainModule(kernel, shared)]) {
        assert.ok(bytes.length <= 4096, `${bytes.length} bytes`);
      }
    }
  }
});

test("The modules that the build stores are those that the emitters make", async () => {
  const source = `data:text/javascript,${encodeURIComponent(storedModules())}`;
  const stored: typeof emitted = await import(source);
  for (const kernel of ["simd", "fma"] as const) {
    for (const shared of [false, true]) {
      const of = `${kernel}, shared ${shared}`;
      assert.deepEqual(stored.productModule(kernel, shared), productModule(kernel, shared), of);
      assert.deepEqual(stored.mainModule(kernel, shared), mainModule(kernel, shared), of);
    }
  }
});
