// Writes binary formats: a buffer that doubles whenever it is full and is cut to size at the end.
// All numbers are written little-endian, as every format written here requires.

import { textEncoder } from "../base/text-codecs.ts";
import { MACHINE_IS_LITTLE_ENDIAN, type NumberArray, swapBytes } from "./byte-reader.ts";

export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  /** An empty writer; `capacity` bytes fit before it has to grow. */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** The bytes written, as a view. The writer must not be used afterwards. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  bytes(values: ArrayLike<number>): this {
    this.#next(values.length).set(values);
    return this;
  }

  /** Appends all elements little-endian, whatever the machine's byte order is. */
  array(values: NumberArray): this {
    const room = this.#next(values.byteLength);
    room.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    if (!MACHINE_IS_LITTLE_ENDIAN) swapBytes(room, values.BYTES_PER_ELEMENT);
    return this;
  }

  /** Appends text as UTF-8. */
  text(text: string): this {
    return this.bytes(textEncoder().encode(text));
  }

  /** Appends `count` bytes of value `fill`. */
  pad(count: number, fill = 0): this {
    this.#next(count).fill(fill);
    return this;
  }

  /** Appends each of the unsigned integers in `size` bytes. */
  uints(size: number, ...values: number[]): this {
    const room = this.#next(size * values.length);
    for (let i = 0; i < room.length; i++)
      room[i] = values[Math.floor(i / size)] / 256 ** (i % size); // kept modulo 256
    return this;
  }

  /** The next `count` bytes, for which it makes room. */
  #next(count: number): Uint8Array {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return this.#bytes.subarray(start, this.#length);
  }
}
