// One short text that two trainings share only if every bit of their weights is the same.

import type { Params } from "twolayer";

/**
 * SHA-256 of the weights' bytes: W1, b1, W2, b2, row by row, each number in eight bytes, lowest
 * first.
 */
export async function weightsHash({ W1, b1, W2, b2 }: Params): Promise<string> {
  const numbers = [W1, b1, W2, b2].flatMap(({ data }) => Array.from(data));
  const bytes = new DataView(new ArrayBuffer(8 * numbers.length));
  numbers.forEach((value, i) => bytes.setFloat64(8 * i, value, true));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
