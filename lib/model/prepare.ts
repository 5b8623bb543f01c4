// From a table or images to everything a training needs: the rows held back, the encoding, the
// standardization, the net. What is learnt from data (means, shares, deviations) is learnt from the
// training rows alone.

import type { NewInt32Array } from "../base/arrays.ts";
import { checkChoice, checkOptions } from "../base/checks.ts";
import { Random } from "../base/random.ts";
import type { Table } from "../base/table.ts";
import { encodeTable } from "../data/encode.ts";
import { checkEncoding, type Encoding } from "../data/encoding.ts";
import {
  type EncodingOptions,
  fitFeatures,
  refuseProblems,
  type TableAnalysis,
} from "../data/fit.ts";
import { checkImages, type ImageArray, imagesToMatrix } from "../data/images.ts";
import type { ClassName } from "../data/labels.ts";
import { type Part, type SplitRows, splitRows } from "../data/split.ts";
import { type ColumnStatistics, columnStatistics, standardize } from "../data/standardize.ts";
import { checkLabels } from "../matrix/dataset.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkShape } from "../matrix/shape.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { completeOptions } from "../training/complete-options.ts";
import { recommendedValidation } from "../training/defaults.ts";
import type { TrainOptions } from "../training/train-options.ts";
import { analyzeForTraining, type Divide, elementsAt, labeledRowsOf } from "./analyze.ts";
import { Classifier, type Rows, tableOf } from "./classifier.ts";

/** What to learn and from which columns, and the net to learn it with. */
export type PrepareOptions = Omit<EncodingOptions, "rows"> & NetOptions;

/** The net, its start, and which rows are held back from its training. */
export type NetOptions = {
  /** Hidden units; default 100. */
  hiddenSize?: number | undefined;
  /**
   * Share of the rows held back for validation, each class in this share; 0 for none. Default 0.2,
   * beyond 2000 rows 400 rows, but at least 0.1.
   */
  validation?: number | undefined;
  /** Share of the rows held out as a test set, which no mean or weight depends on; default 0. */
  test?: number | undefined;
  /**
   * "columns" (default): mean 0 and std 1 for each column; "common": mean 0 and one std for all, as
   * images want it; "none".
   */
  standardize?: StandardizeMode | undefined;
  /**
   * Of the split, then of the weights; default `new Random()`, seed 0. Pass it on to `train` for
   * its batches.
   */
  random?: Random | undefined;
  /** How weights start; default "he". */
  std?: number | "he" | undefined;
  /**
   * "balanced": each class counts as much as any other in the loss, however many rows it has;
   * default "equal": each row counts as much as any other.
   */
  classWeights?: ClassWeights | undefined;
};

/** How much the rows of a class count in the loss. */
export type ClassWeights = "equal" | "balanced";
export const CLASS_WEIGHTS: readonly ClassWeights[] = ["equal", "balanced"];

/** How inputs are standardized before they reach the net. */
export type StandardizeMode = "columns" | "common" | "none";
export const SCALINGS: readonly StandardizeMode[] = ["columns", "common", "none"];

/**
 * What to hand to `train`: `classifier.net` is untrained. `validation` and `test` are undefined
 * when no rows are held back for them. `rows` says which rows of the source are in which part.
 */
export type Prepared = {
  classifier: Classifier;
  data: { X: Matrix; y: NewInt32Array; sampleWeights?: Float64Array | undefined };
  validation: Part | undefined;
  test: Part | undefined;
  rows: SplitRows;
  /**
   * Options of `train` that suit these rows: recommendedOptions, the validation rows, on which the
   * probabilities are calibrated, and the generator to go on with.
   */
  options: TrainOptions;
};

const NET_OPTIONS = [
  "hiddenSize",
  "validation",
  "test",
  "standardize",
  "random",
  "std",
  "classWeights",
];
const TABLE_OPTIONS = ["label", "features", "ignore", "categorical", "numeric", "missing", "na"];
export const PREPARE_OPTIONS: readonly string[] = [...TABLE_OPTIONS, ...NET_OPTIONS];

/**
 * An untrained classifier for the rows of a table, or for an array of objects, and these rows as it
 * takes them. Each column is decided by all its cells: see `classifier.encoding.decisions`. Throws
 * as fitEncoding and encodeTable do, and for a label with only one value.
 * @example
 * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
 * const prepared = prepareTable(fruit, { label: "kind", validation: 0.5 });
 * const { classifier, data, validation, options } = prepared;
 * train(classifier.net, data, options);
 * console.log(data.X.rows, validation?.X.rows, classifier.classes.join()); // 2 2 pear,plum
 */
export function prepareTable(rows: Rows, options: PrepareOptions): Prepared {
  const { net, encoding } = separateOptions("prepareTable", options);
  const table = tableOf("prepareTable", rows);
  const { analysis, divide, random } = analyzeForTraining("prepareTable", table, encoding, net);
  refuseProblems(table, analysis);
  return prepareAnalyzed(table, analysis, { ...net, random }, divide);
}

/** The options about the net and those about the columns. */
export function separateOptions(
  where: string,
  options: PrepareOptions,
): { net: NetOptions; encoding: EncodingOptions } {
  checkOptions(where, options, PREPARE_OPTIONS);
  const entries = Object.entries(options);
  const pick = (names: readonly string[]): object =>
    Object.fromEntries(entries.filter(([name]) => names.includes(name)));
  return { net: pick(NET_OPTIONS), encoding: pick(TABLE_OPTIONS) as EncodingOptions };
}

