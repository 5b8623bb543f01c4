// Element-wise kernels on arrays in a workspace, whose threads take the elements in parts.

import { PARALLEL_ELEMENTS, WASM_MIN_LENGTH } from "./sizes.ts";
import { UNROLL } from "./wasm/emit-vector.ts";
import { trainingKernels } from "./wasm/training.ts";
import type { Workspace } from "./wasm/workspace.ts";

/**
 * So many of n elements a kernel of emit-vector.ts or emit-adam.ts computes, whole turns of its
 * loop; 0 where there is no workspace, or TypeScript is faster.
 */
export function residentPart(workspace: Workspace | undefined, n: number): number {
  return workspace === undefined || n < WASM_MIN_LENGTH ? 0 : n - (n % UNROLL);
}

/**
 * Calls a kernel with so many elements of arrays in a workspace, as residentPart says, and the
 * numbers that it finds at the address `s`; on all threads where there are enough elements. Returns
 * the number of elements.
 */
export function callOnParts(
  workspace: Workspace | undefined,
  kernel: "addScaled" | "scale" | "adam",
  arrays: readonly Float64Array[],
  numbers: readonly number[],
): number {
  const n = residentPart(workspace, arrays[0].length);
  if (workspace === undefined || n === 0) return 0;
  const { engine, executor } = workspace;
  const { doubles, map } = engine;
  doubles.set(numbers, map.scalars / 8);
  if (executor === undefined || n < PARALLEL_ELEMENTS) {
    const call = trainingKernels(engine)[kernel] as (...parameters: number[]) => void;
    call(...arrays.map(({ byteOffset }) => byteOffset), 8 * n, map.scalars);
    return n;
  }
  executor.runInParts(n, (start, length) => {
    const addresses = arrays.map(({ byteOffset }) => byteOffset + 8 * start);
    executor.call(kernel, ...addresses, 8 * length, map.scalars);
  });
  return n;
}
