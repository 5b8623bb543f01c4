// A short text that two trainings share only if every bit of their weights is the same.

import type { Params } from "twolayer";
import { sha256 } from "./sha256.ts";

/** The SHA-256 of W1, b1, W2, b2, row by row, each number in eight bytes, lowest byte first. */
export function weightsHash({ W1, b1, W2, b2 }: Params): string {
  const numbers = [W1, b1, W2, b2].flatMap(({ data }) => Array.from(data));
  const bytes = new DataView(new ArrayBuffer(8 * numbers.length));
  numbers.forEach((value, i) => bytes.setFloat64(8 * i, value, true));
  return sha256(new Uint8Array(bytes.buffer));
}
