// Where a command's rows come from: a CSV file or standard input, IDX files, or CIFAR-10's batches.

import { basename, join } from "node:path";
import { type ImageArray, imagesToMatrix } from "../data/images.ts";
import type { ClassName } from "../data/labels.ts";
import { standardize } from "../data/standardize.ts";
import { CIFAR10_LABELS, parseCifar10 } from "../formats/cifar10.ts";
import type { CsvOptions } from "../formats/csv/csv.ts";
import { readCsv } from "../formats/csv/stream.ts";
import type { CsvTable } from "../formats/csv/table.ts";
import { recognize } from "../formats/recognize.ts";
import type { Matrix } from "../matrix/matrix.ts";
import type { Classifier } from "../model/classifier.ts";
import { type Arguments, type Options, UsageError } from "./arguments.ts";
import { imagesOf, labelsOf, readArray, readNpzArrays } from "./arrays.ts";
import { DataDigest } from "./data-digest.ts";
import { FileError, inFile, listDirectory, readFile } from "./files.ts";
import { tableChunks } from "./reading.ts";
import { refuseRemarks, sayRemarks } from "./remarks.ts";

export const SOURCE_OPTIONS: Options = {
  images: [
    "FILE",
    "Read images from an IDX file, as MNIST's, gzipped or not, or from an npy file.",
  ],
  labels: ["FILE", "Read the labels of --images from an IDX or npy file."],
  npz: ["FILE", "Read images (or rows) and labels from an npz file, as Keras' mnist.npz."],
  arrays: [
    "A,B",
    "Take these arrays of --npz. Default: x_train,y_train (x_test,y_test), else X,y, ….",
  ],
  cifar10: ["DIR", "Read CIFAR-10's binary batches from a directory, or one batch from a file."],
  delimiter: [
    "CHAR",
    "Separate the cells of the CSV by this character; a blank stands for a run of blanks. " +
      "Default: detected.",
  ],
  decimal: [
    "CHAR",
    "Write decimal numbers of the CSV with this character, . or ,. Default: detected.",
  ],
  header: ["", "Read the first line of the CSV as the names of the columns."],
  "no-header": ["", "Read the first line of the CSV as data; columns are column_1, column_2, …."],
  encoding: [
    "NAME",
    "Decode the CSV from this encoding. Default: by byte order mark, else UTF-8, " +
      "else windows-1252.",
  ],
};

/** The option of commands that use a model on data. */
export const STRICT_OPTION: Options = {
  strict: ["", "Refuse cells that are missing, not a number or an unknown category."],
};

/** The columns of a table that a classifier reads, and its label. */
export function columnsOf({ columns, encoding }: Classifier): string[] {
  return [...columns, encoding.label];
}

/**
 * Rows of a table, or images with the names of their classes; `y` is undefined without labels. With
 * `byName` the classes of a model are found by these names; else label k is its class k.
 */
type SourceRows =
  | { kind: "table"; table: CsvTable }
  | {
      kind: "images";
      images: ImageArray;
      y: Int32Array | undefined;
      classes: ClassName[];
      byName?: boolean;
    };

/**
 * Data with the name that messages give it, and its SHA-256 as DataDigest has it; `fileHash` is
 * that of the file as it is, if that is another one.
 */
export type Source = SourceRows & { name: string; hash: string; fileHash?: string | undefined };

/** Whether `hash`, from a model or a checkpoint of this version or of 1.0.0, is of the source. */
export function isSource(source: Source, hash: unknown): boolean {
  return hash !== undefined && (hash === source.hash || hash === source.fileHash);
}

/**
 * The options of parseCsv that the arguments ask for; `expected` are names of columns that are
 * needed.
 */
export function csvOptions(
  args: Arguments,
  path: string,
  expected: readonly string[] = [],
): CsvOptions & { name: string } {
  const delimiter = args.text("delimiter");
  if (args.has("header") && args.has("no-header"))
    throw new UsageError("expected --header or --no-header, got both");
  return {
    name: path === "-" ? "stdin" : path,
    delimiter: delimiter === "\\t" || delimiter === "tab" ? "\t" : delimiter,
    decimal: args.choice("decimal", [".", ","]),
    header: args.has("header") ? true : args.has("no-header") ? false : undefined,
    expected,
    encoding: args.text("encoding"),
  };
}

/**
 * The path of the CSV, which is positional `n`, or undefined when the data are images: an npy file
 * in its place, or options.
 */
export function csvPath(args: Arguments, n: number): string | undefined {
  const path = args.positionals[n];
  const others = ["images", "npz", "cifar10"].filter((name) => args.has(name));
  if (others.length > 1)
    throw new UsageError(`expected one of --${others.join(" and --")}, got both`);
  if (path !== undefined && !isNpy(path)) args.refuse("labels", "images", "a CSV file");
  if (path !== undefined && others.length > 0)
    throw new UsageError(`expected a CSV file or --${others[0]}, got both`);
  if (path === undefined && others.length === 0) {
    throw new UsageError(
      "expected DATA: a CSV file, - for standard input, an npy file, --images FILE, --npz FILE " +
        `or --cifar10 DIR; see twolayer ${args.command} --help`,
    );
  }
  return path !== undefined && isNpy(path) ? undefined : path;
}

