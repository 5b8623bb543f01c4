// The errors a user may want to catch by class. All messages read `where: expected …, got …`.
// Wrong types are TypeError and wrong values RangeError, as everywhere in JavaScript.

/** Two shapes do not fit together; the message shows both, as in `matmul: inner sizes differ, (3×4)·(5×2)`. */
export class ShapeError extends RangeError {
  override name = "ShapeError";
}

/** Bytes or text are not in the format they claim to be in. */
export class FormatError extends Error {
  override name = "FormatError";
  /** The format's name: "csv", "idx", "npy", … */
  readonly format: string;
  /** Where in the input the trouble was seen, in bytes (in UTF-16 units for text formats; line and column are in the message). */
  readonly offset: number;
  constructor(format: string, message: string, offset: number) {
    super(message);
    this.format = format;
    this.offset = offset;
  }
}

/** Training produced a loss or gradient that is not finite; the parameters are those before that step. */
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
