// From a table or images to everything a training needs: the rows held back, the encoding, the
// standardization, the net. What is learnt from data (means, shares, deviations) is learnt from the
// training rows alone.

import { checkChoice, checkOptions, show } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { Random } from "../base/random.ts";
import type { Table } from "../base/table.ts";
import { checkEncoding, type Encoding } from "../data/encoding.ts";
import { type ImageArray, imagesToMatrix } from "../data/images.ts";
import type { ClassName } from "../data/labels.ts";
import { type SplitRows, splitRows } from "../data/split.ts";
import { type ColumnStatistics, columnStatistics, standardize } from "../data/standardize.ts";
import { type EncodingOptions, encodeTable, fitEncoding } from "../data/table.ts";
import { checkLabels } from "../matrix/dataset.ts";
import { Matrix } from "../matrix/matrix.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { Classifier } from "./classifier.ts";

/** What to learn and from which columns, and the net to learn it with. */
export type PrepareOptions = Omit<EncodingOptions, "rows"> & NetOptions;

export type NetOptions = {
  /** Hidden units; default 100. */
  hiddenSize?: number;
  /**
   * Share of the rows held back for validation, each class in this share; default 0.2, 0 for none.
   */
  validation?: number;
  /**
   * "columns" (default): mean 0 and std 1 for each column; "common": mean 0 and one std for all, as
   * images want it; "none".
   */
  standardize?: StandardizeMode;
  /**
   * Of the split, then of the weights; default `new Random()`, seed 0. Pass it on to `train` for
   * its batches.
   */
  random?: Random;
  /** How weights start; default "he". */
  std?: number | "he";
};

/** How inputs are standardized before they reach the net. */
export type StandardizeMode = "columns" | "common" | "none";
export const SCALINGS: readonly StandardizeMode[] = ["columns", "common", "none"];

/**
 * What to hand to `train`: `classifier.net` is untrained. `rows` says which rows of the source are
 * in which part.
 */
export type Prepared = {
  classifier: Classifier;
  data: { X: Matrix; y: Int32Array };
  validation: { X: Matrix; y: Int32Array } | undefined;
  rows: SplitRows;
};

/**
 * An untrained classifier for the table's rows, and these as it takes them. Throws as fitEncoding
 * and encodeTable do, and for a label with only one value.
 * @example
 * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
 * const { classifier, data, validation } = prepareTable(fruit, { label: "kind", validation: 0.5, hiddenSize: 4 });
 * console.log(data.X.rows, validation?.X.rows, classifier.net.hiddenSize, classifier.classes.join());
 * // 2 2 4 pear,plum
 */
export function prepareTable(table: Table, options: PrepareOptions): Prepared {
  checkOptions("prepareTable", options, [
    "label",
    "features",
    "ignore",
    "categorical",
    "missing",
    "hiddenSize",
    "validation",
    "standardize",
    "random",
    "std",
  ]);
  const { hiddenSize, validation, standardize: scaling, random, std, ...encodingOptions } = options;
  const preliminary = fitEncoding(table, encodingOptions);
  if (preliminary.classes.length < 2)
    throw table.error(`expected at least two different labels in "${options.label}", got one`);
  const all = encodeTable(table, preliminary);
  return prepare({ hiddenSize, validation, standardize: scaling, random, std }, all.y, (parts) => {
    const inTable = (rows: Int32Array): Int32Array => rows.map((i) => all.rows[i]);
    const rows = {
      train: inTable(parts.train),
      validation: inTable(parts.validation),
      test: inTable(parts.test),
    };
    const encoding = fitEncoding(table, { ...encodingOptions, rows: rows.train });
    const { X } = encoding.missing === "mean" ? encodeTable(table, encoding) : all;
    return { encoding, rows, X: (part) => X.takeRows(parts[part]) };
  });
}

