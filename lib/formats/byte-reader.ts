// The one door through which binary formats read: a cursor over bytes that knows the format's name
// and, at every read, what is being read, so that a cut-off file says what is missing and where.
// Refused here for every format: reads past the end, lengths beyond 2^53 − 1, text that is not
// UTF-8, bytes left over. Nothing is allocated before the bytes for it are known to be there.

import { FormatError } from "../base/errors.ts";
import { textDecoder } from "../base/text-codecs.ts";

/** Element types by the names NumPy gives them, each with the array that holds it. */
export const ELEMENT_ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
};

export type ElementType = keyof typeof ELEMENT_ARRAYS;
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
  /** Byte order of the multi-byte reads that follow; may be changed between reads. */
  littleEndian: boolean;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  // where #bytes begins in the whole file, so that messages count from the file's start
  readonly #base: number;
  #position = 0;

  /**
   * A cursor at the start of `bytes` (kept, not copied). `base` is the offset of bytes[0] in the
   * file.
   */
  constructor(
    format: string,
    bytes: Uint8Array,
    options: { littleEndian?: boolean; base?: number } = {},
  ) {
    this.format = format;
    this.littleEndian = options.littleEndian ?? true;
    // a Buffer's slice would not copy
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#base = options.base ?? 0;
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
   * The error `format: message (byte offset)`; `offset` defaults to the current position. To be
   * thrown by the caller.
   */
  error(message: string, offset = this.offset): FormatError {
    return new FormatError(this.format, message, { offset });
  }

  /**
   * Throws a FormatError unless `count` more bytes are there; `detail` says what they are to hold,
   * as in "float64 (3, 4)".
   */
  need(count: number, what: string, detail = ""): void {
    if (count <= this.remaining) return;
    const unit = count === 1 ? "byte" : "bytes";
    throw this.error(
      `reading ${what}, expected ${count} ${unit}${detail && ` for ${detail}`}, got ${this.remaining}`,
    );
  }

  /** The next `count` bytes, as a view of the input. */
  take(count: number, what: string, detail = ""): Uint8Array {
    this.need(count, what, detail);
    return this.#bytes.subarray(this.#position, (this.#position += count));
  }

  /** A reader bounded to the next `count` bytes; this one moves past them. */
  slice(count: number, what: string, detail = ""): ByteReader {
    const base = this.offset;
    return new ByteReader(this.format, this.take(count, what, detail), {
      littleEndian: this.littleEndian,
      base,
    });
  }

  /** Moves to an offset in the file. */
  seek(offset: number, what: string): void {
    const position = offset - this.#base;
    if (!(position >= 0 && position <= this.#bytes.length)) {
      throw this.error(
        `seeking ${what}, expected an offset in ${this.#base}..${this.#base + this.#bytes.length}, got ${offset}`,
      );
    }
    this.#position = position;
  }

  /**
   * The next `count` elements, copied into an array of their type and put into the machine's byte
   * order.
   */
  array<T extends ElementType>(
    type: T,
    count: number,
    what: string,
    detail: string = type,
  ): ElementArray<T> {
    const size = ELEMENT_ARRAYS[type].BYTES_PER_ELEMENT;
    const copy = this.take(count * size, what, detail).slice();
    if (size > 1 && this.littleEndian !== MACHINE_IS_LITTLE_ENDIAN) swapBytes(copy, size);
    return new ELEMENT_ARRAYS[type](copy.buffer as ArrayBuffer, 0, count) as ElementArray<T>;
  }

  /** The next `count` bytes as UTF-8 text. A byte order mark is kept. */
  text(count: number, what: string, detail = ""): string {
    const start = this.offset;
    const bytes = this.take(count, what, detail);
    try {
      return textDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw this.error(
        `reading ${what}, expected UTF-8 text, got ${count} bytes that are not`,
        start,
      );
    }
  }

  /** Throws unless the next bytes are exactly `expected`. */
  magic(expected: ArrayLike<number>, what: string): void {
    const start = this.offset;
    const found = this.take(expected.length, what);
    for (let i = 0; i < expected.length; i++) {
      if (found[i] !== expected[i])
        throw this.error(`reading ${what}, expected ${hex(expected)}, got ${hex(found)}`, start);
    }
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

  i8(what: string): number {
    return (this.u8(what) << 24) >> 24;
  }

  u16(what: string): number {
    return this.#view.getUint16(this.#advance(2, what), this.littleEndian);
  }

  i16(what: string): number {
    return this.#view.getInt16(this.#advance(2, what), this.littleEndian);
  }

  u32(what: string): number {
    return this.#view.getUint32(this.#advance(4, what), this.littleEndian);
  }

  i32(what: string): number {
    return this.#view.getInt32(this.#advance(4, what), this.littleEndian);
  }

  /** Throws when the value is beyond 2^53 − 1, where numbers are no longer exact. */
  u64(what: string): number {
    const start = this.offset;
    return this.#exact(
      this.#view.getBigUint64(this.#advance(8, what), this.littleEndian),
      what,
      start,
    );
  }

  /** Throws when the value is beyond ±(2^53 − 1). */
  i64(what: string): number {
    const start = this.offset;
    return this.#exact(
      this.#view.getBigInt64(this.#advance(8, what), this.littleEndian),
      what,
      start,
    );
  }

  f32(what: string): number {
    return this.#view.getFloat32(this.#advance(4, what), this.littleEndian);
  }

  f64(what: string): number {
    return this.#view.getFloat64(this.#advance(8, what), this.littleEndian);
  }

  /** Moves on by `count` bytes and returns where they begin. */
  #advance(count: number, what: string): number {
    this.need(count, what);
    this.#position += count;
    return this.#position - count;
  }

  #exact(value: bigint, what: string, start: number): number {
    if (value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER) return Number(value);
    throw this.error(
      `reading ${what}, expected an integer within ±(2^53 - 1), got ${value}`,
      start,
    );
  }
}

/** Bytes as people write them: `89 50 4e`. */
export function hex(bytes: ArrayLike<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
