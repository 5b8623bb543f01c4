import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../../lib/base/errors.ts";
import { ByteReader } from "../../../lib/formats/byte-reader.ts";
import { Message } from "../../../lib/formats/onnx/message.ts";
import { MessageWriter } from "../../../lib/formats/onnx/protobuf.ts";
import { assertThrows } from "../../helpers/throws.ts";

const read = (writer: MessageWriter): Message =>
  new Message(new ByteReader("onnx", writer.finish()), "the model");
const full = (): MessageWriter =>
  new MessageWriter()
    .integer(1, -7)
    .float(2, 0.5)
    .text(3, "\u00fc")
    .bytes(4, Uint8Array.of(1, 2, 3))
    .message(5, new MessageWriter().integer(1, 3))
    .message(5, new MessageWriter())
    .text(6, "a")
    .text(6, "");

test("A Message gives each field by its number, as the kind that is asked for", () => {
  const message = read(full());
  assert.deepEqual(
    [message.integer(1, "i"), message.float(2, "f"), message.text(3, "t"), message.texts(6, "u")],
    [-7, 0.5, "\u00fc", ["a", ""]],
  );
  assert.deepEqual([message.has(1), message.has(7), message.offset], [true, false, 0]);
  const bytes = message.bytes(4, "b");
  assert.deepEqual([bytes.u8("b"), bytes.u8("b"), bytes.u8("b"), bytes.remaining], [1, 2, 3, 0]);
  const inner = message.messages(5, "m");
  assert.deepEqual(
    inner.map((each) => each.has(1)),
    [true, false],
  );
  assert.equal(inner[0].integer(1, "i"), 3);
  assert.equal(
    read(new MessageWriter().message(9, new MessageWriter().integer(1, 4)))
      .message(9, "m")
      .integer(1, "i"),
    4,
  );
});

test("An absent field has the caller's default, and is refused without one", () => {
  const empty = read(new MessageWriter());
  assert.deepEqual(
    [empty.integer(1, "i", 5), empty.float(1, "f", 0.25), empty.text(1, "t", "")],
    [5, 0.25, ""],
  );
  assert.deepEqual(
    [empty.texts(1, "t"), empty.messages(1, "m"), empty.integers(1, "n"), empty.parts(1, "f", 5)],
    [[], [], [], []],
  );
  for (const ask of ["integer", "float", "text", "message", "bytes"] as const) {
    assertThrows(
      () => empty[ask](1, "x"),
      FormatError,
      "onnx: reading the model, expected x, got none (byte 0)",
    );
  }
});

test("repeated integers come packed, one by one, or both", () => {
  const packed = new MessageWriter().bytes(1, Uint8Array.of(1, 0x80, 0x01, 3)).integer(1, -1);
  assert.deepEqual(read(packed).integers(1, "n"), [1, 128, 3, -1]);
  assertThrows(
    () => read(new MessageWriter().float(1, 1)).integers(1, "n"),
    FormatError,
    "onnx: reading n of the model, expected integers, got wire type 5 (byte 0)",
  );
});

test("repeated floats are the bytes of each field", () => {
  const parts = read(new MessageWriter().float(1, 1).float(1, 2)).parts(1, "f", 5);
  assert.deepEqual(
    parts.map((part) => part.f32("x")),
    [1, 2],
  );
  assertThrows(
    () => read(new MessageWriter().integer(1, 1)).parts(1, "f", 5),
    FormatError,
    "onnx: reading f of the model, expected floats, got wire type 0 (byte 0)",
  );
});

test("A single field given twice and a field of another kind are refused where they are", () => {
  const twice = read(new MessageWriter().integer(1, 1).integer(1, 2));
  assertThrows(
    () => twice.integer(1, "i"),
    FormatError,
    "onnx: reading the model, expected i once, got it 2 times (byte 2)",
  );
  const message = read(full());
  const refused = (ask: () => unknown, expected: string, wire: number, at: number): void => {
    assertThrows(
      ask,
      FormatError,
      `onnx: reading x of the model, expected ${expected}, got wire type ${wire} (byte ${at})`,
    );
  };
  refused(() => message.integer(2, "x"), "an integer", 5, 11);
  refused(() => message.float(1, "x"), "a float", 0, 0);
  refused(() => message.text(1, "x"), "text", 0, 0);
  refused(() => message.texts(2, "x"), "text", 5, 11);
  refused(() => message.bytes(1, "x"), "bytes", 0, 0);
  refused(() => message.message(1, "x"), "a message", 0, 0);
  refused(() => message.messages(2, "x"), "a message", 5, 11);
});

test("An error of a Message is at the byte it begins", () => {
  const [first] = read(full()).messages(5, "m");
  assert.ok(first.offset > 0);
  assertThrows(
    () => {
      throw first.error("is odd");
    },
    FormatError,
    `onnx: is odd (byte ${first.offset})`,
  );
});

test("The fields of all messages of a file are counted together", () => {
  // field 1 is 0, again and again
  const many = (count: number): Uint8Array =>
    new Uint8Array(2 * count).map((_, i) => (i % 2 === 0 ? 8 : 0));
  const half = 2 ** 17;
  const of = (more: number): Message =>
    read(new MessageWriter().bytes(1, many(half)).bytes(1, many(half - 2 + more)));
  assert.equal(of(0).messages(1, "m").length, 2);
  assert.throws(() => of(1).messages(1, "m"), {
    name: "FormatError",
    message: /^onnx: expected at most 262144 fields in all, got more \(byte \d+\)$/,
  });
});
