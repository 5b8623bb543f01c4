// The rows of a source whose labels are known, and what a classifier predicts for them.

import { encodeTable } from "../data/encode.ts";
import { imagesToMatrix } from "../data/images.ts";
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
  const classes = classifier.classes.length;
  const wrong = y.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new FileError(
      `${name}: expected labels in 0..${classes - 1}, as the model has, ` +
        `got ${y[wrong]} for image ${wrong}`,
    );
  }
  return { X, y, rows: y.map((_, i) => i) };
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
