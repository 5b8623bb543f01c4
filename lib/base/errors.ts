// The errors a user may want to catch by class. All messages read `where: expected …, got …`.
// Wrong types are TypeError and wrong values RangeError, as everywhere in JavaScript.

/**
 * Two shapes do not fit together; the message shows both. Thrown before anything is changed; it is
 * a RangeError too.
 * @example
 * try {
 *   new Matrix(3, 4).matmul(new Matrix(5, 2));
 * } catch (error) {
 *   console.log(`${error}`); // ShapeError: matmul: inner sizes differ, (3×4)·(5×2)
 * }
 */
export class ShapeError extends RangeError {
  override name = "ShapeError";
}

/**
 * Bytes or text are not in the format they claim to be in. Thrown by every `parse` function; the
 * message says what was expected, what is there and where.
 * @example
 * try {
 *   parseCsv("a,b\n1,2\n3\n", { name: "data.csv" });
 * } catch (error) {
 *   console.log(`${error}`); // FormatError: data.csv:3:2: expected 2 cells as in the first line, got 1
 * }
 */
export class FormatError extends Error {
  override name = "FormatError";
  /** The format's name: "csv", "idx", "npy", … */
  readonly format: string;
  /**
   * Where in the input the trouble was seen, in bytes (in UTF-16 units for text formats; line and
   * column are in the message).
   */
  readonly offset: number;
  constructor(format: string, message: string, offset: number) {
    super(message);
    this.format = format;
    this.offset = offset;
  }
}

/**
 * Training produced a loss or gradient that is not finite. Thrown by `Trainer.step` and `train`;
 * the net's parameters are those before that step.
 * @example
 * const { X, y, params } = toyData();
 * try {
 *   train(new TwoLayerNet(params), { X, y }, { learningRate: 1e200 });
 * } catch (error) {
 *   console.log((error as DivergenceError).iteration); // 1
 * }
 */
export class DivergenceError extends Error {
  override name = "DivergenceError";
  /** 0-based number of the minibatch. */
  readonly iteration: number;
  /** The loss of that minibatch: NaN, infinite, or finite when only a gradient was not. */
  readonly loss: number;
  constructor(message: string, iteration: number, loss: number) {
    super(message);
    this.iteration = iteration;
    this.loss = loss;
  }
}
