import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import { ByteReader, hex, swapBytes } from "../../lib/formats/byte-reader.ts";

const reader = (bytes: number[], options = {}) =>
  new ByteReader("demo", Uint8Array.from(bytes), options);

/** Asserts a FormatError of format "demo" with this whole message and offset. */
function refuses(f: () => unknown, message: string, offset: number): void {
  assert.throws(f, (error) => {
    assert.ok(error instanceof FormatError);
    assert.equal(error.message, message);
    assert.deepEqual([error.format, error.offset], ["demo", offset]);
    return true;
  });
}

test("Every integer width reads in both byte orders", () => {
  const bytes = [0xfe, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x80];
  const little = reader(bytes);
  const big = reader(bytes, { littleEndian: false });
  const reads: [size: number, little: number, big: number][] = [
    [1, 0xfe, 0xfe],
    [2, 0x01fe, 0xfe01],
    [4, 0x030201fe, 0xfe010203],
    [6, 0x0504030201fe, 0xfe0102030405],
  ];
  for (const [size, expectLittle, expectBig] of reads) {
    little.seek(0, "start");
    big.seek(0, "start");
    assert.equal(little.uint(size, "x"), expectLittle, `${size} bytes, little`);
    assert.equal(big.uint(size, "x"), expectBig, `${size} bytes, big`);
    assert.equal(little.offset, size);
  }
});

test("uint reads up to 2^53 − 1 and refuses what a number cannot hold", () => {
  const max = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0];
  assert.equal(reader(max).uint(8, "size"), Number.MAX_SAFE_INTEGER);
  refuses(
    () => reader(Array(8).fill(0xff)).uint(8, "size"),
    "demo: reading size, expected an integer of at most 2^53 - 1, got 18446744073709552000 " +
      "(byte 0)",
    0,
  );
  refuses(
    () => reader([0, 0, 0, 0, 0, 0, 0x20, 0]).uint(8, "size"),
    "demo: reading size, expected an integer of at most 2^53 - 1, got 9007199254740992 (byte 0)",
    0,
  );
});

test("f32 reads every bit in both byte orders", () => {
  const bytes = [...new Uint8Array(new Float32Array([-1.5]).buffer)];
  assert.equal(reader(bytes).f32("x"), -1.5);
  assert.equal(reader(bytes.reverse(), { littleEndian: false }).f32("x"), -1.5);
});

test("A read past the end says what was read, how many bytes it needs and where", () => {
  refuses(
    () => reader([]).u8("the version"),
    "demo: reading the version, expected 1 byte, got 0 (byte 0)",
    0,
  );
  const r = reader([1, 2, 3, 4, 5]);
  r.uint(2, "x");
  for (const read of [() => r.uint(4, "the header"), () => r.f32("the header")])
    refuses(read, "demo: reading the header, expected 4 bytes, got 3 (byte 2)", 2);
  refuses(
    () => r.array("float64", 12, "array data", "float64 (3, 4)"),
    "demo: reading array data, expected 96 bytes for float64 (3, 4), got 3 (byte 2)",
    2,
  );
  refuses(
    () => r.take(2 ** 53, "array data"),
    "demo: reading array data, expected 9007199254740992 bytes, got 3 (byte 2)",
    2,
  );
  assert.equal(r.remaining, 3, "a refused read moves nothing");
});

test("slice bounds a reader whose offsets count from the start of the file", () => {
  const bytes = Uint8Array.from([9, 9, 1, 0, 2, 0, 7]);
  const r = new ByteReader("demo", bytes.subarray(1), { base: 1 });
  assert.equal(r.take(1, "x").buffer, bytes.buffer);
  const inner = r.slice(4, "a block");
  assert.deepEqual(inner.array("uint16", 2, "numbers"), Uint16Array.of(1, 2));
  refuses(() => inner.u8("more"), "demo: reading more, expected 1 byte, got 0 (byte 6)", 6);
  assert.equal(r.u8("x"), 7);
  refuses(() => r.slice(1, "a block"), "demo: reading a block, expected 1 byte, got 0 (byte 7)", 7);
});

test("array reads every element type in both byte orders", () => {
  const values = {
    uint8: [1, 255],
    int8: [-1, 2],
    uint16: [1, 65535],
    int16: [-2, 3],
    uint32: [1, 2 ** 32 - 1],
    int32: [-2, 7],
    float32: [1.5, -Infinity],
    float64: [Math.E, -0],
  };
  for (const [type, numbers] of Object.entries(values)) {
    // an array of the type, to be filled
    const probe = reader(Array(16).fill(0)).array(type as "uint8", 2, "x");
    probe.set(numbers as number[]);
    const little = new Uint8Array(probe.buffer).slice();
    const size = probe.BYTES_PER_ELEMENT;
    assert.deepEqual(new ByteReader("demo", little).array(type as "uint8", 2, "x"), probe, type);
    const big = little.slice();
    swapBytes(big, size);
    if (size > 1) assert.notDeepEqual(big, little);
    assert.deepEqual(
      new ByteReader("demo", big, { littleEndian: false }).array(type as "uint8", 2, "x"),
      probe,
      type,
    );
  }
});

test("text is strict UTF-8 and keeps a byte order mark", () => {
  assert.equal(reader([0xef, 0xbb, 0xbf, 0x41]).text(4, "the name"), "\ufeffA");
  refuses(
    () => reader([0x41, 0xff]).text(2, "the name"),
    "demo: reading the name, expected UTF-8 text, got 2 bytes that are not (byte 0)",
    0,
  );
  refuses(
    () => reader([0x41]).text(2, "the name"),
    "demo: reading the name, expected 2 bytes, got 1 (byte 0)",
    0,
  );
});

test("magic, seek and expectEnd refuse what is not there", () => {
  const r = reader([0x93, 0x4e, 0x55]);
  r.magic([0x93, 0x4e], "the magic string");
  assert.equal(r.offset, 2);
  r.seek(0, "start");
  refuses(
    () => r.magic([0x93, 0x4f], "the magic string"),
    "demo: reading the magic string, expected 93 4f, got 93 4e (byte 0)",
    0,
  );
  r.seek(1, "the index");
  refuses(
    () => r.expectEnd("the header"),
    "demo: expected the end after the header, got 2 more bytes (byte 1)",
    1,
  );
  refuses(
    () => r.seek(4, "the index"),
    "demo: seeking the index, expected an offset in 0..3, got 4 (byte 1)",
    1,
  );
  refuses(
    () => r.seek(NaN, "the index"),
    "demo: seeking the index, expected an offset in 0..3, got NaN (byte 1)",
    1,
  );
  r.seek(3, "end");
  r.expectEnd("the header");
});

test("hex shows bytes as people write them", () => assert.equal(hex([0, 10, 255]), "00 0a ff"));
