// Where a command's rows come from: a CSV file or standard input, IDX files, or CIFAR-10's batches.

import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { FormatError } from "../base/errors.ts";
import { type ImageArray, imagesToMatrix } from "../data/images.ts";
import type { ClassName } from "../data/labels.ts";
import { standardize } from "../data/standardize.ts";
import { CIFAR10_LABELS, parseCifar10 } from "../formats/cifar10.ts";
import { type CsvOptions, parseCsv } from "../formats/csv/csv.ts";
import type { CsvTable } from "../formats/csv/table.ts";
import { parseIdx } from "../formats/idx.ts";
import type { Matrix } from "../matrix/matrix.ts";
import type { Classifier } from "../model/classifier.ts";
import { type Arguments, type Option, UsageError } from "./arguments.ts";
import { FileError, listDirectory, readFile } from "./files.ts";

export const SOURCE_OPTIONS: Readonly<Record<string, Option>> = {
  images: {
    value: "FILE",
    help: "images as an IDX file, as MNIST's, gzipped or not (with --labels)",
  },
  labels: { value: "FILE", help: "their labels as an IDX file" },
  cifar10: { value: "DIR", help: "a directory with CIFAR-10's binary batches, or one batch" },
  delimiter: { value: "CHAR", help: "what separates the cells of a CSV; default: found out" },
  "no-header": { help: "the CSV has no line of column names; columns are column_1, column_2, …" },
  encoding: { value: "NAME", help: "of the CSV; default: UTF-8, or by byte order mark" },
};

/** `name` is what the data is called in remarks; `hash` stands for its content. */
export type Source = { name: string; hash: string } & (
  | { kind: "table"; table: CsvTable }
  | { kind: "images"; images: ImageArray; y: Int32Array | undefined; labels: ClassName[] }
);

/** What the arguments say about the CSV, for parseCsv. */
export function csvOptions(args: Arguments, path: string): CsvOptions & { name: string } {
  const delimiter = args.text("delimiter");
  return {
    name: path === "-" ? "stdin" : path,
    delimiter: delimiter === "\\t" || delimiter === "tab" ? "\t" : delimiter,
    header: args.has("no-header") ? false : undefined,
    encoding: args.text("encoding"),
  };
}

/** The path of the CSV, or undefined when the data are images. `n` is its place among the words. */
export function csvPath(args: Arguments, n: number): string | undefined {
  const path = args.positionals[n];
  const others = ["images", "cifar10"].filter((name) => args.has(name));
  if (others.length > 1) throw new UsageError("expected one of --images and --cifar10, got both");
  if (path !== undefined && others.length > 0)
    throw new UsageError(`expected a CSV file or --${others[0]}, got both`);
  if (path === undefined && others.length === 0) {
    throw new UsageError(
      `expected DATA: a CSV file, - for standard input, --images FILE or --cifar10 DIR; twolayer ${args.command} --help shows how`,
    );
  }
  return path;
}

/**
 * Reads the data. `part` chooses CIFAR-10's batches, `needLabels` whether --images must come with
 * --labels.
 */
export async function readSource(
  args: Arguments,
  n: number,
  part: "train" | "test",
  needLabels = true,
): Promise<Source> {
  const path = csvPath(args, n);
  const digest = createHash("sha256");
  const finish = (): string => digest.digest("hex");
  if (path !== undefined) {
    const bytes = await readFile(path);
    digest.update(bytes);
    return {
      kind: "table",
      table: parseCsv(bytes, csvOptions(args, path)),
      name: path === "-" ? "stdin" : basename(path),
      hash: finish(),
    };
  }
  const directory = args.text("cifar10");
  if (directory !== undefined) {
    const batches = await Promise.all(cifarBatches(directory, part).map(readFile));
    for (const batch of batches) digest.update(batch);
    const { images, y } = inFile(directory, () => parseCifar10(batches));
    return {
      kind: "images",
      images,
      y,
      labels: [...CIFAR10_LABELS],
      name: basename(directory),
      hash: finish(),
    };
  }
  const imagesPath = args.required("images", "FILE");
  const images = await readIdx(imagesPath, digest);
  if (images.shape.length < 2)
    throw new FileError(
      `${imagesPath}: expected images of at least 2 dimensions, got ${images.shape.length}`,
    );
  const name = basename(imagesPath);
  if (!needLabels && !args.has("labels"))
    return { kind: "images", images, y: undefined, labels: [], name, hash: finish() };
  const labelsPath = args.required("labels", "FILE, the labels of --images");
  const labels = await readIdx(labelsPath, digest);
  const [count] = images.shape;
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new FileError(
      `${labelsPath}: expected ${count} labels for ${count} images, got shape (${labels.shape.join(", ")})`,
    );
  }
  const y = Int32Array.from(labels.data);
  const wrong = y.findIndex((label, i) => label < 0 || label !== labels.data[i] || label >= 65536);
  if (wrong >= 0)
    throw new FileError(
      `${labelsPath}: expected labels in 0..65535, got ${labels.data[wrong]} for image ${wrong}`,
    );
  const greatest = y.reduce((most, label) => Math.max(most, label), 0);
  return {
    kind: "images",
    images,
    y,
    labels: Array.from({ length: greatest + 1 }, (_, label) => label),
    name,
    hash: finish(),
  };
}

function cifarBatches(directory: string, part: "train" | "test"): string[] {
  const names = listDirectory(directory);
  if (names === undefined) return [directory];
  const wanted = names.filter((name) =>
    (part === "train" ? /^data_batch_\d+\.bin$/ : /^test_batch\.bin$/).test(name),
  );
  if (wanted.length > 0) return wanted.map((name) => join(directory, name));
  throw new FileError(
    `${directory}: expected ${part === "train" ? "data_batch_1.bin to data_batch_5.bin" : "test_batch.bin"}, got none of them`,
  );
}

async function readIdx(
  path: string,
  digest: { update(bytes: Uint8Array): unknown },
): Promise<ReturnType<typeof parseIdx>> {
  const bytes = await readFile(path);
  digest.update(bytes);
  return inFile(path, () =>
    parseIdx(bytes[0] === 0x1f && bytes[1] === 0x8b ? unzip(path, bytes) : bytes),
  );
}

function unzip(path: string, bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: 2 ** 31 });
  } catch (error) {
    throw new FileError(`${path}: cannot be decompressed: ${(error as Error).message}`);
  }
}

/** What `parse` returns; its error says in which file it was. */
export function inFile<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof FormatError ? error.inFile(path) : error;
  }
}

/** Images as the classifier's net takes them, `rows` of them. (N, D) */
export function imageInputs(
  classifier: Classifier,
  images: ImageArray,
  name: string,
  rows?: ArrayLike<number>,
): Matrix {
  const X = imagesToMatrix(images, { divideBy: 1, rows });
  const { inputSize } = classifier.net;
  if (X.cols !== inputSize)
    throw new FileError(
      `${name}: expected images of ${inputSize} values, as the model takes, got ${X.cols}`,
    );
  return standardize(X, classifier, X);
}