/** The same with columns that have been analyzed already, and rows that `divide` divides. */
export function prepareAnalyzed(
  table: Table,
  analysis: TableAnalysis,
  options: NetOptions,
  divide?: Divide,
): Prepared {
  if (analysis.classes.length < 2) {
    const left = analysis.decisions.find(({ kind }) => kind === "label");
    const message = `expected at least two different labels in "${analysis.label}", got one`;
    throw table.error(left === undefined ? message : `${message}; ${left.done}`);
  }
  // Means are the only numbers that depend on the training rows, and only "mean" uses them: with
  // "drop" the rows have to be encoded first, to know which ones there are.
  const whole =
    analysis.missing === "mean" ? undefined : encodeTable(table, fitFeatures(table, analysis));
  const { y, rows: used } = whole ?? labeledRowsOf(table, analysis);
  return prepare({ ...options, divide }, y, (parts) => {
    const rows = {
      train: elementsAt(used, parts.train),
      validation: elementsAt(used, parts.validation),
      test: elementsAt(used, parts.test),
    };
    const encoding = fitFeatures(table, analysis, rows.train);
    const { X } = whole ?? encodeTable(table, encoding);
    return { encoding, rows, X: (part) => X.takeRows(parts[part]) };
  });
}

/**
 * The same for images (N, …) of bytes or other numbers; columns are called pixel_0, pixel_1, …, and
 * `standardize` is "common" by default. Throws ShapeError unless there is a label for each image,
 * RangeError for one without a name, and as imagesToMatrix and splitRows do.
 * @example
 * const images = { shape: [4, 1, 2], data: Uint8Array.of(0, 255, 10, 200, 250, 3, 255, 0) };
 * const { classifier, data } = prepareImages(images, Int32Array.of(0, 0, 1, 1), ["dark", "light"]);
 * console.log(data.X.rows, data.X.cols, classifier.columns.join()); // 3 2 pixel_0,pixel_1
 */
export function prepareImages(
  images: ImageArray,
  y: Int32Array,
  classes: readonly ClassName[],
  options: NetOptions = {},
): Prepared {
  const where = "prepareImages";
  checkOptions(where, options, NET_OPTIONS);
  const [N, D] = checkImages(where, images);
  // before the columns are made: a file of no images may claim any number of pixels
  checkShape(N > 0, () => `${where}: expected at least one image, got none`);
  const encoding = checkEncoding(where, {
    features: Array.from({ length: D }, (_, j) => ({ column: `pixel_${j}`, mean: 0 })),
    label: "label",
    classes,
    missing: "error",
  });
  checkLabels(where, y, N, classes.length);
  const { standardize = "common" } = options;
  return prepare({ ...options, standardize }, y, (rows) => ({
    rows,
    encoding: { ...encoding, classes: [...classes] },
    X: (part) => imagesToMatrix(images, { divideBy: 1, rows: rows[part] }),
  }));
}

function prepare(
  options: NetOptions & { divide?: Divide | undefined },
  y: Int32Array,
  encode: (parts: SplitRows) => {
    encoding: Encoding;
    rows: SplitRows;
    X: (part: keyof SplitRows) => Matrix;
  },
): Prepared {
  const { hiddenSize = 100, test = 0, std, random = new Random(), divide } = options;
  const { validation = recommendedValidation(y.length) } = options;
  const { standardize: scaling = "columns", classWeights = "equal" } = options;
  checkChoice("prepare", "standardize", scaling, SCALINGS);
  checkChoice("prepare", "classWeights", classWeights, CLASS_WEIGHTS);
  const parts = divide?.(y) ?? splitRows(y, { validation, test, random });
  const { encoding, rows, X } = encode(parts);
  const outputSize = encoding.classes.length;
  const train = X("train");
  const statistics = scale(train, scaling);
  const sizes = { inputSize: train.cols, hiddenSize, outputSize };
  const net = TwoLayerNet.create(sizes, { random, std });
  const heldBack = (part: "validation" | "test"): Part | undefined =>
    parts[part].length === 0
      ? undefined
      : { X: standardize(X(part), statistics), y: elementsAt(y, parts[part]) };
  const weighted = (data: Part): Part & { sampleWeights?: Float64Array } =>
    classWeights === "equal" ? data : { ...data, sampleWeights: balance(data.y, outputSize) };
  const held = heldBack("validation");
  return {
    classifier: new Classifier({ net, encoding, ...statistics }),
    data: weighted({ X: standardize(train, statistics, train), y: elementsAt(y, parts.train) }),
    validation: held,
    test: heldBack("test"),
    rows,
    options: { ...completeOptions(train.rows, {}, held && weighted(held)), random },
  };
}

/** Weights of the rows that make each class count as much as any other. */
function balance(y: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const label of y) counts[label]++;
  const present = counts.filter((count) => count > 0).length;
  return Float64Array.from(y, (label) => y.length / (present * counts[label]));
}

function scale(X: Matrix, scaling: StandardizeMode): ColumnStatistics {
  if (scaling === "none") return { mean: new Matrix(1, X.cols), std: Matrix.filled(1, X.cols, 1) };
  const { mean, std } = columnStatistics(X);
  mean.map((value) => value + 0, mean); // −0 would not survive JSON
  if (scaling === "columns") return { mean, std };
  // A constant column's std is 1 by definition; it has no part in the common one.
  const varying = std.data.filter((_, j) => !isConstant(X, j));
  const variance = varying.reduce((sum, value) => sum + value * value, 0) / X.cols;
  return { mean, std: Matrix.filled(1, X.cols, Math.sqrt(variance) || 1) };
}

function isConstant(X: Matrix, j: number): boolean {
  for (let i = 1; i < X.rows; i++) if (X.data[i * X.cols + j] !== X.data[j]) return false;
  return true;
}
