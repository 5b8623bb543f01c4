// The part of protocol buffers' wire format that onnx needs
// (https://protobuf.dev/programming-guides/encoding).
//
//   message   fields one after the other, in any order, each a key and a value
//   key       varint of field number · 8 + wire type
//   value     wire type 0 varint; 1 eight bytes; 2 length (varint) and that many bytes: text, a
//             message, packed numbers; 5 four bytes
//   varint    an integer, 7 bits per byte from the lowest on, the high bit set in all bytes but the
//             last; a negative integer in 64-bit two's complement
//
// Refused: varints of more than ten bytes, lengths beyond the message, field number 0, groups (wire
// types 3 and 4, deprecated) and unknown wire types. A message is read only where the schema has
// one, so nesting is never deeper than the schema: a deeply nested field elsewhere stays bytes.
import { textEncoder } from "../../base/text-codecs.ts";
import type { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";

/** A field: a number for wire type 0, else the bytes. */
export type Field =
  | { number: number; offset: number; wire: 0; value: number }
  | { number: number; offset: number; wire: 1 | 2 | 5; value: ByteReader };

const TWO_32 = 4294967296;

/** An integer of at most 64 bits, signed; rounded when it is beyond 2^53. */
export function readVarint(reader: ByteReader, what: string): number {
  const start = reader.offset;
  let low = 0; // bits 0..31
  let high = 0; // bits 32..63
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = reader.u8(what);
    const bits = byte & 0x7f;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high = bits >>> 4;
    } else if (shift < 63) high |= bits << (shift - 32);
    else if (byte > 1)
      break; // beyond bit 63, or an eleventh byte
    else high |= bits << 31;
    if (byte < 0x80) return high * TWO_32 + (low >>> 0); // high is signed, so bit 63 is the sign
  }
  const expected = "a varint of at most 64 bits";
  throw reader.mismatch(`reading ${what}`, expected, "a longer one", start);
}

/** The fields of a message, up to the reader's end. */
export function* readFields(reader: ByteReader, what: string): Generator<Field> {
  while (reader.remaining > 0) {
    const offset = reader.offset;
    const key = readVarint(reader, `a field of ${what}`);
    const number = Math.floor(key / 8);
    const wire = key % 8;
    if (number < 1 || number > 0x1fffffff)
      throw reader.mismatch(`reading ${what}`, "a field number in 1..536870911", number, offset);
    const name = `field ${number} of ${what}`;
    if (wire === 0) yield { number, offset, wire, value: readVarint(reader, name) };
    else if (wire === 1 || wire === 2 || wire === 5) {
      const length = wire === 1 ? 8 : wire === 5 ? 4 : readVarint(reader, `the length of ${name}`);
      if (length < 0)
        throw reader.mismatch(`reading the length of ${name}`, "an integer >= 0", length, offset);
      yield { number, offset, wire, value: reader.slice(length, name) };
    } else throw reader.mismatch(`reading ${name}`, "wire type 0, 1, 2 or 5", wire, offset);
  }
}

/** Builds a message field by field. */
export class MessageWriter {
  readonly #writer = new ByteWriter();

  /** An integer within ±(2^53 − 1). */
  integer(number: number, value: number): this {
    return this.#key(number, 0).#varint(value);
  }

  /** A float32, as wire type 5. */
  float(number: number, value: number): this {
    this.#key(number, 5).#writer.array(Float32Array.of(value));
    return this;
  }

  bytes(number: number, value: Uint8Array): this {
    this.#key(number, 2).#varint(value.length).#writer.bytes(value);
    return this;
  }

  text(number: number, value: string): this {
    return this.bytes(number, textEncoder().encode(value));
  }

  message(number: number, value: MessageWriter): this {
    return this.bytes(number, value.finish());
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }

  #key(number: number, wire: number): this {
    return this.#varint(number * 8 + wire);
  }

  #varint(value: number): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) this.#writer.uints(1, Number(rest & 0x7fn) | 0x80);
    this.#writer.uints(1, Number(rest));
    return this;
  }
}
