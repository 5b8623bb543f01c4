// A net together with what it takes to use it on the user's own rows: which columns, how they are
// encoded and standardized, and what the classes are called.

import type { NewInt32Array } from "../base/arrays.ts";
import { checkOptions, show } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { accuracyOf } from "../base/metrics.ts";
import type { Table } from "../base/table.ts";
import {
  type CellCounts,
  type EncodedFeatures,
  encodeFeatures,
  encodeTable,
} from "../data/encode.ts";
import { checkEncoding, type Encoding, featureNames } from "../data/encoding.ts";
import type { ClassName } from "../data/labels.ts";
import { type TableRow, tableFromRecords } from "../data/records.ts";
import { type ColumnStatistics, checkStatistics, standardize } from "../data/standardize.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkShape } from "../matrix/shape.ts";
import { softmaxInPlace } from "../net/softmax-loss.ts";
import type { TwoLayerNet } from "../net/two-layer-net.ts";

/** Rows as objects, column name to value, or as a table such as parseCsv's. */
export type Rows = readonly TableRow[] | Table;

/** What a Classifier is made of. */
export type ClassifierParts = ColumnStatistics & { net: TwoLayerNet; encoding: Encoding };

/**
 * A net with what it takes to use it on the user's own rows: which columns, how they are encoded
 * and standardized, what the classes are called. `prepareTable` and `prepareImages` make one to be
 * trained, `parseModel` reads one.
 * @example
 * const fruit = parseCsv("weight,color,kind\n3,red,plum\n4,blue,plum\n8,green,pear\n9,red,pear\n");
 * const { classifier, data } = prepareTable(fruit, { label: "kind", validation: 0 });
 * train(classifier.net, data, recommendedOptions(data.X.rows));
 * console.log(classifier.predict([{ color: "red", weight: 8.5 }]).join()); // pear
 */
export class Classifier {
  readonly net: TwoLayerNet;
  readonly encoding: Encoding;
  /** What is subtracted from, then divided into, each column of X. Both (1, D). */
  readonly mean: Matrix;
  readonly std: Matrix;

  /**
   * Throws TypeError, RangeError or ShapeError unless the parts fit together: D columns and C
   * labels as the net has.
   */
  constructor(parts: ClassifierParts) {
    checkOptions("Classifier", parts, ["net", "encoding", "mean", "std"]);
    const { net, encoding, mean, std } = parts;
    if (typeof net?.predictProba !== "function")
      throw new ArgumentTypeError(`Classifier: net expected a TwoLayerNet, got ${show(net)}`);
    checkEncoding("Classifier", encoding);
    const D = featureNames(encoding).length;
    const C = encoding.classes.length;
    checkShape(
      D === net.inputSize && C === net.outputSize,
      () =>
        `Classifier: expected a net of ${D} inputs and ${C} classes for the encoding, ` +
        `got one of ${net.inputSize} and ${net.outputSize}`,
    );
    checkStatistics("Classifier", { rows: 1, cols: D }, { mean, std });
    this.net = net;
    this.encoding = encoding;
    this.mean = mean;
    this.std = std;
  }

  /**
   * The names of the C classes.
   * @example
   * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
   * const { classifier } = prepareTable(fruit, { label: "kind" });
   * console.log(classifier.classes.join()); // pear,plum
   */
  get classes(): readonly ClassName[] {
    return this.encoding.classes;
  }

  /**
   * The names of the columns that rows must have, in any order.
   * @example
   * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
   * const { classifier } = prepareTable(fruit, { label: "kind" });
   * console.log(classifier.columns.join()); // weight
   */
  get columns(): string[] {
    return this.encoding.features.map(({ column }) => column);
  }

  /**
   * Returns the class of each row, in their order; no rows give none. The columns of the rows may
   * be in any order, and other columns are ignored. Throws an error that names the columns that are
   * missing, or the cell that cannot be read; a missing cell is one unless the classifier was
   * trained with `missing: "mean"`.
   * @example
   * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
   * const { classifier, data } = prepareTable(fruit, { label: "kind", validation: 0 });
   * train(classifier.net, data, recommendedOptions(data.X.rows));
   * console.log(classifier.predict([{ weight: 8.5 }, { weight: 3 }]).join()); // pear,plum
   */
  predict(rows: Rows): ClassName[] {
    return this.labelsOf(this.inputs(rows));
  }

