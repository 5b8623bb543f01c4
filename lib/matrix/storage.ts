// Where the elements of new matrices lie.
import { ArgumentRangeError } from "../base/errors.ts";
import { nodeModule } from "../base/node-modules.ts";

/** Zeros for rows × cols, or a RangeError that names the shape when there is no room for it. */
export function allocate(rows: number, cols: number): Float64Array {
  try {
    return new Float64Array(rows * cols);
  } catch {
    const gigabytes = ((rows * cols * 8) / 2 ** 30).toPrecision(3);
    throw new ArgumentRangeError(`Matrix: no room for ${rows}×${cols} (${gigabytes} GiB)`);
  }
}

// V8 keeps arrays of up to 64 bytes on its heap. A longer one costs 400 to 1300 ns, of which a
// product of 4×4 takes 40; a view into a buffer that exists costs 14 ns. So results of a few
// elements share buffers, as small Buffers of Node do. One survivor holds all of its buffer: 32
// KiB. Beside 8 KiB, a product of 8×8 takes 0.65 of the time, of 16×16 0.63, with 64 KiB 0.92 and
// 0.91 of that. A product of 20×20 takes 0.73 of the time that it takes with a buffer of its own,
// of 32×32, four of which share a buffer, 0.90.
const LEAST_SHARED = 9;
const MOST_SHARED = 1024;
const SHARED_BYTES = 32768;

let shared: ArrayBuffer | undefined;
let used = SHARED_BYTES;
let mark: ((buffer: object) => void) | undefined;

/**
 * Zeros for the result of an operation, of 9 to 1024 elements: they may share an ArrayBuffer with
 * other results, never an element. undefined for other sizes.
 */
export function sharedArray(size: number): Float64Array | undefined {
  if (!(size >= LEAST_SHARED && size <= MOST_SHARED)) return undefined;
  if (used + 8 * size > SHARED_BYTES) renew();
  const array = viewOfShared(size);
  used += 8 * size;
  return array;
}

function renew(): void {
  shared = untransferable(new ArrayBuffer(SHARED_BYTES));
  used = 0;
}

function viewOfShared(size: number): Float64Array {
  try {
    return new Float64Array(shared!, used, size);
  } catch {
    // where buffers cannot be marked, somebody may have transferred this one
    renew();
    return new Float64Array(shared!, 0, size);
  }
}

/**
 * The buffer, so marked in Node that the transfer of one result to another thread does not take the
 * others along.
 */
function untransferable(buffer: ArrayBuffer): ArrayBuffer {
  // looked up once: that takes as long as a product of 4×4; not a bare `process`, in the place of
  // which bundlers put a polyfill
  mark ??= nodeModule("node:worker_threads")?.markAsUntransferable;
  mark?.(buffer);
  return buffer;
}
