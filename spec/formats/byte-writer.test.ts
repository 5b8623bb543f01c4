import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader, type ElementType, type NumberArray } from "../../lib/formats/byte-reader.ts";
import { ByteWriter } from "../../lib/formats/byte-writer.ts";

// A capacity of 1 grows in the middle of every kind of write.
for (const capacity of [1, 2, 3, 64]) {
  test(`What ByteWriter writes reads back when it grows from ${capacity} bytes`, () => {
    const bytes = new ByteWriter(capacity)
      .uints(1, 250, 7)
      .uints(2, 65000)
      .uints(4, 4e9)
      .uints(8, 2 ** 53 - 1, 2 ** 32 + 1)
      .text("µ")
      .bytes([1, 2])
      .finish();
    const reader = new ByteReader("demo", bytes);
    assert.equal(reader.u8("a"), 250);
    assert.equal(reader.u8("a"), 7);
    assert.equal(reader.uint(2, "a"), 65000);
    assert.equal(reader.uint(4, "a"), 4e9);
    assert.equal(reader.uint(8, "a"), 2 ** 53 - 1);
    assert.equal(reader.uint(8, "a"), 2 ** 32 + 1);
    assert.equal(reader.text(2, "text"), "µ");
    assert.deepEqual(reader.take(2, "bytes"), Uint8Array.of(1, 2));
    reader.expectEnd("everything");
  });
}

test("Arrays of every type read back, and the source is untouched", () => {
  const arrays: Record<string, NumberArray> = {
    uint8: Uint8Array.of(1, 2),
    int16: Int16Array.of(-1, 2),
    float32: Float32Array.of(1.5),
    float64: Float64Array.of(-0, NaN, 1e-310),
    uint32: new Uint32Array([9, 8, 7]).subarray(1),
  };
  for (const [type, array] of Object.entries(arrays)) {
    const before = array.slice();
    const bytes = new ByteWriter(1).array(array).finish();
    assert.equal(bytes.length, array.byteLength);
    assert.deepEqual(array, before, "the source is untouched");
    const reader = new ByteReader("demo", bytes);
    assert.deepEqual(reader.array(type as ElementType, array.length, "x"), before, type);
  }
});

test("pad appends bytes of the value that is asked for", () => {
  const writer = new ByteWriter(1).uints(1, 1).pad(3).pad(0).pad(2, 0x20);
  assert.deepEqual(writer.finish(), Uint8Array.of(1, 0, 0, 0, 0x20, 0x20));
  assert.equal(writer.length, 6);
});
