import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader, type ElementArray, type ElementType } from "../../lib/formats/byte-reader.ts";
import { ByteWriter } from "../../lib/formats/byte-writer.ts";

for (const littleEndian of [true, false]) {
  // a capacity of 1 grows in the middle of every kind of write
  for (const capacity of [1, 2, 3, 64]) {
    test(`what is written reads back, ${littleEndian ? "little" : "big"} endian, growing from ${capacity} bytes`, () => {
      const bytes = new ByteWriter({ littleEndian, capacity })
        .u8(250)
        .i8(-3)
        .u16(65000)
        .i16(-300)
        .u32(4e9)
        .i32(-5)
        .u64(2 ** 53 - 1)
        .i64(-7)
        .u64(2n ** 53n - 1n)
        .f32(0.5)
        .f64(Math.PI)
        .text("µ")
        .bytes([1, 2])
        .finish();
      const r = new ByteReader("demo", bytes, { littleEndian });
      assert.deepEqual(
        [
          r.u8("a"),
          r.i8("a"),
          r.u16("a"),
          r.i16("a"),
          r.u32("a"),
          r.i32("a"),
          r.u64("a"),
          r.i64("a"),
          r.u64("a"),
          r.f32("a"),
          r.f64("a"),
        ],
        [250, -3, 65000, -300, 4e9, -5, 2 ** 53 - 1, -7, 2 ** 53 - 1, 0.5, Math.PI],
      );
      assert.equal(r.text(2, "text"), "µ");
      assert.deepEqual(r.take(2, "bytes"), Uint8Array.of(1, 2));
      r.expectEnd("everything");
    });
  }

  test(`arrays of every type read back, ${littleEndian ? "little" : "big"} endian`, () => {
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
      const bytes = new ByteWriter({ littleEndian, capacity: 1 }).array(array).finish();
      assert.equal(bytes.length, array.byteLength);
      assert.deepEqual(array, before, "the source is untouched");
      const back = new ByteReader("demo", bytes, { littleEndian }).array(
        type as ElementType,
        array.length,
        "x",
      );
      assert.deepEqual(back, before, type);
    }
  });
}

test("align pads to a multiple and does nothing when there already", () => {
  const writer = new ByteWriter().u8(1).align(4).align(4).u8(2).align(3, 0x20);
  assert.deepEqual(writer.finish(), Uint8Array.of(1, 0, 0, 0, 2, 0x20));
  assert.equal(writer.length, 6);
  assert.deepEqual(new ByteWriter().align(64).finish(), new Uint8Array(0));
});
