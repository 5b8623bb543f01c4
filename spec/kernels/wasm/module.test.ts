import assert from "node:assert/strict";
import { test } from "node:test";
import {
  i32_add,
  i32_const,
  local_get,
  local_set,
} from "../../../lib/kernels/wasm/instructions.ts";
import { encodeModule, type Func, Scope } from "../../../lib/kernels/wasm/module.ts";

const constant = (value: number): Func => ({
  name: `is${value}`,
  params: [],
  locals: [],
  result: "i32",
  body: i32_const(value),
});
const plain = { min: 1, max: 2, shared: false };
const instantiate = (bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory) =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports as Record<
    string,
    (...args: number[]) => number
  >;

test("encodeModule exports every function under its name, more than 127 included", () => {
  const functions = Array.from({ length: 300 }, (_, i) => constant(i));
  const exports = instantiate(
    encodeModule(plain, functions),
    new WebAssembly.Memory({ initial: 1, maximum: 2 }),
  );
  assert.equal(Object.keys(exports).length, 300);
  for (let i = 0; i < 300; i++) assert.equal(exports[`is${i}`](), i);
});

test("encodeModule imports a memory of the limits given, and no other", () => {
  const bytes = encodeModule(plain, [constant(1)]);
  const link = (options: WebAssembly.MemoryDescriptor) => () =>
    instantiate(bytes, new WebAssembly.Memory(options));
  assert.ok(link({ initial: 2, maximum: 2 })());
  assert.throws(link({ initial: 0, maximum: 2 }), WebAssembly.LinkError);
  assert.throws(link({ initial: 1, maximum: 3 }), WebAssembly.LinkError);
  assert.throws(link({ initial: 1, maximum: 2, shared: true }), WebAssembly.LinkError);
  const shared = encodeModule({ min: 1, max: 2, shared: true }, [constant(1)]);
  assert.ok(instantiate(shared, new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true })));
  assert.throws(
    () => instantiate(shared, new WebAssembly.Memory({ initial: 1, maximum: 2 })),
    WebAssembly.LinkError,
  );
});

test("Scope numbers parameters first, then locals, in the order of their declaration", () => {
  const scope = new Scope();
  assert.deepEqual(
    [scope.param("i32"), scope.param("f64"), scope.local("v128"), scope.local("i32")],
    [0, 1, 2, 3],
  );
  const body = [...local_get(0), ...i32_const(1), ...i32_add, ...local_set(3), ...local_get(3)];
  const bytes = encodeModule(plain, [
    { name: "next", params: scope.params, locals: scope.locals, result: "i32", body },
  ]);
  assert.equal(
    instantiate(bytes, new WebAssembly.Memory({ initial: 1, maximum: 2 })).next(41, 0.5),
    42,
  );
});
