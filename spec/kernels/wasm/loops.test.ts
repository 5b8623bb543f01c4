import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bytes } from "../../../lib/kernels/wasm/encode.ts";
import { i32_add, i32_const, i32_mul, local_get } from "../../../lib/kernels/wasm/instructions.ts";
import { increase, repeat } from "../../../lib/kernels/wasm/loops.ts";
import { encodeModule } from "../../../lib/kernels/wasm/module.ts";

/** A function of one integer with two locals more, 1 and 2. */
function compiled(body: Bytes): (value: number) => number {
  const bytes = encodeModule({ min: 0, max: 0, shared: false }, [
    { name: "f", params: ["i32"], locals: ["i32", "i32"], result: "i32", body },
  ]);
  const memory = new WebAssembly.Memory({ initial: 0, maximum: 0 });
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports.f as (
    value: number,
  ) => number;
}

test("increase adds what its instructions leave on the stack", () => {
  const f = compiled([...increase(0, local_get(0), i32_const(10), i32_mul), ...local_get(0)]);
  assert.deepEqual([0, 1, -3].map(f), [0, 11, -33]);
});

test("repeat runs its body for 0, step, 2·step … below the limit, and at least once", () => {
  const f = compiled([
    ...repeat(1, 3, local_get(0), increase(2, local_get(1), i32_const(1), i32_add)),
    ...local_get(2),
  ]);
  assert.deepEqual([0, 1, 3, 4, 7].map(f), [1, 1, 1, 1 + 4, 1 + 4 + 7]);
});

test("repeat counts from 0 again when it is itself repeated", () => {
  const f = compiled([
    ...repeat(1, 1, local_get(0), increase(2, i32_const(1))),
    ...repeat(1, 1, local_get(0), increase(2, i32_const(1))),
    ...local_get(2),
  ]);
  assert.equal(f(5), 10);
});
