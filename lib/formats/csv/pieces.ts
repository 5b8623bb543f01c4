// Where the bytes of a text are cut into pieces that are decoded and read one after the other. A
// piece ends with a line where it can: what is left of a record has to be joined with the next
// piece, and in a joined text or a slice of one, reading a number takes 1.4 times as long.

/** Bytes of a piece when all pieces are for one table. Strings end at 2^29 UTF-16 units. */
export const PIECE = 1 << 22;

const LF = 10;

/** The length of the lines that end in `bytes`; of all bytes when none does. */
export function linesLength(bytes: Uint8Array): number {
  const end = bytes.lastIndexOf(LF) + 1;
  if (end === 0) return bytes.length;
  // In UTF-16 the other half of the line feed belongs to it.
  return bytes[end] === 0 ? end + 1 : end;
}

/** The bytes of chunks, copied together so that they can be taken line by line. */
export class ByteQueue {
  #bytes = new Uint8Array(1 << 16);
  /** Where the bytes begin that have not been taken, and where they end. */
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  add(chunk: Uint8Array): void {
    const { length } = this;
    const bytes = this.#bytes;
    if (length + chunk.length > bytes.length) {
      this.#bytes = new Uint8Array(Math.max(2 * bytes.length, length + chunk.length));
      this.#bytes.set(bytes.subarray(this.#start, this.#end));
    } else bytes.copyWithin(0, this.#start, this.#end);
    this.#bytes.set(chunk, length);
    this.#start = 0;
    this.#end = length + chunk.length;
  }

  /** Takes the lines that have ended, or all bytes; they stay as they are until the next `add`. */
  take(all: boolean): Uint8Array {
    const bytes = this.#bytes.subarray(this.#start, this.#end);
    const length = all ? bytes.length : linesLength(bytes);
    this.#start += length;
    return bytes.subarray(0, length);
  }
}