function isNpy(path: string): boolean {
  return /\.npy$/i.test(path);
}

/**
 * Reads the data of a command: the CSV that positional `n` names, or the images of the options.
 * `part` chooses among CIFAR-10's batches; `needLabels` says whether --images requires --labels;
 * `expected` are names of columns that are needed. What was decided about a CSV is said. Throws a
 * UsageError, FileError or FormatError.
 */
export async function readSource(
  args: Arguments,
  n: number,
  part: "train" | "test",
  { needLabels = true, expected = labelOf(args) }: SourceNeeds = {},
): Promise<Source> {
  const path = csvPath(args, n);
  const digest = await DataDigest.start();
  const read: ReadBytes = async (file) => {
    const bytes = await readFile(file);
    digest.addBytes(bytes);
    return bytes;
  };
  const named = (file: string, rows: SourceRows): Source => ({
    ...rows,
    name: file === "-" ? "stdin" : basename(file),
    ...digest.finish(),
  });
  if (path !== undefined) {
    const table = await readCsv(tableChunks(path, digest), csvOptions(args, path, expected));
    if (args.has("strict")) refuseRemarks(args, table);
    sayRemarks(table);
    return named(path, { kind: "table", table });
  }
  const directory = args.text("cifar10");
  if (directory !== undefined) return named(directory, await readCifar10(directory, part, read));
  const archive = args.text("npz");
  if (archive !== undefined) {
    const options = { part, arrays: args.list("arrays"), needLabels };
    return named(archive, readNpzFile(archive, await read(archive), options));
  }
  const imagesPath = args.positionals[n] ?? args.required("images", "FILE");
  const labelsPath =
    needLabels || args.has("labels")
      ? args.required("labels", "FILE, the labels of the images")
      : undefined;
  return named(imagesPath, await readImages(imagesPath, labelsPath, read));
}

/** What a command needs of its data: labels of images, columns of a table. */
type SourceNeeds = { needLabels?: boolean; expected?: readonly string[] };

function labelOf(args: Arguments): string[] {
  const label = args.text("label");
  return label === undefined ? [] : [label];
}

type ReadBytes = (path: string) => Promise<Uint8Array>;

async function readCifar10(
  directory: string,
  part: "train" | "test",
  read: ReadBytes,
): Promise<SourceRows> {
  const batches: Uint8Array[] = [];
  for (const path of cifarBatches(directory, part)) batches.push(await read(path));
  const { images, y } = inFile(directory, () => parseCifar10(batches));
  return { kind: "images", images, y, classes: [...CIFAR10_LABELS] };
}

async function readImages(
  imagesPath: string,
  labelsPath: string | undefined,
  read: ReadBytes,
): Promise<SourceRows> {
  const images = imagesOf(imagesPath, readArray(imagesPath, await read(imagesPath)));
  if (labelsPath === undefined) return withoutLabels(images);
  const bytes = await read(labelsPath);
  const isIdx = recognize(bytes)?.kind !== "npy";
  const labels = readArray(labelsPath, bytes);
  return { kind: "images", images, ...labelsOf(labelsPath, labels, images.shape[0], isIdx) };
}

function readNpzFile(
  path: string,
  bytes: Uint8Array,
  { part, arrays, needLabels }: { part: "train" | "test"; arrays?: string[]; needLabels: boolean },
): SourceRows {
  const found = readNpzArrays(path, bytes, part, arrays);
  const images = imagesOf(path, found.images);
  if (found.labels === undefined) {
    if (!needLabels) return withoutLabels(images);
    throw new FileError(`${path}: expected labels beside the images, got none; see --arrays`);
  }
  return { kind: "images", images, ...labelsOf(path, found.labels, images.shape[0], false) };
}

function withoutLabels(images: ImageArray): SourceRows {
  return { kind: "images", images, y: undefined, classes: [] };
}

function cifarBatches(directory: string, part: "train" | "test"): string[] {
  const names = listDirectory(directory);
  if (names === undefined) return [directory];
  const pattern = part === "train" ? /^data_batch_\d+\.bin$/ : /^test_batch\.bin$/;
  const batches = names.filter((name) => pattern.test(name));
  if (batches.length > 0) return batches.map((name) => join(directory, name));
  const expected = part === "train" ? "data_batch_1.bin to data_batch_5.bin" : "test_batch.bin";
  throw new FileError(`${directory}: expected ${expected}, got none of them`);
}

/**
 * The standardized inputs (N, D) of the images, or of those with the indices `rows`. Throws a
 * FileError for images of another size than the model's.
 */
export function imageInputs(
  classifier: Classifier,
  images: ImageArray,
  name: string,
  rows?: ArrayLike<number>,
): Matrix {
  const X = imagesToMatrix(images, { divideBy: 1, rows });
  checkImageSize(classifier, X.cols, name);
  return standardize(X, classifier, X);
}

/** Throws a FileError unless images of `size` values are what the model takes. */
export function checkImageSize({ net }: Classifier, size: number, name: string): void {
  if (size === net.inputSize) return;
  throw new FileError(
    `${name}: expected images of ${net.inputSize} values, as the model takes, got ${size}`,
  );
}
