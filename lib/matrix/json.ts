// How a matrix is spelled in JSON, without loss: { rows, cols, data }, where the numbers that JSON
// cannot spell are the strings "NaN", "Infinity", "-Infinity" and "-0".

import { show } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { checkShape, checkSizes, type Dense, shapeOf } from "./shape.ts";
import { allocate } from "./storage.ts";

/** A number of a matrix as JSON has it. */
export type JsonNumber = number | "NaN" | "Infinity" | "-Infinity" | "-0";

/** A matrix as JSON has it; `data` holds the elements row by row. */
export type MatrixJson = {
  readonly rows: number;
  readonly cols: number;
  readonly data: readonly JsonNumber[];
};

const SPECIAL: readonly unknown[] = ["NaN", "Infinity", "-Infinity", "-0"];

/** The matrix as an object that JSON.stringify writes without loss. */
export function matrixToJson({ rows, cols, data }: Dense): MatrixJson {
  return { rows, cols, data: Array.from(data, toJsonNumber) };
}

function toJsonNumber(value: number): JsonNumber {
  // no text of a number that JSON has: it takes seven times as long as all the rest
  return value - value === 0 && !Object.is(value, -0) ? value : (show(value) as JsonNumber);
}

/**
 * A copy of the elements that `value` describes: an object { rows, cols, data } as JSON and
 * structuredClone give it, or a Matrix. Throws a TypeError or ShapeError.
 */
export function matrixFromJson(where: string, value: unknown): Dense {
  const { rows, cols, data } = (value ?? {}) as Partial<MatrixJson>;
  if (typeof data !== "object" || data === null || !Number.isSafeInteger(data.length))
    throw new ArgumentTypeError(
      `${where}: expected a Matrix or { rows, cols, data }, got ${show(value)}`,
    );
  checkSizes(where, rows, cols);
  const shape = { rows: rows as number, cols: cols as number };
  const count = shape.rows * shape.cols;
  checkShape(
    data.length === count,
    () => `${where}: expected ${count} values for ${shapeOf(shape)}, got ${data.length}`,
  );
  const elements = allocate(shape.rows, shape.cols);
  for (let i = 0; i < count; i++) elements[i] = toNumber(where, data[i], i);
  return { ...shape, data: elements };
}

function toNumber(where: string, value: unknown, i: number): number {
  if (typeof value === "number") return value;
  if (SPECIAL.includes(value)) return Number(value);
  throw new ArgumentTypeError(
    `${where}: data[${i}] expected a number, "NaN", "Infinity", "-Infinity" or "-0", ` +
      `got ${show(value)}`,
  );
}
