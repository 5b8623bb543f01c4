// The product without WebAssembly: for engines that have no SIMD or forbid compiling it. The sums
// are reference.matmul's to the bit.

import { transpose } from "../transpose.ts";
import { PACK_RULE, packs } from "./blocked.ts";
import type { Product } from "./product.ts";
import { multiplySmall } from "./small.ts";

/**
 * Computes a product of any size, without its epilogue. A large operand that is used often is
 * copied so that k runs along its rows. Packed panels and a tile of 2×4 took 0.86 to 0.96 of the
 * time from 128³ to 512³, 0.95 to 1 at 64³, 1.06 at 20³ and 1.3 at 8³, for three times the code.
 */
export function multiplyScalar(product: Product): void {
  const { transA, transB, m, n, k } = product;
  const copiesA = transA && packs(PACK_RULE, m, k, n);
  const copiesB = !transB && packs(PACK_RULE, n, k, m);
  multiplySmall({
    ...product,
    transA: transA && !copiesA,
    transB: transB || copiesB,
    a: copiesA ? transposed(k, m, product.a) : product.a,
    b: copiesB ? transposed(k, n, product.b) : product.b,
  });
}

function transposed(rows: number, columns: number, a: Float64Array): Float64Array {
  const result = new Float64Array(rows * columns);
  transpose(rows, columns, a, result);
  return result;
}
