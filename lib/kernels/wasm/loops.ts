// The two phrases the kernels' code repeats, made of instructions.

import type { Bytes } from "./encode.ts";
import {
  br_if,
  i32_add,
  i32_const,
  i32_lt_u,
  local_get,
  local_set,
  local_tee,
  loop,
} from "./instructions.ts";

/** local += amount */
export const increase = (local: number, ...amount: Bytes[]): Bytes => [
  ...local_get(local),
  ...amount.flat(),
  ...i32_add,
  ...local_set(local),
];

/**
 * counter = 0; do { body; counter += step } while (counter < limit): at least once, so callers see
 * to empty cases.
 */
export const repeat = (counter: number, step: number, limit: Bytes, ...body: Bytes[]): Bytes => [
  ...i32_const(0),
  ...local_set(counter),
  ...loop(
    ...body,
    local_get(counter),
    i32_const(step),
    i32_add,
    local_tee(counter),
    limit,
    i32_lt_u,
    br_if(0),
  ),
];
