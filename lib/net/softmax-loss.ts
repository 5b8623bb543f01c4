// The loss of a classifier and where it pushes the scores: softmax followed by cross-entropy.

import { softmax as softmaxKernel, softmaxLoss as softmaxLossKernel } from "../kernels/softmax.ts";
import { checkLabels, type Labels } from "../matrix/dataset.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkHas, checkMatrix } from "../matrix/shape.ts";

/**
 * The mean over N rows of −log softmax(scores)[y], computed as log Σ exp(scores) − scores[y] with
 * the row's maximum taken out, so that it is finite and exact to rounding for every finite score.
 * Also returns its gradient dscores = (probabilities − one-hot(y)) / N and the probabilities, both
 * (N, C). Throws a ShapeError for no rows, no columns or a wrong number of labels, a RangeError for
 * a label outside 0..C−1.
 * @example
 * const { loss, dscores, probabilities } = softmaxLoss(Matrix.fromRows([[1000, 1000]]), [0]);
 * console.log(loss === Math.LN2); // true
 * console.log(probabilities.row(0).join(), dscores.row(0).join()); // 0.5,0.5 -0.5,0.5
 */
export function softmaxLoss(
  scores: Matrix,
  y: Labels,
): { loss: number; dscores: Matrix; probabilities: Matrix } {
  checkMatrix("softmaxLoss", "scores", scores);
  checkHas("softmaxLoss", "row", scores);
  checkHas("softmaxLoss", "column", scores);
  const labels = checkLabels("softmaxLoss", y, scores.rows, scores.cols);
  const dscores = new Matrix(scores.rows, scores.cols);
  const probabilities = new Matrix(scores.rows, scores.cols);
  const loss = softmaxLossKernel(
    scores.rows,
    scores.cols,
    scores.data,
    labels,
    probabilities.data,
    dscores.data,
  );
  return { loss, dscores, probabilities };
}

/** softmax(scores) row by row, in place. (N, C) with C >= 1 */
export function softmaxInPlace(scores: Matrix): void {
  softmaxKernel(scores.rows, scores.cols, scores.data, scores.data);
}
