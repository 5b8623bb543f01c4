// Reads the answers in spec/fixtures/reference.
import { readFileSync } from "node:fs";
import { Matrix } from "../../lib/matrix/matrix.ts";

/**
 * A matrix as these files write it; NaN and infinities are strings, a vector has a shape of one
 * number.
 */
export type Stored = { shape: number[]; data: (number | string)[] };

// The files are read as they are: each test names the fields it needs and fails when one is
// missing.
export function reference(name: string): any {
  return JSON.parse(
    readFileSync(new URL(`../fixtures/reference/${name}.json`, import.meta.url), "utf8"),
  );
}

/** The numbers of a stored matrix, strings decoded. */
export function numbers({ data }: Stored): Float64Array {
  return Float64Array.from(data, Number);
}

/** A stored matrix; a stored vector becomes one row. */
export function matrix(stored: Stored): Matrix {
  const [rows, cols] = stored.shape.length === 1 ? [1, stored.shape[0]] : stored.shape;
  return new Matrix(rows, cols, numbers(stored));
}
