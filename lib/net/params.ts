// The four parameters of a two-layer net: their order, their shapes, how they start.

import { checkFinite, checkInteger, checkOptions, wrongType } from "../base/checks.ts";
import { checkRandom, Random } from "../base/random.ts";
import { matrixFromJson } from "../matrix/json.ts";
import { Matrix } from "../matrix/matrix.ts";
import { checkMatrix, checkShape, shapeOf } from "../matrix/shape.ts";

/** W1 (D, H), b1 (1, H), W2 (H, C), b2 (1, C). Gradients have the same names and shapes. */
export type Params = { W1: Matrix; b1: Matrix; W2: Matrix; b2: Matrix };

/** D, H and C. */
export type Sizes = { inputSize: number; hiddenSize: number; outputSize: number };

/** How weights start: the standard deviation of both W, or "he". */
export type InitOptions = { random?: Random | undefined; std?: number | "he" | undefined };

/** The order in which parameters are drawn, saved and listed. */
export const PARAM_NAMES = ["W1", "b1", "W2", "b2"] as const;

/**
 * Throws unless the four are matrices of at least one input, hidden unit and class whose shapes
 * agree.
 */
export function checkParams(where: string, params: Params): void {
  checkIsParams(where, "params", params);
  for (const name of PARAM_NAMES) checkMatrix(where, name, params[name]);
  const { W1, b1, W2, b2 } = params;
  const D = W1.rows;
  const H = W1.cols;
  const C = W2.cols;
  const fits = b1.rows === 1 && b1.cols === H && W2.rows === H && b2.rows === 1 && b2.cols === C;
  checkShape(
    fits && D > 0 && H > 0 && C > 0,
    () =>
      `${where}: expected W1 D×H, b1 1×H, W2 H×C, b2 1×C with D, H, C >= 1, got ` +
      `${PARAM_NAMES.map((name) => shapeOf(params[name])).join(", ")}`,
  );
}

/** Throws a TypeError unless `value` is an object, as the four are. */
export function checkIsParams(
  where: string,
  name: string,
  value: unknown,
): asserts value is Params {
  if (typeof value !== "object" || value === null)
    throw wrongType(where, name, "{ W1, b1, W2, b2 }", value);
}

/** Parameters whose matrices may be plain objects, as JSON and structuredClone give them. */
export function reviveParams(where: string, value: unknown): Params {
  checkIsParams(where, "params", value);
  return mapParams(value, (param, name) => reviveMatrix(`${where}: ${name}`, param));
}

function reviveMatrix(where: string, value: unknown): Matrix {
  if (value instanceof Matrix) return value;
  const { rows, cols, data } = matrixFromJson(where, value);
  return new Matrix(rows, cols, data);
}

/** Throws a TypeError or RangeError unless the three sizes are integers >= 1. */
export function checkNetSizes(where: string, sizes: Sizes): void {
  if (typeof sizes !== "object" || sizes === null) {
    throw wrongType(where, "sizes", "{ inputSize, hiddenSize, outputSize }", sizes);
  }
  const names = ["inputSize", "hiddenSize", "outputSize"] as const;
  checkOptions(where, sizes, names);
  for (const name of names) checkInteger(where, name, sizes[name], 1);
}

/**
 * Fresh parameters: normal weights, W1 drawn before W2, and zero biases.
 * `std: "he"` is √(2/D) and √(2/H) (He, Zhang, Ren, Sun, "Delving deep into rectifiers", 2015).
 */
export function createParams(where: string, sizes: Sizes, options: InitOptions): Params {
  checkNetSizes(where, sizes);
  checkOptions(where, options, ["random", "std"]);
  const { random = new Random(), std = "he" } = options;
  checkRandom(where, random);
  if (std !== "he") checkFinite(where, 'std other than "he"', std, 0);
  const { inputSize, hiddenSize, outputSize } = sizes;
  const stdOf = (fanIn: number): number => (std === "he" ? Math.sqrt(2 / fanIn) : std);
  return {
    W1: Matrix.randomNormal(inputSize, hiddenSize, random, { std: stdOf(inputSize) }),
    b1: new Matrix(1, hiddenSize),
    W2: Matrix.randomNormal(hiddenSize, outputSize, random, { std: stdOf(hiddenSize) }),
    b2: new Matrix(1, outputSize),
  };
}

/** The parameters with elements of their own. */
export function cloneParams(params: Params): Params {
  return mapParams(params, (param) => param.clone());
}

/** Copies the elements of parameters into those of others, of the same shapes. */
export function copyParams(from: Params, to: Params): void {
  if (from !== to) for (const name of PARAM_NAMES) to[name].data.set(from[name].data);
}

/** Four matrices of the same shapes, made by `make` from each parameter. */
export function mapParams(
  params: Params,
  make: (param: Matrix, name: keyof Params) => Matrix,
): Params {
  const { W1, b1, W2, b2 } = params;
  return { W1: make(W1, "W1"), b1: make(b1, "b1"), W2: make(W2, "W2"), b2: make(b2, "b2") };
}