  /**
   * Returns the probability of each class for each row, columns in the order of `classes`. (N, C)
   * Throws as `predict`.
   * @example
   * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
   * const { classifier, data } = prepareTable(fruit, { label: "kind", validation: 0 });
   * train(classifier.net, data, recommendedOptions(data.X.rows));
   * console.log(classifier.predictProba([{ weight: 9 }]).get(0, 0) > 0.9); // true
   */
  predictProba(rows: Rows): Matrix {
    return this.net.predictProba(this.inputs(rows));
  }

  /**
   * Returns the true and the predicted class of each row that has both, and the share that agree.
   * Rows without a label are left out, and so are those with missing cells when the classifier was
   * trained with `missing: "drop"`; `rows` says which ones remain, `cells` how many cells of each
   * column were missing, not a number or not a known category.
   * @example
   * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
   * const { classifier, data } = prepareTable(fruit, { label: "kind", validation: 0 });
   * train(classifier.net, data, recommendedOptions(data.X.rows));
   * console.log(classifier.evaluate(fruit).accuracy); // 1
   */
  evaluate(rows: Rows): {
    actual: NewInt32Array;
    predicted: NewInt32Array;
    accuracy: number;
    rows: NewInt32Array;
    cells: CellCounts[];
  } {
    const { X, y, rows: kept, cells } = encodeTable(tableOf("Classifier", rows), this.encoding);
    const predicted = this.net.predict(standardize(X, this, X));
    return { actual: y, predicted, accuracy: accuracyOf(y, predicted), rows: kept, cells };
  }

  /**
   * Returns X as the net takes it (N, D), without the rows that the classifier drops; `rows` says
   * which ones X has, `cells` how many cells of each column were missing, not a number or not a
   * known category.
   * @example
   * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
   * const { classifier } = prepareTable(fruit, { label: "kind" });
   * const { X, cells } = classifier.encode([{ weight: 5 }, { weight: "" }]);
   * console.log(X.rows, cells[0].column, cells[0].missing); // 2 weight 1
   */
  encode(rows: Rows): EncodedFeatures {
    const encoded = encodeFeatures(tableOf("Classifier", rows), this.encoding);
    return { ...encoded, X: standardize(encoded.X, this, encoded.X) };
  }

  /**
   * Returns X as the net takes it: encoded and standardized. (N, D) Throws as `predict`.
   * @example
   * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
   * const { classifier, data } = prepareTable(fruit, { label: "kind", validation: 0 });
   * console.log(classifier.inputs(fruit).equals(data.X)); // true
   */
  inputs(rows: Rows): Matrix {
    if (Array.isArray(rows) && rows.length === 0) return new Matrix(0, this.net.inputSize);
    // a row that is asked about cannot be dropped
    const missing = this.encoding.missing === "mean" ? "mean" : "error";
    const { X } = encodeFeatures(tableOf("Classifier", rows), { ...this.encoding, missing });
    return standardize(X, this, X);
  }

  /**
   * Returns the class of each row of X (N, D), which is encoded and standardized.
   * @example
   * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
   * const { classifier, data } = prepareTable(fruit, { label: "kind", validation: 0 });
   * train(classifier.net, data, recommendedOptions(data.X.rows));
   * console.log(classifier.labelsOf(data.X).join()); // plum,plum,pear,pear
   */
  labelsOf(X: Matrix): ClassName[] {
    return Array.from(this.net.predict(X), (label) => this.classes[label]);
  }
}

/** `rows` as a table. */
export function tableOf(where: string, rows: Rows): Table {
  if (typeof rows !== "object" || rows === null)
    throw new ArgumentTypeError(
      `${where}: rows expected an array of objects or a table, got ${show(rows)}`,
    );
  return "rowCount" in rows ? rows : tableFromRecords(rows);
}

/** The label and the probabilities of each row of X, from one forward pass; X is left unchanged. */
export function predictRows(
  { net }: Pick<Classifier, "net">,
  X: Matrix,
): { labels: Int32Array; probabilities: Matrix } {
  const { scores } = net.forward(X);
  // from the scores: probabilities that are rounded to the same number may differ in their scores
  const labels = scores.rowArgmax();
  softmaxInPlace(scores);
  return { labels, probabilities: scores };
}
