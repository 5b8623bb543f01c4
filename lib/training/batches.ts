// Which rows make up the next minibatch.

import type { Random } from "../base/random.ts";

export const SAMPLINGS = ["shuffle", "replacement"] as const;
/** How rows are chosen for a minibatch. */
export type Sampling = (typeof SAMPLINGS)[number];

/** How many batches make an epoch of `rows` rows. */
export function iterationsPerEpoch(rows: number, batchSize: number, sampling: Sampling): number {
  return sampling === "shuffle"
    ? Math.ceil(rows / batchSize)
    : Math.max(Math.floor(rows / batchSize), 1);
}

/**
 * "shuffle": each epoch visits every row once, in a fresh permutation, the last batch short when it
 * must be. "replacement": every batch is drawn anew, as in the exercise; an epoch is floor(N /
 * batchSize) of them, at least one.
 */
export class Batches {
  readonly iterationsPerEpoch: number;
  readonly maxSize: number;
  private readonly rows: number;
  private readonly batchSize: number;
  private readonly sampling: Sampling;
  private readonly random: Random;
  private coming: Int32Array | undefined;
  /** This epoch's order of the rows; it is never written to again. */
  permutation: Int32Array = new Int32Array(0);
  /** How many rows of the order are used up. */
  position = 0;

  constructor(rows: number, batchSize: number, sampling: Sampling, random: Random) {
    this.rows = rows;
    this.batchSize = batchSize;
    this.sampling = sampling;
    this.random = random;
    this.maxSize = sampling === "shuffle" ? Math.min(batchSize, rows) : batchSize;
    this.iterationsPerEpoch = iterationsPerEpoch(rows, batchSize, sampling);
  }

  /** The array that `next` will return, where that needs no chance; else undefined. */
  peek(): Int32Array | undefined {
    const { position, permutation, batchSize } = this;
    if (position === permutation.length) return undefined;
    return (this.coming ??= permutation.subarray(position, position + batchSize));
  }

  /** The indices of the next batch; valid until the next call. */
  next(): Int32Array {
    if (this.sampling === "replacement") return this.random.integers(this.batchSize, this.rows);
    if (this.position === this.permutation.length) {
      this.permutation = this.random.permutation(this.rows);
      this.position = 0;
    }
    const indices = this.peek()!;
    this.position += indices.length;
    this.coming = undefined;
    return indices;
  }
}
