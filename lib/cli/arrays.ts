// Images, or rows of numbers, and their labels out of IDX files (gzipped or not), npy files and npz
// archives. Arrays keep the type that they have in the file, and are unpacked into one buffer.

import { gunzipSync, inflateRawSync } from "node:zlib";
import { FormatError } from "../base/errors.ts";
import type { ImageArray } from "../data/images.ts";
import { type ClassName, encodeLabels } from "../data/labels.ts";
import { type IdxArray, idxFileSize, takeIdx } from "../formats/idx.ts";
import { type NpyArray, takeNpy } from "../formats/npy.ts";
import { openNpz } from "../formats/npz.ts";
import { recognize } from "../formats/recognize.ts";
import { FileError, inFile } from "./files.ts";

/** The labels (N) of images and the names of the classes; see Source for `byName`. */
export type ArrayLabels = { y: Int32Array; classes: ClassName[]; byName: boolean };

/** The greatest factor by which deflate can shrink (https://zlib.net/zlib_tech.html). */
const MAX_GROWTH = 1032;
/** The most bytes that a compressed array may take: 2 GiB. */
const MAX_UNPACKED = 2 ** 31;

/** The array in an IDX or npy file. Throws a FormatError that names the file. */
export function readArray(path: string, bytes: Uint8Array): IdxArray | NpyArray {
  return inFile(path, () => {
    const kind = recognize(bytes)?.kind;
    if (kind === "npy") return takeNpy(bytes);
    return takeIdx(kind === "gzip" ? gunzipIdx(bytes) : bytes);
  });
}

/** The IDX file in a gzip file, unpacked into one buffer of the size that its header states. */
function gunzipIdx(bytes: Uint8Array): Uint8Array {
  // The first bytes may be all of a damaged file, so their end is no error here.
  const start = inflate(() =>
    gunzipSync(bytes.subarray(0, 512), { finishFlush: 2, maxOutputLength: 2 ** 20 }),
  );
  const byteLength = idxFileSize(start);
  const limit = Math.min(MAX_UNPACKED, bytes.length * MAX_GROWTH);
  if (byteLength > limit) {
    const reason = `expected at most ${limit} bytes in a gzip file of ${bytes.length}`;
    throw new FormatError("idx", `${reason}, got a header for ${byteLength}`, { offset: 4 });
  }
  // One byte more than is needed: zlib takes a second buffer when the first is exactly full.
  const size = Math.max(64, byteLength + 1);
  return inflate(() => gunzipSync(bytes, { chunkSize: size, maxOutputLength: size }));
}

function inflate<T>(unpack: () => T): T {
  try {
    return unpack();
  } catch (error) {
    const reason = `expected gzip data of one IDX file, got damage: ${(error as Error).message}`;
    throw new FormatError("idx", reason, { offset: 0 });
  }
}

/** Inflates a zip entry into one buffer of the size that its archive states. */
export function inflateOnce(packed: Uint8Array, limit: { maxOutputLength: number }): Uint8Array {
  const size = limit.maxOutputLength + 1;
  return inflateRawSync(packed, { ...limit, chunkSize: Math.max(64, size) });
}

/** The names under which data sets keep images and labels: Keras' first, then scikit-learn's. */
const NAMES = {
  train: [
    ["x_train", "y_train"],
    ["X_train", "y_train"],
    ["train_images", "train_labels"],
  ],
  test: [
    ["x_test", "y_test"],
    ["X_test", "y_test"],
    ["test_images", "test_labels"],
  ],
  both: [
    ["X", "y"],
    ["x", "y"],
    ["images", "labels"],
    ["data", "target"],
    ["data", "labels"],
    ["features", "labels"],
  ],
} as const;

/**
 * The images and labels of an npz: the arrays `given`, else those that data sets usually have for
 * this part. Only these are unpacked. Throws a FormatError that lists the arrays there are.
 */
export function readNpzArrays(
  path: string,
  bytes: Uint8Array,
  part: "train" | "test",
  given: readonly string[] | undefined,
): { images: IdxArray | NpyArray; labels: NpyArray | undefined } {
  return inFile(path, () => {
    const archive = openNpz(bytes, { inflate: inflateOnce });
    const pairs = given === undefined ? [...NAMES[part], ...NAMES.both] : [given];
    const found = pairs.find(([images]) => archive.names.includes(images));
    if (found === undefined) {
      const names = archive.names.slice(0, 8).join(", ") || "none";
      const expected = given?.[0] ?? "x_train and y_train, or X and y";
      const advice = "name them with --arrays IMAGES,LABELS";
      throw new FormatError("npz", `expected the arrays ${expected}, got ${names}; ${advice}`);
    }
    const [images, labels] = found;
    const hasLabels = labels !== undefined && archive.names.includes(labels);
    return {
      images: archive.read(images),
      labels: hasLabels ? archive.read(labels) : undefined,
    };
  });
}

/** The array as images: numbers of at least two dimensions, the first counting the images. */
export function imagesOf(path: string, { shape, data }: IdxArray | NpyArray): ImageArray {
  const dimensions = shape.length;
  if (dimensions < 2)
    throw new FileError(`${path}: expected images of at least 2 dimensions, got ${dimensions}`);
  if (Array.isArray(data)) throw new FileError(`${path}: expected numbers as images, got text`);
  return { shape, data: data as ImageArray["data"] };
}

/**
 * The labels of `count` images. Whole numbers from an IDX file are the classes 0 to the largest of
 * them; the classes of an npy array are its different values, numbers or text.
 */
export function labelsOf(
  path: string,
  array: IdxArray | NpyArray,
  count: number,
  isIdx: boolean,
): ArrayLabels {
  const { shape, data } = array;
  const isColumn = shape.length === 2 && shape[1] === 1;
  if ((shape.length !== 1 && !isColumn) || shape[0] !== count) {
    const got = `shape (${shape.join(", ")})`;
    throw new FileError(`${path}: expected ${count} labels for ${count} images, got ${got}`);
  }
  if (isIdx) return indexLabels(path, data as ArrayLike<number>);
  const values = Array.from<ClassName>(data as ArrayLike<ClassName>);
  const wrong = values.findIndex((value) => typeof value === "number" && !Number.isInteger(value));
  if (wrong >= 0)
    throw new FileError(
      `${path}: expected whole numbers or text as labels, got ${values[wrong]} for image ${wrong}`,
    );
  const { y, classes } = encodeLabels(values);
  return { y, classes, byName: classes.some((name, label) => name !== label) };
}

function indexLabels(path: string, data: ArrayLike<number>): ArrayLabels {
  const y = Int32Array.from(data);
  const wrong = y.findIndex((label, i) => label < 0 || label !== data[i] || label >= 65536);
  if (wrong >= 0)
    throw new FileError(
      `${path}: expected labels in 0..65535, got ${data[wrong]} for image ${wrong}`,
    );
  const largest = y.reduce((most, label) => Math.max(most, label), 0);
  const classes = Array.from({ length: largest + 1 }, (_, label) => label);
  return { y, classes, byName: false };
}
