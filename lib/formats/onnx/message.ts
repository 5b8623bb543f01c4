// A message of a protocol buffer (protobuf.ts) with its fields by number. The caller asks for each
// field by the number and the kind that the schema gives it.
//
// Refused: what protobuf.ts refuses, a single field that occurs twice (readers differ on which one
// counts), a field of the wrong kind, a required field that is missing, and more than 2^18 fields
// in all messages of a file.
import { show } from "../../base/checks.ts";
import type { FormatError } from "../../base/errors.ts";
import type { ByteReader } from "../byte-reader.ts";
import { type Field, readFields, readVarint } from "./protobuf.ts";

// An empty field takes 2 bytes of the file and about 400 bytes of memory: without a limit, a 16 MB
// file of empty fields took 3 GB. PyTorch's export of a two-layer net has 92 to 101 fields.
const MAX_FIELDS = 2 ** 18;

/**
 * A message's fields by number, each read as the kind that the caller expects. `missing` is the
 * value of an absent field; without it an absent field is refused. All methods throw FormatError.
 */
export class Message {
  readonly #reader: ByteReader;
  readonly #what: string;
  readonly #fields = new Map<number, Field[]>();
  readonly #seen: { fields: number }; // shared by all messages of a file
  readonly offset: number;

  constructor(reader: ByteReader, what: string, seen = { fields: 0 }) {
    this.#reader = reader;
    this.#what = what;
    this.#seen = seen;
    this.offset = reader.offset;
    for (const field of readFields(reader, what)) {
      if (++seen.fields > MAX_FIELDS)
        throw reader.error(`expected at most ${MAX_FIELDS} fields in all, got more`, field.offset);
      const list = this.#fields.get(field.number);
      if (list === undefined) this.#fields.set(field.number, [field]);
      else list.push(field);
    }
  }

  error(message: string): FormatError {
    return this.#reader.error(message, this.offset);
  }

  /** The error `what, expected …, got …`, at the byte where the message begins. */
  mismatch(what: string, expected: string, got: string | number): FormatError {
    return this.#reader.mismatch(what, expected, got, this.offset);
  }

  has(number: number): boolean {
    return this.#fields.has(number);
  }

  integer(number: number, name: string, missing?: number): number {
    return this.#one(number, name, missing, (field) => {
      if (field.wire !== 0) throw this.#wrong(field, name, "an integer");
      return field.value;
    });
  }

  float(number: number, name: string, missing?: number): number {
    return this.#one(number, name, missing, (field) =>
      this.#bytes(field, name, "a float", 5).f32(name),
    );
  }

  text(number: number, name: string, missing?: string): string {
    return this.#one(number, name, missing, (field) => this.#text(field, name));
  }

  texts(number: number, name: string): string[] {
    return this.#all(number).map((field) => this.#text(field, name));
  }

  message(number: number, name: string): Message {
    return this.#one(number, name, undefined, (field) => this.#message(field, name));
  }

  messages(number: number, name: string): Message[] {
    return this.#all(number).map((field) => this.#message(field, name));
  }

  /** The messages of a repeated field by their names, the text in field `key`, each once. */
  named(number: number, name: string, key = 1): Map<string, Message> {
    const found = new Map<string, Message>();
    for (const message of this.messages(number, name)) {
      const own = message.text(key, "name");
      if (found.has(own))
        throw message.mismatch(`reading ${name}`, "a name of its own", `${show(own)} again`);
      found.set(own, message);
    }
    return found;
  }

  /** Repeated integers, packed or not. */
  integers(number: number, name: string): number[] {
    const values: number[] = [];
    for (const field of this.#all(number)) {
      if (field.wire === 0) values.push(field.value);
      else {
        const packed = this.#bytes(field, name, "integers");
        while (packed.remaining > 0) values.push(readVarint(packed, name));
      }
    }
    return values;
  }

  /** Repeated floats, packed or not. */
  floats(number: number, name: string): number[] {
    const values: number[] = [];
    for (const part of this.parts(number, name, 5))
      while (part.remaining > 0) values.push(part.f32(name));
    return values;
  }

  bytes(number: number, name: string): ByteReader {
    return this.#one(number, name, undefined, (field) => this.#bytes(field, name, "bytes"));
  }

  /** The bytes of a repeated field of floats, packed or not: of 4 bytes (wire type 5) or 8 (1). */
  parts(number: number, name: string, wire: 1 | 5): ByteReader[] {
    return this.#all(number).map((field) => this.#bytes(field, name, "floats", 2, wire));
  }

  #all(number: number): Field[] {
    return this.#fields.get(number) ?? [];
  }

  /** What `read` makes of a field that is single, or `missing`. */
  #one<T>(number: number, name: string, missing: T | undefined, read: (field: Field) => T): T {
    const fields = this.#all(number);
    const what = `reading ${this.#what}`;
    if (fields.length > 1) {
      const got = `it ${fields.length} times`;
      throw this.#reader.mismatch(what, `${name} once`, got, fields[1].offset);
    }
    if (fields.length === 1) return read(fields[0]);
    if (missing === undefined) throw this.mismatch(what, name, "none");
    return missing;
  }

  #bytes(field: Field, name: string, expected: string, ...wires: number[]): ByteReader {
    if (field.wire === 0 || !(wires.length > 0 ? wires : [2]).includes(field.wire))
      throw this.#wrong(field, name, expected);
    return field.value;
  }

  #text(field: Field, name: string): string {
    const bytes = this.#bytes(field, name, "text");
    return bytes.text(bytes.remaining, `${name} of ${this.#what}`);
  }

  #message(field: Field, name: string): Message {
    return new Message(this.#bytes(field, name, "a message"), name, this.#seen);
  }

  #wrong(field: Field, name: string, expected: string): FormatError {
    const what = `reading ${name} of ${this.#what}`;
    return this.#reader.mismatch(what, expected, `wire type ${field.wire}`, field.offset);
  }
}