/**
 * The same for images (N, …) of bytes or other numbers; columns are called pixel_0, pixel_1, …, and
 * `standardize` is "common" by default. Throws ShapeError unless there is a label for each image,
 * RangeError for one without a name, and as imagesToMatrix and splitRows do.
 * @example
 * const images = { shape: [4, 1, 2], data: Uint8Array.of(0, 255, 10, 200, 250, 3, 255, 0) };
 * const { classifier, data } = prepareImages(images, Int32Array.of(0, 0, 1, 1), ["dark", "light"], { hiddenSize: 4 });
 * console.log(data.X.rows, data.X.cols, classifier.columns.join()); // 3 2 pixel_0,pixel_1
 */
export function prepareImages(
  images: ImageArray,
  y: Int32Array,
  classes: readonly ClassName[],
  options: NetOptions = {},
): Prepared {
  checkOptions("prepareImages", options, [
    "hiddenSize",
    "validation",
    "standardize",
    "random",
    "std",
  ]);
  if (!Array.isArray(images?.shape))
    throw new ArgumentTypeError(
      `prepareImages: images expected { shape, data }, got ${show(images)}`,
    );
  if (!Array.isArray(classes))
    throw new ArgumentTypeError(
      `prepareImages: classes expected an array of names, got ${show(classes)}`,
    );
  checkEncoding("prepareImages", pixelEncoding(1, classes));
  checkLabels("prepareImages", y, images.shape[0], classes.length);
  return prepare({ standardize: "common", ...options }, y, (rows) => {
    const train = imagesToMatrix(images, { divideBy: 1, rows: rows.train });
    return {
      rows,
      encoding: pixelEncoding(train.cols, classes),
      X: (part) =>
        part === "train" ? train : imagesToMatrix(images, { divideBy: 1, rows: rows[part] }),
    };
  });
}

/** The columns pixel_0, pixel_1, … of images of D values. */
function pixelEncoding(D: number, labels: readonly ClassName[]): Encoding {
  return {
    features: Array.from({ length: D }, (_, j) => ({ column: `pixel_${j}`, mean: 0 })),
    label: "label",
    classes: [...labels],
    missing: "error",
  };
}

function prepare(
  options: NetOptions,
  y: Int32Array,
  encode: (parts: SplitRows) => {
    encoding: Encoding;
    rows: SplitRows;
    X: (part: "train" | "validation") => Matrix;
  },
): Prepared {
  const {
    hiddenSize = 100,
    validation = 0.2,
    standardize: scaling = "columns",
    random = new Random(),
    std,
  } = options;
  checkChoice("prepare", "standardize", scaling, SCALINGS);
  const parts = splitRows(y, { validation, random });
  const { encoding, rows, X } = encode(parts);
  const labelsOf = (part: Int32Array): Int32Array => part.map((i) => y[i]);
  const train = X("train");
  const statistics = scale(train, scaling);
  const net = TwoLayerNet.create(
    { inputSize: train.cols, hiddenSize, outputSize: encoding.classes.length },
    { random, std },
  );
  return {
    classifier: new Classifier({ net, encoding, ...statistics }),
    data: { X: standardize(train, statistics, train), y: labelsOf(parts.train) },
    validation:
      parts.validation.length === 0
        ? undefined
        : { X: standardize(X("validation"), statistics), y: labelsOf(parts.validation) },
    rows,
  };
}

function scale(X: Matrix, scaling: StandardizeMode): ColumnStatistics {
  if (scaling === "none") return { mean: new Matrix(1, X.cols), std: Matrix.filled(1, X.cols, 1) };
  const { mean, std } = columnStatistics(X);
  mean.map((value) => value + 0, mean); // −0 would not survive JSON
  if (scaling === "columns") return { mean, std };
  // A constant column's std is 1 by definition; it does not vary, so it has no part in the common
  // one.
  const varying = std.data.filter((_, j) => !isConstant(X, j));
  const variance = varying.reduce((sum, value) => sum + value * value, 0) / X.cols;
  return { mean, std: Matrix.filled(1, X.cols, Math.sqrt(variance) || 1) };
}

function isConstant(X: Matrix, j: number): boolean {
  for (let i = 1; i < X.rows; i++) if (X.data[i * X.cols + j] !== X.data[j]) return false;
  return true;
}
