// One step of the Adam optimizer, element by element. With a `workspace`, all arrays of a call lie
// in it.

import { callOnParts } from "./in-parts.ts";
import { ADAM_FACTORS } from "./wasm/emit-adam.ts";
import type { Workspace } from "./wasm/workspace.ts";

/** Parameters, gradient, the means before the step, and where those after it go: all (n). */
export type AdamArrays = {
  readonly p: Float64Array;
  readonly dp: Float64Array;
  readonly m: Float64Array;
  readonly v: Float64Array;
  readonly newM: Float64Array;
  readonly newV: Float64Array;
};

/** What is the same for all elements; see ADAM_FACTORS. */
export type AdamFactors = { readonly [name in (typeof ADAM_FACTORS)[number]]: number };

/**
 * newM = beta1·m + newShare1·dp, newV = beta2·v + newShare2·dp²,
 * p = p − stepSize·newM/(√newV/unbias + epsilon). newM may be m, and newV v.
 */
export function adam(arrays: AdamArrays, factors: AdamFactors, workspace?: Workspace): void {
  const { p, dp, m, v, newM, newV } = arrays;
  const { beta1, newShare1, beta2, newShare2, unbias, epsilon, stepSize } = factors;
  const n = p.length;
  const numbers = ADAM_FACTORS.map((name) => factors[name]);
  let i = callOnParts(workspace, "adam", [p, dp, m, v, newM, newV], numbers);
  for (; i < n; i++) {
    const g = dp[i];
    const mean = beta1 * m[i] + newShare1 * g;
    const square = beta2 * v[i] + newShare2 * g * g;
    newM[i] = mean;
    newV[i] = square;
    p[i] -= stepSize * (mean / (Math.sqrt(square) / unbias + epsilon));
  }
}
