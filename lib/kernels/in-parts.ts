// Element-wise kernels on arrays in a workspace, whose threads take the elements in parts.

import { PARALLEL_ELEMENTS } from "./sizes.ts";
import type { Workspace } from "./wasm/workspace.ts";

/**
 * Calls a kernel of emit-vector.ts or emit-adam.ts with n elements, a multiple of UNROLL, of arrays
 * in a workspace and the numbers that it finds at the address `s`; on all threads where there are
 * enough elements.
 */
export function callOnParts(
  { engine, executor }: Workspace,
  kernel: "addScaled" | "scale" | "adam",
  arrays: readonly Float64Array[],
  n: number,
  numbers: readonly number[],
): void {
  const { doubles, kernels, map } = engine;
  doubles.set(numbers, map.scalars / 8);
  const call = kernels[kernel] as (...parameters: number[]) => void;
  if (executor === undefined || n < PARALLEL_ELEMENTS) {
    call(...arrays.map(({ byteOffset }) => byteOffset), 8 * n, map.scalars);
    return;
  }
  executor.begin();
  forEachPart(n, executor.threads, (start, length) => {
    const addresses = arrays.map(({ byteOffset }) => byteOffset + 8 * start);
    executor.call(kernel, ...addresses, 8 * length, map.scalars);
    executor.endTask();
  });
  executor.finish();
}

/** Calls `use` for parts of n elements, multiples of UNROLL all but the last, several a thread. */
export function forEachPart(
  n: number,
  threads: number,
  use: (start: number, length: number, index: number) => void,
): void {
  const parts = Math.min(4 * threads, Math.ceil((4 * n) / PARALLEL_ELEMENTS));
  const size = Math.ceil(n / parts / 64) * 64;
  for (let start = 0, index = 0; start < n; start += size, index++)
    use(start, Math.min(size, n - start), index);
}
