// The errors a user may want to catch by class. All messages read `where: expected …, got …`.
// Wrong types are TypeError and wrong values RangeError, as everywhere in JavaScript.

/**
 * A TypeError about an argument: what every function of the library throws for a value of the wrong
 * type. A bug in the library throws a plain TypeError, so the two can be told apart.
 */
export class ArgumentTypeError extends TypeError {
  /** @internal */
  get isArgumentError(): true {
    return true;
  }
}

/** A RangeError about an argument: a value of the right type that is out of range. */
export class ArgumentRangeError extends RangeError {
  /** @internal */
  get isArgumentError(): true {
    return true;
  }
}

/**
 * Whether the error reports a wrong argument, which the caller can put right. The classes may be
 * those of another copy of the package, so it asks for the property that they have.
 */
export function isArgumentError(error: unknown): error is TypeError | RangeError {
  return (
    error instanceof Error &&
    (error as { isArgumentError?: true | undefined }).isArgumentError === true
  );
}

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
export class ShapeError extends ArgumentRangeError {
  override name = "ShapeError";
}

/** Where an input violates its format. */
export type FormatPlace = {
  /** What the message names as the input: a file's name. Default: the format's name. */
  source?: string | undefined;
  /** The line, counted from 1. */
  line?: number | undefined;
  /** The cell within the line, counted from 1. */
  column?: number | undefined;
  /** In bytes, or in UTF-16 units for text formats. */
  offset?: number | undefined;
};

/**
 * Bytes or text violate the format they are read as. Thrown by every `parse` function; the message
 * is `source:line:column: reason` for text and `format: reason (byte offset)` for binary formats.
 * @example
 * try {
 *   parseCsv("a,b\n1,2\n3\n", { name: "data.csv" });
 * } catch (error) {
 *   const { line, column, reason } = error as FormatError;
 *   console.log(line, column, reason); // 3 2 expected 2 cells as in the first line, got 1
 * }
 */
export class FormatError extends Error {
  override name = "FormatError";
  /** The format's name: "csv", "idx", "npy", … */
  readonly format: string;
  /** What the message names as the input: a file's name, or the format. */
  readonly source: string;
  /** What was expected and what is there, without the place. */
  readonly reason: string;
  /** The line of a text format, counted from 1. */
  readonly line?: number;
  /** The cell within the line, counted from 1. */
  readonly column?: number;
  /**
   * Where in the input, in bytes (in UTF-16 units for text formats); 0 for the input as a whole.
   */
  readonly offset: number;
  declare private readonly place: FormatPlace;

  constructor(format: string, reason: string, place: FormatPlace = {}) {
    const { source = format, line, column, offset } = place;
    const lineAndColumn = [line, column].filter((part) => part !== undefined);
    const byte = offset === undefined || column !== undefined ? "" : ` (byte ${offset})`;
    super(`${[source, ...lineAndColumn].join(":")}: ${reason}${byte}`);
    this.format = format;
    this.source = source;
    this.reason = reason;
    this.line = line;
    this.column = column;
    this.offset = offset ?? 0;
    Object.defineProperty(this, "place", { value: place }); // not shown with the error
  }

  /**
   * The same error with `path` before the message, for an input that came from that file.
   * @example
   * const error = new FormatError("npy", "expected the magic bytes", { offset: 0 });
   * console.log(error.inFile("x.npy").message); // x.npy: npy: expected the magic bytes (byte 0)
   */
  inFile(path: string): FormatError {
    const source = `${path}: ${this.source}`;
    return new FormatError(this.format, this.reason, { ...this.place, source });
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

/** The message of whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * What `make` returns. An error about an argument becomes a FormatError: where a file is read, the
 * arguments come from it. `where: ` before its message is left out where that is the format.
 */
export function asFormatError<T>(format: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!isArgumentError(error)) throw error;
    throw new FormatError(format, error.message.replace(`${format}: `, ""));
  }
}
