import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader, type ElementArray, type ElementType } from "../../lib/formats/byte-reader.ts";
import { ByteWriter } from "../../lib/formats/byte-writer.ts";

// A capacity of 1 grows in the middle of every kind of write.
for (const capacity of [1, 2, 3, 64]) {
  test(`What ByteWriter writes reads back when it grows from ${capacity} bytes`, () => {
    const bytes = new ByteWriter({ capacity })
      .u8(250)
      .u16(65000)
      .u32(4e9)
      .u64(2 ** 53 - 1)
      .u64(2n ** 53n - 1n)
      .f32(0.5)
      .text("µ")
      .bytes([1, 2])
      .finish();
    const reader = new ByteReader("demo", bytes);
    assert.equal(reader.u8("a"), 250);
    assert.equal(reader.u16("a"), 65000);
    assert.equal(reader.u32("a"), 4e9);
    assert.equal(reader.u64("a"), 2 ** 53 - 1);
    assert.equal(reader.u64("a"), 2 ** 53 - 1);
    assert.equal(reader.f32("a"), 0.5);
    assert.equal(reader.text(2, "text"), "µ");
    assert.deepEqual(reader.take(2, "bytes"), Uint8Array.of(1, 2));
    reader.expectEnd("everything");
  });
}

test("Arrays of every type read back, and the source is untouched", () => {
  const arrays: Record<string, ElementArray<ElementType>> = {
    uint8: Uint8Array.of(1, 2),
    int16: Int16Array.of(-1, 2),
    float32: Float32Array.of(1.5),
    float64: Float64Array.of(-0, NaN, 1e-310),
    int64: BigInt64Array.of(-1n),
    uint64: BigUint64Array.of(2n ** 64n - 1n),
    uint32: new Uint32Array([9, 8, 7]).subarray(1),
  };
  for (const [type, array] of Object.entries(arrays)) {
    const before = array.slice();
    const bytes = new ByteWriter({ capacity: 1 }).array(array).finish();
    assert.equal(bytes.length, array.byteLength);
    assert.deepEqual(array, before, "the source is untouched");
    const reader = new ByteReader("demo", bytes);
    assert.deepEqual(reader.array(type as ElementType, array.length, "x"), before, type);
  }
});

test("align pads to a multiple, and does nothing at one", () => {
  const writer = new ByteWriter().u8(1).align(4).align(4).u8(2).align(3, 0x20);
  assert.deepEqual(writer.finish(), Uint8Array.of(1, 0, 0, 0, 2, 0x20));
  assert.equal(writer.length, 6);
  assert.deepEqual(new ByteWriter().align(64).finish(), new Uint8Array(0));
});
