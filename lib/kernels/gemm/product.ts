// What a product is to compute: the operands, and what follows while the result is in cache.

/**
 * C = max(C + row, 0) · (mask > 0), each step only where it is given: `row` (n) is added to every
 * row, `relu` is reference.relu, and `mask` (m, n) multiplies as reference.reluMask.
 */
export type Epilogue = {
  readonly row?: Float64Array;
  readonly relu?: boolean;
  readonly mask?: Float64Array;
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
  readonly epilogue?: Epilogue;
};
