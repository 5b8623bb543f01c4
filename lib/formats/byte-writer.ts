// Writes binary formats: a buffer that doubles whenever it is full and is cut to size at the end.
// All numbers are written little-endian, as every format written here requires.

import { textEncoder } from "../base/text-codecs.ts";
import { MACHINE_IS_LITTLE_ENDIAN, type NumberArray, swapBytes } from "./byte-reader.ts";

export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  /** An empty writer; `capacity` bytes fit before it has to grow. */
  constructor(options: { capacity?: number | undefined } = {}) {
    this.#bytes = new Uint8Array(options.capacity ?? 256);
    this.#view = new DataView(this.#bytes.buffer);
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
    const start = this.#advance(values.length);
    this.#bytes.set(values, start);
    return this;
  }

  /** Appends all elements little-endian, whatever the machine's byte order is. */
  array(values: NumberArray | BigInt64Array | BigUint64Array): this {
    const start = this.#advance(values.byteLength);
    this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
    if (!MACHINE_IS_LITTLE_ENDIAN) {
      swapBytes(this.#bytes.subarray(start, this.#length), values.BYTES_PER_ELEMENT);
    }
    return this;
  }

  /** Appends text as UTF-8. */
  text(text: string): this {
    return this.bytes(textEncoder().encode(text));
  }

  /** Appends `count` bytes of value `fill`. */
  pad(count: number, fill = 0): this {
    const start = this.#advance(count);
    this.#bytes.fill(fill, start, this.#length);
    return this;
  }

  /** Pads until the length is a multiple of `multiple`. */
  align(multiple: number, fill = 0): this {
    return this.pad((multiple - (this.#length % multiple)) % multiple, fill);
  }

  u8(value: number): this {
    const start = this.#advance(1); // first: it may replace the view
    this.#view.setUint8(start, value);
    return this;
  }

  u16(value: number): this {
    const start = this.#advance(2);
    this.#view.setUint16(start, value, true);
    return this;
  }

  u32(value: number): this {
    const start = this.#advance(4);
    this.#view.setUint32(start, value, true);
    return this;
  }

  u64(value: number | bigint): this {
    const start = this.#advance(8);
    this.#view.setBigUint64(start, BigInt(value), true);
    return this;
  }

  f32(value: number): this {
    const start = this.#advance(4);
    this.#view.setFloat32(start, value, true);
    return this;
  }

  /** Makes room for `count` more bytes and returns where they begin. */
  #advance(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return start;
  }
}
