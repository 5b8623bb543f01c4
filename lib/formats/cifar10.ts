// CIFAR-10, binary version (https://www.cs.toronto.edu/~kriz/cifar.html): a file (batch) is a
// sequence of records of 3073 bytes and nothing else. A record is
//   offset 0     1 byte      label 0..9
//          1     1024 bytes  red, 32 rows of 32 pixels
//       1025     1024 bytes  green
//       2049     1024 bytes  blue
// The official batches hold 10 000 records: data_batch_1.bin to data_batch_5.bin and
// test_batch.bin.
//
// Refused: a batch that is empty or ends within a record, a label above 9.

import type { NewInt32Array } from "../base/arrays.ts";
import { show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { isUint8Array } from "../base/realms.ts";
import { ByteReader } from "./byte-reader.ts";

const PIXELS = 3 * 32 * 32;
const RECORD = 1 + PIXELS;

/**
 * The classes in the order of the labels, as the data set's batches.meta.txt names them.
 * @example
 * console.log(CIFAR10_LABELS.join(" "));
 * // airplane automobile bird cat deer dog frog horse ship truck
 */
export const CIFAR10_LABELS: readonly string[] = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/** The labels and the images of CIFAR-10 batches. */
export type Cifar10 = {
  /** (N) in 0..9. */
  y: NewInt32Array;
  /** (N, 3, 32, 32): images, channels red green blue, rows, columns. */
  images: { dtype: "uint8"; shape: [number, 3, 32, 32]; data: Uint8Array };
};

/**
 * Returns the N images of 32×32 pixels in three channels, and their labels, of one batch of
 * CIFAR-10's binary version or of several in order. Throws FormatError for a batch that is empty or
 * ends within a record and for a label above 9, TypeError for anything but bytes.
 * @example
 * const { y, images } = parseCifar10(new Uint8Array(2 * 3073).fill(6));
 * console.log(y.join(), images.shape.join("×"), CIFAR10_LABELS[y[0]]); // 6,6 2×3×32×32 frog
 */
export function parseCifar10(batches: Uint8Array | readonly Uint8Array[]): Cifar10 {
  const list = isUint8Array(batches) ? [batches] : batches;
  if (!Array.isArray(list) || !list.every(isUint8Array)) {
    throw new ArgumentTypeError(
      `parseCifar10: batches expected a Uint8Array or an array of them, got ${show(batches)}`,
    );
  }
  if (list.length === 0)
    throw new ArgumentRangeError("parseCifar10: batches expected at least one, got none");
  const readers = (list as Uint8Array[]).map((batch, b) => {
    const reader = new ByteReader("cifar10", batch);
    const whole = batch.length - (batch.length % RECORD);
    if (batch.length === 0 || whole !== batch.length) {
      const got =
        batch.length === 0 ? "0" : `${whole / RECORD} records and ${batch.length - whole} bytes`;
      throw reader.mismatch(`reading batch ${b}`, `a multiple of ${RECORD} bytes`, got, whole);
    }
    return reader;
  });
  const N = readers.reduce((sum, reader) => sum + reader.remaining / RECORD, 0);
  const y = new Int32Array(N);
  const data = new Uint8Array(N * PIXELS);
  let i = 0;
  readers.forEach((reader, b) => {
    for (let record = 0; reader.remaining > 0; record++, i++) {
      y[i] = reader.u8("a label");
      if (y[i] > 9) {
        const what = `reading the label of record ${record} in batch ${b}`;
        throw reader.mismatch(what, "0..9", y[i], reader.offset - 1);
      }
      data.set(reader.take(PIXELS, "pixels"), i * PIXELS);
    }
  });
  return { y, images: { dtype: "uint8", shape: [N, 3, 32, 32], data } };
}
