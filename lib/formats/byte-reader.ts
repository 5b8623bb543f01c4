// A cursor over bytes, through which every binary format is read. Each read says what it reads, so
// that the error for a file that ends too early names what is missing and where. Refused for every
// format: reads past the end, integers beyond 2^53 − 1, text that is not UTF-8, and bytes left over
// at the end. Memory is allocated only for bytes that exist.

import { FormatError } from "../base/errors.ts";
import { textDecoder } from "../base/text-codecs.ts";

/** The element types by their names in NumPy, each with its typed array. */
export const ELEMENT_ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** The elements of a tensor: a typed array of numbers. */
export type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** A type of elements that is read from bytes. */
export type ElementType = keyof typeof ELEMENT_ARRAYS;
/** The typed array that holds elements of the type. */
export type ElementArray<T extends ElementType> = InstanceType<(typeof ELEMENT_ARRAYS)[T]>;

export const MACHINE_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Reverses every group of `size` bytes in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let start = 0; start + size <= bytes.length; start += size) {
    for (let i = start, j = start + size - 1; i < j; i++, j--) {
      const byte = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = byte;
    }
  }
}

export class ByteReader {
  readonly format: string;
  /** The byte order of the following reads. It may change between reads. */
  littleEndian: boolean;
  readonly #bytes: Uint8Array;
  // the offset of #bytes in the file; messages give offsets in the file
  readonly #base: number;
  // whether arrays may be views of #bytes, because no caller keeps the bytes
  readonly #owned: boolean;
  #position = 0;

  /**
   * A cursor at the start of `bytes` (kept, not copied). `base` is the offset of bytes[0] in the
   * file. With `owned`, `array` returns views of the bytes where it can, and reorders them in
   * place.
   */
  constructor(
    format: string,
    bytes: Uint8Array,
    { littleEndian = true, base = 0, owned = false } = {},
  ) {
    this.format = format;
    this.littleEndian = littleEndian;
    // not a Buffer, whose slice makes a view instead of a copy
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#base = base;
    this.#owned = owned;
  }

  /** Position in the file, in bytes. */
  get offset(): number {
    return this.#base + this.#position;
  }

  /** Bytes not yet read. */
  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  /**
   * Returns the error `format: message (byte offset)` for the caller to throw; `offset` defaults to
   * the current position.
   */
  error(message: string, offset = this.offset): FormatError {
    return new FormatError(this.format, message, { offset });
  }

  /** The error for what was read: `format: what, expected …, got … (byte offset)`. */
  mismatch(what: string, expected: string, got: string | number, offset?: number): FormatError {
    return this.error(`${what}, expected ${expected}, got ${got}`, offset);
  }

  /**
   * Throws a FormatError unless `count` more bytes exist; `detail` says what they must hold, as in
   * "float64 (3, 4)".
   */
  need(count: number, what: string, detail = ""): void {
    if (count <= this.remaining) return;
    const expected = `${count} ${count === 1 ? "byte" : "bytes"}${detail && ` for ${detail}`}`;
    throw this.mismatch(`reading ${what}`, expected, this.remaining);
  }

  /** The next `count` bytes, as a view of the input. */
  take(count: number, what: string, detail = ""): Uint8Array {
    this.need(count, what, detail);
    return this.#bytes.subarray(this.#position, (this.#position += count));
  }

  /** A reader bounded to the next `count` bytes; this one moves past them. */
  slice(count: number, what: string, detail = ""): ByteReader {
    const { format, offset: base, littleEndian } = this;
    const bytes = this.take(count, what, detail);
    return new ByteReader(format, bytes, { littleEndian, base, owned: this.#owned });
  }

  /** Moves to an offset in the file. */
  seek(offset: number, what: string): void {
    const position = offset - this.#base;
    if (!(position >= 0 && position <= this.#bytes.length)) {
      const range = `${this.#base}..${this.#base + this.#bytes.length}`;
      throw this.mismatch(`seeking ${what}`, `an offset in ${range}`, offset);
    }
    this.#position = position;
  }

  /**
   * The next `count` elements in the machine's byte order, in an array of their type: a copy, or a
   * view of bytes that are `owned` and aligned.
   */
  array<T extends ElementType>(
    type: T,
    count: number,
    what: string,
    detail: string = type,
  ): ElementArray<T> {
    const size = ELEMENT_ARRAYS[type].BYTES_PER_ELEMENT;
    const taken = this.take(count * size, what, detail);
    const bytes = this.#owned && taken.byteOffset % size === 0 ? taken : taken.slice();
    if (size > 1 && this.littleEndian !== MACHINE_IS_LITTLE_ENDIAN) swapBytes(bytes, size);
    const buffer = bytes.buffer as ArrayBuffer;
    return new ELEMENT_ARRAYS[type](buffer, bytes.byteOffset, count) as ElementArray<T>;
  }

  /** The next `count` bytes as UTF-8 text. A byte order mark is kept. */
  text(count: number, what: string, detail = ""): string {
    const start = this.offset;
    const bytes = this.take(count, what, detail);
    try {
      return textDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw this.mismatch(`reading ${what}`, "UTF-8 text", `${count} bytes that are not`, start);
    }
  }

  /** Throws unless the next bytes are exactly `expected`. */
  magic(expected: readonly number[], what: string): void {
    const start = this.offset;
    const found = this.take(expected.length, what);
    if (expected.some((byte, i) => found[i] !== byte))
      throw this.mismatch(`reading ${what}`, hex(expected), hex(found), start);
  }

  /**
   * Throws unless everything has been read; `what` names what ends here, as in "the last record".
   */
  expectEnd(what: string): void {
    if (this.remaining > 0)
      throw this.error(`expected the end after ${what}, got ${this.remaining} more bytes`);
  }

  u8(what: string): number {
    this.need(1, what);
    return this.#bytes[this.#position++];
  }

  /** An unsigned integer of `size` bytes. Throws when it is beyond 2^53 − 1, and so not exact. */
  uint(size: number, what: string): number {
    const bytes = this.take(size, what);
    let value = 0;
    for (let i = 0; i < size; i++)
      value = 256 * value + bytes[this.littleEndian ? size - 1 - i : i];
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    const expected = "an integer of at most 2^53 - 1";
    throw this.mismatch(`reading ${what}`, expected, value, this.offset - size);
  }

  f32(what: string): number {
    return this.array("float32", 1, what, "")[0];
  }
}

/** Bytes in hexadecimal, as in `89 50 4e`. */
export function hex(bytes: ArrayLike<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
