// What a product is to compute: the operands, and what follows while the result is in cache.

import type { Engine } from "../wasm/engine.ts";

/** Rows i.. and columns j.. of C that lie at address `at`, `stride` doubles apart. */
export type Tile = {
  readonly at: number;
  readonly stride: number;
  readonly i: number;
  readonly j: number;
  readonly rows: number;
  readonly columns: number;
};

/**
 * C = max(C + row, 0) · (mask > 0), each step only where it is given: `row` (n) is added to every
 * row, `relu` is reference.relu, and `mask` (m, n) multiplies as reference.reluMask.
 */
export type EpilogueSteps = {
  readonly row?: Float64Array | undefined;
  readonly relu?: boolean | undefined;
  readonly mask?: Float64Array | undefined;
};

/** What epilogueOf makes: a bundle of products alone does without the code. */
export type Epilogue = EpilogueSteps & {
  /** The function of the modules that does all but the mask. */
  readonly kernel: "dense" | "relu" | "row" | "rowRelu";
  /**
   * Runs the steps on finished rows of a C with n columns in WebAssembly memory, which lie side by
   * side afterwards. `resident`: `row` and `mask` lie in this memory, too.
   */
  run(engine: Engine, n: number, tile: Tile, resident: boolean): void;
  /** Runs the steps on C (m, n) in plain TypeScript, in place. */
  apply(m: number, n: number, c: Float64Array): void;
};

/**
 * C = op(A)·op(B), where op is the transpose if the flag says so, then the epilogue on C. op(A) is
 * (m, k), op(B) is (k, n) and C is (m, n), all dense and row-major; a transposed operand is stored
 * with its sizes swapped. C shares no memory with an operand.
 */
export type Product = {
  readonly transA: boolean;
  readonly transB: boolean;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
  readonly epilogue?: Epilogue | undefined;
};
