// The exercise's toy problem: five samples of four inputs in three classes, and a net of ten hidden
// units to go with them, all from the generator's seed 0 (EECS 498-007, assignment 2,
// `get_toy_data`).

import type { NewInt32Array } from "../base/arrays.ts";
import { checkChoice } from "../base/checks.ts";
import { Random } from "../base/random.ts";
import { Matrix } from "../matrix/matrix.ts";

const N = 5;
const D = 4;
const H = 10;
const C = 3;

/**
 * The exercise's toy data: X (5, 4), y (5), and the parameters W1 (4, 10), b1 (1, 10), W2 (10, 3),
 * b2 (1, 3). The weights are 1e-4 times normal, X is 10 times normal, in that order from seed 0;
 * "float32" (default) rounds every step as the exercise's GPU does and gives its published numbers.
 * Training on it goes on from the stream at offset 12. Throws a RangeError or TypeError for another
 * precision.
 * @example
 * const { X, y, params } = toyData();
 * const { loss } = new TwoLayerNet(params).loss(X, y, { reg: 0.05 });
 * console.log(Math.fround(loss)); // 1.0986121892929077
 */
export function toyData(precision: "float32" | "float64" = "float32"): {
  X: Matrix;
  y: NewInt32Array;
  params: { W1: Matrix; b1: Matrix; W2: Matrix; b2: Matrix };
} {
  checkChoice("toyData", "precision", precision, ["float32", "float64"]);
  const round = precision === "float32" ? Math.fround : (value: number): number => value;
  const random = new Random(0);
  const normal = (rows: number, cols: number, std: number): Matrix =>
    new Matrix(
      rows,
      cols,
      random.normal(rows * cols, { precision }).map((value) => round(round(std) * value)),
    );
  const W1 = normal(D, H, 1e-4);
  const W2 = normal(H, C, 1e-4);
  const X = normal(N, D, 10);
  return {
    X,
    y: Int32Array.of(0, 1, 2, 2, 1),
    params: { W1, b1: new Matrix(1, H), W2, b2: new Matrix(1, C) },
  };
}
