import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, name, s32, u32, vec } from "../../../lib/kernels/wasm/encode.ts";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const section = (id: number, content: Bytes): Bytes => [id, ...u32(content.length), ...content];
const compile = (...sections: Bytes[]) =>
  new WebAssembly.Module(new Uint8Array([...HEADER, ...sections.flat()]));

/** 0 and every power of two ± 1, below `limit`. */
function aroundPowers(limit: number): number[] {
  const values = new Set([0]);
  for (let power = 1; power <= limit; power *= 2) {
    for (const value of [power - 1, power, power + 1]) if (value < limit) values.add(value);
  }
  return [...values];
}

test("u32 says the number it was given to an engine, at every power of two ± 1", () => {
  // A module that imports a table of at most `value` elements: the engine links a table with that
  // maximum, and refuses one whose maximum is greater.
  for (const value of aroundPowers(2 ** 32)) {
    const module = compile(
      section(
        2,
        vec([[...name("env"), ...name("table"), 0x01, 0x70, 0x01, ...u32(0), ...u32(value)]]),
      ),
    );
    const link = (maximum: number) =>
      new WebAssembly.Instance(module, {
        env: { table: new WebAssembly.Table({ element: "anyfunc", initial: 0, maximum }) },
      });
    assert.ok(link(value), `${value}`);
    if (value < 2 ** 32 - 1)
      assert.throws(() => link(value + 1), WebAssembly.LinkError, `${value}`);
  }
});

test("s32 is the constant that an engine returns, at every power of two ± 1 of both signs", () => {
  const magnitudes = aroundPowers(2 ** 31);
  const values = [...magnitudes, ...magnitudes.map((value) => -value), -(2 ** 31)];
  const bodies = values.map((value) => [0x00, 0x41, ...s32(value), 0x0b]);
  const module = compile(
    section(1, vec([[0x60, ...vec([]), ...vec([[0x7f]])]])),
    section(3, vec(values.map(() => u32(0)))),
    section(7, vec(values.map((_, i) => [...name(`f${i}`), 0x00, ...u32(i)]))),
    section(10, vec(bodies.map((body) => [...u32(body.length), ...body]))),
  );
  const functions = new WebAssembly.Instance(module).exports as Record<string, () => number>;
  values.forEach((value, i) => assert.equal(functions[`f${i}`](), value + 0));
});

test("s32 and u32 are as short as they can be", () => {
  const lengths = (encode: (value: number) => Bytes, values: number[]) =>
    values.map((value) => encode(value).length);
  assert.deepEqual(
    lengths(u32, [0, 127, 128, 2 ** 14 - 1, 2 ** 14, 2 ** 28 - 1, 2 ** 28, 2 ** 32 - 1]),
    [1, 1, 2, 2, 3, 4, 5, 5],
  );
  assert.deepEqual(
    lengths(s32, [0, 63, 64, -64, -65, 2 ** 13 - 1, 2 ** 13, -(2 ** 13)]),
    [1, 1, 2, 1, 2, 2, 3, 2],
  );
});

test("An engine reads a name as written, beyond ASCII and longer than 127 bytes", () => {
  for (const text of ["", "c", "Σ a·b", "𝄞", "x".repeat(127), "x".repeat(128), "ß".repeat(100)]) {
    const module = compile(section(0, [...name(text), 1, 2, 3]));
    const [content] = WebAssembly.Module.customSections(module, text);
    assert.deepEqual([...new Uint8Array(content)], [1, 2, 3]);
  }
});

test("vec counts its items, not their bytes", () => {
  assert.deepEqual(vec([]), [0]);
  assert.deepEqual(vec([[1, 2], [3]]), [2, 1, 2, 3]);
  assert.deepEqual(vec(Array.from({ length: 200 }, () => [7])).slice(0, 3), [0xc8, 0x01, 7]);
});
