import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import { ByteReader } from "../../lib/formats/byte-reader.ts";
import { ByteWriter } from "../../lib/formats/byte-writer.ts";
import {
  bytesOf,
  type DType,
  type NumberArray,
  readElements,
  toFloat64,
  type WritableType,
  writeElements,
} from "../../lib/formats/dtype.ts";
import { assertSameBits, specialValues } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

function read(dtype: DType, bytes: Uint8Array, littleEndian = true): NumberArray {
  return readElements(
    new ByteReader("test", bytes, { littleEndian }),
    dtype,
    bytes.length / bytesOf(dtype),
    "data",
  );
}

test("readElements reads all 65536 halves as the sum of their bits' weights", () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const found = read("float16", new Uint8Array(bits.buffer));
  for (let i = 0; i < 65536; i++) {
    const exponent = (i >> 10) & 31;
    let expected = exponent === 31 ? ((i & 1023) === 0 ? Infinity : NaN) : 0;
    if (exponent < 31) {
      if (exponent > 0) expected = 2 ** (exponent - 15);
      for (let bit = 0; bit < 10; bit++)
        if (i & (1 << bit)) expected += 2 ** (Math.max(exponent, 1) - 25 + bit);
    }
    assert.ok(Object.is(found[i], i & 0x8000 ? -expected : expected), `half 0x${i.toString(16)}`);
  }
});

test("readElements reads all 65536 bfloat16 as the float32 that they begin", () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const wide = new Float32Array(Uint32Array.from(bits, (value) => value << 16).buffer);
  assertSameBits(read("bfloat16", new Uint8Array(bits.buffer)), wide, "bfloat16");
});

test("writeElements and readElements give back every float64, and float32 rounded", () => {
  const numbers = specialValues(500);
  const double = new ByteWriter();
  writeElements(double, "float64", numbers, "f", "x");
  assertSameBits(read("float64", double.finish()), numbers, "float64");
  const small = numbers.map((value) =>
    Math.abs(value) > 3e38 && Math.abs(value) < Infinity ? 1 / 3 : value,
  );
  const single = new ByteWriter();
  writeElements(single, "float32", small, "f", "x");
  assertSameBits(read("float32", single.finish()), small.map(Math.fround), "float32");
});

test("writeElements and readElements keep the extremes of every integer type", () => {
  const ends: [WritableType, number, number][] = [
    ["int8", -128, 127],
    ["uint8", 0, 255],
    ["int16", -32768, 32767],
    ["uint16", 0, 65535],
    ["int32", -(2 ** 31), 2 ** 31 - 1],
    ["uint32", 0, 2 ** 32 - 1],
    ["int64", -(2 ** 53) + 1, 2 ** 53 - 1],
    ["uint64", 0, 2 ** 53 - 1],
    ["bool", 0, 1],
  ];
  for (const [dtype, low, high] of ends) {
    const writer = new ByteWriter();
    writeElements(writer, dtype, Float64Array.of(low, high, 1), "f", "x");
    const bytes = writer.finish();
    assert.equal(bytes.length, 3 * bytesOf(dtype));
    assert.deepEqual(toFloat64(read(dtype, bytes)), Float64Array.of(low, high, 1));
    const reversed = bytes.slice().reverse(); // big-endian, the elements in reverse
    assert.deepEqual(toFloat64(read(dtype, reversed, false)), Float64Array.of(1, high, low));
    for (const beyond of [low - 1, high + 1, 0.5, NaN, Infinity]) {
      assert.throws(
        () => writeElements(new ByteWriter(), dtype, Float64Array.of(0, beyond), "f", "x"),
        { name: "RangeError", message: / at element 1$/ },
        `${dtype} ${beyond}`,
      );
    }
  }
});

test("readElements refuses missing bytes, integers beyond ±(2^53 - 1) and bools beyond 1", () => {
  const reader = new ByteReader("test", new Uint8Array(12));
  assertThrows(
    () => readElements(reader, "float64", 2 ** 50, "data", "float64 (x)"),
    FormatError,
    "test: reading data, expected 9007199254740992 bytes for float64 (x), got 12 (byte 0)",
  );
  const wide = new Uint8Array(BigInt64Array.of(0n, 9007199254740991n, -9007199254740992n).buffer);
  assertThrows(
    () => read("int64", wide),
    FormatError,
    "test: reading data, expected int64 within ±(2^53 - 1), got -9007199254740992 at element 2 " +
      "(byte 16)",
  );
  assertThrows(
    () => read("uint64", wide),
    FormatError,
    "test: reading data, expected uint64 within ±(2^53 - 1), got 18437736874454810624 at " +
      "element 2 (byte 16)",
  );
  assertThrows(
    () => read("bool", Uint8Array.of(0, 1, 255)),
    FormatError,
    "test: reading data, expected bools of 0 or 1, got 255 at element 2 (byte 2)",
  );
});
