// The rows of a source whose labels are known, and what a classifier predicts for them.

import { show } from "../base/checks.ts";
import { encodeTable } from "../data/encode.ts";
import { imagesToMatrix } from "../data/images.ts";
import { listClasses } from "../data/labels.ts";
import { standardize } from "../data/standardize.ts";
import type { Matrix } from "../matrix/matrix.ts";
import type { Classifier } from "../model/classifier.ts";
import { softmaxInPlace } from "../net/softmax-loss.ts";
import { FileError } from "./files.ts";
import { checkImageSize, type Source } from "./source.ts";

/** Inputs (N, D) before they are standardized, labels (N), and each row's number in the source. */
export type LabeledRows = { X: Matrix; y: Int32Array; rows: Int32Array };

/**
 * Encodes the rows of the source that have a label. Throws a FormatError or FileError for data that
 * the classifier cannot take, no rows among them.
 */
export function labeledRows(classifier: Classifier, source: Source): LabeledRows {
  if (source.kind === "table") return encodeTable(source.table, classifier.encoding);
  const { images, name } = source;
  const y = source.y!;
  if (y.length === 0) throw new FileError(`${name}: expected at least one image, got none`);
  const X = imagesToMatrix(images, { divideBy: 1 });
  checkImageSize(classifier, X.cols, name);
  return { X, y: modelLabels(classifier, source, y), rows: y.map((_, i) => i) };
}

/** The labels of images as the model counts its classes. Throws a FileError for an unknown one. */
function modelLabels(
  { classes }: Classifier,
  { name, classes: names, byName }: Extract<Source, { kind: "images" }>,
  y: Int32Array,
): Int32Array {
  const known = new Map(classes.map((name, label) => [String(name), label]));
  const isKnown = (label: number): boolean =>
    byName ? known.has(String(names[label])) : label < classes.length;
  const wrong = y.findIndex((label) => !isKnown(label));
  if (wrong >= 0) {
    const expected = byName
      ? `a label of ${listClasses(classes)}, as the model has`
      : `labels in 0..${classes.length - 1}, as the model has`;
    const got = byName ? show(names[y[wrong]]) : y[wrong];
    throw new FileError(`${name}: expected ${expected}, got ${got} for image ${wrong}`);
  }
  return byName ? y.map((label) => known.get(String(names[label]))!) : y;
}

/** The label and the probabilities of each row of X, from one forward pass; X is left unchanged. */
export function predictRows(
  { net }: Classifier,
  X: Matrix,
): { labels: Int32Array; probabilities: Matrix } {
  const { scores } = net.forward(X);
  // from the scores: probabilities that are rounded to the same number may differ in their scores
  const labels = scores.rowArgmax();
  softmaxInPlace(scores);
  return { labels, probabilities: scores };
}

/** True and predicted labels of the source's rows. Throws as labeledRows does. */
export function predictSource(
  classifier: Classifier,
  source: Source,
): { actual: Int32Array; predicted: Int32Array } {
  const { X, y } = labeledRows(classifier, source);
  return { actual: y, predicted: classifier.net.predict(standardize(X, classifier, X)) };
}
