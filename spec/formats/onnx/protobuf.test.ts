import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../../lib/base/errors.ts";
import { ByteReader } from "../../../lib/formats/byte-reader.ts";
import { MessageWriter, readFields, readVarint } from "../../../lib/formats/onnx/protobuf.ts";
import { assertThrows } from "../../helpers/throws.ts";

const varint = (...bytes: number[]): number =>
  readVarint(new ByteReader("pb", Uint8Array.from(bytes)), "a varint");
const fields = (...bytes: number[]): unknown[] =>
  [...readFields(new ByteReader("pb", Uint8Array.from(bytes)), "a message")].map(
    ({ number, wire, value }) => [
      number,
      wire,
      typeof value === "number" ? value : Array.from(value.take(value.remaining, "it")),
    ],
  );

test("readVarint reads the documented bytes", () => {
  assert.equal(varint(0), 0);
  assert.equal(varint(0x96, 0x01), 150); // the example of the format's description
  assert.equal(varint(0x80, 0x00), 0); // longer than needed, allowed
  assert.equal(varint(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01), -2);
  assert.equal(varint(0xff, 0xff, 0xff, 0xff, 0x0f), 2 ** 32 - 1);
  // 2^63 − 1, rounded
  assert.equal(varint(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), 2 ** 63);
  assert.equal(varint(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01), -(2 ** 63));
});

test("MessageWriter and readFields give back integers of every size and sign", () => {
  const values = [
    0,
    1,
    -1,
    127,
    128,
    300,
    2 ** 28 - 1,
    2 ** 28,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 35,
    2 ** 53 - 1,
    -(2 ** 53) + 1,
    -300,
  ];
  const writer = new MessageWriter();
  values.forEach((value, i) => writer.integer(i + 1, value));
  assert.deepEqual(
    fields(...writer.finish()),
    values.map((value, i) => [i + 1, 0, value]),
  );
});

test("MessageWriter and readFields give back floats, text, bytes and messages", () => {
  const writer = new MessageWriter()
    .float(1, 1.5)
    .text(2, "testing")
    .bytes(1000, Uint8Array.of(1, 2))
    .message(3, new MessageWriter().integer(1, 150));
  assert.deepEqual(Array.from(writer.finish().subarray(5)), [
    // field 2 "testing", as in the format's description
    0x12,
    0x07,
    0x74,
    0x65,
    0x73,
    0x74,
    0x69,
    0x6e,
    0x67,
    0xc2,
    0x3e,
    0x02,
    1,
    2, // field 1000
    0x1a,
    0x03,
    0x08,
    0x96,
    0x01, // field 3 holding field 1, as there
  ]);
  assert.deepEqual(fields(...writer.finish()), [
    [1, 5, [0, 0, 0xc0, 0x3f]],
    [2, 2, Array.from(Buffer.from("testing"))],
    [1000, 2, [1, 2]],
    [3, 2, [0x08, 0x96, 0x01]],
  ]);
  assert.deepEqual(fields(0x09, 1, 2, 3, 4, 5, 6, 7, 8), [[1, 1, [1, 2, 3, 4, 5, 6, 7, 8]]]);
  assert.deepEqual(fields(), []);
});

test("readFields refuses endless varints, lengths beyond the message, groups and field 0", () => {
  const cases: [number[], string][] = [
    [
      Array<number>(11).fill(0x80),
      "pb: reading a field of a message, expected a varint of at most 64 bits, got a longer one " +
        "(byte 0)",
    ],
    [
      [0x08, ...Array<number>(9).fill(0xff), 0x02],
      "pb: reading field 1 of a message, expected a varint of at most 64 bits, got a longer one " +
        "(byte 1)",
    ],
    [[0x08, 0x80], "pb: reading field 1 of a message, expected 1 byte, got 0 (byte 2)"],
    [[0x12, 0x05, 1], "pb: reading field 2 of a message, expected 5 bytes, got 1 (byte 2)"],
    [
      [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x07, 1],
      "pb: reading field 2 of a message, expected 35184372088831 bytes, got 1 (byte 8)",
    ],
    [
      [0x12, ...Array<number>(9).fill(0xff), 0x01],
      "pb: reading the length of field 2 of a message, expected an integer >= 0, got -1 (byte 0)",
    ],
    [[0x0d, 1, 2], "pb: reading field 1 of a message, expected 4 bytes, got 2 (byte 1)"],
    [[0x0b], "pb: reading field 1 of a message, expected wire type 0, 1, 2 or 5, got 3 (byte 0)"],
    [[0x0c], "pb: reading field 1 of a message, expected wire type 0, 1, 2 or 5, got 4 (byte 0)"],
    [[0x0f], "pb: reading field 1 of a message, expected wire type 0, 1, 2 or 5, got 7 (byte 0)"],
    [[0x00], "pb: reading a message, expected a field number in 1..536870911, got 0 (byte 0)"],
    [
      [0xf8, 0xff, 0xff, 0xff, 0xff, 0x01],
      "pb: reading a message, expected a field number in 1..536870911, got 8589934591 (byte 0)",
    ],
  ];
  for (const [bytes, message] of cases) assertThrows(() => fields(...bytes), FormatError, message);
});
