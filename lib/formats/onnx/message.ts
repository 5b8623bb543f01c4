// A message of a protocol buffer (protobuf.ts) with its fields by number. The caller asks for each
// field by the number and the kind that the schema gives it.
//
// Refused: what protobuf.ts refuses, a single field that occurs twice (readers differ on which one
// counts), a field of the wrong kind, a required field that is missing, and more than 2^18 fields
// in all messages of a file.
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

  has(number: number): boolean {
    return this.#fields.has(number);
  }

  integer(number: number, name: string, missing?: number): number {
    const field = this.#single(number, name);
    if (field === undefined) return this.#default(name, missing);
    if (field.wire !== 0) throw this.#wrong(field, name, "an integer");
    return field.value;
  }

  float(number: number, name: string, missing?: number): number {
    const field = this.#single(number, name);
    if (field === undefined) return this.#default(name, missing);
    if (field.wire !== 5) throw this.#wrong(field, name, "a float");
    return field.value.f32(name);
  }

  text(number: number, name: string, missing?: string): string {
    const field = this.#single(number, name);
    return field === undefined ? this.#default(name, missing) : this.#text(field, name);
  }

  texts(number: number, name: string): string[] {
    return this.#all(number).map((field) => this.#text(field, name));
  }

  message(number: number, name: string): Message {
    const field = this.#single(number, name);
    return field === undefined ? this.#default<Message>(name) : this.#message(field, name);
  }

  messages(number: number, name: string): Message[] {
    return this.#all(number).map((field) => this.#message(field, name));
  }

  /** Repeated integers, packed or not. */
  integers(number: number, name: string): number[] {
    const values: number[] = [];
    for (const field of this.#all(number)) {
      if (field.wire === 0) values.push(field.value);
      else if (field.wire === 2)
        while (field.value.remaining > 0) values.push(readVarint(field.value, name));
      else throw this.#wrong(field, name, "integers");
    }
    return values;
  }

  /** Repeated floats, packed or not. */
  floats(number: number, name: string): number[] {
    const values: number[] = [];
    for (const field of this.#all(number)) {
      if (field.wire !== 2 && field.wire !== 5) throw this.#wrong(field, name, "floats");
      while (field.value.remaining > 0) values.push(field.value.f32(name));
    }
    return values;
  }

  bytes(number: number, name: string): ByteReader {
    const field = this.#single(number, name);
    if (field === undefined) return this.#default(name);
    if (field.wire !== 2) throw this.#wrong(field, name, "bytes");
    return field.value;
  }

  /** The bytes of a repeated field of floats, packed or not. */
  parts(number: number): ByteReader[] {
    return this.#all(number).map((field) => {
      if (field.wire === 0) throw this.#wrong(field, `field ${number}`, "floats");
      return field.value;
    });
  }

  #all(number: number): Field[] {
    return this.#fields.get(number) ?? [];
  }

  #single(number: number, name: string): Field | undefined {
    const fields = this.#all(number);
    if (fields.length > 1) {
      const message = `reading ${this.#what}, expected ${name} once, got it ${fields.length} times`;
      throw this.#reader.error(message, fields[1].offset);
    }
    return fields[0];
  }

  #default<T>(name: string, missing?: T): T {
    if (missing === undefined)
      throw this.error(`reading ${this.#what}, expected ${name}, got none`);
    return missing;
  }

  #text(field: Field, name: string): string {
    if (field.wire !== 2) throw this.#wrong(field, name, "text");
    return field.value.text(field.value.remaining, `${name} of ${this.#what}`);
  }

  #message(field: Field, name: string): Message {
    if (field.wire !== 2) throw this.#wrong(field, name, "a message");
    return new Message(field.value, name, this.#seen);
  }

  #wrong(field: Field, name: string, expected: string): FormatError {
    const got = `wire type ${field.wire}`;
    const message = `reading ${name} of ${this.#what}, expected ${expected}, got ${got}`;
    return this.#reader.error(message, field.offset);
  }
}
